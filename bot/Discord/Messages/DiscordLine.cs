using System.Text;
using Notifier.Messages;

namespace Notifier.Bot.Discord.Messages;

/// <summary>An entry in one line: as compact as can be, as the bare address of its page, or as what no refusal is left for.</summary>
internal static class DiscordLine
{
    private const int MaxFeed = 200;

    /// <summary><c>**Feed** [Title](&lt;url&gt;) · two hours ago</c>.</summary>
    public static string Compact(EntryCard card)
    {
        var line = new StringBuilder();
        if (DiscordNames.Feed(card) is { Length: > 0 } feed)
            line.Append("**").Append(DiscordNames.Escaped(feed, MaxFeed)).Append("** ");
        line.Append(Linked(DiscordNames.Plain(card), card.Link, DiscordBody.MaxContent - 2 * MaxFeed));
        if (DiscordNames.Ago(card.Published) is { Length: > 0 } ago)
            line.Append(" · ").Append(ago);
        return line.ToString();
    }

    /// <summary>The entry's address, of which Discord shows what it finds there; null for an entry without one, or one too long to stand alone.</summary>
    public static string? Address(EntryCard card)
    {
        const int Frame = 6;
        if (WebLink.Address(card.Link) is not { Length: <= DiscordBody.MaxContent - Frame } address)
            return null;
        // No part of it may call anybody, or end the spoiler.
        var text = address.Replace("@everyone", "%40everyone", StringComparison.OrdinalIgnoreCase).Replace("@here", "%40here", StringComparison.OrdinalIgnoreCase).Replace("|", "%7C", StringComparison.Ordinal);
        return text.Length > DiscordBody.MaxContent - Frame ? null : card.IsSpoiler ? $"|| {text} ||" : text;
    }

    /// <summary>Title and address, one below the other.</summary>
    public static string NameAndAddress(EntryCard card) =>
        DiscordNames.Title(card, 2 * DiscordNames.MaxTitle) + (WebLink.Address(card.Link) is { } address ? $"\n<{address}>" : "");

    /// <summary>Words that lead to an address; they alone, where both are longer than <paramref name="max"/>.</summary>
    /// <param name="max">More than the words are when they are escaped.</param>
    public static string Linked(string words, Uri? url, int max)
    {
        var linked = url is null ? "" : DiscordMarkdown.Write([new Block.Paragraph([new Span.Link(url, [new Span.Text(words)])])]);
        return linked.Length is > 0 && linked.Length <= max ? linked : DiscordNames.Escaped(words, max);
    }
}
