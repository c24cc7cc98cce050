using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Net.Http.Headers;
using Notifier.Bot.Web.Pages;
using Notifier.Bot.Workers;

namespace Notifier.Bot.Web;

/// <summary>Our own web server: the first page, what it is drawn with, and the health endpoints. It is only ever read.</summary>
internal static class PageEndpoints
{
    public static IServiceCollection AddPages(this IServiceCollection services) => services
        .AddSingleton(provider => new RunningSince(provider.GetRequiredService<TimeProvider>().GetUtcNow()))
        .AddSingleton<KnownHosts>()
        .AddSingleton<WorkerHealth>()
        .AddSingleton<Readiness>()
        .AddSingleton<OverviewReader>();

    public static void MapPages(this WebApplication app)
    {
        _ = app.Services.GetRequiredService<RunningSince>();
        app.UseSecurityHeaders();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = http => http.Response.WriteAsync("Something went wrong; Notifier's log says more.", http.RequestAborted) });
        var own = app.MapGroup("").AddEndpointFilter(app.Services.GetRequiredService<KnownHosts>());
        own.MapRead("/", FirstPageAsync);
        own.MapEmbedded("style.css", "text/css; charset=utf-8");
        own.MapEmbedded("icon.svg", "image/svg+xml");
        own.MapHealth();
    }

    /// <summary>Answers GET and HEAD.</summary>
    public static void MapRead(this IEndpointRouteBuilder routes, string path, Delegate answer) => routes.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], answer);

    private static async Task<IResult> FirstPageAsync(OverviewReader reader, IServiceProvider services, ILoggerFactory logs, HttpContext http)
    {
        // A page that cannot be is the nearest that can.
        var page = int.TryParse(http.Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 1;
        var overview = await reader.ReadAsync(page, http.RequestAborted);
        await using var renderer = new HtmlRenderer(services, logs);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(FirstPage.Overview)] = overview });
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<FirstPage>(parameters)).ToHtmlString());
        http.Response.Headers.CacheControl = "no-store";
        return Results.Text(html, "text/html; charset=utf-8");
    }

    /// <summary>Serves a file that is part of the program, wherever it was published to.</summary>
    private static void MapEmbedded(this IEndpointRouteBuilder routes, string name, string contentType)
    {
        using var stream = typeof(PageEndpoints).Assembly.GetManifestResourceStream($"Notifier.Bot.Web.{name}") ?? throw new InvalidOperationException($"There is no {name}.");
        var body = new byte[stream.Length];
        stream.ReadExactly(body);
        var etag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body))[..16]}\"");
        routes.MapRead("/" + name, (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-cache";
            return Results.Bytes(body, contentType, entityTag: etag);
        });
    }
}
