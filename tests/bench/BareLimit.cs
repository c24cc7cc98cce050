using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Xml;

namespace Notifier.Bench;

/// <summary>What this machine does without us: bare requests, and a bare XmlReader pass over what came, with the same number at once.</summary>
internal sealed class BareLimit(Uri root, int feeds, int concurrency) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = concurrency, AutomaticDecompression = DecompressionMethods.All });
    private readonly EntityTagHeaderValue?[] _tags = new EntityTagHeaderValue?[feeds];

    /// <summary>Conditional requests that are answered 304, a second.</summary>
    public Task<Measure> ConditionalAsync() => EachAsync(conditional: true, reads: false);

    /// <summary>Whole documents, a second.</summary>
    public Task<Measure> GetAsync() => EachAsync(conditional: false, reads: false);

    /// <summary>Whole documents that are read through by XmlReader as well, a second.</summary>
    public Task<Measure> GetAndReadAsync() => EachAsync(conditional: false, reads: true);

    public void Dispose() => _http.Dispose();

    /// <summary>The least that anybody can do; false for a document that is not well-formed, which ends early.</summary>
    public static bool Read(byte[] document)
    {
        try
        {
            if (document.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8))
                ReadJson(document);
            else
                ReadXml(document);
            return true;
        }
        catch (Exception fault) when (fault is XmlException or JsonException)
        {
            return false;
        }
    }

    private async Task<Measure> EachAsync(bool conditional, bool reads)
    {
        var watch = Watch.Start();
        await Parallel.ForEachAsync(Enumerable.Range(0, feeds), new ParallelOptions { MaxDegreeOfParallelism = concurrency }, async (feed, ct) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root, $"{feed}.xml"));
            if (conditional && _tags[feed] is { } tag)
                request.Headers.IfNoneMatch.Add(tag);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            _tags[feed] = response.Headers.ETag;
            if (response.StatusCode == HttpStatusCode.NotModified)
                return;
            var document = await response.Content.ReadAsByteArrayAsync(ct);
            if (reads)
                Read(document);
        });
        return watch.Of(feeds);
    }

    private static void ReadXml(byte[] document)
    {
        using var reader = XmlReader.Create(new MemoryStream(document), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        while (reader.Read())
        {
            if (reader.HasValue)
                _ = reader.Value.Length;
        }
    }

    private static void ReadJson(byte[] document)
    {
        var reader = new Utf8JsonReader(document);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String)
                _ = reader.GetString();
        }
    }
}
