using System.Text.Json;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;
using Notifier.Texts;

namespace Notifier.Bot.Cli;

/// <summary>
/// <c>parse FILE|URL|-</c> and <c>parse --manifest FILE</c>: prints what Notifier reads in feeds, one line of JSON a document.
/// </summary>
/// <param name="fetch">How to get a URL; null where there is no network.</param>
internal sealed class ParseVerb(FeedParser parser, Func<Uri, CancellationToken, Task<FetchResult>>? fetch = null)
{
    private static readonly Uri UnknownUrl = new("file:///");

    private readonly Catalogue _texts = Catalogue.Load("en");

    /// <summary>0, 1 when a document cannot be read or is no feed, 64 on wrong use.</summary>
    public async Task<int> RunAsync(string[] args, Stream input, Stream output, TextWriter errors, CancellationToken cancellationToken)
    {
        switch (args)
        {
            case ["--manifest", var manifest]:
                return await ReportFailureAsync(() => ParseManifestAsync(manifest, output, cancellationToken), errors);
            case ["-"]:
                return await ReportFailureAsync(async () => await PrintAsync(output, null, parser.Parse(await ReadAllAsync(input, cancellationToken), UnknownUrl), cancellationToken), errors);
            case [var address] when fetch is not null && Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https":
                return await ParseUrlAsync(fetch, new Uri(args[0]), output, errors, cancellationToken);
            case [var file] when !file.StartsWith("--", StringComparison.Ordinal):
                return await ReportFailureAsync(
                    async () => await PrintAsync(output, null, parser.Parse(await File.ReadAllBytesAsync(file, cancellationToken), new Uri(Path.GetFullPath(file))), cancellationToken), errors);
            default:
                await errors.WriteLineAsync("usage: parse FILE|URL|-  or  parse --manifest FILE");
                return 64;
        }
    }

    private static async Task<int> ReportFailureAsync(Func<Task<bool>> run, TextWriter errors)
    {
        try
        {
            return await run() ? 0 : 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private async Task<int> ParseUrlAsync(Func<Uri, CancellationToken, Task<FetchResult>> fetchUrl, Uri url, Stream output, TextWriter errors, CancellationToken cancellationToken)
    {
        switch (await fetchUrl(url, cancellationToken))
        {
            case FetchResult.Fetched fetched:
                return await PrintAsync(output, null, parser.Parse(fetched.Body, fetched.Base, fetched.ContentType), cancellationToken) ? 0 : 1;
            case FetchResult.Failed failed:
                await errors.WriteLineAsync(_texts.Say(failed.Reason));
                return 1;
            case var other:
                await errors.WriteLineAsync($"{url} sent no document: {other.GetType().Name}");
                return 1;
        }
    }

    /// <summary>Each case of the manifest (<c>{"cases": [{"file", "n", "url", "headers"}]}</c>; files relative to it). True whatever they hold.</summary>
    private async Task<bool> ParseManifestAsync(string path, Stream output, CancellationToken cancellationToken)
    {
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancellationToken));
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        await using var buffered = new BufferedStream(output, 1 << 16);
        foreach (var item in manifest.RootElement.GetProperty("cases").EnumerateArray())
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, item.GetProperty("file").GetString()!), cancellationToken);
            var url = item.TryGetProperty("url", out var stated) && Uri.TryCreate(stated.GetString(), UriKind.Absolute, out var absolute) ? absolute : UnknownUrl;
            if (Uri.TryCreate(url, Header(item, "content-location"), out var location)) url = location;
            await PrintAsync(buffered, item.GetProperty("n").GetInt32(), parser.Parse(bytes, url, Header(item, "content-type")), cancellationToken);
        }

        await buffered.FlushAsync(cancellationToken);
        return true;
    }

    private static string? Header(JsonElement item, string name)
    {
        if (!item.TryGetProperty("headers", out var headers)) return null;
        foreach (var header in headers.EnumerateObject())
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return header.Value.GetString();
        }

        return null;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAllAsync(Stream input, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await input.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }

    /// <summary>One line. Gives back whether it was a feed.</summary>
    private async Task<bool> PrintAsync(Stream output, int? number, ParseResult result, CancellationToken cancellationToken)
    {
        var line = new MemoryStream();
        await using (var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            ParsedFeedJson.Write(json, number, result, _texts);
        }

        line.WriteByte((byte)'\n');
        line.Position = 0;
        await line.CopyToAsync(output, cancellationToken);
        return result is ParseResult.Parsed;
    }
}
