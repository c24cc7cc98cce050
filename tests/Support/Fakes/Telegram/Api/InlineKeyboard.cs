using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Telegram.Text;

namespace Notifier.Tests.Support.Fakes.Telegram.Api;

/// <summary>The rows of buttons that a bot hangs under a message, with Telegram's limits: data of 1–64 bytes, http(s) and tg links, 100 buttons.</summary>
internal static class InlineKeyboard
{
    private const int MostButtons = 100;
    private const int LongestData = 64;

    /// <summary>The rows of <c>reply_markup</c>; none if it is absent or another kind of markup.</summary>
    public static IReadOnlyList<IReadOnlyList<FakeTelegramButton>> Read(ApiCall call)
    {
        if (call.Json("reply_markup", "reply keyboard markup") is not { } markup)
            return [];
        if (markup is not JsonObject fields)
            throw Refusal.Bad("object expected as reply markup");
        if (fields["inline_keyboard"] is not { } keyboard)
            throw Refusal.NotPlayed("a reply_markup that is no inline keyboard");
        if (keyboard is not JsonArray rows || rows.Any(row => row is not JsonArray))
            throw Refusal.Bad("field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays");
        var read = rows.Select(row => (IReadOnlyList<FakeTelegramButton>)[.. row!.AsArray().Select(Button)]).Where(row => row.Count > 0).ToList();
        if (read.Sum(row => row.Count) > MostButtons)
            throw Refusal.Bad("reply markup is too long");
        return read;
    }

    private static FakeTelegramButton Button(JsonNode? button)
    {
        if (button is not JsonObject fields)
            throw Refusal.Bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object");
        var label = Text(fields, "text") ?? throw Refusal.Bad("can't parse inline keyboard button: Can't find field \"text\"");
        if (label.Trim().Length == 0)
            throw Refusal.Bad("inline keyboard button text must be non-empty");
        if (Text(fields, "url") is { Length: > 0 } url)
        {
            if (Links.MentionedUser(url) is not null || Links.Check(url) is not { Error: { } error })
                return new(label, null, url);
            throw Refusal.Bad($"inline keyboard button URL '{url}' is invalid: {error}");
        }

        if (fields.Select(field => field.Key).FirstOrDefault(name => name is not ("text" or "url" or "callback_data" or "style" or "icon_custom_emoji_id")) is { } other)
            throw Refusal.NotPlayed($"a button's {other}");
        if (Text(fields, "callback_data") is not { Length: > 0 } data)
            throw Refusal.Bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
        return Encoding.UTF8.GetByteCount(data) <= LongestData ? new(label, data, null) : throw Refusal.Bad("BUTTON_DATA_INVALID");
    }

    private static string? Text(JsonObject fields, string name) => fields[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw Refusal.Bad($"can't parse inline keyboard button: Field \"{name}\" must be of type String"),
    };
}
