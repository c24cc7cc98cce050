using System.Net;

namespace Notifier.Tests.Support;

/// <summary>A small RSS document for tests.</summary>
internal static class SampleFeed
{
    /// <param name="entries">The titles, newest first; each is also the entry's id and the end of its link.</param>
    public static string Rss(string title, params IEnumerable<string> entries) =>
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <rss version="2.0"><channel><title>{WebUtility.HtmlEncode(title)}</title><link>https://example.org/</link><description>A sample.</description>
        {string.Join('\n', entries.Select(Item))}
        </channel></rss>
        """;

    private static string Item(string title)
    {
        var text = WebUtility.HtmlEncode(title);
        return $"<item><title>{text}</title><guid isPermaLink=\"false\">{text}</guid><link>https://example.org/{Uri.EscapeDataString(title)}</link><description>What {text} is about.</description></item>";
    }
}
