using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Notifier.Tests.Support.Fakes.Telegram.Api;

namespace Notifier.Tests.Support.Fakes.Telegram.Text;

/// <summary>
/// The HTML of rich messages, looked at only as far as a fake must: its tags are known and well nested, and its text without them.
/// How the server words a refusal of these is not published; the code is 400.
/// </summary>
internal static partial class RichHtml
{
    private static readonly HashSet<string> _void = ["br", "hr", "img", "input"];

    private static readonly HashSet<string> _known =
    [
        .. _void, "a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler", "tg-emoji", "tg-time", "span", "pre", "code", "blockquote", "p", "h1", "h2", "h3", "h4", "h5", "h6",
        "ul", "ol", "li", "figure", "figcaption", "cite", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "footer", "sub", "sup", "mark", "video", "audio", "aside",
    ];

    public static string Text(string html)
    {
        var open = new Stack<string>();
        var text = new StringBuilder();
        var at = 0;
        foreach (Match tag in Tags().Matches(html))
        {
            text.Append(html, at, tag.Index - at);
            at = tag.Index + tag.Length;
            var name = tag.Groups["name"].Value.ToLowerInvariant();
            if (!_known.Contains(name))
                throw Refusal.Bad($"can't parse rich message: unsupported tag \"{name}\"");
            if (tag.Groups["end"].Length > 0 && (!open.TryPop(out var expected) || expected != name))
                throw Refusal.Bad($"can't parse rich message: unmatched end tag \"{name}\"");
            if (tag.Groups["end"].Length == 0 && !_void.Contains(name) && tag.Groups["empty"].Length == 0)
                open.Push(name);
            if (name is "br" or "p" or "li" or "tr" or "blockquote" or ['h', _])
                text.Append('\n');
        }

        if (open.TryPop(out var left))
            throw Refusal.Bad($"can't parse rich message: unclosed tag \"{left}\"");
        text.Append(html, at, html.Length - at);
        return WebUtility.HtmlDecode(Breaks().Replace(text.ToString(), "\n"));
    }

    [GeneratedRegex("""<(?<end>/?)(?<name>[a-zA-Z][a-zA-Z0-9-]*)(?:[^<>"']|"[^"]*"|'[^']*')*?(?<empty>/?)>""")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\n{2,}")]
    private static partial Regex Breaks();
}
