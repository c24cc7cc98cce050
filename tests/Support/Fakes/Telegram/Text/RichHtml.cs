using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Notifier.Tests.Support.Fakes.Telegram.Api;

namespace Notifier.Tests.Support.Fakes.Telegram.Text;

/// <summary>
/// The HTML of rich messages, read strictly: the documented tags with their attributes, in places where the documentation shows them, thirteen named
/// entities, and the limits. How the server words a refusal is not published; the code is 400. What it may take beyond its documentation is refused here.
/// https://core.telegram.org/bots/api#rich-html-style
/// </summary>
internal sealed partial class RichHtml
{
    public const int LongestText = 32_768;
    public const int MostBlocks = 500;
    public const int Deepest = 16;
    public const int MostMedia = 50;
    public const int MostColumns = 20;

    private static readonly string[] _inline = ["a", "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "mark", "sub", "sup", "tg-spoiler", "tg-time", "br"];

    private static readonly string[] _media = ["img", "video", "audio"];

    /// <summary>Blocks that may stand in an item or a quotation beside text.</summary>
    private static readonly string[] _inner = ["ul", "ol", "blockquote", "pre", "table", "details", "hr"];

    private static readonly string[] _outer = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "footer", "figure", .. _media, .. _inner];

    private static readonly HashSet<string> _void = ["br", "hr", "img", "input"];

    /// <summary>What may stand in what; everything else holds text and its styles.</summary>
    private static readonly Dictionary<string, string[]> _inside = new()
    {
        [""] = [.. _outer, .. _inline],
        ["details"] = ["summary", .. _outer, .. _inline],
        ["blockquote"] = [.. _inner, .. _inline, "cite"],
        ["li"] = ["input", .. _inner, .. _inline],
        ["ul"] = ["li"],
        ["ol"] = ["li"],
        ["table"] = ["caption", "tr"],
        ["tr"] = ["th", "td"],
        ["figure"] = [.. _media, "figcaption"],
        ["figcaption"] = [.. _inline, "cite"],
        ["pre"] = ["code"],
    };

    private readonly string _html;
    private readonly StringBuilder _text = new();
    private readonly Stack<Element> _open = new();
    private readonly List<string> _links = [];
    private readonly List<Media> _shown = [];

    private RichHtml(string html) => _html = html;

    /// <summary>What a person reads, blocks apart by line ends.</summary>
    public string Text { get; private set; } = "";

    public IReadOnlyList<string> Targets => _links;

    public IReadOnlyList<Media> Shown => _shown;

    public int Blocks { get; private set; }

    public int Depth { get; private set; }

    /// <summary>The message, or the refusal.</summary>
    public static RichHtml Read(string html)
    {
        var read = new RichHtml(html);
        read._open.Push(new Element(""));
        read.Run();
        return read;
    }

    private static Refusal Bad(string what) => Refusal.Bad("can't parse rich message: " + what);

    private void Run()
    {
        for (var at = 0; at < _html.Length;)
        {
            if (_html[at] == '<')
                at += Tag(at);
            else if (_html[at] == '&')
                at += Entity(at);
            else if (_html[at] == '>')
                throw Bad($"unescaped > at {at}");
            else
                Put(_html[at++].ToString());
        }

        if (_open.Pop() is { Name: { Length: > 0 } left })
            throw Bad($"unclosed tag \"{left}\"");
        Text = Breaks().Replace(_text.ToString(), "\n").Trim('\n');
        Most("text", Text.EnumerateRunes().Count(), LongestText);
        Most("blocks", Blocks, MostBlocks);
        Most("levels", Depth, Deepest);
        Most("media", _shown.Count, MostMedia);
    }

    private static void Most(string what, int count, int most)
    {
        if (count > most)
            throw Bad($"{count} {what}, of which {most} may be");
    }

