using Notifier.Tests.Support.Fakes.Telegram.Api;
using Notifier.Tests.Support.Fakes.Telegram.Text;

namespace Notifier.Tests.Fakes;

/// <summary>The fake's reading of Telegram's HTML: what it takes, what it refuses, and what of it would ping somebody.</summary>
public sealed class TelegramEntitiesTests
{
    [Theory]
    [InlineData("plain", "plain", "")]
    [InlineData("<b>a</b> <STRONG>b</strong>", "a b", "bold 0+1, bold 2+1")]
    [InlineData("<i>a</i><em>b</em><u>c</u><ins>d</ins><s>e</s><strike>f</strike><del>g</del>", "abcdefg", "italic 0+2, underline 2+2, strikethrough 4+3")]
    [InlineData("<tg-spoiler>a</tg-spoiler><span class=\"tg-spoiler\">b</span>", "ab", "spoiler 0+2")]
    [InlineData("<b><i>x</i>y</b>", "xy", "bold 0+2, italic 0+1")]
    [InlineData("<a href=\"https://e.org/?a=1&amp;b=2\">x</a>", "x", "text_link 0+1 https://e.org/?a=1&b=2")]
    [InlineData("<a href='https://e.org'>x</a>", "x", "text_link 0+1 https://e.org/")]
    [InlineData("<a>https://e.org/x</a>", "https://e.org/x", "text_link 0+15 https://e.org/x")]
    [InlineData("<a href=\"https://localhost/\">x</a>", "x", "")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>", "x", "")]
    [InlineData("<code>a</code> <pre>b</pre> <pre><code class=\"language-c\">c</code></pre>", "a b c", "code 0+1, pre 2+1, pre 4+1 c")]
    [InlineData("<code class=\"language-c\">a</code>", "a", "code 0+1")]
    [InlineData("<blockquote>a</blockquote><blockquote expandable>b</blockquote>", "ab", "blockquote 0+1, expandable_blockquote 1+1")]
    [InlineData("<tg-emoji emoji-id=\"5368324170671202286\">👍</tg-emoji>", "👍", "custom_emoji 0+2 5368324170671202286")]
    [InlineData("<tg-time unix=\"1647531900\" format=\"r\">then</tg-time>", "then", "date_time 0+4 1647531900 r")]
    [InlineData("&lt;b&gt; &amp;amp; &quot; &#39; &#x1F600;<b>z</b>", "<b> &amp; \" ' 😀z", "bold 16+1")]
    [InlineData("&nbsp; &hellip; & &#0; &lt", "&nbsp; &hellip; & &#0; <", "")]
    [InlineData("👨‍👩‍👧<b>x</b>", "👨‍👩‍👧x", "bold 8+1")]
    [InlineData("<b></b>x", "x", "")]
    [InlineData("<b>x</>", "x", "bold 0+1")]
    [InlineData("  \n a <b>b</b> \n ", "a b", "bold 2+1")]
    [InlineData("a\r\nb\tc\u0001\u202ed", "a\nb c d", "")]
    public void Html_becomes_text_and_entities(string html, string text, string entities)
    {
        var shown = ShownText.Clean(HtmlText.Parse(html));
        Assert.Equal(text, shown.Text);
        Assert.Equal(entities, string.Join(", ", shown.Entities.Select(Read)));
    }

    [Theory]
    [InlineData("a <b>b", "Can't find end tag corresponding to start tag \"b\"")]
    [InlineData("é<b><i>b</b></i>", "Unmatched end tag at byte offset 9, expected \"</i>\", found \"</b>\"")]
    [InlineData("</b>", "Unexpected end tag at byte offset 0")]
    [InlineData("é <p>x</p>", "Unsupported start tag \"p\" at byte offset 3")]
    [InlineData("a<br>b", "Unsupported start tag \"br\" at byte offset 1")]
    [InlineData("<script>x</script>", "Unsupported start tag \"script\" at byte offset 0")]
    [InlineData("1 < 2 > 0", "Unsupported start tag \"\" at byte offset 2")]
    [InlineData("1 <2", "Unclosed start tag at byte offset 2")]
    [InlineData("<b", "Unclosed start tag at byte offset 0")]
    [InlineData("<a href=\"x", "Unclosed start tag at byte offset 0")]
    [InlineData("<a =\"x\">y</a>", "Empty attribute name in the tag \"a\" at byte offset 0")]
    [InlineData("<a href=x&y>y</a>", "Unexpected end of name token at byte offset 8")]
    [InlineData("<b>x</b", "Unclosed end tag at byte offset 4")]
    [InlineData("<span>x</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0")]
    [InlineData("<tg-emoji emoji-id=\"x\">y</tg-emoji>", "Invalid custom emoji identifier specified")]
    [InlineData("<tg-time unix=\"1\" format=\"q\">y</tg-time>", "Invalid date format used")]
    [InlineData("&#xd83d;", "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units")]
    public void Wrong_html_is_refused_with_the_byte_at_fault(string html, string error)
    {
        var refusal = Assert.Throws<Refusal>(() => HtmlText.Parse(html));
        Assert.Equal("Bad Request: can't parse entities: " + error, refusal.Message);
        Assert.Equal(400, refusal.Code);
    }

    [Fact]
    public void Of_a_quote_in_a_quote_only_the_outer_one_is_left()
    {
        var parsed = HtmlText.Parse("<blockquote>a<blockquote>b</blockquote></blockquote>");
        Assert.True(ShownText.NestsQuotes(parsed));
        Assert.Equal(["blockquote 0+2"], ShownText.Clean(parsed).Entities.Select(Read));
        Assert.False(ShownText.NestsQuotes(HtmlText.Parse("<blockquote>a</blockquote><blockquote>b</blockquote>")));
    }

    [Theory]
    [InlineData("<pre><b>a</b></pre>", "pre 0+1")]
    [InlineData("<b>a<code>b</code>c</b>", "bold 0+1, code 1+1, bold 2+1")]
    [InlineData("<i>a <tg-time unix=\"5\">b</tg-time></i>", "italic 0+2, date_time 2+1 5 ")]
    [InlineData("<a href=\"https://e.org/\">x <code>a</code></a>", "text_link 0+3 https://e.org/")]
    public void Code_and_dates_are_never_bold_and_links_hold_no_code(string html, string entities) =>
        Assert.Equal(entities, string.Join(", ", ShownText.Clean(HtmlText.Parse(html)).Entities.Select(Read)));

    [Theory]
    [InlineData("hi @durov!", "@durov")]
    [InlineData("(@durov_x), @abc", "@durov_x")]
    [InlineData("me@example.org @\u2060durov", "")]
    [InlineData("@0123456789012345678901234567890123", "")]
    [InlineData("/start and/or /stop@some_bot (/list) //no <x>/no", "/start|/stop@some_bot|/list")]
    [InlineData("/\u2060start ./run", "/run")]
    [InlineData("https://e.org/@durov/list e.org/@durov", "")]
    [InlineData("<a href=\"tg://user?id=7\">you</a>", "you")]
    [InlineData("<code>@durov /start</code> <pre>@durov</pre> <a href=\"https://e.org/\">@durov</a>", "")]
    [InlineData("<b>@durov</b> x<i>@durov</i>", "@durov")]
    public void Names_and_commands_that_come_alive_are_pings(string html, string pings) =>
        Assert.Equal(pings, string.Join('|', ShownText.Pings(ShownText.Clean(HtmlText.Parse(html.Replace("<x>", "&lt;x&gt;", StringComparison.Ordinal))), commands: true)));

    [Fact]
    public void In_a_channel_commands_do_not_come_alive()
    {
        var shown = HtmlText.Parse("/start @durov");
        Assert.Equal(["@durov"], ShownText.Pings(shown, commands: false));
    }

    private static string Read(TextEntity entity) =>
        string.Join(' ', new[] { $"{entity.Type} {entity.Offset}+{entity.Length}", entity.Url, entity.Language, entity.CustomEmojiId, entity.UnixTime?.ToString(), entity.DateTimeFormat, entity.UserId?.ToString() }.OfType<string>());
}
