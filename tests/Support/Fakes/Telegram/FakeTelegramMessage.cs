using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Telegram.Text;

namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>A message in a chat of the fake, as people see it and as the Bot API tells it.</summary>
internal sealed class FakeTelegramMessage(FakeTelegram world, FakeTelegramChat chat, int id, DateTimeOffset at)
{
    private readonly List<string> _earlier = [];

    public int Id => id;

    public FakeTelegramChat Chat { get; internal set; } = chat;

    public DateTimeOffset At => at;

    /// <summary>Who wrote it; nobody in a channel.</summary>
    public FakeTelegramUser? From { get; init; }

    /// <summary>The chat in whose name it stands: of a channel's post and of an anonymous administrator.</summary>
    public FakeTelegramChat? SenderChat { get; init; }

    /// <summary>The bot sent it through the API.</summary>
    public bool FromBot { get; init; }

    public FakeTelegramTopic? Topic { get; init; }

    /// <summary>The text as people read it, without markup.</summary>
    public string Text => Shown.Text;

    /// <summary>What the sender marked in the text.</summary>
    public IReadOnlyList<TextEntity> Entities => Shown.Entities;

    /// <summary>The text as the bot sent it, with its markup.</summary>
    public string Html { get; private set; } = "";

    public FormattedText Shown { get; private set; } = new("", []);

    /// <summary>The mentions and commands in it that would come alive; see <see cref="ShownText.Pings"/>.</summary>
    public IReadOnlyList<string> Pings => Rich?["skip_entity_detection"]?.GetValue<bool>() == true ? [] : ShownText.Pings(Shown, commands: Chat.Type != FakeChatType.Channel);

    /// <summary>The inline keyboard, row by row.</summary>
    public IReadOnlyList<IReadOnlyList<FakeTelegramButton>> Keyboard { get; internal set; } = [];

    public IReadOnlyList<FakeTelegramButton> Buttons => [.. Keyboard.SelectMany(row => row)];

    /// <summary>What the bot asked of the link preview; null if nothing.</summary>
    public JsonObject? LinkPreview { get; internal set; }

    /// <summary>Sent without a sound.</summary>
    public bool IsSilent { get; internal set; }

    /// <summary>A rich message's source as it was sent.</summary>
    public JsonObject? Rich { get; internal set; }

    /// <summary>The parameters of the last request that made it what it is.</summary>
    public JsonObject? Raw { get; internal set; }

    /// <summary>The document that it is; its text is the caption then.</summary>
    public FakeTelegramFile? File { get; internal set; }

    public FakeTelegramMessage? ReplyTo { get; internal set; }

    public string? Quote { get; internal set; }

    public FakeTelegramMessage? ForwardOf { get; internal set; }

    /// <summary>The texts that it had before it was edited, oldest first.</summary>
    public IReadOnlyList<string> Edits
    {
        get
        {
            lock (world.Lock)
                return [.. _earlier];
        }
    }

    public DateTimeOffset? EditedAt { get; private set; }

    public bool IsDeleted { get; internal set; }

    /// <summary>The fields of a service message, such as <c>new_chat_members</c>; null for one with a text.</summary>
    public JsonObject? Event { get; init; }

    /// <summary>The writer changes the text: the bot receives <c>edited_message</c> or <c>edited_channel_post</c>.</summary>
    public void Edit(string text)
    {
        lock (world.Lock)
        {
            Rewrite(new(text, []), text);
            Chat.Tell(this, heard: true, edited: true);
        }
    }

    /// <summary>Presses the button of that label and waits for the bot's answer: the text of the notice that the person sees, empty if there is none.</summary>
    public Task<string> PressAsync(FakeTelegramUser user, string label, CancellationToken ct = default)
    {
        var button = Buttons.FirstOrDefault(button => button.Label == label)
            ?? throw new InvalidOperationException($"There is no button \"{label}\" under \"{Text}\", only: {string.Join(", ", Buttons.Select(b => b.Label))}.");
        return PressDataAsync(user, button.Data ?? throw new InvalidOperationException($"The button \"{label}\" opens {button.Url}."), ct);
    }

