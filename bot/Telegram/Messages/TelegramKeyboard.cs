using System.Text;
using Notifier.Messages;

namespace Notifier.Bot.Telegram.Messages;

/// <summary>A button below a message: it tells Notifier of being pressed, or opens an address.</summary>
/// <param name="Data">At most 64 bytes; null for an address.</param>
internal sealed record TelegramButton(string Label, string? Data, string? Url = null);

/// <summary>The <c>reply_markup</c> of a message: short labels three in a row, others one.</summary>
internal static class TelegramKeyboard
{
    private const int MaxData = 64;
    private const int MaxButtons = 100;
    private const int MaxLabel = 256;
    private const int LongLabel = 16;
    private const int RowLength = 3;

    /// <summary>The buttons of a message: what its entry opens, and its actions as far as they are offered already; null for none.</summary>
    public static byte[]? Of(Message message)
    {
        var buttons = (message.Card?.Links ?? []).Select(link => (link.Label, Url: TelegramAddress.Of(link.Url))).Where(link => link.Url is not null)
            .Select(link => new TelegramButton(link.Label, Data: null, link.Url))
            .Concat(message.Actions.Where(action => action.Token is not null).Select(action => new TelegramButton(action.Label, action.Token)))
            .ToList();
        return buttons.Count == 0 ? null : Of(buttons);
    }

    public static byte[] Of(IReadOnlyList<TelegramButton> buttons) => TelegramBody.Json(json =>
    {
        var rowLength = buttons.All(button => button.Label.Length <= LongLabel) ? RowLength : 1;
        json.WriteStartObject();
        json.WriteStartArray("inline_keyboard");
        foreach (var row in buttons.Take(MaxButtons).Chunk(rowLength))
        {
            json.WriteStartArray();
            foreach (var (label, data, url) in row)
            {
                json.WriteStartObject();
                json.WriteString("text", CleanText.Line(label) is { Length: > 0 } said ? CleanText.Cut(said, MaxLabel) : "…");
                if (url is null)
                    json.WriteString("callback_data", Fitting(data));
                else
                    json.WriteString("url", url);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static string Fitting(string? data)
    {
        ArgumentException.ThrowIfNullOrEmpty(data);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(data), MaxData, nameof(data));
        return data;
    }
}
