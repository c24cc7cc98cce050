using System.Globalization;
using System.Net;
using System.Text;

namespace Notifier.Bench;

/// <summary>A feed of twenty entries, each of about 3 KB of HTML: paragraphs, links, a list, a picture.</summary>
internal static class NewsOfTheDay
{
    private static readonly string[] Words = "harbour council bridge weather morning ferry market library garden engine train museum tower river school letter window number evening street".Split(' ');

    /// <param name="newest">The number of the first one.</param>
    public static byte[] Document(int newest)
    {
        var rss = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>News of the day</title><link>https://news.example/</link>");
        for (var n = newest; n > newest - 20; n--)
        {
            rss.Append(CultureInfo.InvariantCulture, $"<item><title>{Title(n)}</title><guid isPermaLink=\"false\">news-{n}</guid><link>https://news.example/{n}</link><category>Local</category><category>{Words[n % Words.Length]}</category>")
                .Append(CultureInfo.InvariantCulture, $"<content:encoded>{WebUtility.HtmlEncode(Content(n))}</content:encoded></item>");
        }

        return Encoding.UTF8.GetBytes(rss.Append("</channel></rss>").ToString());
    }

    public static string Title(int n) => string.Create(CultureInfo.InvariantCulture, $"The {Words[n % 20]} of the {Words[n / 20 % 20]}, number {n}");

    public static string Content(int n)
    {
        var html = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"<p><img src=\"https://news.example/{n}.jpg\" alt=\"\"></p>"));
        for (var p = 0; html.Length < 2900; p++)
        {
            var words = string.Join(' ', Enumerable.Range(0, 40).Select(i => Words[((n * 7) + (p * 13) + (i * i)) % Words.Length]));
            html.Append(CultureInfo.InvariantCulture, $"<p>It was <strong>the {Words[(n + p) % 20]}</strong> again: {words}. See <a href=\"/more/{n}/{p}?utm_source=feed\">more of <em>it</em></a> &amp; the rest.</p>");
            if (p == 3)
                html.Append("<ul><li>First of all</li><li>Then the <code>second</code></li></ul>");
        }

        return html.ToString();
    }
}