    private int Tag(int at)
    {
        if (Tags().Match(_html, at) is not { Success: true } tag)
            throw Bad($"no tag at {at}: {_html[at..Math.Min(_html.Length, at + 20)]}");
        var name = tag.Groups["name"].Value;
        if (tag.Groups["end"].Length > 0)
            Close(name);
        else
            Open(name, Attributes(name, tag.Groups["attributes"].Value));
        return tag.Length;
    }

    private void Open(string name, Dictionary<string, string> attributes)
    {
        var parent = _open.Peek();
        if (!_inside.GetValueOrDefault(parent.Name, _inline).Contains(name))
            throw Bad($"<{name}> in <{parent.Name}>");
        if (name == "a" && _open.Any(element => element.Name == "a"))
            throw Bad("a link in a link");
        if (name is "a" or "b" or "i" or "u" or "s" or "code" or "mark" or "sub" or "sup" or "tg-spoiler" && parent.Name != "pre" && _open.Any(element => element.Name == name))
            throw Bad($"<{name}> in itself");
        if (name == "summary" && parent.Children > 0)
            throw Bad("a summary that is not the first");
        if (name == "input" && (parent.Children > 0 || parent.HasText))
            throw Bad("a box that is not the first");
        if (parent.Name == "figure" && (_media.Contains(name) ? parent.Children > 0 : parent.Children != 1))
            throw Bad("a figure is a picture, a film or a sound, and its caption");
        if (name is "td" or "th" && parent.Children == MostColumns)
            throw Bad($"more than {MostColumns} columns");
        parent.Children++;
        if (_media.Contains(name))
            Show(name, attributes);
        if (name == "a" && Target().Match(attributes["href"]) is { Success: false })
            throw Bad($"a link to {attributes["href"]}");
        if (name == "a")
            _links.Add(attributes["href"]);
        if (IsBlock(name))
            Blocks++;
        if (!IsInline(name) || name == "br")
            _text.Append('\n');
        if (_void.Contains(name))
            return;
        _open.Push(new Element(name));
        Depth = Math.Max(Depth, _open.Count - 1);
    }

    /// <summary>Of a figure the picture is the block.</summary>
    private static bool IsBlock(string name) =>
        name is "p" or "footer" or "ul" or "ol" or "li" or "blockquote" or "pre" or "table" or "tr" or "details" or "hr" or ['h', >= '1' and <= '6'] || _media.Contains(name);

    private static bool IsInline(string name) => _inline.Contains(name) || name is "cite" or "input";

    private void Show(string name, Dictionary<string, string> attributes)
    {
        if (!attributes["src"].StartsWith("http", StringComparison.Ordinal) || Links.Check(attributes["src"]).Error is not null)
            throw Bad($"{name} of {attributes["src"]}");
        _shown.Add(new Media(name, attributes["src"], attributes.ContainsKey("tg-spoiler")));
    }

    private void Close(string name)
    {
        var open = _open.Peek();
        if (open.Name != name || name.Length == 0)
            throw Bad($"</{name}> where </{open.Name}> is expected");
        if (name is "ul" or "ol" or "table" or "tr" or "figure" or "details" && open.Children == 0)
            throw Bad($"an empty {name}");
        _open.Pop();
        if (!IsInline(name))
            _text.Append('\n');
    }

