using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Notifier.Tests.Support;

/// <summary>A web server on loopback whose documents the test replaces while it runs. What it was not told of is 404.</summary>
internal sealed class FeedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _requests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _unchanged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);
    private int _versions;

    private FeedServer(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    private Uri Root => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<FeedServer> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = new FeedServer(builder.Build());
        server._app.Urls.Add("http://127.0.0.1:0");
        await server._app.StartAsync(ct);
        return server;
    }

    public string Url(string path) => new Uri(Root, path).AbsoluteUri;

    /// <summary>Serves this document from now on, with an ETag and a date of change of its own.</summary>
    /// <returns>Its address.</returns>
    public string Put(string path, string body, string contentType = "application/xml") => Put(path, Encoding.UTF8.GetBytes(body), contentType);

    public string Put(string path, byte[] body, string contentType = "application/xml")
    {
        var changed = DateTimeOffset.UnixEpoch.AddYears(50).AddSeconds(Interlocked.Increment(ref _versions));
        var etag = string.Create(CultureInfo.InvariantCulture, $"\"{XxHash64.HashToUInt64(body):x16}\"");
        _answers[path] = new Answer.Document(body, contentType, etag, changed.ToString("R", CultureInfo.InvariantCulture));
        return Url(path);
    }

    public string Redirect(string path, string to, int status = StatusCodes.Status302Found)
    {
        _answers[path] = new Answer.Redirect(to, status);
        return Url(path);
    }

    public string Refuse(string path, int status)
    {
        _answers[path] = new Answer.Refusal(status);
        return Url(path);
    }

    /// <summary>Lets requests for this path wait until <see cref="Release"/>.</summary>
    public void Hold(string path) => _held[path] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release(string path)
    {
        if (_held.TryRemove(path, out var held))
            held.SetResult();
    }

    /// <summary>Completes with the next request for this path.</summary>
    public Task RequestAsync(string path, CancellationToken ct) =>
        _awaited.GetOrAdd(path, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, ct);

    public int Requests(string path) => _requests.GetValueOrDefault(path);

    /// <summary>How many requests were answered with 304.</summary>
    public int Unchanged(string path) => _unchanged.GetValueOrDefault(path);

    public ValueTask DisposeAsync()
    {
        foreach (var path in _held.Keys)
            Release(path);
        return _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        _requests.AddOrUpdate(path, 1, (_, count) => count + 1);
        if (_awaited.TryRemove(path, out var awaited))
            awaited.SetResult();
        if (_held.TryGetValue(path, out var held))
            await held.Task.WaitAsync(context.RequestAborted);
        switch (_answers.GetValueOrDefault(path, new Answer.Refusal(StatusCodes.Status404NotFound)))
        {
            case Answer.Refusal refusal:
                context.Response.StatusCode = refusal.Status;
                break;
            case Answer.Redirect redirect:
                context.Response.StatusCode = redirect.Status;
                context.Response.Headers.Location = redirect.To;
                break;
            case Answer.Document document:
                await SendAsync(context, path, document);
                break;
        }
    }

    private async Task SendAsync(HttpContext context, string path, Answer.Document document)
    {
        context.Response.Headers.ETag = document.ETag;
        context.Response.Headers.LastModified = document.LastModified;
        var asked = context.Request.Headers;
        // RFC 9110 §13.2.2: with an ETag the date does not count.
        if (asked.IfNoneMatch.Count > 0 ? asked.IfNoneMatch == document.ETag : asked.IfModifiedSince == document.LastModified)
        {
            _unchanged.AddOrUpdate(path, 1, (_, count) => count + 1);
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = document.ContentType;
        await context.Response.Body.WriteAsync(document.Body, context.RequestAborted);
    }

    private abstract record Answer
    {
        public sealed record Document(byte[] Body, string ContentType, string ETag, string LastModified) : Answer;

        public sealed record Redirect(string To, int Status) : Answer;

        public sealed record Refusal(int Status) : Answer;
    }
}
