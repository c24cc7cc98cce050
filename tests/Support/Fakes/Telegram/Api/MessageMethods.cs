using System.Text;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Telegram.Text;

namespace Notifier.Tests.Support.Fakes.Telegram.Api;

/// <summary>The methods about messages: send, edit, delete, and the answer to a pressed button.</summary>
internal sealed class MessageMethods(FakeTelegram world, ChatAccess access)
{
    /// <summary>Bytes that a text with its markup may have.</summary>
    private const int MostBytes = 1 << 15;

    /// <summary>UTF-16 units of a text once its markup is read.</summary>
    private const int Longest = 4096;

    /// <summary>UTF-16 units of a caption once its markup is read.</summary>
    private const int LongestCaption = 1024;

    private const int LargestFile = 50 * 1024 * 1024;

    private static readonly string[] _notPlayed =
        ["entities", "business_connection_id", "direct_messages_topic_id", "suggested_post_parameters", "message_effect_id", "ephemeral_message_parameters", "allow_paid_broadcast"];

    private static readonly TimeSpan _deletable = TimeSpan.FromHours(48);

    public JsonNode Send(ApiCall call) => Send(call, ReadText(call));

    public JsonNode SendRich(ApiCall call) => Send(call, ReadRich(call));

    public JsonNode SendDocument(ApiCall call)
    {
        if (!call.Files.TryGetValue("document", out var file))
            throw Refusal.NotPlayed("a document that is no uploaded file");
        if (call.Parameters.ContainsKey("thumbnail") || call.Parameters.ContainsKey("caption_entities"))
            throw Refusal.NotPlayed("a thumbnail or caption_entities");
        if (file.Name.Length == 0 || file.Content.Length == 0)
            throw Refusal.Bad("file must be non-empty");
        if (file.Content.Length > LargestFile)
            throw new Refusal(413, "Request Entity Too Large");
        var shown = call.Text("caption").Length == 0 ? new FormattedText("", []) : Parse(call, call.Text("caption"));
        if (shown.Text.Length > LongestCaption)
            throw Refusal.Bad("message caption is too long");
        return Send(call, new(shown, call.Text("caption"), null, null), file);
    }

    public JsonNode EditText(ApiCall call)
    {
        CheckPlayed(call);
        var draft = call.Parameters.ContainsKey("rich_message") ? ReadRich(call) : ReadText(call);
        var keyboard = InlineKeyboard.Read(call);
        var message = Editable(call);
        // Telegram sets the keyboard anew with every edit: left out, it goes.
        if (message.Shown.Text == draft.Shown.Text && message.Entities.SequenceEqual(draft.Shown.Entities) && SameKeyboard(message, keyboard) && Same(message.LinkPreview, draft.Preview) && Same(message.Rich, draft.Rich))
            throw NotModified();
        message.Rewrite(draft.Shown, draft.Source);
        message.Rich = draft.Rich;
        message.LinkPreview = draft.Preview;
        message.Keyboard = keyboard;
        message.Raw = call.Parameters;
        return message.ToJson();
    }

    public JsonNode EditReplyMarkup(ApiCall call)
    {
        var keyboard = InlineKeyboard.Read(call);
        var message = Editable(call);
        if (SameKeyboard(message, keyboard))
            throw NotModified();
        message.Keyboard = keyboard;
        message.Touch();
        message.Raw = call.Parameters;
        return message.ToJson();
    }

    public JsonNode Delete(ApiCall call)
    {
        if (call.Integer("message_id") == 0)
            throw Refusal.Bad("message identifier is not specified");
        var message = access.Message(call, Access.Write, "message to delete");
        var mine = message.Chat.MembershipOf(world.Bot);
        var may = message.Chat.Type == FakeChatType.Private || message.FromBot || (mine.IsAdministrator && mine.CanDeleteMessages);
        if (!may || world.Clock.GetUtcNow() - message.At > _deletable)
            throw Refusal.Bad("message can't be deleted");
        message.IsDeleted = true;
        return JsonValue.Create(true);
    }

    public JsonNode AnswerCallback(ApiCall call)
    {
        world.Callbacks.Answer(call.Text("callback_query_id"), new(call.Text("text"), call.Flag("show_alert"), call.Text("url") is { Length: > 0 } url ? url : null));
        return JsonValue.Create(true);
    }

    private static Refusal NotModified() =>
        Refusal.Bad("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message");

