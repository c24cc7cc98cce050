using Notifier.Bot.Telegram.Messages;
using Notifier.Messages;
using Notifier.Messages.Html;
using Notifier.Tests.Messages;
using Notifier.Tests.Support.Fakes.Telegram.Text;

namespace Notifier.Tests.Telegram;

public sealed class TelegramRichHtmlTests
{
    [Theory]
    [MemberData(nameof(MappingTable.TelegramRich), MemberType = typeof(MappingTable))]
    public void Feed_HTML_becomes_this_rich_HTML(string what, string html, string expected)
    {
        var rich = Rich(html);

        Assert.True(MappingTable.Shown(rich) == expected, $"{what}:\n{MappingTable.Shown(rich)}\n{expected}");
        RichHtml.Read(rich);
    }

    [Theory]
    [InlineData("<ul><li><p>a</p><img src=/i.png><p>b</p></li></ul><p>c</p>", """<ul><li>a<br>b</li></ul><img src="https://e.org/i.png"/><p>c</p>""")]
    [InlineData("<blockquote><p>a</p><video src=v.mp4></video></blockquote>", """<blockquote>a</blockquote><video src="https://e.org/blog/v.mp4"></video>""")]
    [InlineData("<details><summary>s</summary><img src=/i.png></details>", """<details><summary>s</summary><img src="https://e.org/i.png"/></details>""")]
    [InlineData("<details><summary>s</summary><ul><li>a<img src=/i.png></ul>b</details>", """<details><summary>s</summary><ul><li>a</li></ul><img src="https://e.org/i.png"/><p>b</p></details>""")]
    public void Pictures_and_films_leave_lists_and_quotations_but_not_what_opens_on_demand(string html, string expected) => Assert.Equal(expected, Rich(html));

    [Fact]
    public void A_drawing_which_Telegram_cannot_show_is_left_out() => Assert.Equal("<p>a</p>", Rich("<p>a</p><img src=/x.SVG>"));

    [Fact]
    public void Of_sixty_pictures_fifty_are_shown_and_films_become_links()
    {
        var rich = Rich(string.Concat(Enumerable.Range(1, 60).Select(n => $"<img src=/{n}.png>")) + "<video src=v.mp4 title=Clip></video>");

        Assert.Equal(50, RichHtml.Read(rich).Shown.Count);
        Assert.EndsWith("""<img src="https://e.org/50.png"/><p>▶️ <a href="https://e.org/blog/v.mp4">Clip</a></p>""", rich, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nests_too_deep_is_written_as_its_text()
    {
        Block block = new Block.Paragraph([new Span.Styled(SpanStyle.Bold, [new Span.Text("deep")])]);
        for (var i = 0; i < 40; i++)
            block = i % 3 == 0 ? new Block.Quote([block]) : i % 3 == 1 ? new Block.List(null, [new ListItem([block])]) : new Block.Details([new Span.Text("s")], [block]);
        var read = RichHtml.Read(TelegramRichHtml.Write([block]));

        Assert.EndsWith("deep", read.Text, StringComparison.Ordinal);
        Assert.InRange(read.Depth, 10, 16);
    }

    [Theory]
    [InlineData("<p>a <code>b</code></p>", "<p><tg-spoiler>a <code>b</code></tg-spoiler></p>")]
    [InlineData("<pre>a\nb</pre>", "<p><tg-spoiler>a<br>b</tg-spoiler></p>")]
    [InlineData("<span class=spoiler>a</span>", "<p><tg-spoiler>a</tg-spoiler></p>")]
    [InlineData("<blockquote>a<ul><li>b</ul></blockquote>", "<blockquote><tg-spoiler>a</tg-spoiler><ul><li><tg-spoiler>b</tg-spoiler></li></ul></blockquote>")]
    [InlineData("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "<table bordered><tr><td><tg-spoiler>a</tg-spoiler></td><td><tg-spoiler>b</tg-spoiler></td></tr><tr><td><tg-spoiler>c</tg-spoiler></td><td><tg-spoiler>d</tg-spoiler></td></tr></table>")]
    [InlineData("<img src=/i.png alt=Cap>", """<figure><img src="https://e.org/i.png" tg-spoiler/><figcaption><tg-spoiler>Cap</tg-spoiler></figcaption></figure>""")]
    [InlineData("<video src=v.mp4></video>", """<video src="https://e.org/blog/v.mp4" tg-spoiler></video>""")]
    [InlineData("<audio src=a.mp3></audio>", """<p><tg-spoiler>🎧 <a href="https://e.org/blog/a.mp3">e.org</a></tg-spoiler></p>""")]
    public void Hidden_is_every_text_and_picture(string html, string expected)
    {
        var text = new TelegramRichText();
        new TelegramRichHtml(text, isHidden: true).Add(HtmlReader.Read(html, MappingTable.Base));

        Assert.Equal(expected, text.ToString());
        RichHtml.Read(text.ToString());
    }

    [Fact]
    public void An_address_that_shows_another_host_than_its_own_is_only_text() =>
        Assert.Equal("<p>https://bank.example@evil.example/</p>", Rich("https://bank.example@evil.example/"));

    static string Rich(string html) => TelegramRichHtml.Write(HtmlReader.Read(html, MappingTable.Base));
}
