using Notifier.Messages;
using Notifier.Messages.Html;

namespace Notifier.Tests.Messages;

/// <summary>What feed HTML is read as, beyond what <see cref="MappingTable"/> shows.</summary>
public sealed class HtmlReaderTests
{
    static readonly Uri Base = new("https://e.org/blog/");

    [Theory]
    [InlineData("<img src=/a.jpg width=640 height='480px'>", "https://e.org/a.jpg", 640, 480)]
    [InlineData("<img src=/a.jpg width='100%' height=auto>", "https://e.org/a.jpg", null, null)]
    [InlineData("<img data-src=/a.jpg>", "https://e.org/a.jpg", null, null)]
    [InlineData("<img src='data:image/gif;base64,R0' data-lazy-src=/a.jpg>", "https://e.org/a.jpg", null, null)]
    [InlineData("<img src=/img/placeholder.png data-original=/a.jpg>", "https://e.org/a.jpg", null, null)]
    [InlineData("<img srcset='/s.jpg 300w, /m,1.jpg 1600w, /l.jpg 3000w'>", "https://e.org/m,1.jpg", null, null)]
    [InlineData("<img srcset='/1.jpg, /2.jpg 2x'>", "https://e.org/2.jpg", null, null)]
    [InlineData("<img srcset='/l.jpg 3000w'>", "https://e.org/l.jpg", null, null)]
    [InlineData("<picture><source srcset='/w.webp 800w'><img></picture>", "https://e.org/w.webp", null, null)]
    [InlineData("<picture><source srcset='/w.webp 800w'><img src=/a.jpg></picture>", "https://e.org/a.jpg", null, null)]
    [InlineData("<img data-src=/a.jpg><noscript><img src=/a.jpg></noscript>", "https://e.org/a.jpg", null, null)]
    public void An_image_is_found_wherever_its_address_is_written(string html, string url, int? width, int? height)
    {
        var image = Assert.IsType<Block.Media>(Assert.Single(HtmlReader.Read(html, Base)));

        Assert.Equal((url, width, height), (image.Url.AbsoluteUri, image.Width, image.Height));
    }

    [Theory]
    [InlineData("<img src=/p.gif height=0>")]
    [InlineData("<img src=http://feeds.feedburner.com/~r/News/~4/x>")]
    [InlineData("<img src=https://ssl-vg03.met.vgwort.de/na/5c>")]
    [InlineData("<img src=https://pixel.wp.com/b.gif?x=1>")]
    [InlineData("<div class=feedflare><a href=/x><img src=/f.png></a><div>Share</div></div>")]
    [InlineData("<img>")]
    [InlineData("<img src='data:image/png;base64,R0'>")]
    public void What_counts_readers_is_no_image(string html) => Assert.Empty(HtmlReader.Read(html, Base));

    [Fact]
    public void A_film_has_its_poster_and_its_size()
    {
        var film = Assert.IsType<Block.Media>(Assert.Single(HtmlReader.Read("<video poster=/p.jpg width=640 height=360><source src=/v.webm><source src=/v.mp4>no films here</video>", Base)));

        Assert.Equal(("https://e.org/v.webm", "https://e.org/p.jpg", 640, 360), (film.Url.AbsoluteUri, film.Poster?.AbsoluteUri, film.Width, film.Height));
    }

    [Theory]
    [InlineData("<figure><img src=/a.jpg><figcaption>Cap</figcaption></figure><p>x</p>")]
    [InlineData("<figure><figcaption>Cap</figcaption><img src=/a.jpg></figure><p>x</p>")]
    [InlineData("<div class=wp-caption><img src=/a.jpg><p class='wp-caption-text'>Cap</p></div><p>x</p>")]
    public void The_caption_of_an_image_stands_behind_it(string html)
    {
        var blocks = HtmlReader.Read(html, Base);

        Assert.IsType<Block.Media>(blocks[0]);
        Assert.True(Assert.IsType<Block.Paragraph>(blocks[1]).IsCaption);
        Assert.False(Assert.IsType<Block.Paragraph>(blocks[2]).IsCaption);
    }

