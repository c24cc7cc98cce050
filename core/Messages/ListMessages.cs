using Notifier.Texts;

namespace Notifier.Messages;

/// <summary>An entry as one line of a list.</summary>
/// <param name="AlsoIn">Titles of the other feeds that tell the same story and will not say it again; null for none.</param>
public sealed record ListedEntry(string? Title, string? Link, IReadOnlyList<string>? AlsoIn = null);

/// <summary>Says many entries of one feed as lists, in as many messages as it takes: every entry is named exactly once, in the given order.</summary>
public sealed class ListMessages(Catalogue texts)
{
    /// <param name="feed">The feed's title.</param>
    /// <param name="entries">In the order in which they are listed.</param>
    /// <param name="maxEntries">The most lines in one message.</param>
    /// <param name="maxCharacters">The most characters in one message, addresses included; one entry alone may exceed it.</param>
    public IReadOnlyList<Message> Of(string feed, IReadOnlyList<ListedEntry> entries, int maxEntries = 25, int maxCharacters = 3500)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEntries, 1);
        var name = CleanText.Cut(CleanText.Line(feed), 256);
        var heading = texts.Say("entries.new", ("count", entries.Count), ("feed", name));
        // Room for the heading, the count of parts and the line ends.
        var parts = Parts(entries, maxEntries, maxCharacters - heading.Length - 20);
        return [.. parts.Select((items, i) => new Message
        {
            ListOf = name,
            Text =
            [
                new Block.Paragraph([new Span.Text(parts.Count > 1 ? heading + texts.Say("entries.part", ("part", i + 1), ("parts", parts.Count)) : heading)]),
                new Block.List(Start: null, items),
            ],
        })];
    }

    private List<List<ListItem>> Parts(IReadOnlyList<ListedEntry> entries, int maxEntries, int maxCharacters)
    {
        var parts = new List<List<ListItem>>();
        var room = 0;
        foreach (var entry in entries)
        {
            var (item, length) = Item(entry);
            if (parts.Count == 0 || parts[^1].Count == maxEntries || length > room)
            {
                parts.Add([]);
                room = maxCharacters;
            }

            parts[^1].Add(item);
            room -= length;
        }

        return parts;
    }

    private (ListItem Item, int Length) Item(ListedEntry entry)
    {
        var link = WebLink.Read(entry.Link);
        var formatter = new EntryFormatter(texts);
        var title = formatter.Title(entry.Title, link);
        Span text = new Span.Text(title);
        var alsoIn = formatter.AlsoInWords(entry.AlsoIn ?? []) is { Length: > 0 } words ? $" ({words})" : "";
        var item = new ListItem([new Block.Paragraph([link is null ? text : new Span.Link(link, [text]), .. alsoIn.Length > 0 ? [new Span.Text(alsoIn)] : Array.Empty<Span>()])]);
        return (item, title.Length + alsoIn.Length + (link?.AbsoluteUri.Length ?? 0) + 6);
    }
}
