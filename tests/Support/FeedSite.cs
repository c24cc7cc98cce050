using System.Collections.Concurrent;
using System.Net;
using System.Security;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Notifier.Tests.Support;

/// <summary>
/// A web server on loopback that publishes feeds. Every path must be given an answer first: a request for any other is kept in
/// <see cref="Unexpected"/> and fails the test.
/// </summary>
internal sealed class FeedSite : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _requests = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private FeedSite()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public ConcurrentQueue<string> Unexpected { get; } = new();

    /// <summary>How many requests are being answered now, and the most there ever were, by host.</summary>
    public ConcurrentDictionary<string, (int Now, int Most)> Busy { get; } = new(StringComparer.Ordinal);

    public static async Task<FeedSite> StartAsync()
    {
        var site = new FeedSite();
        await site._app.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    /// <summary>The address of a path; every name that ends in <c>.test</c> is this site.</summary>
    public Uri Url(string path, string host = "a.test") => new($"http://{host}:{new Uri(_app.Urls.Single()).Port}{path}");

    public int RequestsFor(string path) => _requests.GetValueOrDefault(path);

    /// <summary>What this path answers from now on.</summary>
    public void Answer(string path, RequestDelegate answer) => _answers[path] = answer;

    public void Answer(string path, int status, string? header = null, string? value = null) => Answer(path, http =>
    {
        http.Response.StatusCode = status;
        if (header is not null)
            http.Response.Headers[header] = value;
        return Task.CompletedTask;
    });

    /// <summary>Publishes a feed: an entry a word, the newest first. Its validator is its content, and who knows it gets 304.</summary>
    public void Publish(string path, params string[] titles) => Answer(path, http => SendAsync(http, Rss([.. titles.Select(title => (title, title, $"The text of {title}."))])));

    /// <summary>An RSS document with entries of id, title and text.</summary>
    public static string Rss(params (string Id, string Title, string Text)[] entries) =>
        "<rss version=\"2.0\"><channel><title>The feed</title><link>http://a.test/</link>" +
        string.Concat(entries.Select(e =>
            $"<item><guid isPermaLink=\"false\">{e.Id}</guid><link>http://a.test/{e.Id}</link><title>{SecurityElement.Escape(e.Title)}</title><description>{SecurityElement.Escape(e.Text)}</description></item>")) +
        "</channel></rss>";

    public static async Task SendAsync(HttpContext http, string document)
    {
        var tag = $"\"{document.Length}-{System.IO.Hashing.XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(document))}\"";
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch == tag)
            http.Response.StatusCode = 304;
        else
            await http.Response.WriteAsync(document);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        _requests.AddOrUpdate(path, 1, (_, count) => count + 1);
        if (!_answers.TryGetValue(path, out var answer))
        {
            Unexpected.Enqueue(path);
            http.Response.StatusCode = (int)HttpStatusCode.NotImplemented;
            return;
        }

        var host = http.Request.Host.Host;
        Busy.AddOrUpdate(host, (1, 1), (_, busy) => (busy.Now + 1, Math.Max(busy.Most, busy.Now + 1)));
        try
        {
            await answer(http);
        }
        finally
        {
            Busy.AddOrUpdate(host, (0, 0), (_, busy) => (busy.Now - 1, busy.Most));
        }
    }
}