    /// <summary>Calls back with any data, as a forged or an old client can; see <see cref="PressAsync"/>.</summary>
    public async Task<string> PressDataAsync(FakeTelegramUser user, string data, CancellationToken ct = default)
    {
        var query = world.Callbacks.Press(this, user, data);
        var answer = await world.Changed.UntilAsync(() => query.Answer, world.Patience, () => $"The press of {data} was not answered. {world.Scene()}", ct);
        return answer.Text;
    }

    public JsonObject ToJson(bool withReply = true)
    {
        var json = new JsonObject { ["message_id"] = id };
        if (Topic is not null)
            json["message_thread_id"] = Topic.Id;
        if (From is not null && Chat.Type != FakeChatType.Channel)
            json["from"] = From.ToJson();
        if (SenderChat is not null)
            json["sender_chat"] = SenderChat.ToJson();
        json["date"] = at.ToUnixTimeSeconds();
        json["chat"] = Chat.ToJson();
        if (Topic is not null)
            json["is_topic_message"] = true;
        if (ForwardOf is { } original)
            json["forward_origin"] = Origin(original);
        if (ReplyTo is not null && withReply)
            json["reply_to_message"] = ReplyTo.ToJson(withReply: false);
        if (Quote is not null)
            json["quote"] = new JsonObject { ["text"] = Quote, ["position"] = Math.Max(0, ReplyTo?.Text.IndexOf(Quote, StringComparison.Ordinal) ?? 0), ["is_manual"] = true };
        if (EditedAt is { } edited)
            json["edit_date"] = edited.ToUnixTimeSeconds();
        foreach (var (name, value) in Event ?? [])
            json[name] = value?.DeepClone();
        if (Rich is not null)
            json["rich_message"] = new JsonObject { ["blocks"] = new JsonArray(new JsonObject { ["type"] = "paragraph", ["text"] = Text }) };
        else if (Event is null)
            AddText(json);
        if (Keyboard.Count > 0)
            json["reply_markup"] = KeyboardJson();
        return json;
    }

    public override string ToString() => $"{id} {(object?)From ?? SenderChat}: {Text}{string.Concat(Buttons.Select(button => $" [{button.Label}]"))}{(IsDeleted ? " (deleted)" : "")}";

    internal void Write(FormattedText shown, string html)
    {
        Shown = shown;
        Html = html;
    }

    internal void Rewrite(FormattedText shown, string html)
    {
        _earlier.Add(Text);
        Write(shown, html);
        Touch();
    }

    internal void Touch() => EditedAt = world.Clock.GetUtcNow();

    internal JsonObject KeyboardJson() => new()
    {
        ["inline_keyboard"] = new JsonArray([.. Keyboard.Select(row => (JsonNode)new JsonArray([.. row.Select(button => (JsonNode)new JsonObject
        {
            ["text"] = button.Label,
            [button.Url is null ? "callback_data" : "url"] = button.Url ?? button.Data,
        })]))]),
    };

    private static JsonObject Origin(FakeTelegramMessage original) => original switch
    {
        { SenderChat: { Type: FakeChatType.Channel } channel } => new() { ["type"] = "channel", ["date"] = original.At.ToUnixTimeSeconds(), ["chat"] = channel.ToJson(), ["message_id"] = original.Id },
        { SenderChat: { } chat } => new() { ["type"] = "chat", ["date"] = original.At.ToUnixTimeSeconds(), ["sender_chat"] = chat.ToJson() },
        _ => new() { ["type"] = "user", ["date"] = original.At.ToUnixTimeSeconds(), ["sender_user"] = original.From!.ToJson() },
    };

    private void AddText(JsonObject json)
    {
        if (File is not null)
            json["document"] = File.ToJson();
        if (File is not null && Text.Length == 0)
            return;
        json[File is null ? "text" : "caption"] = Text;
        var entities = Entities.Concat(ShownText.Detect(Shown, commands: Chat.Type != FakeChatType.Channel)).OrderBy(entity => entity.Offset).ToList();
        if (entities.Count > 0)
            json[File is null ? "entities" : "caption_entities"] = new JsonArray([.. entities.Select(entity => (JsonNode)entity.ToJson(user => world.UserJson(user)))]);
        if (LinkPreview is not null)
            json["link_preview_options"] = LinkPreview.DeepClone();
    }
}