    private Dictionary<string, string> Attributes(string name, string text)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match attribute in AttributesIn().Matches(text))
        {
            if (attribute.Groups["value"].Value.Count(c => c == '&') != EntitiesIn().Count(attribute.Groups["value"].Value))
                throw Bad($"an unescaped & in {attribute.Value}");
            if (!given.TryAdd(attribute.Groups["name"].Value, Unescaped(attribute.Groups["value"].Value)))
                throw Bad($"{attribute.Groups["name"].Value} twice");
        }

        (string[] must, string[] may) = name switch
        {
            "a" => ((string[])["href"], Array.Empty<string>()),
            "img" or "video" => (["src"], ["tg-spoiler"]),
            "audio" => (["src"], []),
            "tg-time" => (["unix", "format"], []),
            "ol" => ([], ["start"]),
            "input" => (["type"], ["checked"]),
            "table" => ([], ["bordered", "striped"]),
            "details" => ([], ["open"]),
            "code" when _open.Peek().Name == "pre" => (["class"], []),
            _ => ([], []),
        };
        if (must.Except(given.Keys).Concat(given.Keys.Except(must.Concat(may))).FirstOrDefault() is { } wrong)
            throw Bad($"<{name}> {(must.Contains(wrong) ? "without" : "with")} {wrong}");
        var isRight = name switch
        {
            "tg-time" => Number().IsMatch(given["unix"]) && given["format"] == "r",
            "ol" => !given.TryGetValue("start", out var start) || int.TryParse(start, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "input" => given["type"] == "checkbox",
            "code" when given.TryGetValue("class", out var language) => language.StartsWith("language-", StringComparison.Ordinal) && language.Length > "language-".Length,
            _ => true,
        };
        return isRight ? given : throw Bad($"the attributes of <{name}>: {text}");
    }

    private int Entity(int at)
    {
        if (Entities().Match(_html, at) is not { Success: true } entity)
            throw Bad($"no entity at {at}: {_html[at..Math.Min(_html.Length, at + 10)]}");
        Put(Unescaped(entity.Value));
        return entity.Length;
    }

    private void Put(string text)
    {
        var open = _open.Peek();
        if (_inside.TryGetValue(open.Name, out var children) && !children.Contains("b") && open.Name != "pre")
            throw Bad($"text in <{open.Name}>");
        open.HasText = true;
        _text.Append(text);
    }

    private static string Unescaped(string text) => EntitiesIn().Replace(text, entity => entity.Value switch
    {
        "&lt;" => "<",
        "&gt;" => ">",
        "&amp;" => "&",
        "&quot;" => "\"",
        "&apos;" => "'",
        "&nbsp;" => "\u00A0",
        "&hellip;" => "…",
        "&mdash;" => "—",
        "&ndash;" => "–",
        "&lsquo;" => "‘",
        "&rsquo;" => "’",
        "&ldquo;" => "“",
        "&rdquo;" => "”",
        _ => new Rune(int.Parse(entity.Groups["number"].Value, CultureInfo.InvariantCulture)).ToString(),
    });

    [GeneratedRegex("""\G<(?<end>/?)(?<name>[a-z][a-z0-9-]*)(?<attributes>(?: [a-z-]+(?:="[^"<>]*")?)*)/?>""")]
    private static partial Regex Tags();

    [GeneratedRegex("""(?<name>[a-z-]+)(?:="(?<value>[^"]*)")?""")]
    private static partial Regex AttributesIn();

    [GeneratedRegex(@"\G&(?:lt|gt|amp|quot|apos|nbsp|hellip|mdash|ndash|lsquo|rsquo|ldquo|rdquo|#(?<number>[0-9]{1,6}));")]
    private static partial Regex Entities();

    [GeneratedRegex("&(?:lt|gt|amp|quot|apos|nbsp|hellip|mdash|ndash|lsquo|rsquo|ldquo|rdquo|#(?<number>[0-9]{1,6}));")]
    private static partial Regex EntitiesIn();

    [GeneratedRegex("^(?:https?://|mailto:|tel:)[^ \n]+$")]
    private static partial Regex Target();

    [GeneratedRegex("^[0-9]{1,10}$")]
    private static partial Regex Number();

    [GeneratedRegex(@"\n{2,}")]
    private static partial Regex Breaks();

    /// <param name="IsHidden">Covered until somebody taps it.</param>
    internal sealed record Media(string Kind, string Url, bool IsHidden);

    private sealed record Element(string Name)
    {
        public int Children { get; set; }

        public bool HasText { get; set; }
    }
}
