using Notifier.Bot.Telegram.Messages;
using Notifier.Messages;
using Notifier.Messages.Html;
using Notifier.Tests.Messages;

namespace Notifier.Tests.Telegram;

public sealed class TelegramHtmlTests
{
    static readonly HashSet<string> Commands = ["subscribe", "list"];

    [Theory]
    [MemberData(nameof(MappingTable.Telegram), MemberType = typeof(MappingTable))]
    public void Feed_HTML_becomes_this_HTML(string what, string html, string expected)
    {
        var telegram = MappingTable.Shown(TelegramHtml.Write(HtmlReader.Read(html, MappingTable.Base)));

        Assert.True(telegram == expected, $"{what}:\n{telegram}\n{expected}");
    }

    [Theory]
    [InlineData("Add one: /subscribe with an address, or /list.", "Add one: /subscribe with an address, or /list.")]
    [InlineData("Unsubscribed from “/start@evil”.", "Unsubscribed from “/⟨WJ⟩start@evil”.")]
    [InlineData("/list@evil /lists /LIST", "/⟨WJ⟩list@evil /⟨WJ⟩lists /⟨WJ⟩LIST")]
    [InlineData("Subscribed to “@durov #x”.", "Subscribed to “@⟨WJ⟩durov #⟨WJ⟩x”.")]
    public void In_a_reply_only_known_commands_can_be_tapped(string text, string expected) =>
        Assert.Equal(expected, MappingTable.Shown(TelegramHtml.Write(Message.Of(text).Text, Commands)));

    [Theory]
    [InlineData(600, "<blockquote>")]
    [InlineData(601, "<blockquote expandable>")]
    public void A_long_quotation_opens_on_demand(int length, string expected) =>
        Assert.StartsWith(expected, TelegramHtml.Write([new Block.Quote([new Block.Paragraph([new Span.Text(new string('x', length))])])]), StringComparison.Ordinal);

    [Fact]
    public void Quotations_do_not_nest_whatever_stands_between()
    {
        var html = TelegramHtml.Write(HtmlReader.Read("<blockquote>a<ul><li>b<blockquote>c</blockquote></li></ul><details><summary>s</summary>d</details></blockquote>", null));

        Assert.Equal("<blockquote>a⏎⏎• b⏎⟨EMSP⟩› c⏎⏎<b>s</b>⏎› d</blockquote>", MappingTable.Shown(html));
    }

    [Fact]
    public void What_is_no_web_address_is_never_a_link()
    {
        Block[] blocks = [new Block.Paragraph([new Span.Link(new Uri("tg://user?id=1"), [new Span.Text("x")]), new Span.Link(new Uri("https://u:p@e.org/"), [new Span.Text("y")])])];

        Assert.Equal("x<a href=\"https://e.org/\">y</a>", TelegramHtml.Write(blocks));
    }
}
