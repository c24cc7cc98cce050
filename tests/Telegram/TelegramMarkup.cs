using System.Text;
using System.Text.RegularExpressions;

namespace Notifier.Tests.Telegram;

/// <summary>A strict reader of Telegram's HTML, as its server reads it: what is not in the list, not closed or not escaped is an error.</summary>
sealed partial class TelegramMarkup
{
    static readonly HashSet<string> Allowed = ["a", "b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler", "tg-time"];

    readonly StringBuilder _text = new();
    readonly StringBuilder _outsideCode = new();

    /// <summary>What a person reads.</summary>
    public string Text => _text.ToString();

    /// <summary>The same with code made unreadable: Telegram looks for mentions and commands outside of it, but sees whether they follow a word.</summary>
    public string OutsideCode => _outsideCode.ToString();

    public List<string> Links { get; } = [];

    public int Entities { get; private set; }

    public static TelegramMarkup Read(string html)
    {
        var read = new TelegramMarkup();
        var open = new Stack<string>();
        for (var at = 0; at < html.Length;)
        {
            if (html[at] == '<')
            {
                var tag = Tag().Match(html, at);
                Assert.True(tag.Success && tag.Index == at, $"no tag at {at}: {html}");
                read.Element(open, tag.Groups["close"].Success, tag.Groups["name"].Value, tag.Groups["attributes"].Value, html);
                at += tag.Length;
            }
            else if (html[at] == '&')
            {
                var entity = Entity().Match(html, at);
                Assert.True(entity.Success && entity.Index == at, $"no entity at {at}: {html}");
                read.Put(open, Unescaped(entity.Value)[0]);
                at += entity.Length;
            }
            else
            {
                Assert.NotEqual('>', html[at]);
                read.Put(open, html[at++]);
            }
        }

        Assert.Empty(open);
        return read;
    }

    void Element(Stack<string> open, bool isEnd, string name, string attributes, string html)
    {
        Assert.Contains(name, Allowed);
        if (isEnd)
        {
            Assert.True(open.TryPop(out var last) && last == name, $"</{name}> closes nothing: {html}");
            return;
        }

        Entities++;
        var outside = open.ToHashSet();
        Assert.True(name == "blockquote" ? outside.Count == 0 : !outside.Contains(name), $"<{name}> inside {string.Join(' ', outside)}: {html}");
        Assert.False(name is "a" or "code" or "pre" && outside.Contains("a"), $"<{name}> inside a link: {html}");
        Assert.True(!outside.Contains("pre") || name == "code", $"<{name}> inside <pre>: {html}");
        open.Push(name);
        var expected = name switch
        {
            "a" => Link(),
            "blockquote" => Quote(),
            "code" when outside.Contains("pre") => Language(),
            "tg-time" => Time(),
            _ => Nothing(),
        };
        Assert.Matches(expected, attributes);
        if (name == "a")
            Links.Add(Unescaped(Link().Match(attributes).Groups["url"].Value));
    }

    void Put(Stack<string> open, char c)
    {
        _text.Append(c);
        var isCode = open.Contains("code") || open.Contains("pre");
        _outsideCode.Append(!isCode ? c : char.IsLetterOrDigit(c) ? 'x' : '‹');
    }

    static string Unescaped(string text) => text
        .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal)
        .Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);

    [GeneratedRegex("\\G<(?<close>/)?(?<name>[a-z-]+)(?<attributes>[^<>]*)>")]
    private static partial Regex Tag();

    [GeneratedRegex("\\G&(lt|gt|amp|quot);")]
    private static partial Regex Entity();

    [GeneratedRegex("^ href=\"(?<url>https?://[^\"<>]+)\"$")]
    private static partial Regex Link();

    [GeneratedRegex("^( expandable)?$")]
    private static partial Regex Quote();

    [GeneratedRegex("^ class=\"language-[A-Za-z0-9+#-]{1,20}\"$")]
    private static partial Regex Language();

    [GeneratedRegex("^ unix=\"[0-9]+\" format=\"r\"$")]
    private static partial Regex Time();

    [GeneratedRegex("^$")]
    private static partial Regex Nothing();
}
