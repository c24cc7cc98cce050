using System.Diagnostics;
using System.Text;
using CsCheck;
using Notifier.Messages.Html;
using Notifier.Messages;
using Notifier.Tests.Support;
using Notifier.Texts;

namespace Notifier.Tests.Messages;

[Collection(nameof(Alone))]
public sealed class HostileHtmlTests
{
    static readonly Uri Base = new("https://e.org/");

    static readonly string[] Pieces =
    [
        "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<i class=spoiler>", "</i>", "<a href=\"/x?utm_source=a&b=c\">", "<a href='javascript:x'>", "</a>", "<ul>", "<ol start=-9>",
        "<li>", "</li>", "</ul>", "<table>", "<tr>", "<td>", "<th>", "</td>", "</tr>", "</table>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<code>", "</code>", "<h2>", "</h2>",
        "<br>", "<hr/>", "<img src=/i.png alt='x'>", "<details><summary>", "</summary>", "</details>", "<sup>", "</sup>", "<svg>", "<script>", "</script>", "<style>", "<textarea>", "<select>",
        "<!--", "-->", "<![CDATA[", "]]>", "<", ">", "\"", "'", "=", "&", "&lt;", "&#x1b;", "&#27;[31m", "&#x202e;", "&#xd83d;", "&#0;", "\u001b[2J", "\u0000", "\u0007", "\u009b", "\u202e",
        "\ud83d", "\ude00", "😀", "👨‍👩‍👧‍👦", "🇩🇪", "e\u0301\u0301\u0301", "\u0335\u0335\u0335\u0335\u0335", "日本語", "ᄀᄀᄀᄀᄀᄀᄀᄀᄀ", "क्ष", "\u200d", "\ufe0f", "\t", "\r\n", " ", "\u00a0", "\u2028",
        "word", "https://example.com/a/rather/long/address", "A sentence. ", "[…]", "Continue reading", "<input type=checkbox>", "<video src=v.mp4>", "<iframe src=https://www.youtube.com/embed/x>", "<td></", "<a b=\"",
    ];

