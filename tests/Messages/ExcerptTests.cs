using Notifier.Messages.Html;
using Notifier.Messages;

namespace Notifier.Tests.Messages;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData("First sentence here. Second one is rather longer than the first one.", 40, "First sentence here. Second one is…")]
    [InlineData("Version 2.0 of e.g. the thing. Then more of it follows.", 30, "Version 2.0 of e.g. the thing.")]
    [InlineData("Dr. Smith met J. Doe at St. Mary. They spoke.", 36, "Dr. Smith met J. Doe at St. Mary.")]
    [InlineData("Please do ask for our e.g. somewhat long words", 30, "Please do ask for our e.g.…")]
    [InlineData("これは最初の文です。これは二番目の文です。そして三番目。", 16, "これは最初の文です。")]
    [InlineData("Family 👨‍👩‍👧‍👦 👨‍👩‍👧‍👦 👨‍👩‍👧‍👦", 25, "Family 👨‍👩‍👧‍👦…")]
    [InlineData("Family 👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 25, "Family 👨‍👩‍👧‍👦…")]
    [InlineData("It fits.", 8, "It fits.")]
    [InlineData("He said “well then.” And he left for good.", 24, "He said “well then.”")]
    [InlineData("Supercalifragilistic", 10, "Supercali…")]
    [InlineData("anything", 0, "")]
    [InlineData("「これは最初の文です。」これは二番目の文です。", 14, "「これは最初の文です。」")]
    [InlineData("他说：“今天天气很好！”然后他就走了，再也没有回来。", 16, "他说：“今天天气很好！”")]
    [InlineData("本当に？！そうなんだ。続きがある。", 8, "本当に？！")]
    [InlineData("هل انتهى العمل اليوم؟ نعم انتهى العمل كله.", 30, "هل انتهى العمل اليوم؟")]
    [InlineData("یہ پہلا جملہ ہے۔ یہ دوسرا جملہ ہے۔", 24, "یہ پہلا جملہ ہے۔")]
    [InlineData("זה המשפט הראשון. וזה המשפט השני.", 22, "זה המשפט הראשון.")]
    [InlineData("यह पहला वाक्य है। यह दूसरा वाक्य है।", 24, "यह पहला वाक्य है।")]
    [InlineData("Am 3. Oktober, d. h. am Feiertag, z. B. in Berlin. Danach nicht.", 56, "Am 3. Oktober, d. h. am Feiertag, z. B. in Berlin.")]
    [InlineData("Die Fa. Meier, Nr. 5 und bzw. Nr. 6 sind zu. Ja.", 30, "Die Fa. Meier, Nr. 5 und bzw.…")]
    [InlineData("M. Dupont et Mme. Durand sont là. Ils parlent.", 40, "M. Dupont et Mme. Durand sont là.")]
    [InlineData("El Sr. López vive en EE.UU. desde hace años. Trabaja.", 48, "El Sr. López vive en EE.UU. desde hace años.")]
    [InlineData("It costs 3.50 or 4.75 euros. Then it rose again.", 36, "It costs 3.50 or 4.75 euros.")]
    [InlineData("Well… maybe it is not so. And then it is.", 30, "Well… maybe it is not so.")]
    [InlineData("Er sagte: „Das ist alles.“ Dann ging er fort.", 32, "Er sagte: „Das ist alles.“")]
    [InlineData("What?! Yes!! It is so... And more of it.", 28, "What?! Yes!! It is so...")]
    [InlineData("Yahoo! buys a small firm and sells it again", 30, "Yahoo! buys a small firm and…")]
    [InlineData("See also https://example.org/a/long/path/to/it for more", 30, "See also…")]
    [InlineData("詳しくはhttps://example.org/a/long/path/to/itを見て", 20, "詳しくは…")]
    [InlineData("https://example.org/a/long/path", 12, "https://exa…")]
    [InlineData("Flags 🇩🇪🇫🇷🇪🇸🇮🇹", 13, "Flags 🇩🇪…")]
    [InlineData("Keys 1️⃣2️⃣3️⃣4️⃣", 11, "Keys 1️⃣…")]
    [InlineData("Hands 👍🏽👍🏽👍🏽", 14, "Hands 👍🏽…")]
    public void Text_is_cut_where_a_reader_would_pause(string text, int max, string expected) =>
        Assert.Equal(expected, Excerpt.CutText(text, max));

    [Fact]
    public void A_cut_inside_a_link_leaves_the_link_whole()
    {
        var blocks = Read("""<h2>T</h2><p>Intro with <a href="https://e.org/">a link that is long</a> and goes on.</p>""");

        var excerpt = Excerpt.Take(blocks, 30);

        Assert.Equal(["T", "", "Intro with a link that is… (https://e.org/)"], PlainWriter.Write(excerpt, 80));
    }

    [Theory]
    [InlineData("<p>Text.</p><p>The post <a href='/a'>X. Y</a> appeared first on <a href='/'>Blog</a>.</p>", "Text.")]
    [InlineData("<p>Text.</p><p>The post X first appeared on Blog.</p>", "Text.")]
    [InlineData("<p>Some text.</p><p><a href='/a'>Continue Reading</a></p>", "Some text.")]
    [InlineData("<p>Some text I could read more</p>", "Some text I could read more")]
    [InlineData("<p>Posted on August 25, 2019</p><p>Some text.</p>", "Some text.")]
    [InlineData("<p>Published 2019 in a small edition of 300, it sold out.</p>", "Published 2019 in a small edition of 300, it sold out.")]
    [InlineData("<p>Updated to version 3.2</p><p>Some text.</p>", "Updated to version 3.2\nSome text.")]
    [InlineData("<p>Some text &#8230; <a href='/a'>Continue reading <span>X</span> &rarr;</a></p>", "Some text …")]
    [InlineData("<p>Text here [&#8230;]</p>", "Text here…")]
    [InlineData("<p>Text here. [...]</p><p>The post X appeared first on Y.</p>", "Text here.")]
    [InlineData("<p>Text.</p><p><a href='/a'>Read more »</a></p><hr>", "Text.")]
    [InlineData("<p>Text. <a href='/a'>Read more about X</a></p>", "Text.")]
    [InlineData("<p>Text &#32; submitted by &#32; <a href='/u'> /u/ann </a> <br> <span><a href='/a'>[link]</a></span> &#32; <span><a href='/c'>[comments]</a></span></p>", "Text")]
    [InlineData("<h2>A  title!</h2><p>Text.</p>", "Text.")]
    [InlineData("<p><a href='/x'>A Title</a></p><p>Text.</p>", "Text.")]
    [InlineData("<a href='/c'>Comments</a>", "")]
    [InlineData("<p>We continue reading the news. It was more.</p>", "We continue reading the news. It was more.")]
    public void Boilerplate_at_both_ends_is_dropped(string html, string expected) =>
        Assert.Equal(expected, Spans.Text(Excerpt.Take(Read(html), 350, "A title")));

    [Theory]
    [InlineData("<p>0123456789</p><h2>Head</h2><p>0123456789 0123456789 0123456789</p>", 20, "0123456789")]
    [InlineData("<p>0123456789</p><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", 20, "0123456789")]
    [InlineData("<table><tr><td>a</td><td>bbbbbbbbbbbbbbb</td></tr><tr><td>c</td><td>d</td></tr></table><p>text</p>", 20, "text")]
    [InlineData("<pre>line one\nline two\nline three</pre>", 20, "    line one⏎    line two")]
    [InlineData("<ul><li>first item</li><li>second item is long</li></ul>", 25, "• first item⏎• second item…")]
    [InlineData("<ul><li>first item</li><li>second item is long</li></ul>", 20, "• first item")]
    [InlineData("<blockquote><p>one two three four five</p></blockquote>", 18, "│ one two three…")]
    [InlineData("<p>Some text.</p><p>These are:</p><ul><li>first item of the list</li></ul>", 30, "Some text.")]
    [InlineData("<p>These are all of them:</p><ul><li>first item of the list</li></ul>", 30, "These are all of them:")]
    [InlineData("<p>Some text.</p><p>These are:</p><ul><li>one</li><li>the second item of the list</li></ul>", 40, "Some text.⏎⏎These are:⏎⏎• one⏎• the second…")]
    [InlineData("<h3>Only a heading</h3>", 30, "Only a heading")]
    public void Whole_blocks_are_taken_while_they_fit(string html, int budget, string expected) =>
        Assert.Equal(expected, string.Join('⏎', PlainWriter.Write(Excerpt.Take(Read(html), budget), 80)));

    static IReadOnlyList<Block> Read(string html) => HtmlReader.Read(html, new Uri("https://e.org/"));
}
