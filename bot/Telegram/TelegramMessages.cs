using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Notifier.Messages;

namespace Notifier.Bot.Telegram;

/// <summary>
/// Gives messages the form of Telegram's sendMessage, without the chat. Lengths are UTF-16 units after the markup is read, as Telegram counts
/// them; of styles and links it keeps a hundred.
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
    private const int MaxTitle = 256;
    private const int MaxName = 256;
    private const int MaxData = 64;
    private const int MaxButtons = 100;
    private const int LongLabel = 16;
    private const int RowLength = 3;

    /// <summary>So that no paragraph is broken into lines.</summary>
    private const int EndlessLine = 100_000;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether the message fits into one of Telegram's as it is; a longer reply has to be split (<see cref="MessageParts"/>).</summary>
    public bool Fits(Message message) => Excess(Html(message.Text, message.Card, message.Card?.Body ?? [])) <= 0;

    /// <summary>The body of the request, without its chat; null when it is a list that does not fit: then it has to be made of fewer entries.</summary>
    /// <param name="fallback">0 as meant; 1 without adornments, all of it plain text; 2 title and link only.</param>
    public byte[]? Render(Message message, int fallback) => (message.Card, fallback) switch
    {
        (null, 0) => Text(message.Text, taken => Html(taken, card: null, []), isHtml: true, Offered(message)),
        (null, _) => Text(message.Text, taken => Plain(taken, card: null, []), isHtml: false),
        ({ } card, 0) => Payload(Whole(message.Text, card, Html), isHtml: true, Preview(card)),
        ({ } card, 1) => Payload(Whole(message.Text, card, Plain), isHtml: false, preview: null),
        ({ } card, _) => Payload(Plain([], new EntryCard { Feed = "", Title = card.Title, Link = card.Link }, []), isHtml: false, preview: null),
    };

    /// <summary>The <c>reply_markup</c> of a message: short labels three in a row, others one.</summary>
    public static byte[] Keyboard(IReadOnlyList<(string Label, string Data)> buttons) => Json(json =>
    {
        var rowLength = buttons.All(button => button.Label.Length <= LongLabel) ? RowLength : 1;
        json.WriteStartObject();
        json.WriteStartArray("inline_keyboard");
        foreach (var row in buttons.Take(MaxButtons).Chunk(rowLength))
        {
            json.WriteStartArray();
            foreach (var (label, data) in row)
            {
                ArgumentException.ThrowIfNullOrEmpty(data, nameof(buttons));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(data), MaxData, nameof(buttons));
                json.WriteStartObject();
                json.WriteString("text", CleanText.Line(label) is { Length: > 0 } said ? CleanText.Cut(said, MaxName) : "…");
                json.WriteString("callback_data", data);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The buttons of a message that comes by itself: its actions are offered before it is rendered.</summary>
    private static byte[]? Offered(Message message) =>
        message.Actions.Any(action => action.Token is not null) ? Keyboard([.. message.Actions.Where(action => action.Token is not null).Select(action => (action.Label, action.Token!))]) : null;

    private static byte[]? Text(IReadOnlyList<Block> blocks, Func<IReadOnlyList<Block>, TelegramText> write, bool isHtml, byte[]? keyboard = null)
    {
        var text = write(blocks);
        if (Excess(text) > 0)
        {
            if (blocks.Any(block => block is Block.List { Items.Count: > 1 }))
                return null;
            text = Excerpt.Shrink(blocks, MaxText, taken => Excess(write(taken))) is { } fit ? write(fit) : write(Cut(blocks, MaxText / 2));
        }

        return Payload(text, isHtml, preview: null, keyboard);
    }

    private static TelegramText Whole(IReadOnlyList<Block> before, EntryCard card, Func<IReadOnlyList<Block>, EntryCard?, IReadOnlyList<Block>, TelegramText> write)
    {
        if (Excerpt.Length(card.Body) <= MaxText && write(before, card, card.Body) is var whole && Excess(whole) <= 0)
            return whole;
        // A card without its excerpt is below 2,000 characters.
        var text = Excess(write(before, null, [])) <= -MaxText * 3 / 4 ? before : Cut(before, MaxText / 8);
        var body = Excerpt.Shrink(card.Body, MaxText, taken => Excess(write(text, card, taken)));
        return write(text, card, body ?? Cut(card.Body, MaxText / 8));
    }

    /// <summary>The beginning of blocks as one plain paragraph. Breaking signs at most doubles it.</summary>
    private static IReadOnlyList<Block> Cut(IReadOnlyList<Block> blocks, int max)
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
            Card(text, html, card, body);
        return text;
    }

    private static void Card(TelegramText text, TelegramHtml html, EntryCard card, IReadOnlyList<Block> body)
    {
        Separate(text, lines: 2);
        text.InStyle(SpanStyle.Bold, "b", () =>
        {
            if (WebLink.Address(card.Link) is null)
                text.Append(Title(card));
            else
                html.Link(new Span.Link(card.Link!, [new Span.Text(Title(card))]));
        });

        var title = text.Mark();
        text.NewLine();
        var start = text.Visible;
        html.Write(body);
        var hasBody = text.Visible > start;
        if (!hasBody)
            text.Return(title);

        var before = text.Mark();
        Separate(text, lines: hasBody ? 2 : 1);
        start = text.Visible;
        text.InStyle(SpanStyle.Italic, "i", () => text.Append(Names(card)));
        if (Unix(card.Published) is { } unix)
        {
            if (text.Visible > start)
                text.Append(" · ");
            text.Element($"<tg-time unix=\"{unix}\" format=\"r\">", "</tg-time>", () => text.AsIs(Date(card.Published!.Value)));
        }

        if (text.Visible == start)
            text.Return(before);
        Tags(text, card);
    }

    private static void Tags(TelegramText text, EntryCard card)
    {
        var isFirst = true;
        foreach (var tag in card.Tags.Where(IsTag).Take(3))
        {
            if (isFirst)
                text.NewLine();
            else
                text.Append(" ");
            text.AsIs("#" + tag);
            isFirst = false;
        }
    }

    private TelegramText Plain(IReadOnlyList<Block> before, EntryCard? card, IReadOnlyList<Block> body)
    {
        var text = new TelegramText(isHtml: false) { Commands = commands };
        text.Append(Lines(before));
        text.Commands = null;
        if (card is null)
            return text;
        Separate(text, lines: 2);
        text.Append(Title(card));
        if (WebLink.Address(card.Link) is { } address)
        {
            text.NewLine();
            text.AsIs(address);
        }

        foreach (var part in new[] { Lines(body), Names(card) }.Where(part => part.Length > 0))
        {
            Separate(text, lines: 2);
            text.Append(part);
        }

        return text;
    }

    private static void Separate(TelegramText text, int lines)
    {
        for (var i = 0; i < lines && text.Visible > 0; i++)
            text.NewLine();
    }

    private static string Lines(IReadOnlyList<Block> blocks) => string.Join('\n', PlainWriter.Write(blocks, EndlessLine));

    private static string Title(EntryCard card) => CleanText.Line(card.Title) is { Length: > 0 } title ? CleanText.Cut(title, MaxTitle) : card.Link?.IdnHost ?? "…";

    private static string Names(EntryCard card) =>
        string.Join(" · ", new[] { card.Feed, card.Author }.Select(CleanText.Line).Where(name => name.Length > 0).Select(name => CleanText.Cut(name, MaxName)));

    private static bool IsTag(string tag) => tag.Length is > 0 and <= MaxName && tag.Any(c => !char.IsDigit(c)) && tag.All(c =>
        char.IsLetterOrDigit(c) || c == '_' || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    private static long? Unix(DateTimeOffset? time) => time?.ToUnixTimeSeconds() is > 0 and <= int.MaxValue ? time.Value.ToUnixTimeSeconds() : null;

    /// <summary>What an app shows that knows no <c>tg-time</c>.</summary>
    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>By how much a text exceeds what Telegram takes: characters, bytes or entities, whichever is most; 0 or less when it fits.</summary>
    private static int Excess(TelegramText text)
    {
        var over = text.Visible - MaxText;
        if (text.Length > MaxBytes / 3)
            over = Math.Max(over, Encoding.UTF8.GetByteCount(text.ToString()) - MaxBytes);
        return text.Entities > MaxEntities ? Math.Max(over, text.Visible * (text.Entities - MaxEntities) / text.Entities) + 1 : over;
    }

    /// <summary>The picture, or what the link shows, large and above the text.</summary>
    private static string? Preview(EntryCard card) => WebLink.Address(card.Image) ?? WebLink.Address(card.Link);

    private static byte[] Payload(TelegramText text, bool isHtml, string? preview, byte[]? keyboard = null) => Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("text", text.ToString() is var said && string.IsNullOrWhiteSpace(said) ? "…" : said);
        if (isHtml)
            json.WriteString("parse_mode", "HTML");
        json.WriteStartObject("link_preview_options");
        if (preview is null)
        {
            json.WriteBoolean("is_disabled", value: true);
        }
        else
        {
            json.WriteString("url", preview);
            json.WriteBoolean("prefer_large_media", value: true);
            json.WriteBoolean("show_above_text", value: true);
        }

        json.WriteEndObject();
        if (keyboard is not null)
        {
            json.WritePropertyName("reply_markup");
            json.WriteRawValue(keyboard);
        }

        json.WriteEndObject();
    });

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
            write(json);
        return bytes.WrittenSpan.ToArray();
    }
}
