using System.Text.Json;
using Notifier.Messages;

namespace Notifier.Bot.Discord.Messages;

/// <summary>
/// Gives messages the form of Discord's create-message: an entry as its style says, a list of entries as an embed, anything else as text. Lengths are UTF-16
/// units, never less than what Discord counts. Nothing in a message can mention anybody.
/// </summary>
internal static class DiscordMessages
{
    /// <summary>Whether the message fits into one of Discord's as it is; a longer reply has to be split (<see cref="MessageParts"/>).</summary>
    public static bool Fits(Message message)
    {
        var text = DiscordMarkdown.Write(message.Text);
        return message.Card is { } card
            ? text.Length <= DiscordBody.MaxContent && (card.Style == Style.Full || DiscordMarkdown.Write(card.Body).Length <= DiscordBody.MaxDescription)
            : text.Length <= DiscordBody.MaxDescription;
    }

    /// <summary>The bytes that <see cref="RenderedMessage"/> reads; null when it is a list that does not fit: then it has to be made of fewer entries.</summary>
    /// <param name="fallback">0 as meant; 1 without adornments, all of it literal text; 2 title and link only.</param>
    public static byte[]? Render(Message message, int fallback)
    {
        var body = message.Card is { } card ? (fallback == 0 ? Styled(message, card) : Plain(message.Text, card, fallback)) : Text(message, fallback);
        return body is null ? null : (body with { IsSilent = message.IsSilent }).ToJson();
    }

    private static DiscordBody Styled(Message message, EntryCard card)
    {
        var body = card.Style switch
        {
            Style.Full => new DiscordBody { IsV2 = true, Components = DiscordArticle.Components(card, message.Text, DiscordButtons.Components(message.Actions.Count)) },
            Style.Compact => Line(message.Text, DiscordLine.Compact(card)),
            Style.Link => DiscordLine.Address(card) is { } address ? Line(message.Text, address) with { HasPreview = !card.HasNoImage } : Line(message.Text, DiscordLine.Compact(card)),
            Style.Custom => Custom(message.Text, card),
            _ => new DiscordBody { Text = Before(message.Text), Embed = DiscordCard.Embed(card), Components = Links(card) },
        };
        return body with { Name = DiscordNames.Plain(card), Tags = card.Tags };
    }

    private static DiscordBody Line(IReadOnlyList<Block> text, string line) => new() { Text = text.Count == 0 ? line : Before(text) + "\n" + line };

    private static DiscordBody Custom(IReadOnlyList<Block> text, EntryCard card)
    {
        var made = DiscordCard.Description(card);
        return DiscordCard.CustomEmbed(card, made) is { } embed ? new DiscordBody { Text = Before(text), Embed = embed }
            : Line(text, string.IsNullOrWhiteSpace(made) ? DiscordLine.Compact(card) : made);
    }

    private static Action<Utf8JsonWriter>? Links(EntryCard card) =>
        DiscordButtons.Openable(card.Links) is { Count: > 0 } links ? json => DiscordButtons.WriteLinks(json, links) : null;

    /// <summary>What is said before an entry.</summary>
    private static string Before(IReadOnlyList<Block> text) => DiscordExcerpt.Of(text, DiscordBody.MaxContent, DiscordMarkdown.Write);

    private static DiscordBody Plain(IReadOnlyList<Block> text, EntryCard card, int fallback)
    {
        var said = DiscordLine.NameAndAddress(card);
        if (fallback == 1)
        {
            var footer = DiscordMarkdown.Literal(DiscordNames.Joined(DiscordNames.Feed(card), DiscordNames.Author(card)));
            var room = Math.Max(0, DiscordBody.MaxContent - said.Length - footer.Length - 4);
            var body = DiscordExcerpt.Of(card.Body, room, card.IsSpoiler ? DiscordExcerpt.Hidden : DiscordExcerpt.Literal);
            said += body.Length > 0 ? "\n\n" + body + "\n\n" + footer : "\n\n" + footer;
            var before = text.Count == 0 ? "" : DiscordExcerpt.Of(text, DiscordBody.MaxContent, DiscordExcerpt.Literal) + "\n\n";
            said = (before.Length + said.Length <= DiscordBody.MaxDescription ? before : "") + said;
        }

        return new DiscordBody { Text = said, Name = DiscordNames.Plain(card) };
    }

    private static DiscordBody? Text(Message message, int fallback)
    {
        var body = message.ListOf is { } feed && fallback == 0 ? List(message.Text, feed) : Text(message.Text, fallback == 0 ? DiscordMarkdown.Write : DiscordExcerpt.Literal);
        var offered = fallback == 0 ? message.Actions.Where(action => action.Token is not null).Select(action => (action.Label, action.Token!)).ToList() : [];
        return body is null ? null : body with
        {
            Components = offered.Count == 0 ? null : json => DiscordButtons.WriteActions(json, offered),
            Name = Spans.Text(message.Text.Take(1)).Split('\n')[0],
        };
    }

    private static DiscordBody? Text(IReadOnlyList<Block> blocks, Func<IReadOnlyList<Block>, string> write)
    {
        var text = write(blocks);
        if (text.Length <= DiscordBody.MaxDescription)
            return new DiscordBody { Text = text };
        return IsDivisible(blocks) ? null : new DiscordBody { Text = DiscordExcerpt.Of(blocks, DiscordBody.MaxDescription, write) };
    }

    /// <summary>Entries of a feed: what comes before the list is its title.</summary>
    private static DiscordBody? List(IReadOnlyList<Block> blocks, string feed)
    {
        var hasHeading = blocks is [Block.Paragraph, _, ..];
        var title = DiscordNames.Escaped(CleanText.Line(hasHeading ? Spans.Text(blocks.Take(1)) : feed), DiscordNames.MaxTitle);
        var rest = hasHeading ? [.. blocks.Skip(1)] : blocks;
        var lines = DiscordMarkdown.Write(rest);
        if (lines.Length > DiscordBody.MaxDescription)
        {
            if (IsDivisible(blocks))
                return null;
            lines = DiscordExcerpt.Of(rest, DiscordBody.MaxDescription, DiscordMarkdown.Write);
        }

        return new DiscordBody
        {
            Embed = json =>
            {
                json.WriteStartObject();
                json.WriteString("title", title);
                json.WriteString("description", lines);
                json.WriteNumber("color", DiscordNames.Colour(CleanText.Cut(CleanText.Line(feed), 256)));
                json.WriteEndObject();
            },
        };
    }

    private static bool IsDivisible(IReadOnlyList<Block> blocks) => blocks.Any(block => block is Block.List { Items.Count: > 1 });
}
