using System.Text;
using Notifier.Messages;
using Notifier.Texts;

namespace Notifier.Bot.Terminal;

/// <summary>
/// Writes a message the way the Terminal shows it: after <c>bot&gt; </c>, an entry in the style that it has, a reply's actions as numbered choices. A message
/// that comes by itself must not change what a number chooses: its actions are shown as the commands to type. Nobody can tap what is hidden, so it is left out.
/// </summary>
/// <param name="time">Says how long ago an entry was published, in its local zone.</param>
/// <param name="colour">Whether to add ANSI colours; nothing else ever carries an escape sequence.</param>
internal sealed class TerminalWriter(TimeProvider time, Catalogue texts, bool colour)
{
    private const string Prefix = "bot> ";
    private const string Indent = "     ";
    private const string HiddenText = "▒▒▒▒▒▒▒▒";
    private const string Bold = "1";
    private const string Dim = "2";
    private const string Underlined = "4";
    private const string Green = "32";

    /// <summary>The message's lines, joined by <c>\n</c>, none at the end.</summary>
    /// <param name="width">Of the terminal, in columns.</param>
    public string Write(Message message, int width)
    {
        var inner = Math.Max(PlainWriter.LeastWidth + 2, width - Prefix.Length);
        var lines = new List<string>(PlainWriter.Write(message.Text, inner));
        if (message.Card is { } card)
            lines.AddRange(Entry(card, inner));
        lines.AddRange(Choices([.. message.Actions.Where(action => action.Token is null)], inner));
        lines.AddRange(message.Actions.Where(action => action.Token is not null).SelectMany(action => Lines($"{action.Label}: {action.CommandLine}", inner)));
        if (lines.Count == 0)
            return "";
        var written = string.Join('\n', lines.Select((line, i) => i == 0 ? Paint(Green, Prefix) + line : line.Length == 0 ? "" : Indent + line));
        return message.File is { } file ? $"{written}\n\n{Document(file)}" : written;
    }

    /// <summary>As it is, neither indented nor broken into lines, so that it can be copied; what could steer the terminal aside.</summary>
    private static string Document(MessageFile file) => CleanText.Of(Encoding.UTF8.GetString(file.Content.Span)).TrimEnd('\n');

    private IEnumerable<string> Entry(EntryCard card, int width) => card.Style switch
    {
        Style.Link when card.Link is { } link => Address(link, width),
        Style.Compact or Style.Link => Line(card, width),
        Style.Custom => Body(card, width) is { Count: > 0 } said ? said : Line(card, width),
        _ => Box(card, width),
    };

    private IEnumerable<string> Line(EntryCard card, int width) => Head(string.Join(": ", new[] { card.Feed, card.Title }.Where(part => part.Length > 0)), card.Link, width);

    private IEnumerable<string> Box(EntryCard card, int width)
    {
        var inner = width - 2;
        foreach (var (line, i) in Lines(card.Feed, inner).Select((line, i) => (line, i)))
            yield return (i == 0 ? "┌ " : "│ ") + Paint(Dim, line);
        foreach (var line in Head(card.IsUntitled ? "" : card.Title, card.Link, inner).Concat(Body(card, inner)).Concat(Links(card, inner)))
            yield return ("│ " + line).TrimEnd(' ');
        var footer = Footer(card);
        var last = footer.Length == 0 ? [""] : Lines(footer, inner);
        for (var i = 0; i < last.Count; i++)
            yield return ((i < last.Count - 1 ? "│ " : "└ ") + Paint(Dim, last[i])).TrimEnd(' ');
    }

    /// <summary>The title, and the link at the right edge of the same line where both fit.</summary>
    private IEnumerable<string> Head(string text, Uri? page, int width)
    {
        var title = CleanText.Line(text);
        var link = page is null ? "" : CleanText.Line(page.AbsoluteUri);
        var gap = width - DisplayWidth.Of(title) - DisplayWidth.Of(link);
        if (link.Length > 0 && gap >= 2)
            return [Paint(Bold, title) + new string(' ', gap) + Paint(Underlined, link)];
        return Lines(title, width).Select(line => Paint(Bold, line)).Concat(page is null ? [] : Address(page, width));
    }

    private IEnumerable<string> Address(Uri link, int width) => Lines(link.AbsoluteUri, width).Select(line => Paint(Underlined, line));

    /// <summary>The text; in full and of a template with the addresses of its pictures.</summary>
    private static IReadOnlyList<string> Body(EntryCard card, int width)
    {
        if (card.IsSpoiler && card.Body.Count > 0)
            return [HiddenText];
        var hasPictures = card is { HasNoImage: false, Style: Style.Full or Style.Custom };
        return PlainWriter.Write(
            [
                .. hasPictures && card.Style == Style.Full && card.Image is { } image ? [Picture(new Block.Media(MediaKind.Image, image, Caption: null))] : Array.Empty<Block>(),
                .. hasPictures ? card.Body.Select(WithPictures) : card.Body,
            ],
            width);
    }

    private static Block WithPictures(Block block) => block switch
    {
        Block.Media { Kind: MediaKind.Image } picture => Picture(picture),
        Block.Quote quote => new Block.Quote([.. quote.Blocks.Select(WithPictures)]),
        Block.Details details => details with { Blocks = [.. details.Blocks.Select(WithPictures)] },
        Block.List list => list with { Items = [.. list.Items.Select(item => item with { Blocks = [.. item.Blocks.Select(WithPictures)] })] },
        _ => block,
    };

    private static Block.Paragraph Picture(Block.Media picture) =>
        new([new Span.Text(string.Join(' ', new[] { "🖼", CleanText.Line(picture.Caption), picture.Url.AbsoluteUri }.Where(part => part.Length > 0)))]);

    /// <summary>What can be opened besides the page itself.</summary>
    private static IEnumerable<string> Links(EntryCard card, int width) =>
        card.Links.Where(link => link.Url != card.Link).SelectMany(link => Lines($"{link.Label}: {link.Url.AbsoluteUri}", width));

    private string Footer(EntryCard card)
    {
        var published = card.Published is { } then ? RelativeTime.Of(texts, time.GetUtcNow(), then, time.LocalTimeZone) : "";
        var tags = string.Join(' ', card.Tags.Select(tag => "#" + tag));
        return CleanText.Line(string.Join(" · ", new[] { published, card.Author, tags }.Where(part => !string.IsNullOrWhiteSpace(part))));
    }

    private IEnumerable<string> Choices(IReadOnlyList<MessageAction> actions, int width)
    {
        const string Gap = "   ";
        var (line, used) = ("", 0);
        for (var i = 0; i < actions.Count; i++)
        {
            var number = $"[{i + 1}]";
            foreach (var (said, at) in Lines($"{number} {actions[i].Label}", width).Select((said, at) => (said, at)))
            {
                var size = DisplayWidth.Of(said);
                if (used > 0 && (at > 0 || used + Gap.Length + size > width))
                {
                    yield return line;
                    (line, used) = ("", 0);
                }

                line += (used > 0 ? Gap : "") + (at == 0 ? Paint(Bold, number) + said[number.Length..] : said);
                used += (used > 0 ? Gap.Length : 0) + size;
            }
        }

        if (used > 0)
            yield return line;
    }

    private static IReadOnlyList<string> Lines(string text, int width) =>
        CleanText.Line(text) is { Length: > 0 } line ? WrappedText.Lines(line, width) : [];

    private string Paint(string code, string text) => colour && text.Length > 0 ? $"\x1b[{code}m{text}\x1b[0m" : text;
}
