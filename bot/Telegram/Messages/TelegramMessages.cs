using System.Text;
using Notifier.Messages;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>
/// Gives messages the form of Telegram's sendMessage or, an entry in full, of its sendRichMessage, without the chat. Lengths are UTF-16 units after
/// the markup is read, which is never less than what Telegram counts; of a text's styles and links it keeps a hundred.
/// </summary>
/// <param name="commands">
/// Notifier's own commands, without the slash: in its texts they can be tapped, and only whoever taps one sends it. What feeds say stands in the same
/// texts (a title that was asked for), so no other command is left whole there, and in an entry's card none at all; mentions nowhere.
/// </param>
internal sealed class TelegramMessages(IReadOnlySet<string> commands)
{
    private const int MaxText = 4096;
    private const int MaxBytes = 32_768;
    private const int MaxEntities = 100;

    /// <summary>So that no paragraph is broken into lines.</summary>
    private const int EndlessLine = 100_000;

    /// <summary>Whether the message fits into one of Telegram's as it is; a longer reply has to be split (<see cref="MessageParts"/>). In full an entry is a message of its own.</summary>
    public bool Fits(Message message) => message.Card is not { Style: Style.Full } && Excess(Html(message.Text, message.Card, message.Card?.Body ?? [])) <= 0;

    /// <summary>The body of the request, without its chat; null when it is a list that does not fit: then it has to be made of fewer entries.</summary>
    /// <param name="fallback">0 as meant; 1 without adornments: in full without rich text, all else plain; 2 title and link only.</param>
    public byte[]? Render(Message message, int fallback) => (message.Card, fallback) switch
    {
        (null, 0) => Text(message, taken => Html(taken, card: null, []), isHtml: true),
        (null, _) => Text(message, taken => Plain(taken, card: null, []), isHtml: false),
        ({ Style: Style.Full } card, 0) when message.Text.Count == 0 => TelegramBody.Rich(TelegramRichEntry.Write(card), TelegramKeyboard.Of(message), message.IsSilent),
        ({ } card, 0) => Classic(message, card),
        ({ Style: Style.Full } card, 1) => Classic(message, card),
        ({ } card, 1) => Simple(message, card),
        ({ } card, _) => Simple(message, new EntryCard { Feed = "", Title = card.Title, Link = card.Link }),
    };

    private static byte[]? Text(Message message, Func<IReadOnlyList<Block>, TelegramText> write, bool isHtml)
    {
        var blocks = Headed(message);
        var text = write(blocks);
        if (Excess(text) > 0)
        {
            if (blocks.Any(block => block is Block.List { Items.Count: > 1 }))
                return null;
            text = Shrunk(blocks, write) ?? write(Cut(blocks, MaxText / 2));
        }

        return TelegramBody.Text(text.ToString(), isHtml, TelegramPreview.None, isHtml ? TelegramKeyboard.Of(message) : null, message.IsSilent);
    }

    /// <summary>The text; of a list its first line is a heading.</summary>
    private static IReadOnlyList<Block> Headed(Message message) =>
        message is { ListOf: not null, Text: [Block.Paragraph heading, ..] } ? [new Block.Heading(1, heading.Spans), .. message.Text.Skip(1)] : message.Text;

    private byte[] Classic(Message message, EntryCard card) =>
        TelegramBody.Text(Whole(message.Text, card, Html).ToString(), isHtml: true, TelegramCard.Preview(card), TelegramKeyboard.Of(message), message.IsSilent);

    /// <summary>Without markup, previews and the buttons that open something.</summary>
    private byte[] Simple(Message message, EntryCard card) =>
        TelegramBody.Text(Whole(message.Text, card, Plain).ToString(), isHtml: false, TelegramPreview.None, TelegramKeyboard.Of(message with { Card = null }), message.IsSilent);

    private static TelegramText Whole(IReadOnlyList<Block> before, EntryCard card, Func<IReadOnlyList<Block>, EntryCard?, IReadOnlyList<Block>, TelegramText> write)
    {
        if (Excerpt.Length(card.Body) <= MaxText && write(before, card, card.Body) is var whole && Excess(whole) <= 0)
            return whole;
        // A card without its excerpt is below 2,000 characters.
        var text = Excess(write(before, null, [])) <= -MaxText * 3 / 4 ? before : Cut(before, MaxText / 8);
        return Shrunk(card.Body, taken => write(text, card, taken)) ?? write(text, card, Cut(card.Body, MaxText / 8));
    }

    /// <summary>As much of the blocks as fits; null where that is not found out in time.</summary>
    private static TelegramText? Shrunk(IReadOnlyList<Block> blocks, Func<IReadOnlyList<Block>, TelegramText> write)
    {
        TelegramText? last = null;
        return Excerpt.Shrink(blocks, MaxText, taken => Excess(last = write(taken))) is null ? null : last;
    }

    /// <summary>The beginning of blocks as one plain paragraph. Breaking signs at most doubles it.</summary>
    internal static IReadOnlyList<Block> Cut(IReadOnlyList<Block> blocks, int max)
    {
        var lines = PlainWriter.Write(Excerpt.Within(blocks, max) is { Count: > 0 } first ? first : blocks, EndlessLine);
        return [new Block.Paragraph([new Span.Text(Excerpt.CutText(string.Join('\n', lines), max))])];
    }

    private TelegramText Html(IReadOnlyList<Block> before, EntryCard? card, IReadOnlyList<Block> body)
    {
        var text = new TelegramText(isHtml: true) { Commands = commands };
        var html = new TelegramHtml(text);
        html.Write(before);
        text.Commands = null;
        if (card is not null)
            new TelegramEntry(text, html).Write(card, body);
        return text;
    }

    private TelegramText Plain(IReadOnlyList<Block> before, EntryCard? card, IReadOnlyList<Block> body)
    {
        var text = new TelegramText(isHtml: false) { Commands = commands };
        text.Append(string.Join('\n', PlainWriter.Write(before, EndlessLine)));
        text.Commands = null;
        if (card is not null)
            new TelegramEntry(text, new TelegramHtml(text)).WritePlain(card, PlainWriter.Write(body, EndlessLine));
        return text;
    }

    /// <summary>By how much a text exceeds what Telegram takes: characters, bytes or entities, whichever is most; 0 or less when it fits.</summary>
    private static int Excess(TelegramText text)
    {
        var over = text.Visible - MaxText;
        if (text.Length > MaxBytes / 3)
            over = Math.Max(over, Encoding.UTF8.GetByteCount(text.ToString()) - MaxBytes);
        return text.Entities > MaxEntities ? Math.Max(over, text.Visible * (text.Entities - MaxEntities) / text.Entities) + 1 : over;
    }
}
