using System.Globalization;
using System.Text;

namespace Notifier.Messages;

/// <summary>
/// Writes blocks as HTML for pages of our own: every text is encoded, and nothing stands in it but plain elements, links that give away nothing of the reader,
/// and images that load late and without a referrer. Headings begin below those of a page.
/// </summary>
public static class WebHtml
{
    private const int FirstLevel = 3;
    private const int LastLevel = 6;

    public static string Write(IReadOnlyList<Block> blocks)
    {
        var html = new StringBuilder();
        WriteBlocks(html, blocks);
        return html.ToString();
    }

    private static void WriteBlocks(StringBuilder html, IReadOnlyList<Block> blocks)
    {
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i] is Block.Media { Kind: MediaKind.Image } image && i + 1 < blocks.Count && blocks[i + 1] is Block.Paragraph { IsCaption: true } words)
            {
                Image(html.Append("<figure>"), image);
                Within(html, "figcaption", words.Spans);
                html.Append("</figure>");
                i++;
            }
            else
            {
                Write(html, blocks[i]);
            }
        }
    }

    private static void Write(StringBuilder html, Block block)
    {
        switch (block)
        {
            case Block.Paragraph paragraph:
                Within(html, "p", paragraph.Spans);
                break;
            case Block.Heading heading:
                Within(html, "h" + Math.Min(LastLevel, heading.Level + FirstLevel - 1).ToString(CultureInfo.InvariantCulture), heading.Spans);
                break;
            case Block.Code code:
                html.Append(code.Language is null ? "<pre><code>" : $"<pre><code class=\"language-{Encoded(code.Language)}\">").Append(Encoded(code.Text)).Append("</code></pre>");
                break;
            case Block.Quote quote:
                Within(html, "blockquote", quote.Blocks);
                break;
            case Block.List list:
                List(html, list);
                break;
            case Block.Table table:
                Table(html, table);
                break;
            case Block.Rule:
                html.Append("<hr>");
                break;
            case Block.Details details:
                Within(html.Append("<details>"), "summary", details.Summary);
                WriteBlocks(html, details.Blocks);
                html.Append("</details>");
                break;
            case Block.Media { Kind: MediaKind.Image } image:
                Image(html.Append("<p>"), image);
                html.Append("</p>");
                break;
            case Block.Media film:
                var said = CleanText.Line(film.Caption);
                html.Append(film.Kind == MediaKind.Video ? "<p>▶️ " : "<p>🎧 ");
                Write(html, new Span.Link(film.Url, [new Span.Text(said.Length > 0 ? said : film.Url.Host)]));
                html.Append("</p>");
                break;
        }
    }

    private static void List(StringBuilder html, Block.List list)
    {
        html.Append(list.Start switch
        {
            null => "<ul>",
            1 => "<ol>",
            var start => string.Create(CultureInfo.InvariantCulture, $"<ol start=\"{start}\">"),
        });
        foreach (var item in list.Items)
        {
            html.Append("<li>");
            if (item.Checked is { } isChecked)
                html.Append(isChecked ? "<input type=\"checkbox\" checked disabled> " : "<input type=\"checkbox\" disabled> ");
            // An item of one line stands close to the next.
            var line = item.Blocks is [Block.Paragraph first, ..] ? first : null;
            if (line is not null)
                Write(html, line.Spans);
            WriteBlocks(html, line is null ? item.Blocks : [.. item.Blocks.Skip(1)]);
            html.Append("</li>");
        }

        html.Append(list.Start is null ? "</ul>" : "</ol>");
    }

    private static void Table(StringBuilder html, Block.Table table)
    {
        html.Append("<table>");
        for (var row = 0; row < table.Rows.Count; row++)
        {
            html.Append("<tr>");
            foreach (var cell in table.Rows[row])
                Within(html, table.HasHeader && row == 0 ? "th" : "td", cell);
            html.Append("</tr>");
        }

        html.Append("</table>");
    }

    private static void Image(StringBuilder html, Block.Media image)
    {
        if (WebLink.Address(image.Url) is not { } address)
            return;
        html.Append("<img src=\"").Append(Encoded(address)).Append("\" alt=\"").Append(Encoded(CleanText.Line(image.Caption))).Append('"');
        if (image is { Width: { } width, Height: { } height })
            html.Append(CultureInfo.InvariantCulture, $" width=\"{width}\" height=\"{height}\"");
        html.Append(" loading=\"lazy\" referrerpolicy=\"no-referrer\">");
    }

    private static void Within(StringBuilder html, string element, IReadOnlyList<Span> spans)
    {
        html.Append('<').Append(element).Append('>');
        Write(html, spans);
        html.Append("</").Append(element).Append('>');
    }

    private static void Within(StringBuilder html, string element, IReadOnlyList<Block> blocks)
    {
        html.Append('<').Append(element).Append('>');
        WriteBlocks(html, blocks);
        html.Append("</").Append(element).Append('>');
    }

    private static void Write(StringBuilder html, IReadOnlyList<Span> spans)
    {
        foreach (var span in spans)
            Write(html, span);
    }

    private static void Write(StringBuilder html, Span span)
    {
        switch (span)
        {
            case Span.Text text:
                html.Append(Encoded(CleanText.Of(text.Value)));
                break;
            case Span.Code code:
                html.Append("<code>").Append(Encoded(CleanText.Of(code.Value))).Append("</code>");
                break;
            case Span.Break:
                html.Append("<br>");
                break;
            case Span.Link link:
                Link(html, link);
                break;
            case Span.Styled { Style: SpanStyle.Spoiler } spoiler:
                html.Append("<span class=\"spoiler\">");
                Write(html, spoiler.Spans);
                html.Append("</span>");
                break;
            case Span.Styled styled:
                Within(html, Element(styled.Style), styled.Spans);
                break;
        }
    }

    /// <summary>A link whose text promises another place stands behind it, under its true name.</summary>
    private static void Link(StringBuilder html, Span.Link link)
    {
        var isFalse = AddressText.Misleads(Spans.Text(link.Spans), link.Url);
        if (WebLink.Address(link.Url) is not { } address)
        {
            Write(html, link.Spans);
            return;
        }

        if (isFalse)
        {
            Write(html, link.Spans);
            html.Append(" (");
        }

        html.Append("<a href=\"").Append(Encoded(address)).Append("\" rel=\"nofollow noopener noreferrer\" target=\"_blank\">");
        if (isFalse)
            html.Append(Encoded(link.Url.IdnHost));
        else
            Write(html, link.Spans);
        html.Append(isFalse ? "</a>)" : "</a>");
    }

    private static string Element(SpanStyle style) => style switch
    {
        SpanStyle.Bold => "b",
        SpanStyle.Italic => "i",
        SpanStyle.Underline => "u",
        SpanStyle.Strike => "s",
        SpanStyle.Mark => "mark",
        SpanStyle.Subscript => "sub",
        SpanStyle.Superscript => "sup",
        _ => "span",
    };

    private static string Encoded(string text) => text.AsSpan().IndexOfAny("&<>\"'") < 0 ? text : text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal);
}
