using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using Notifier.Messages;
using Notifier.Messages.Html;

namespace Notifier.Tests.Messages;

/// <summary>What feed HTML looks like on our own pages.</summary>
public sealed class WebHtmlTests
{
    const string Rel = " rel=\"nofollow noopener noreferrer\" target=\"_blank\"";

    const string Lazy = " loading=\"lazy\" referrerpolicy=\"no-referrer\"";

    static readonly string[] Elements =
    [
        "a", "b", "blockquote", "br", "code", "details", "figcaption", "figure", "h3", "h4", "h5", "h6", "hr", "i", "img", "input", "li", "mark", "ol", "p", "pre", "s", "span", "sub", "summary", "sup",
        "table", "tbody", "td", "th", "tr", "u", "ul",
    ];

    static readonly string[] Attributes = ["alt", "checked", "class", "disabled", "height", "href", "loading", "referrerpolicy", "rel", "src", "start", "target", "type", "width"];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Feed_HTML_becomes_this_HTML(string what, string html, string expected)
    {
        var written = MappingTable.Shown(WebHtml.Write(HtmlReader.Read(html, MappingTable.Base)).Replace(Rel, "⟨REL⟩", StringComparison.Ordinal).Replace(Lazy, "⟨LAZY⟩", StringComparison.Ordinal));

        Assert.True(written == expected, $"{what}:\n{written}\n{expected}");
    }

    [Fact]
    public void Whatever_a_feed_has_only_plain_elements_and_the_same_text_come_out()
    {
        HtmlSoup.Html.Sample(
            html =>
            {
                var blocks = HtmlReader.Read(html, MappingTable.Base);

                var page = new HtmlParser().ParseDocument("<!DOCTYPE html><body>" + WebHtml.Write(blocks));

                foreach (var element in page.Body!.QuerySelectorAll("*"))
                {
                    Assert.Contains(element.LocalName, Elements);
                    Assert.All(element.Attributes, attribute => Assert.Contains(attribute.Name, Attributes));
                    Assert.All(element.Attributes.Where(attribute => attribute.Name is "href" or "src"), attribute => Assert.StartsWith("http", attribute.Value, StringComparison.Ordinal));
                }

                Assert.Equal(Letters(Said(blocks)), Letters(page.Body.TextContent));
            },
            iter: 1000);
    }

    /// <summary>The visible text; of a link that lies, the truth too, and of a film the words for it.</summary>
    static string Said(IEnumerable<Block> blocks) => string.Concat(blocks.Select(block => block switch
    {
        Block.Quote quote => Said(quote.Blocks),
        Block.List list => string.Concat(list.Items.Select(item => Said(item.Blocks))),
        Block.Details details => Said(details.Summary) + Said(details.Blocks),
        Block.Table table => string.Concat(table.Rows.SelectMany(row => row).Select(Said)),
        Block.Media { Kind: MediaKind.Image } => "",
        Block.Media film => Said([new Span.Link(film.Url, [new Span.Text(film.Caption ?? film.Url.Host)])]),
        _ => Said(Spans.Of(block)),
    }));

    static string Said(IReadOnlyList<Span> spans) => string.Concat(spans.Select(span => span switch
    {
        Span.Link link => Said(link.Spans) + (AddressText.Misleads(Spans.Text(link.Spans), link.Url) ? link.Url.IdnHost : ""),
        Span.Styled styled => Said(styled.Spans),
        _ => Spans.Text([span]),
    }));

    static string Letters(string text) => new([.. text.Normalize(NormalizationForm.FormC).Where(char.IsLetterOrDigit)]);

