using System.Net;
using Microsoft.Net.Http.Headers;

namespace Notifier.Bot.Demo;

/// <summary>The demo feed's place on our own web host.</summary>
internal static class DemoEndpoints
{
    public const string Path = "/demo/feed.xml";

    /// <summary>Serves the registered <see cref="DemoFeed"/> and a small page for each of its entries.</summary>
    public static void MapDemoFeed(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (DemoFeed feed) =>
        {
            var document = feed.Fetch();
            // Answers 304 to a request that knows this ETag.
            return Results.Bytes(document.Body, "application/rss+xml; charset=utf-8", entityTag: new EntityTagHeaderValue(document.ETag));
        });
        routes.MapGet("/demo/{number:int}", (int number, DemoFeed feed, HttpContext context) =>
        {
            if (feed.Find(number) is not { } entry)
                return Results.Text(Page("No such entry", "The demo begins anew with each start; this entry is gone."), "text/html; charset=utf-8", statusCode: 404);
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'";
            return Results.Text(Page(entry.Title, entry.Html), "text/html; charset=utf-8");
        });
    }

    // The entry's HTML is shown as text: a page of ours renders no markup that came in through a feed, not even our own.
    private static string Page(string title, string text) =>
        $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{WebUtility.HtmlEncode(title)}</title><h1>{WebUtility.HtmlEncode(title)}</h1><pre>{WebUtility.HtmlEncode(text)}</pre></html>";
}
