using CsCheck;
using Notifier.Messages;

namespace Notifier.Tests.Messages;

/// <summary>Random feed HTML of what hurts: half-open tags, the signs of both platforms, mentions, commands, broken and joined characters.</summary>
static class HtmlSoup
{
    static readonly string[] Pieces =
    [
        "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<i>", "</i>", "<u>", "</u>", "<s>", "</s>", "<span class=spoiler>", "</span>", "<sup>", "</sup>",
        "<a href=\"/x?a=1&b=(2)*_\">", "<a href='javascript:x'>", "<a href='https://evil.example/'>", "<a href='https://u:p@e.org/'>", "</a>", "<ul>", "<ol start=-9>", "<li>", "</li>", "</ul>", "</ol>",
        "<table>", "<tr>", "<td>", "<th>", "</tr>", "</table>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<code>", "</code>", "<h2>", "</h2>", "<h5>", "</h5>",
        "<br>", "<hr>", "<img src=/i.png>", "<img src=/j.png alt=word>", "<img src=/k.svg>", "<details><summary>", "</summary>", "</details>", "<script>", "</script>", "<video src=v.mp4 title='@here'></video>",
        "*", "**", "_", "__", "~~", "||", "`", "``", "```", "\\", "[", "](", "[a](http://b.c/)", ")", "> ", "# ", "-# ", "- ", "+ ", "1. ", "&lt;", "&gt;", "&amp;", "\"", "'", ":smile:", "://", "\n",
        "@everyone", "@here", "&lt;@&amp;5&gt;", "&lt;@!5&gt;", "&lt;#9&gt;", "&lt;t:1:R&gt;", "@durov", "@", "/", "/start", "/start@evil", "#", "#tag", "me@x.org", "https://bank.example", "https://e.org/a_b*c?x=1&y=2", "tg://user?id=1",
        "&#x202e;", "\u202e", "\u2066", "&#0;", "\u0000", "\u0007", "\u009b", "\ud83d", "\ude00", "😀", "👨‍👩‍👧‍👦", "🇩🇪", "e\u0301\u0301", "\u0335\u0335\u0335\u0335\u0335", "日本語", "क्ष", "\u200d", "\u200b", "\u2060", "\u00a0", "\u2028",
        "word ", "A sentence. ", " ", "x", "Continue reading", "<input type=checkbox>",
    ];

    static readonly Gen<string> Soup = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 80].Select(string.Concat);

    /// <summary>Far wider and longer than any message.</summary>
    static readonly Gen<string> Table = Gen.Select(Gen.Int[1, 60], Gen.Int[1, 200], Gen.Int[0, Pieces.Length - 1].Array[1, 6]).Select((columns, rows, cells) =>
        "<table>" + string.Concat(Enumerable.Range(0, rows).Select(row => "<tr>" + string.Concat(Enumerable.Range(0, columns).Select(column => $"<td>{Pieces[cells[(row + column) % cells.Length]]}</td>")))));

    public static readonly Gen<string> Html = Gen.Frequency((60, Soup), (1, Table));

    /// <summary>How many entries the styles are tried with: a tenth of what is wanted before a release, for which NOTIFIER_RANDOM_ENTRIES says how many.</summary>
    public static long Entries => long.TryParse(Environment.GetEnvironmentVariable("NOTIFIER_RANDOM_ENTRIES"), System.Globalization.CultureInfo.InvariantCulture, out var count) ? count : 1000;

    /// <summary>The same without tags: for titles and names, which are plain text.</summary>
    public static readonly Gen<string> Text = Soup.Select(html => html.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal));

    /// <summary>Every style with every option.</summary>
    public static readonly Gen<Look> Look = Gen.Select(Gen.Enum<Style>(), Gen.Bool, Gen.Bool, Gen.Bool).Select((style, isSilent, isSpoiler, hasNoImage) =>
        new Look(style) { IsSilent = isSilent, IsSpoiler = isSpoiler, HasNoImage = hasNoImage });

    /// <summary>A word that only the body of an entry says.</summary>
    public const string Hushed = "hushed";

    /// <summary>An entry of such texts, its body <paramref name="size"/> times the HTML. What hides its body has a title of its own, which is not hidden.</summary>
    public static EntryContent Entry(string title, string html, string name, Look look, int size) => new()
    {
        Feed = name,
        Title = look.IsSpoiler ? "A title " + title : title,
        Author = name,
        Link = "https://e.org/a?b=(c)&d",
        Base = "https://e.org/",
        Content = string.Concat(Enumerable.Repeat(html.Replace("word", Hushed, StringComparison.Ordinal) + Hushed, size)),
        Categories = [name, title],
        Comments = "https://e.org/talk",
    };
}
