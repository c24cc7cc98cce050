using Notifier.Texts;
using Microsoft.Extensions.Time.Testing;
using Notifier.Bot.Terminal;
using CsCheck;
using Notifier.Messages;
using Notifier.Tests.Messages;
using Notifier.Tests.Support;

namespace Notifier.Tests.Terminal;

public sealed class TerminalWriterTests
{
    static readonly DateTimeOffset Now = new(2026, 5, 10, 12, 0, 0, TimeSpan.Zero);

    static readonly Message Subscribed = new()
    {
        Text = [new Block.Paragraph([new Span.Text("Subscribed to “Notifier demo feed”, polled every 20 seconds. Latest entry, as it would look here:")])],
        Card = new EntryCard
        {
            Feed = "Notifier demo feed",
            Title = "Hello from your first feed",
            Link = new Uri("http://127.0.0.1:8080/demo/1"),
            Body = [new Block.Paragraph([new Span.Text("This entry came the same way as every real one: fetch, compare, format, deliver.")])],
            Published = Now,
            Tags = ["demo"],
        },
        Actions = [new MessageAction("Only new entries from now on", "/x"), new MessageAction("Send this one too", "/y")],
    };

    static readonly EntryFormatter Formatter = new(Catalogue.Load("en"));

    static readonly EntryContent Ferry = new()
    {
        Feed = "Harbour news",
        Title = "A ferry sinks",
        Link = "https://e.org/1",
        Content = """<p>It sank. Then:</p><img src="/pier.jpg" alt="The pier"><ul><li>glub</ul>""",
        Author = "Ann",
        Published = Now.AddMinutes(-5),
        Categories = ["Boats"],
        Audio = "https://e.org/1.mp3",
        Comments = "https://e.org/1/talk",
    };

    readonly TerminalWriter _writer = new(new FakeTimeProvider(Now), Catalogue.Load("en"), colour: false);

    [Fact]
    public void A_reply_with_a_card_looks_like_this_on_a_wide_terminal() => AssertLooks(
        """
        bot> Subscribed to “Notifier demo feed”, polled every 20 seconds. Latest entry, as it would look here:
             ┌ Notifier demo feed
             │ Hello from your first feed                                          http://127.0.0.1:8080/demo/1
             │ This entry came the same way as every real one: fetch, compare, format, deliver.
             └ just now · #demo
             [1] Only new entries from now on   [2] Send this one too
        """,
        Subscribed,
        103);

    [Fact]
    public void And_like_this_on_a_narrow_one() => AssertLooks(
        """
        bot> Subscribed to “Notifier demo feed”,
             polled every 20 seconds. Latest
             entry, as it would look here:
             ┌ Notifier demo feed
             │ Hello from your first feed
             │ http://127.0.0.1:8080/demo/1
             │ This entry came the same way as
             │ every real one: fetch, compare,
             │ format, deliver.
             └ just now · #demo
             [1] Only new entries from now on
             [2] Send this one too
        """,
        Subscribed,
        40);

    [Fact]
    public void A_card_alone_begins_at_the_prefix() => AssertLooks(
        """
        bot> ┌ F
             │ T
             └
        """,
        new Message { Card = new EntryCard { Feed = "F", Title = "T" } },
        60);

    [Fact]
    public void Blocks_stand_inside_the_box() => AssertLooks(
        """
        bot> ┌ Feed
             │ 日本語の題                 https://e.org/1
             │ Text with a link (https://e.org/x).
             │
             │ • one
             │ • two
             │
             │     var x = 1;
             │
             │ │ quoted
             │
             │ a | b
             │ --|--
             │ 1 | 2
             └ 5 minutes ago · Ann · #one #two
        """,
        new Message
        {
            Card = new EntryFormatter(Catalogue.Load("en")).Card(new EntryContent
            {
                Feed = "Feed",
                Title = "日本語の題",
                Link = "https://e.org/1",
                Author = "Ann",
                Published = Now.AddMinutes(-5),
                Categories = ["one", "two"],
                Content = """
                    <p>Text with <a href="/x">a link</a>.</p><ul><li>one</li><li>two</li></ul><pre>var x = 1;</pre><blockquote>quoted</blockquote>
                    <table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>
                    """,
            }),
        },
        49);

    [Theory]
    [InlineData(
        "card",
        """
        bot> ┌ Harbour news
             │ A ferry sinks                                            https://e.org/1
             │ It sank. Then:
             │
             │ • glub
             │ Listen: https://e.org/1.mp3
             │ Comments: https://e.org/1/talk
             └ 5 minutes ago · Ann · #Boats
        """)]
    [InlineData(
        "card spoiler silent",
        """
        bot> ┌ Harbour news
             │ A ferry sinks                                            https://e.org/1
             │ ▒▒▒▒▒▒▒▒
             │ Listen: https://e.org/1.mp3
             │ Comments: https://e.org/1/talk
             └ 5 minutes ago · Ann · #Boats
        """)]
    [InlineData("compact", "bot> Harbour news: A ferry sinks                                https://e.org/1")]
    [InlineData("link", "bot> https://e.org/1")]
    [InlineData(
        "full",
        """
        bot> ┌ Harbour news
             │ A ferry sinks                                            https://e.org/1
             │ It sank. Then:
             │
             │ 🖼 The pier https://e.org/pier.jpg
             │
             │ • glub
             │ Listen: https://e.org/1.mp3
             │ Comments: https://e.org/1/talk
             └ 5 minutes ago · Ann · #Boats
        """)]
    [InlineData(
        "full noimage",
        """
        bot> ┌ Harbour news
             │ A ferry sinks                                            https://e.org/1
             │ It sank. Then:
             │
             │ • glub
             │ Listen: https://e.org/1.mp3
             │ Comments: https://e.org/1/talk
             └ 5 minutes ago · Ann · #Boats
        """)]
    public void An_entry_looks_like_this_in_each_style(string look, string expected) =>
        AssertLooks(expected, new Message { Card = Formatter.Card(Ferry, Look.Read(look)), IsSilent = true }, 79);