    private static bool Same(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(one, other);

    private static bool SameKeyboard(FakeTelegramMessage message, IReadOnlyList<IReadOnlyList<FakeTelegramButton>> keyboard) =>
        message.Keyboard.Count == keyboard.Count && message.Keyboard.Zip(keyboard).All(rows => rows.First.SequenceEqual(rows.Second));

    private static void CheckPlayed(ApiCall call)
    {
        if (_notPlayed.FirstOrDefault(call.Parameters.ContainsKey) is { } parameter)
            throw Refusal.NotPlayed(parameter);
    }

    private static JsonObject? ReadPreview(ApiCall call)
    {
        var options = call.Json("link_preview_options", "link preview options");
        if (options is null)
            return null;
        if (options is not JsonObject fields)
            throw Refusal.Bad("object expected as link preview options");
        if (fields["url"]?.GetValue<string>() is { Length: > 0 } url && Links.Check(url).Url is null)
            throw Refusal.Bad("WEBPAGE_URL_INVALID");
        return (JsonObject)fields.DeepClone();
    }

    private JsonObject Send(ApiCall call, Draft draft, FakeTelegramFile? file = null)
    {
        CheckPlayed(call);
        var keyboard = InlineKeyboard.Read(call);
        var (chat, topic) = access.ForMessage(call);
        FakeTelegramMessage? replyTo = null;
        if (call.Json("reply_parameters", "reply parameters") is JsonObject reply)
        {
            replyTo = chat.History.FirstOrDefault(message => message.Id == reply["message_id"]?.GetValue<int>() && !message.IsDeleted);
            if (replyTo is null && reply["allow_sending_without_reply"]?.GetValue<bool>() != true)
                throw Refusal.Bad("message to be replied not found");
        }

        world.Limits.Take(chat);
        var channel = chat.Type == FakeChatType.Channel ? chat : null;
        var message = chat.Add(channel is null ? world.Bot : null, channel, "", topic, fromBot: true);
        message.File = file;
        message.Write(draft.Shown, draft.Source);
        message.Rich = draft.Rich;
        message.LinkPreview = draft.Preview;
        message.Keyboard = keyboard;
        message.IsSilent = call.Flag("disable_notification");
        message.ReplyTo = replyTo;
        message.Raw = call.Parameters;
        return message.ToJson();
    }

    private Draft ReadText(ApiCall call)
    {
        var preview = ReadPreview(call);
        var source = call.Text("text");
        if (source.Length == 0)
            throw Refusal.Bad("message text is empty");
        if (Encoding.UTF8.GetByteCount(source) > MostBytes)
            throw Refusal.Bad("text is too long");
        var shown = Parse(call, source);
        if (shown.Text.Length == 0)
            throw Refusal.Bad("text must be non-empty");
        if (shown.Text.Length > Longest)
            throw Refusal.Bad("message is too long");
        return new(shown, source, preview, null);
    }

    private FormattedText Parse(ApiCall call, string source)
    {
        var parsed = call.Text("parse_mode").ToLowerInvariant() switch
        {
            "html" => HtmlText.Parse(source),
            "" or "none" => new(source, []),
            "markdown" or "markdownv2" => throw Refusal.NotPlayed("parse_mode " + call.Text("parse_mode")),
            _ => throw Refusal.Bad("unsupported parse_mode"),
        };
        if (ShownText.NestsQuotes(parsed))
            world.Violations.Enqueue($"{call.Method}: a blockquote stands in a blockquote; the inner one is lost");
        var shown = ShownText.Clean(parsed);
        if (shown.Entities.FirstOrDefault(entity => entity.UserId is { } id && !world.Users.Any(user => user.Id == id)) is { } stranger)
            shown = shown with { Entities = [.. shown.Entities.Where(entity => entity != stranger)] };
        return shown;
    }

    private static Draft ReadRich(ApiCall call)
    {
        if (call.Json("rich_message", "rich message") is not JsonObject rich)
            throw Refusal.Bad("rich message must be non-empty");
        if (rich["html"] is null)
            throw Refusal.NotPlayed("a rich message that is not HTML");
        var source = rich["html"]!.GetValue<string>();
        var text = RichHtml.Read(source).Text.Trim();
        if (text.Length == 0)
            throw Refusal.Bad("rich message must be non-empty");
        return new(new(text, []), source, null, (JsonObject)rich.DeepClone());
    }

    private FakeTelegramMessage Editable(ApiCall call)
    {
        if (call.Parameters.ContainsKey("inline_message_id"))
            throw Refusal.NotPlayed("inline_message_id");
        var message = access.Message(call, Access.Edit, "message to edit");
        var mine = message.Chat.MembershipOf(world.Bot);
        var may = message.FromBot || (message.Chat.Type == FakeChatType.Channel && mine.IsAdministrator && mine.CanEditMessages);
        return may && message.Event is null ? message : throw Refusal.Bad("message can't be edited");
    }

    private sealed record Draft(FormattedText Shown, string Source, JsonObject? Preview, JsonObject? Rich);
}
