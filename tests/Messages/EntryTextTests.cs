using Notifier.Messages;

namespace Notifier.Tests.Messages;

public sealed class EntryTextTests
{
    static readonly Uri Base = new("https://e.org/");

    [Theory]
    [InlineData("<h2>A title</h2><p>Text.</p>", "Text.")]
    [InlineData("<img src='/i.png'><h2>A title</h2><p>Text.</p>", "Text.")]
    [InlineData("<p>By Ann Author</p><p>Text.</p>", "Text.")]
    [InlineData("<p>von <b>Ann Author</b></p><p>Text.</p>", "Text.")]
    [InlineData("<p>Posted on May 5, 2026 by Ann Author</p><p>Text.</p>", "Text.")]
    [InlineData("<p>Ann Author wrote more than this.</p>", "Ann Author wrote more than this.")]
    [InlineData("<p><a href='/f'>Share on Facebook</a> | <a href='/t'>Tweet</a> <a href='/p'>Pin it</a></p><p>Text.</p>", "Text.")]
    [InlineData("<p>Text.</p><ul><li><a href='/f'>Click to share on Facebook (Opens in new window)</a></li><li><a href='/t'>Teilen</a></li></ul>", "Text.")]
    [InlineData("<p><a href='/f'>Facebook</a> is down.</p>", "Facebook is down.")]
    [InlineData("<p>Text.</p><p>Der Beitrag <a href='/a'>X</a> erschien zuerst auf <a href='/'>Blog</a>.</p>", "Text.")]
    [InlineData("<p>Text.</p><p>L’article <a href='/a'>X</a> est apparu en premier sur <a href='/'>Blog</a>.</p>", "Text.")]
    [InlineData("<p>Text.</p><p>La entrada <a href='/a'>X</a> se publicó primero en <a href='/'>Blog</a>.</p>", "Text.")]
    [InlineData("<p>Text … <a href='/a'>Weiterlesen „X“ →</a></p>", "Text …")]
    [InlineData("<p>Text. <a href='/a'>Lire la suite</a></p>", "Text.")]
    [InlineData("<p>Text. <a href='/a'>Leer más &raquo;</a></p>", "Text.")]
    [InlineData("<p>テキスト。<a href='/a'>続きを読む</a></p>", "テキスト。")]
    [InlineData("<p>Text (more&hellip;)</p>", "Text")]
    [InlineData("<p>The post office is closed.</p>", "The post office is closed.")]
    [InlineData("<p>Text.</p><p>The post The post office appeared first on Blog.</p>", "Text.")]
    public void What_publishing_software_puts_around_a_text_is_left_out(string html, string expected) =>
        Assert.Equal(expected, Spans.Text(EntryText.Of(html, null, "A title", Base, "Ann Author").Blocks));

    [Fact]
    public void What_Reddit_says_of_itself_is_offered_as_links()
    {
        var text = EntryText.Of(
            "<div class=\"md\"><p>Text.</p></div> &#32; submitted by &#32; <a href=\"/u/ann\"> /u/ann </a> <br/> <span><a href=\"https://x.example/\">[link]</a></span> &#32; <span><a href=\"/r/x/comments/1/\">[comments]</a></span>",
            null, "A title", Base);

        Assert.Equal(("Text.", "https://x.example/", "https://e.org/r/x/comments/1/"), (Spans.Text(text.Blocks), text.Link?.AbsoluteUri, text.Comments?.AbsoluteUri));
    }

    [Fact]
    public void What_Hacker_News_counts_is_one_line()
    {
        var text = EntryText.Of(
            null, "<p>Text.</p><hr><p>Article URL: <a href=\"https://x.example/a\">https://x.example/a</a></p><p>Comments URL: <a href=\"https://n.example/item?id=1\">https://n.example/item?id=1</a></p><p>Points: 12</p><p># Comments: 3</p>",
            "A title", Base);

        Assert.Equal(("Text.\nPoints: 12 · Comments: 3", "https://x.example/a", "https://n.example/item?id=1"), (Spans.Text(text.Blocks), text.Link?.AbsoluteUri, text.Comments?.AbsoluteUri));
    }

    [Fact]
    public void A_text_that_is_a_link_to_its_comments_is_none()
    {
        var text = EntryText.Of(null, "<a href=\"https://n.example/item?id=1\">Comments</a>", "A title", Base);

        Assert.Empty(text.Blocks);
        Assert.Equal("https://n.example/item?id=1", text.Comments?.AbsoluteUri);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(350)]
    public void The_summary_is_shown_where_the_content_only_goes_on_from_it(int most)
    {
        const string Summary = "The first sentence of it.";

        Assert.Equal(Summary, Shown(Summary + new string('x', 2000), Summary));
        Assert.Equal(Summary, Shown("<h1>A title</h1>" + Summary + new string('x', 2000), Summary + " […]"));
        Assert.Equal("Other.", Shown("Other.", Summary));
        Assert.Equal(Summary + " More.", Shown(Summary + " More.", Summary));
        Assert.Equal(Summary, Shown(" ", Summary));
        Assert.Equal(Summary, Shown(Summary, null));
        Assert.Equal(Summary, Shown(Summary, Summary));

        string Shown(string content, string? summary) => Spans.Text(EntryText.Of(content, summary, "A title", Base, most: most).Blocks);
    }

    [Fact]
    public void Captions_go_with_their_images_but_not_where_there_is_nothing_else()
    {
        const string Figure = "<figure><img src=/a.jpg><figcaption>Cap</figcaption></figure>";

        Assert.Equal("Text.", Spans.Text(EntryText.Of(Figure + "<p>Text.</p>", null, null, Base).Words()));
        Assert.Equal("Cap", Spans.Text(EntryText.Of(Figure, null, null, Base).Words()));
        Assert.Equal("https://e.org/a.jpg", EntryText.Of(Figure, null, null, Base).Image()?.AbsoluteUri);
        Assert.Equal("https://e.org/p.jpg", EntryText.Of("<video src=/v.mp4 poster=/p.jpg></video>", null, null, Base).Image()?.AbsoluteUri);
    }
}