    [Fact]
    public void Any_soup_becomes_clean_lines_of_the_given_width()
    {
        Gen.Select(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 120], Gen.Int[8, 120], Gen.Int[0, 400]).Sample(
            (pieces, width, budget) =>
            {
                var blocks = HtmlReader.Read(string.Concat(pieces), Base);
                var excerpt = Excerpt.Take(blocks, budget, "word");

                AssertClean(PlainWriter.Write(blocks, width), width);
                AssertClean(PlainWriter.Write(excerpt, width), width);
                Assert.InRange(excerpt.Sum(block => block is Block.Table or Block.Code ? 0 : Spans.Text([block]).Length), 0, budget);
            },
            iter: 2000);
    }

    static void AssertClean(IReadOnlyList<string> lines, int width)
    {
        foreach (var line in lines)
        {
            Assert.True(DisplayWidth.Of(line) <= width, $"{DisplayWidth.Of(line)} > {width}: {line}");
            Assert.DoesNotContain(line, char.IsControl);
            Assert.DoesNotContain(line, c => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
            for (var i = 0; i < line.Length; i += char.IsSurrogatePair(line, i) ? 2 : 1)
                Assert.True(!char.IsSurrogate(line[i]) || char.IsSurrogatePair(line, i), "a broken surrogate");
        }
    }

    public static TheoryData<string, string> Bombs() => new()
    {
        { "C12: 100,000 nested <div>", Repeat("<div>", 100_000) + "x" },
        { "20,000 nested lists", Repeat("<ul><li>", 20_000) + "x" },
        { "20,000 nested <div><b>", Repeat("<div><b>", 20_000) + "x" },
        { "items inside definitions", Repeat("<li><dd>", 20_000) + "x" },
        { "stray ends between", Repeat("<div></x>", 20_000) + "x" },
        { "ends behind a table's scope", Repeat(Repeat("<div>", 500) + "<table>" + Repeat("</div>", 500), 40) + "x" },
        { "ends inside comments", Repeat("<div><!--></div>-->", 10_000) + "x" },
        { "ends inside attributes", Repeat("<div><a b=\"</div>\">", 10_000) + "x" },
        { "tags behind a style in a drawing", "<svg><style>" + Repeat("<div>", 40_000) + "x" },
        { "tags behind a style in a choice", "<select><style><input>" + Repeat("<div>", 40_000) + "x" },
        { "many styles left open in paragraphs", "<p>" + string.Concat(Enumerable.Range(0, 511).Select(i => $"<b class={i}>")) + "</p>" + Repeat("<p>x", 50_000) },
        { "styles left open in captions", "<table>" + string.Concat(Enumerable.Range(0, 4000).Select(i => $"<b class={i}><caption></b></caption>")) + "</table>" + Repeat("<p>x", 20_000) },
        { "20,000 flat paragraphs", Repeat("<p>some text</p>", 17_000) },
        { "a flat 1.6 MB", Repeat("<p>some text</p>", 100_000) },
        { "unclosed comments", Repeat("<!--", 60_000) },
        { "unclosed quotes", Repeat("<a b=\"'", 40_000) },
        { "unclosed scripts", Repeat("<script>", 30_000) },
        { "half ends", Repeat("</", 120_000) },
        { "signs", Repeat("<", 250_000) },
        { "combining marks", Repeat("\u0301\u0316", 120_000) },
        { "boilerplate", "<p>" + Repeat("Read more ", 25_000) + "</p>" },
        { "2,000 deep, two wide", Repeat("<div>x</div><div>", 2000) },
        { "nested tables", Repeat("<table><tr><td>", 17_000) + "x" },
        { "nested links", Repeat("<a href=/x>", 23_000) + "x" },
        { "films without ends", Repeat("<video src=v.mp4><audio>", 10_000) },
        { "bars without ends", Repeat("<div class=feedflare>", 12_000) },
        { "formats crossed over and over", Repeat("<i>", 20_000) + Repeat("<b>", 20_000) + Repeat("</i>x", 20_000) },
        { "links in links", Repeat("<a href=/x><b><i>y", 14_000) },
        { "a picture of many sources", "<img srcset='" + Repeat("a.jpg 1w,", 28_000) + "'>" },
        { "references", Repeat("&#x41;&nosuch;&", 16_000) },
        { "lists between items", Repeat("<ul><li>a</li><ul><li>b</li></ul></ul>", 6_000) },
        { "one row", "<table><tr><td>x</td></tr><tr>" + Repeat("<td>x", 50_000) },
        { "one long line", Repeat("word ", 50_000) },
        { "one long word", new string('x', 250_000) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void C12_I07_Hostile_HTML_costs_little(string what, string html)
    {
        var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());

        var blocks = HtmlReader.Read(html, Base);

        // What is built is in proportion to what was read.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000 + (100L * Math.Min(html.Length, 256 * 1024)));

        var card = new EntryFormatter(Catalogue.Load("en")).Card(new EntryContent { Feed = "f", Content = html });
        var lines = PlainWriter.Write(blocks, 80);

        // A parser's tree takes half a minute for the first of these.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{what}: {watch.Elapsed}");
        Assert.NotEmpty(card.Title);
        AssertClean(lines, 80);
        TestContext.Current.SendDiagnosticMessage("{0}: {1} ms, {2} lines", what, (int)watch.Elapsed.TotalMilliseconds, lines.Count);
    }

    [Fact]
    public void Text_that_nests_too_deep_is_still_told_block_by_block() =>
        Assert.Equal(["one", "", "two & three"], PlainWriter.Write(HtmlReader.Read(Repeat("<div>", 600) + "one</div><script>no</script><p>two &amp; <b>three", Base), 80));

    [Fact]
    public void Nesting_of_quotes_and_lists_is_bounded_but_loses_no_text()
    {
        var html = string.Concat(Enumerable.Range(0, 100).Select(i => $"<blockquote>{i}<ul><li>"));

        var blocks = HtmlReader.Read(html, Base);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), Spans.Text(blocks).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.InRange(Depth(blocks), 2, 17);
    }

    static int Depth(IReadOnlyList<Block> blocks) => blocks.Count == 0 ? 0 : 1 + blocks.Max(block => block switch
    {
        Block.Quote quote => Depth(quote.Blocks),
        Block.List list => list.Items.Max(item => Depth(item.Blocks)),
        _ => 0,
    });

    static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();
}
