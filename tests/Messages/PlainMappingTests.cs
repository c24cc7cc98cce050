using Notifier.Messages.Html;
using Notifier.Messages;

namespace Notifier.Tests.Messages;

/// <summary>What feed HTML looks like as plain text: one row for each thing that a feed can carry.</summary>
public sealed class PlainMappingTests
{
    static readonly Uri Base = new("https://e.org/blog/");

    [Theory]
    [InlineData("a", """<p>See <a href="/post?a=1&b=2">the <b>post</b></a>.</p>""", "See the post (https://e.org/post?a=1&b=2).")]
    [InlineData("a: url as text", """<a href="https://e.org/x">https://e.org/x</a>""", "https://e.org/x")]
    [InlineData("a: url as text, shortened", """<a href="https://e.org/x/">e.org/x</a>""", "https://e.org/x/")]
    [InlineData("a: lying text", """<a href="https://evil.example/">https://bank.example</a>""", "https://bank.example (https://evil.example/)")]
    [InlineData("a: lying credentials", """<a href="https://bank.example@evil.example/">bank.example</a>""", "bank.example (https://evil.example/)")]
    [InlineData("a: lying letters", """<a href="https://аpple.example/">apple.example</a>""", "apple.example (https://xn--pple-43d.example/)")]
    [InlineData("a: bad scheme", """<a href="javascript:alert(1)">x</a> <a href="tg://user?id=1">y</a> <a href="#top">z</a> <a href="mailto:a@b.c">m</a> <a href="data:text/html,x">d</a>""", "x y z m d")]
    [InlineData("a: parens", """<a href="https://en.wikipedia.org/wiki/A_(b)">A (b)</a>""", "A (b) (https://en.wikipedia.org/wiki/A_(b))")]
    [InlineData("a: trackers", """<a href="https://e.org/x?utm_source=f&id=7&fbclid=1&mc_eid=2">x</a>""", "x (https://e.org/x?id=7)")]
    [InlineData("a: empty", """<p>a <a href="/x"> </a>b</p>""", "a b")]
    [InlineData("a: around blocks", """<a href="/x"><h2>T</h2><p>p</p></a>""", "T (https://e.org/x)⏎⏎p (https://e.org/x)")]
    [InlineData("b/strong/i/em", "<b>bold</b> <strong> sp </strong><i>it</i> <em>em</em> <b><i>both</i></b> <b>a<b>b</b></b>", "bold sp it em both ab")]
    [InlineData("u/ins/s/del", "<u>u</u> <ins>i</ins> <s>s</s> <strike>k</strike> <del>d</del>", "u i s k d")]
    [InlineData("mark/sub/sup", "<mark>m</mark> H<sub>2</sub>O x<sup>2</sup> n<sup>th</sup>", "m H₂O x² n^(th)")]
    [InlineData("spoiler", """<span class="spoiler">boo</span>""", "boo")]
    [InlineData("code", "<code>a*b</code> <code>x`y</code> <kbd>Ctrl</kbd>", "a*b x`y Ctrl")]
    [InlineData("pre+lang", """<pre><code class="language-csharp">var a = 1 &lt; 2;⏎x</code></pre>""", "    var a = 1 < 2;⏎    x")]
    [InlineData("pre", "<pre>line1⏎  line2</pre>", "    line1⏎      line2")]
    [InlineData("blockquote", "<p>x</p><blockquote><p>one</p><p>two</p></blockquote>", "x⏎⏎│ one⏎│⏎│ two")]
    [InlineData("nested quote", "<blockquote>a<blockquote>b</blockquote></blockquote>", "│ a⏎│⏎│ │ b")]
    [InlineData("ul nested", "<ul><li>a</li><li><p>b</p><ul><li>c</li></ul></li></ul>", "• a⏎• b⏎  ◦ c")]
    [InlineData("ol start", """<ol start="3"><li>c</li><li>d</li></ol>""", "3. c⏎4. d")]
    [InlineData("ol", "<ol><li>c<li>d</ol>", "1. c⏎2. d")]
    [InlineData("checkbox", "<ul><li><input type=checkbox checked> done</li><li><input type=checkbox> todo</li></ul>", "☑ done⏎☐ todo")]
    [InlineData("dl", "<dl><dt>T</dt><dd>D</dd></dl>", "T⏎⏎D")]
    [InlineData("h1..h4", "<h1>One <b>x</b></h1><h3>Three</h3><h4>Four</h4>", "One x⏎⏎Three⏎⏎Four")]
    [InlineData("hr", "<p>a</p><hr><p>b</p>", "a⏎⏎———⏎⏎b")]
    [InlineData("br", "a<br>b<br><br><br>c", "a⏎b⏎⏎c")]
    [InlineData("img", """<p>t <img src="/i.png" alt="pic"></p>""", "t")]
    [InlineData("img emoji", """ok <img class="wp-emoji" alt="😀" src="/e/1.svg">""", "ok 😀")]
    [InlineData("img pixel", "a<img width=1 height=1 src=\"https://t/x.gif\">", "a")]
    [InlineData("table", "<table><tr><th>Name</th><th>日本</th></tr><tr><td>a</td><td>1</td></tr></table>", "Name | 日本⏎-----|-----⏎a    | 1")]
    [InlineData("layout table", "<table><tr><td><p>x</p></td></tr></table>", "x")]
    [InlineData("iframe yt", """<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0" title="Clip"></iframe>""", "▶️ Clip (https://www.youtube.com/watch?v=dQw4w9WgXcQ)")]
    [InlineData("iframe of others", """a<iframe src="https://ads.example/x"></iframe>""", "a")]
    [InlineData("video/audio", """<video src="v.mp4"></video><audio><source src="a.mp3"></audio>""", "▶️ e.org (https://e.org/blog/v.mp4)⏎⏎🎧 e.org (https://e.org/blog/a.mp3)")]
    [InlineData("details", "<details><summary>More</summary><p>hidden</p></details>", "▾ More⏎  hidden")]
    [InlineData("figure", """<figure><img src="/a.jpg"><figcaption>Cap</figcaption></figure>""", "Cap")]
    [InlineData("q/abbr/ruby", """<q>hi</q> <abbr title="HyperText">HT</abbr> <ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>""", "“hi” HT (HyperText) 漢(kan)")]
    [InlineData("script/style", "<script>alert(1)</script><style>p{}</style>ok", "ok")]
    [InlineData("script, hidden", "a<script><!-- document.write('<p>x</p>') //--></script>b", "ab")]
    [InlineData("entities", "&lt;b&gt; &amp;amp; &nbsp;x&#8217;s &hellip; 5 &lt; 6", "<b> &amp; \u00A0x’s … 5 < 6")]
    [InlineData("entities, bad", "a&#0;b &#xD800; &#999999999999; &nosuch; AT&T 1 < 2", "a\uFFFDb \uFFFD \uFFFD &nosuch; AT&T 1 < 2")]
    [InlineData("md chars", """*x* _y_ ~z~ |w| `q` \ [a](http://b.c/) snake_case 2*3""", """*x* _y_ ~z~ |w| `q` \ [a](http://b.c/) snake_case 2*3""")]
    [InlineData("line starts", "<p># no</p><p>- no</p><p>1. no</p><p>&gt; no</p>", "# no⏎⏎- no⏎⏎1. no⏎⏎> no")]
    [InlineData("mentions", "@everyone @here &lt;@123&gt; me@x.org /start", "@everyone @here <@123> me@x.org /start")]
    [InlineData("bare url", "go https://e.org/a_b_c?x=1&y=2. Now", "go https://e.org/a_b_c?x=1&y=2. Now")]
    [InlineData("bidi", "abc\u202Egnp.exe", "abcgnp.exe")]
    [InlineData("bidi, isolates", "a\u2066b\u2069c\u202Ad\u202Ce", "abcde")]
    [InlineData("controls", "a\u001B[31mb\u0007c\u0000d\u009Be&#27;[2Jf", "a[31mbcde[2Jf")]
    [InlineData("soft hyphen", "Donau&shy;dampf", "Donaudampf")]
    [InlineData("form C", "e\u0301", "é")]
    [InlineData("white space", "  a ⏎  b <b> c</b> ", "a b c")]
    [InlineData("unclosed and crossed", "<p>a<b>b<i>c</b>d</i><p>e", "abcd⏎⏎e")]
    [InlineData("comment", "a<!-- x --><!-->b<!--y--!>c-->d", "abd")]
    [InlineData("cdata", "a<![CDATA[b]]>c", "ac")]
    [InlineData("unknown elements", "<blink>a</blink><x-y>b</x-y><font color=red>c</font>", "abc")]
    [InlineData("svg and forms", "a<svg><text>no</text></svg><select><option>no</select><template>no</template>b", "ab")]
    [InlineData("> in an attribute", """<a title="</div>>" href="/x">y</a>""", "y (https://e.org/x)")]
    public void Feed_HTML_becomes_this_plain_text(string what, string html, string expected)
    {
        var lines = PlainWriter.Write(HtmlReader.Read(html.Replace("⏎", "\n", StringComparison.Ordinal), Base), 100);

        Assert.True(string.Join('⏎', lines) == expected, $"{what}:\n{string.Join('⏎', lines)}\n{expected}");
    }

