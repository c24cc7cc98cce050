using Notifier.Messages.Html;
using Notifier.Messages;

namespace Notifier.Tests.Messages;

/// <summary>What feed HTML looks like as plain text: one row for each thing that a feed can carry.</summary>
public sealed class PlainMappingTests
{
    static readonly Uri Base = MappingTable.Base;

    [Theory]
    [MemberData(nameof(MappingTable.Plain), MemberType = typeof(MappingTable))]
    public void Feed_HTML_becomes_this_plain_text(string what, string html, string expected)
    {
        var lines = MappingTable.Shown(string.Join('\n', PlainWriter.Write(HtmlReader.Read(html, Base), 100)));

        Assert.True(lines == expected, $"{what}:\n{lines}\n{expected}");
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
