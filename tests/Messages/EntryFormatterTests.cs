using Notifier.Texts;
using Notifier.Messages;

namespace Notifier.Tests.Messages;

public sealed class EntryFormatterTests
{
    static readonly EntryContent Entry = new()
    {
        Feed = "News",
        Title = "  A\n title ",
        Link = "https://u:p@e.org/a?utm_source=rss",
        Content = """<p>Text with <b>bold</b>.</p><img src="/i.png">""",
        Author = "Ann",
        Published = DateTimeOffset.UnixEpoch,
        Categories = ["Machine Learning", "2024", "https://e.org/tags/x", "C#", "machine learning", "日本", "x_1", "more"],
    };

    readonly EntryFormatter _formatter = new(Catalogue.Load("en"));

    [Fact]
    public void A_card_carries_what_the_entry_says()
    {
        var card = _formatter.Card(Entry);

        Assert.Equal("News", card.Feed);
        Assert.Equal("A title", card.Title);
        Assert.Equal("https://e.org/a", card.Link?.AbsoluteUri);
        Assert.Equal(["Text with bold."], PlainWriter.Write(card.Body, 80));
        Assert.Equal("https://e.org/i.png", card.Image?.AbsoluteUri);
        Assert.Equal("Ann", card.Author);
        Assert.Equal(["Machine_Learning", "日本", "x_1"], card.Tags);
    }

    [Theory]
    [InlineData("<p>Some words of text.</p>", "https://e.org/a", "Some words of text.")]
    [InlineData("""<img src="/i.png">""", "https://e.org/a/", "e.org/a")]
    [InlineData(null, null, "(untitled)")]
    [InlineData("", "javascript:alert(1)", "(untitled)")]
    public void An_untitled_entry_is_named_by_its_text_or_its_link(string? html, string? link, string expected)
    {
        var card = _formatter.Card(Entry with { Title = " ", Content = html, Link = link });

        Assert.Equal(expected, card.Title);
    }

    [Fact]
    public void A_text_that_is_only_the_title_is_not_said_twice() =>
        Assert.Empty(_formatter.Card(Entry with { Title = null, Content = "<p>Just a toot.</p>" }).Body);

    [Fact]
    public void A_title_is_plain_text_of_at_most_256_characters_cut_between_graphemes()
    {
        var title = _formatter.Card(Entry with { Title = "<b>\u001B[2J\u202E" + string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 100)) }).Title;

        Assert.StartsWith("<b>[2J👨‍👩‍👧‍👦", title, StringComparison.Ordinal);
        Assert.EndsWith("👨‍👩‍👧‍👦…", title, StringComparison.Ordinal);
        Assert.InRange(title.Length, 240, 256);
    }

    [Fact]
    public void The_summary_is_shown_where_the_content_only_goes_on_from_it()
    {
        var summary = "The first sentence of it.";

        Assert.Equal(summary, Body(summary, summary + new string('x', 200)));
        Assert.Equal("Other.", Body(summary, "Other."));
        Assert.Equal(summary + " More.", Body(summary, summary + " More."));
        Assert.Equal(summary, Body(summary, " "));
    }

    [Fact]
    public void Paragraphs_of_nothing_to_see_leave_no_gap() => Assert.Equal("One.\nTwo.", Body("", "<p>One.</p><p>&nbsp;</p><p> &#160; <br></p><h2>&emsp;</h2><p>Two.</p>"));

    [Theory]
    [InlineData("<p>Some words of text.</p>", false, "")]
    [InlineData("<p>Some words of text. And others, which go on for a while, so that no title could hold them all at once.</p>", true, "Some words of text. And others,")]
    public void What_has_no_title_says_its_text_once(string html, bool isUntitled, string body)
    {
        var card = _formatter.Card(Entry with { Title = null, Content = html });
        Assert.Equal(isUntitled, card.IsUntitled);
        Assert.StartsWith(body, Spans.Text(card.Body), StringComparison.Ordinal);
        Assert.Equal(isUntitled, card.Body.Count > 0);
    }

    [Theory]
    [InlineData("<h2>Summary</h2><p>Text.</p>", "Summary\nText.")]
    [InlineData("<span>A title</span><span>Ann</span><time>Mon, November 30, 2026 - 21:32</time><p>Text.</p>", "Text.")]
    [InlineData("<p>A title of many, by Ann and others who know about it and wrote it down for everybody.</p><p>Text.</p>", "A title of many, by Ann and others who know about it and wrote it down for everybody.\nText.")]
    public void Nothing_stands_out_more_than_the_title_or_says_it_again(string html, string body)
    {
        Assert.Equal(body, Body("", html));
        Assert.DoesNotContain(_formatter.Card(Entry with { Content = html }).Body, block => block is Block.Heading);
    }

    [Theory]
    [InlineData("<p>The butler did it.</p>")]
    [InlineData("<p>The butler did it. And then he went on for so long that no title could hold all that he said about it.</p>")]
    public void A_hidden_text_has_no_title_made_of_it(string html)
    {
        foreach (var style in Enum.GetValues<Style>())
        {
            var card = _formatter.Card(Entry with { Title = null, Content = html }, new Look(style) { IsSpoiler = true });
            Assert.Equal("e.org", card.Title);
            Assert.Equal(style is not (Style.Compact or Style.Link), card.Body.Count > 0);
        }
    }

    [Fact]
    public void A_picture_in_full_does_not_say_the_title_again()
    {
        var body = _formatter.Card(Entry with { Content = """<img src="/1.png" alt="A title"><p>Text.</p><img src="/2.png" alt="The pier">""" }, new Look(Style.Full)).Body;
        Assert.Equal([null, "The pier"], body.OfType<Block.Media>().Select(media => media.Caption));
    }

    [Theory]
    [InlineData("Rest of World -", "Rest of World")]
    [InlineData("C++", "C++")]
    [InlineData("-", "")]
    public void A_feeds_title_ends_with_its_words(string title, string shown) => Assert.Equal(shown, _formatter.Card(Entry with { Feed = title }).Feed);

    [Fact]
    public void An_excerpt_has_at_most_350_characters() =>
        Assert.InRange(Body("", string.Concat(Enumerable.Repeat("some words ", 200))).Length, 300, 350);

    string Body(string summary, string content) =>
        Spans.Text(_formatter.Card(Entry with { Summary = summary, Content = content }).Body);
}
