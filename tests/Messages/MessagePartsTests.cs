using System.Globalization;
using CsCheck;
using Notifier.Messages;
using Notifier.Messages.Html;

namespace Notifier.Tests.Messages;

public sealed class MessagePartsTests
{
    static readonly MessageAction Undo = new("Undo", "/undo");

    [Fact]
    public void What_fits_is_one_message()
    {
        var message = Message.Of("one", "two") with { Actions = [Undo] };

        Assert.Same(message, Assert.Single(MessageParts.Split(message, Shorter(100))));
    }

    [Fact]
    public void Blocks_part_before_a_text_does_and_the_actions_come_last()
    {
        var parts = MessageParts.Split(Message.Of("0123456789", "abcdefghij", "0123456789") with { Actions = [Undo] }, Shorter(22));

        Assert.Equal(["0123456789|abcdefghij", "0123456789"], parts.Select(Written));
        Assert.Empty(parts[0].Actions);
        Assert.Equal([Undo], parts[1].Actions);
    }

    [Theory]
    [InlineData("<ol start=3><li>one<li>two<li>three<li>four</ol>", 18, "3. one|4. two", "5. three|6. four")]
    [InlineData("<p>Head</p><ul><li>one<li>two<li>three</ul>", 12, "Head|• one", "• two", "• three")]
    [InlineData("one<br>two<br>three", 8, "one|two", "three")]
    [InlineData("one two three", 9, "one two", "three")]
    [InlineData("onetwothree", 4, "onet", "woth", "ree")]
    [InlineData("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 15, "👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦")]
    [InlineData("<pre>one\ntwo\nthree</pre>", 16, "    one|    two", "    three")]
    [InlineData("<blockquote><p>one</p><p>two</p></blockquote>", 6, "│ one", "│ two")]
    [InlineData("<details><summary>More</summary><p>one</p><p>two</p></details>", 13, "▾ More|  one", "▾|  two")]
    [InlineData("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", 7, "a | b", "c | d")]
    [InlineData("<b>one two</b> <a href=https://e.org/>three four</a>", 30, "one two three (https://e.org/)", "four (https://e.org/)")]
    public void A_part_ends_where_it_hurts_least(string html, int room, params string[] expected)
    {
        var parts = MessageParts.Split(new Message { Text = HtmlReader.Read(html, null) }, Shorter(room));

        Assert.Equal(expected, parts.Select(Written));
    }

    [Fact]
    public void A_card_stays_whole_and_comes_with_the_last_part_or_after_it()
    {
        var message = Message.Of("0123456789", "two") with { Card = new EntryCard { Feed = "F", Title = "T" }, Actions = [Undo] };

        Assert.Equal(["0123456789", "two|T|F"], MessageParts.Split(message, Shorter(13)).Select(Written));
        var apart = MessageParts.Split(message, Shorter(14));
        Assert.Equal(["0123456789|two", "T|F"], apart.Select(Written));
        Assert.Equal([0, 1], apart.Select(part => part.Actions.Count));
    }

    [Fact]
    public void What_never_fits_ends_too()
    {
        var message = new Message { Text = HtmlReader.Read("<ul><li>one<li>two</ul><p>three</p><hr><blockquote>four</blockquote>", null) };

        var parts = MessageParts.Split(message, _ => false);

        Assert.Equal("onetwothreefour", Letters(string.Concat(parts.Select(part => Spans.Text(part.Text)))));
    }

    [Fact]
    public void Every_part_fits_and_nothing_is_lost()
    {
        Gen.Select(HtmlSoup.Html, Gen.Int[60, 400]).Sample(
            (html, room) =>
            {
                var message = new Message { Text = HtmlReader.Read(html, MappingTable.Base), Actions = [Undo] };
                var fits = Visible(room);

                var parts = MessageParts.Split(message, fits);

                Assert.All(parts, part => Assert.True(fits(part)));
                Assert.Equal(Letters(Spans.Text(message.Text)), Letters(string.Concat(parts.Select(part => Spans.Text(part.Text)))));
                Assert.All(parts.SkipLast(1), part => Assert.Empty(part.Actions));
                Assert.Equal([Undo], parts[^1].Actions);
            },
            iter: 1000);
    }

    static Func<Message, bool> Shorter(int room) => message => Written(message with { Actions = [] }).Length <= room;

    static Func<Message, bool> Visible(int room) => message => Spans.Text(message.Text).Length <= room;

    static string Written(Message message) =>
        string.Join('|', PlainWriter.Write(message with { Actions = [] }, 1000).Where((line, i) => line.Length > 0 || i == 0));

    /// <summary>Where parts meet, white space may differ.</summary>
    static string Letters(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Control));
}