    public static TheoryData<string, string, string> Rows()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var row in MappingTable.Plain)
            data.Add(row.Data.Item1, row.Data.Item2, Expected.GetValueOrDefault(row.Data.Item1, "not in the table"));
        return data;
    }

    /// <summary>By the rows of <see cref="MappingTable"/>; ⟨REL⟩ and ⟨LAZY⟩ are what every link and every image carries.</summary>
    static readonly Dictionary<string, string> Expected = new(StringComparer.Ordinal)
    {
        ["a"] = """<p>See <a href="https://e.org/post?a=1&amp;b=2"⟨REL⟩>the <b>post</b></a>.</p>""",
        ["a: url as text"] = """<p><a href="https://e.org/x"⟨REL⟩>https://e.org/x</a></p>""",
        ["a: url as text, shortened"] = """<p><a href="https://e.org/x/"⟨REL⟩>e.org/x</a></p>""",
        ["a: lying text"] = """<p>https://bank.example (<a href="https://evil.example/"⟨REL⟩>evil.example</a>)</p>""",
        ["a: lying credentials"] = """<p>bank.example (<a href="https://evil.example/"⟨REL⟩>evil.example</a>)</p>""",
        ["a: lying letters"] = """<p>apple.example (<a href="https://xn--pple-43d.example/"⟨REL⟩>xn--pple-43d.example</a>)</p>""",
        ["a: lying among words"] = """<p>log in at https://bank.example/ <b>now</b> (<a href="https://evil.example/"⟨REL⟩>evil.example</a>)</p>""",
        ["a: the host as text"] = """<p><a href="https://e.org/x"⟨REL⟩>www.e.org</a> <a href="https://blog.e.org/x"⟨REL⟩>e.org</a></p>""",
        ["a: bad scheme"] = "<p>x y z m d</p>",
        ["bad scheme in text"] = "<p>tg://user?id=1 discord://x</p>",
        ["a: parens"] = """<p><a href="https://en.wikipedia.org/wiki/A_(b)"⟨REL⟩>A (b)</a></p>""",
        ["a: md in text"] = """<p><a href="https://e.org/"⟨REL⟩>a*b [c] snake_case <b>x</b></a></p>""",
        ["a: more md in text"] = """<p><a href="https://e.org/"⟨REL⟩># ~`|\ @all :smile: &lt;x&gt; <code>c*d</code><br>e</a></p>""",
        ["a: trackers"] = """<p><a href="https://e.org/x?id=7"⟨REL⟩>x</a></p>""",
        ["a: empty"] = "<p>a b</p>",
        ["a: around blocks"] = """<h4><a href="https://e.org/x"⟨REL⟩>T</a></h4><p><a href="https://e.org/x"⟨REL⟩>p</a></p>""",
        ["b/strong/i/em"] = "<p><b>bold</b> <b>sp </b><i>it</i> <i>em</i> <b><i>both</i></b> <b>ab</b></p>",
        ["styles side by side"] = "<p><b>a</b><b>b</b><i>c</i> <b>x <i>y</i></b>z</p>",
        ["u/ins/s/del"] = "<p><u>u</u> <u>i</u> <s>s</s> <s>k</s> <s>d</s></p>",
        ["mark/sub/sup"] = "<p><mark>m</mark> H<sub>2</sub>O x<sup>2</sup> n<sup>th</sup></p>",
        ["sub of letters, sup with a link"] = """<p>a<sub>max</sub> b<sup><a href="https://e.org/n"⟨REL⟩>1</a></sup></p>""",
        ["spoiler"] = """<p><span class="spoiler">boo</span></p>""",
        ["code"] = "<p><code>a*b</code> <code>x`y</code> <code>Ctrl</code></p>",
        ["code, worse"] = "<p><code>`</code><code>@here</code> <code>a``b</code> <b>x <code>**</code> <code>c</code></b></p>",
        ["pre+lang"] = """<pre><code class="language-csharp">var a = 1 &lt; 2;⏎x</code></pre>""",
        ["pre+lang, with a fence"] = """<pre><code class="language-csharp">var a = 1 &lt; 2;⏎```⏎x</code></pre>""",
        ["pre"] = "<pre><code>line1⏎  line2</code></pre>",
        ["blockquote"] = "<p>x</p><blockquote><p>one</p><p>two</p></blockquote>",
        ["nested quote"] = "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>",
        ["quote in a list"] = "<ul><li>a<blockquote><p># b</p></blockquote></li></ul>",
        ["ul nested"] = "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>",
        ["ol start"] = """<ol start="3"><li>c</li><li>d</li></ol>""",
        ["ol"] = "<ol><li>c</li><li>d</li></ol>",
        ["checkbox"] = """<ul><li><input type="checkbox" checked disabled> done</li><li><input type="checkbox" disabled> todo</li></ul>""",
        ["dl"] = "<p><b>T</b></p><p>D</p>",
        ["h1..h4"] = "<h3>One <b>x</b></h3><h5>Three</h5><h6>Four</h6>",
        ["h2, in two lines"] = "<h4>One<br>two</h4>",
        ["hr"] = "<p>a</p><hr><p>b</p>",
        ["br"] = "<p>a<br>b<br><br>c</p>",
        ["img"] = """<p>t</p><p><img src="https://e.org/i.png" alt="pic"⟨LAZY⟩></p>""",
        ["img emoji"] = "<p>ok 😀</p>",
        ["img pixel"] = "<p>a</p>",
        ["table"] = "<table><tr><th>Name</th><th>日本</th></tr><tr><td>a</td><td>1</td></tr></table>",
        ["table with links"] = """<table><tr><td>a</td><td><a href="https://e.org/x"⟨REL⟩>x</a></td></tr><tr><td>b</td><td>c</td></tr></table>""",
        ["layout table"] = "<p>x</p>",
        ["iframe yt"] = """<p>▶️ <a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"⟨REL⟩>Clip</a></p>""",
        ["iframe of others"] = "<p>a</p>",
        ["video/audio"] = """<p>▶️ <a href="https://e.org/blog/v.mp4"⟨REL⟩>e.org</a></p><p>🎧 <a href="https://e.org/blog/a.mp3"⟨REL⟩>e.org</a></p>""",
        ["details"] = "<details><summary>More</summary><p>hidden</p></details>",
        ["figure"] = """<figure><img src="https://e.org/a.jpg" alt=""⟨LAZY⟩><figcaption>Cap</figcaption></figure>""",
        ["q/abbr/ruby"] = "<p>“hi” HT (HyperText) 漢(kan)</p>",
        ["script/style"] = "<p>ok</p>",
        ["script, hidden"] = "<p>ab</p>",
        ["entities"] = "<p>&lt;b&gt; &amp;amp; ⟨NBSP⟩x’s … 5 &lt; 6</p>",
        ["entities, bad"] = "<p>a\uFFFDb \uFFFD \uFFFD &amp;nosuch; AT&amp;T 1 &lt; 2</p>",
        ["md chars"] = """<p>*x* _y_ ~z~ |w| `q` \ [a](http://b.c/) snake_case 2*3</p>""",
        ["emoji codes"] = "<p>:smile: &lt;:x:1&gt; &lt;t:1:R&gt; at 12:30:45</p>",
        ["line starts"] = "<p># no</p><p>- no</p><p>1. no</p><p>&gt; no</p>",
        ["line starts, all"] = "<p># no</p><p>- no</p><p>1. no</p><p>&gt; no</p><p>-# no</p><p>+ no</p>",
        ["more line starts"] = "<p>-# no</p><p>+ no</p><p>&gt;&gt;&gt; no<br>### no<br>12. no<br>-5 #x 1.5</p><p>#<b> no</b></p><p><b>1</b>. no</p>",
        ["mentions"] = "<p>@everyone @here &lt;@123&gt; me@x.org /start</p>",
        ["mentions, all"] = "<p>@everyone @here &lt;@123&gt; &lt;@&amp;5&gt; &lt;#9&gt; @durov me@x.org /start and/or</p>",
        ["more mentions"] = "<p>&lt;@&amp;5&gt; &lt;#9&gt; @durov /start and/or x@everyone a @ b (/start@evil) #tag #1</p>",
        ["mentions in pieces"] = "<p>@<b>all</b> /<i>start</i></p>",
        ["bare url"] = "<p>go https://e.org/a_b_c?x=1&amp;y=2. Now</p>",
        ["more bare urls"] = "<p>(https://e.org/A_(b)) HTTP://E.org/@me, xhttps://no <b>https://e.org/a*b_c</b></p>",
        ["bidi"] = "<p>abcgnp.exe</p>",
        ["bidi, isolates"] = "<p>abcde</p>",
        ["controls"] = "<p>a[31mbcde[2Jf</p>",
        ["soft hyphen"] = "<p>Donaudampf</p>",
        ["form C"] = "<p>é</p>",
        ["marks in pieces"] = "<p>z\u0335\u0335\u0335\u0335\u0335\u0335\u0335\u0335<b>x</b></p>",
        ["white space"] = "<p>a b <b>c</b></p>",
        ["unclosed and crossed"] = "<p>a<b>b<i>c</i></b><i>d</i></p><p>e</p>",
        ["comment"] = "<p>abd</p>",
        ["cdata"] = "<p>ac</p>",
        ["unknown elements"] = "<p>abc</p>",
        ["svg and forms"] = "<p>ab</p>",
        ["> in an attribute"] = """<p><a href="https://e.org/x"⟨REL⟩>y</a></p>""",
    };
}
