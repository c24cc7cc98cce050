using Notifier.Texts;

namespace Notifier.Messages;

/// <summary>An entry as one line of a list.</summary>
/// <param name="AlsoIn">Titles of the other feeds that tell the same story and will not say it again; null for none.</param>
public sealed record ListedEntry(string? Title, string? Link, IReadOnlyList<string>? AlsoIn = null);

/// <summary>Says many entries of one feed as a list: every entry is named exactly once, in the given order. Whether there is room for so many the platform knows.</summary>
public sealed class ListMessages(EntryFormatter formatter, Catalogue texts)
{
    private const int LongestTitle = 256;

    /// <param name="feed">The feed's title.</param>
    /// <param name="entries">In the order in which they are listed; at least one.</param>
    public Message Of(string feed, IReadOnlyList<ListedEntry> entries)
    {
        var name = CleanText.Cut(CleanText.Line(feed), LongestTitle);
        return new Message
        {
            ListOf = name,
            Text =
            [
                new Block.Paragraph([new Span.Text(texts.Say("entries.new", ("count", entries.Count), ("feed", name)))]),
                new Block.List(Start: null, [.. entries.Select(Item)]),
            ],
        };
    }

    private ListItem Item(ListedEntry entry)
    {
        var link = WebLink.Read(entry.Link);
        Span title = new Span.Text(formatter.Title(entry.Title, link));
        var line = new List<Span> { link is null ? title : new Span.Link(link, [title]) };
        if (formatter.AlsoInWords(entry.AlsoIn ?? []) is { Length: > 0 } words)
            line.Add(new Span.Text($" ({words})"));
        return new ListItem([new Block.Paragraph(line)]);
    }
}