    [Fact]
    public void A_template_says_what_it_says()
    {
        AssertLooks("bot> Boats: It sank\n\n     🖼 https://e.org/pier.jpg", new Message { Card = Formatter.Custom(Ferry, Look.Read("custom")!, "Boats: <b>It sank</b><img src='/pier.jpg'>") }, 60);
        AssertLooks("bot> Harbour news: A ferry sinks            https://e.org/1", new Message { Card = Formatter.Custom(Ferry, Look.Read("custom")!, "") }, 59);
    }

    [Fact]
    public void A_line_that_is_too_long_for_the_terminal_is_more_than_one() =>
        AssertLooks("bot> Harbour news: A ferry\n     sinks\n     https://e.org/1", new Message { Card = Formatter.Card(Ferry, new Look(Style.Compact)) }, 30);

    [Fact]
    public void Paragraphs_are_apart() => AssertLooks("bot> one\n\n     two", Message.Of("one", "two"), 60);

    [Fact]
    public void Without_colour_no_escape_sequence_comes_out_whatever_comes_in()
    {
        var text = _writer.Write(Hostile("\u001B[2J\u009B31m\u0007\r\n\u202E\u0000x"), 40);

        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202E', text);
    }

    [Fact]
    public void What_comes_by_itself_shows_its_choices_as_the_commands_to_type() => AssertLooks(
        """
        bot> “The feed” has been failing.
             Retry: /check 3
             Pause: /pause 3
        """,
        Message.Of("“The feed” has been failing.") with { Actions = [new MessageAction("Retry", "/check 3") { Token = "x" }, new MessageAction("Pause", "/pause 3") { Token = "y" }] },
        60);

    [Fact]
    public void With_colour_the_only_escape_sequences_are_our_own()
    {
        var text = new TerminalWriter(new FakeTimeProvider(Now), Catalogue.Load("en"), colour: true).Write(Hostile("\u001B[2Jx"), 40);

        Assert.Contains("\u001B[1m", text, StringComparison.Ordinal);
        var rest = string.Concat(new[] { "0", "1", "2", "4", "32" }.Aggregate(text, (all, code) => all.Replace($"\u001B[{code}m", "", StringComparison.Ordinal)));
        Assert.DoesNotContain('\u001B', rest);
        Assert.Equal(_writer.Write(Hostile("\u001B[2Jx"), 40), rest);
    }

    [Fact]
    public void Anything_in_any_style_stays_inside_the_terminal() => Gen.Select(HtmlSoup.Text, HtmlSoup.Html, HtmlSoup.Text, HtmlSoup.Look, Gen.Int[15, 120], Gen.Int[0, 12]).Sample(
        (title, html, name, look, width, size) =>
        {
            var entry = HtmlSoup.Entry(title, html, name, look, size);
            var card = look.Style == Style.Custom ? Formatter.Custom(entry, look, entry.Content!) : Formatter.Card(entry, look);
            var text = _writer.Write(new Message { Text = [new Block.Paragraph([new Span.Text(card.Feed)])], Card = card, Actions = [new MessageAction(card.Title, "/x"), new MessageAction(card.Feed, "/y") { Token = "y" }] }, width);

            Platforms.AssertClean(text);
            Assert.All(text.Split('\n'), line => Assert.InRange(DisplayWidth.Of(line), 0, width));
            Assert.False(look.IsSpoiler && text.Contains(HtmlSoup.Hushed, StringComparison.Ordinal), text);
            Assert.False(look.HasNoImage && text.Contains("🖼", StringComparison.Ordinal), text);
        },
        iter: HtmlSoup.Entries / 5);

    static Message Hostile(string text) => new()
    {
        Text = [new Block.Paragraph([new Span.Text(text), new Span.Code(text), new Span.Link(new Uri("https://e.org/"), [new Span.Text(text)])]), new Block.Code(text, null)],
        Card = new EntryCard { Feed = text, Title = text, Author = text, Tags = [text], Body = [new Block.Heading(1, [new Span.Text(text)]), new Block.Table(true, [[[new Span.Text(text)]]])] },
        Actions = [new MessageAction(text, "/x")],
    };

    void AssertLooks(string expected, Message message, int width)
    {
        var text = _writer.Write(message, width);

        Assert.Equal(expected.ReplaceLineEndings("\n"), text);
        Assert.All(text.Split('\n'), line => Assert.InRange(DisplayWidth.Of(line), 0, width));
    }
}
