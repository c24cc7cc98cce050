using Notifier.Bot.Discord;
using Notifier.Messages;
using Notifier.Messages.Html;
using Notifier.Tests.Messages;

namespace Notifier.Tests.Discord;

public sealed class DiscordMarkdownTests
{
    [Theory]
    [MemberData(nameof(MappingTable.Discord), MemberType = typeof(MappingTable))]
    public void Feed_HTML_becomes_this_markdown(string what, string html, string expected)
    {
        var markdown = MappingTable.Shown(DiscordMarkdown.Write(HtmlReader.Read(html, MappingTable.Base)));

        Assert.True(markdown == expected, $"{what}:\n{markdown}\n{expected}");
    }

    [Theory]
    [InlineData("https://e.org/a_b *x*", @"https:/⟨ZWSP⟩/e.org/a\_b \*x\*")]
    [InlineData("[bank](http://evil.example) @here", @"\[bank\](http:/⟨ZWSP⟩/evil.example) @⟨ZWSP⟩here")]
    public void A_title_has_no_links_of_its_own(string title, string expected) =>
        Assert.Equal(expected, MappingTable.Shown(DiscordMarkdown.Title(title)));

    [Fact]
    public void A_table_that_is_too_wide_for_a_phone_is_written_row_by_row()
    {
        var wide = new string('w', 58);

        var markdown = DiscordMarkdown.Write(HtmlReader.Read($"<table><tr><td>{wide}</td><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>", null));

        Assert.Equal($"{wide} \\| a\nb \\| c", markdown);
    }

    [Fact]
    public void What_is_no_web_address_is_never_a_link()
    {
        Block[] blocks = [new Block.Paragraph([new Span.Link(new Uri("tg://user?id=1"), [new Span.Text("x")]), new Span.Link(new Uri("https://u:p@e.org/"), [new Span.Text("y")])])];

        Assert.Equal("x[y](<https://e.org/>)", DiscordMarkdown.Write(blocks));
    }
}
