using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Notifier.Tests.Discord;

/// <summary>A REST server that answers as the test says and remembers what it was asked.</summary>
internal sealed class ScriptedRest : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedRest(WebApplication app, Func<HttpContext, Task> answer)
    {
        _app = app;
        app.Run(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            Requests.Enqueue(new Asked(
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                await body.ReadToEndAsync(context.RequestAborted)));
            await answer(context);
        });
    }

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public Uri Url => new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), "/api/v10");

    public static async Task<ScriptedRest> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = new ScriptedRest(builder.Build(), answer);
        server._app.Urls.Add("http://127.0.0.1:0");
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Answers everything alike.</summary>
    public static Task<ScriptedRest> StartAsync(int status, string body, params (string Name, string Value)[] headers) =>
        StartAsync(context => SendAsync(context, status, body, headers));

    public static Task SendAsync(HttpContext context, int status, string body, params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        return body.Length == 0 ? Task.CompletedTask : context.Response.WriteAsync(body, context.RequestAborted);
    }

    public static Task SendAsync(HttpContext context, object body, params (string Name, string Value)[] headers) => SendAsync(context, 200, JsonSerializer.Serialize(body), headers);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed record Asked(string Method, string Path, Dictionary<string, string> Headers, string Body);
}
