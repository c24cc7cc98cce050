using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Notifier.Bench;

/// <summary>
/// Feeds of about 30 KB and twenty entries on loopback, <c>/0.xml</c> and up, a third of them Atom, with ETag. <c>/advance</c> gives each of them one new entry in the place of its
/// oldest. It is a process of its own, so that what serving costs is not in anybody's figures but as time on the same machine.
/// </summary>
internal sealed class FeedFarm : IAsyncDisposable
{
    private const int Entries = 20;

    private static readonly string[] Words =
        "harbour ferry tide council measures bridge closed winter library opens market late after storm crews repair lights along quay while readers ask about new timetable and tickets".Split(' ');

    private readonly Process _process;

    private FeedFarm(Process process, Uri url) => (_process, Url) = (process, url);

    /// <summary>Ends with a slash.</summary>
    public Uri Url { get; }

    public static async Task<FeedFarm> StartAsync(int feeds)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(FeedFarm).Assembly.Location);
        start.ArgumentList.Add("farm");
        start.ArgumentList.Add(feeds.ToString(CultureInfo.InvariantCulture));
        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The feed server did not start.");
        return new FeedFarm(process, new Uri(address));
    }

    public async Task AdvanceAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(Url, "advance"), null);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        // The end of its input ends it.
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>The process itself.</summary>
    public static async Task<int> RunAsync(int feeds)
    {
        var generation = 0;
        var documents = Documents(feeds, generation);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.Run(context =>
        {
            var (request, response) = (context.Request, context.Response);
            if (request.Path == "/advance")
            {
                documents = Documents(feeds, ++generation);
                return Task.CompletedTask;
            }

            if (!int.TryParse(request.Path.Value.AsSpan(1).TrimEnd(".xml"), NumberStyles.None, CultureInfo.InvariantCulture, out var feed) || feed >= documents.Length)
            {
                response.StatusCode = 404;
                return Task.CompletedTask;
            }

            var tag = string.Create(CultureInfo.InvariantCulture, $"\"{generation}-{feed}\"");
            response.Headers.ETag = tag;
            if (request.Headers.IfNoneMatch == tag)
            {
                response.StatusCode = 304;
                return Task.CompletedTask;
            }

            response.ContentType = "application/xml";
            response.ContentLength = documents[feed].Length;
            return response.Body.WriteAsync(documents[feed]).AsTask();
        });
        await app.StartAsync();
        Console.WriteLine($"{app.Urls.First()}/");
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await app.StopAsync();
        return 0;
    }

    private static byte[][] Documents(int feeds, int generation)
    {
        var documents = new byte[feeds][];
        Parallel.For(0, feeds, feed => documents[feed] = Encoding.UTF8.GetBytes(feed % 3 == 0 ? Atom(feed, generation) : Rss(feed, generation)));
        return documents;
    }

    private static string Rss(int feed, int generation)
    {
        var text = new StringBuilder(32 * 1024).Append(
            CultureInfo.InvariantCulture,
            $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Farm {feed}</title><link>http://farm.example/{feed}/</link><description>Made up</description>\n");
        for (var serial = generation + Entries; serial > generation; serial--)
        {
            var random = new Random((feed * 1_000_003) + serial);
            var body = Body(random);
            text.Append(
                CultureInfo.InvariantCulture,
                $"<item><title>{Sentence(random, 8)}</title><link>http://farm.example/{feed}/{serial}</link><guid isPermaLink=\"false\">tag:farm.example,2026:{feed}/{serial}</guid><pubDate>{Date(serial):R}</pubDate><dc:creator>author {serial % 7}</dc:creator><category>farm</category><description><![CDATA[{body.AsSpan(0, 300)}]]></description><content:encoded><![CDATA[{body}]]></content:encoded></item>\n");
        }

        return text.Append("</channel></rss>\n").ToString();
    }

    private static string Atom(int feed, int generation)
    {
        var text = new StringBuilder(32 * 1024).Append(
            CultureInfo.InvariantCulture,
            $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Farm {feed}</title><link href=\"http://farm.example/{feed}/\"/><id>tag:farm.example,2026:{feed}</id><updated>{Date(generation + Entries):yyyy-MM-ddTHH:mm:ssZ}</updated>\n");
        for (var serial = generation + Entries; serial > generation; serial--)
        {
            var random = new Random((feed * 1_000_003) + serial);
            var body = WebUtility.HtmlEncode(Body(random));
            text.Append(
                CultureInfo.InvariantCulture,
                $"<entry><title>{Sentence(random, 8)}</title><link href=\"http://farm.example/{feed}/{serial}\"/><id>tag:farm.example,2026:{feed}/{serial}</id><updated>{Date(serial):yyyy-MM-ddTHH:mm:ssZ}</updated><author><name>author {serial % 7}</name></author><category term=\"farm\"/><content type=\"html\">{body}</content></entry>\n");
        }

        return text.Append("</feed>\n").ToString();
    }

    private static DateTime Date(int serial) => new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(37 * serial);

    private static string Body(Random random) => string.Concat(Enumerable.Range(0, 3).Select(_ => $"<p>{Sentence(random, 50)} <a href=\"/x?a=1&amp;b=2\">more</a> <b>&amp;</b></p>"));

    private static string Sentence(Random random, int words) => string.Join(' ', random.GetItems(Words, words)) + ".";
}