    [Theory]
    [InlineData("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>", "• a⏎  ◦ b⏎• c")]
    [InlineData("<ul>a<li>b</ul>c", "• a⏎• b⏎⏎c")]
    [InlineData("<ul><p>a</p></ul>", "a")]
    [InlineData("<ul><div><li>a</li><li>b</li></div></ul>", "• a⏎• b")]
    [InlineData("<li>a<li>b", "a⏎⏎b")]
    [InlineData("<ol><li><p>a<li><div>b<li>c</ol>", "1. a⏎2. b⏎3. c")]
    [InlineData("<ul><li><b>a<li>b</b></ul>c", "• a⏎• b⏎⏎c")]
    [InlineData("<h2><div>a</div></h2>b", "a⏎⏎b")]
    [InlineData("<dl><dt>a<dd>b<dt>c</dl>d", "a⏎⏎b⏎⏎c⏎⏎d")]
    [InlineData("<table><caption>t</caption><tr><td>a<td>b<tr><td>c<td>d</table>e", "t⏎⏎a | b⏎c | d⏎⏎e")]
    [InlineData("<table><td>a<td>b<tr>x<td>c<td>d</table>", "x⏎⏎a | b⏎c | d")]
    [InlineData("<table><tr><td>a<td>b<tr><td>c<td><table><tr><td>d<td>e<tr><td>f<td>g</table></table>", "a⏎⏎b⏎⏎c⏎⏎d | e⏎f | g")]
    [InlineData("<td>a</td><td>b</td>", "ab")]
    [InlineData("<div><pre>a\n b</div>c", "    a⏎     b⏎⏎c")]
    [InlineData("<pre>a<div>b</div>\nc</pre>", "    ab⏎    c")]
    [InlineData("a<code> b </code>c <code>d<br>e</code>", "a b c d⏎e")]
    [InlineData("<p>a<sup>1</p><p>b</p>", "a¹⏎⏎b")]
    [InlineData("<a href=/1>a<a href=/2>b</a></a>", "a (https://e.org/1)b (https://e.org/2)")]
    [InlineData("<a href='/x?a=1&copy=2&amp;reg=3'>a</a>", "a (https://e.org/x?a=1&copy=2&reg=3)")]
    [InlineData("&copy &hellip &AMPx &#150; &notit;", "© &hellip &x – ¬it;")]
    [InlineData("a<iframe src=/w />b", "ab")]
    [InlineData("a<video src=/v.mp4 />b", "a⏎⏎▶️ e.org (https://e.org/v.mp4)⏎⏎b")]
    [InlineData("<ruby>漢<rp>(<rt>kan<rp>)</ruby>", "漢(kan)")]
    [InlineData("<details>a</details>", "a")]
    [InlineData("<details><summary>a</summary></details>", "a")]
    [InlineData("<blockquote>a</div></p>b</blockquote>c", "│ a⏎│⏎│ b⏎⏎c")]
    public void Tags_are_closed_as_a_browser_closes_them(string html, string expected) =>
        Assert.Equal(expected, string.Join('⏎', PlainWriter.Write(HtmlReader.Read(html, Base), 80)));

    [Fact]
    public void Pictures_in_a_table_stand_behind_it()
    {
        var blocks = HtmlReader.Read("<table><tr><td>a</td><td><img src=/a.jpg>b</td></tr><tr><td>c</td><td>d</td></tr></table>", Base);

        Assert.IsType<Block.Table>(blocks[0]);
        Assert.IsType<Block.Media>(blocks[1]);
    }

    [Fact]
    public void Reading_ends_with_the_block_that_is_enough_but_an_image_is_looked_for_to_the_end()
    {
        var html = "<p>one two three</p><blockquote><p>four five six</p><p>seven</p></blockquote><p>eight</p><p><img src=/t.gif width=1><img src=/a.jpg></p><img src=/b.jpg>";

        var blocks = HtmlReader.Read(html, Base, 20, out var isWhole);

        Assert.False(isWhole);
        Assert.Equal("one two three\nfour five six", Spans.Text(blocks));
        Assert.Equal("https://e.org/a.jpg", Assert.Single(blocks.OfType<Block.Media>()).Url.AbsoluteUri);
    }
}