    [Fact]
    public void Images_are_lifted_out_of_the_text_with_absolute_addresses()
    {
        var blocks = HtmlReader.Read("""<p>a <img src="/i.png" alt="pic"> b</p><p>c</p>""", Base);

        Assert.Equal("a b", PlainWriter.Write([blocks[0]], 80)[0]);
        Assert.Equal(new Block.Media(MediaKind.Image, new Uri("https://e.org/i.png"), "pic"), blocks[1]);
        Assert.IsType<Block.Paragraph>(blocks[2]);
    }

    [Fact]
    public void A_relative_link_without_a_base_is_text()
    {
        Assert.Equal(["x"], PlainWriter.Write(HtmlReader.Read("""<a href="/x">x</a>""", null), 80));
    }

    [Fact]
    public void A_letter_carries_at_most_eight_marks()
    {
        var text = Spans.Text(HtmlReader.Read("z" + new string('\u0335', 500) + "a", null));

        Assert.Equal("z" + new string('\u0335', 8) + "a", text);
    }

    [Fact]
    public void Links_of_5_kB_are_text()
    {
        Assert.Equal(["x"], PlainWriter.Write(HtmlReader.Read($"""<a href="https://e.org/{new string('a', 5000)}">x</a>""", Base), 80));
    }

    [Fact]
    public void Text_wraps_at_words_and_between_wide_characters_and_long_addresses_anywhere()
    {
        var blocks = HtmlReader.Read("""<p>one two three four</p><p>これは最初の文です</p><p>https://e.org/aaaaaaaaaaaa</p><p>👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦</p>""", Base);

        Assert.Equal(
            ["one two", "three four", "", "これは最初", "の文です", "", "https://e.", "org/aaaaaa", "aaaaaa", "", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"],
            PlainWriter.Write(blocks, 10));
    }

    [Fact]
    public void A_table_that_is_too_wide_is_written_row_by_row()
    {
        var blocks = HtmlReader.Read("<table><tr><td>one one</td><td>two two</td></tr><tr><td>three</td><td>four</td></tr></table>", Base);

        Assert.Equal(["one one |", "two two", "three |", "four"], PlainWriter.Write(blocks, 10));
    }
}
