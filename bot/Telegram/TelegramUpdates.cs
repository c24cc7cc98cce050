using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;

using Notifier.Model;
using Notifier.Texts;
using Telegram.Bot;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;
using Message = Telegram.Bot.Types.Message;

namespace Notifier.Bot.Telegram;

/// <summary>
/// Acts on what Telegram sends: commands and pressed buttons are carried out and answered; that the bot was added or removed, or that a group
/// became a supergroup, is passed on. Only what a person said by themselves counts: nothing forwarded, edited, or said through or by a bot.
/// </summary>
internal sealed partial class TelegramUpdates(
    TelegramClient client,
    TelegramRights rights,
    TelegramFiles files,
    TelegramReplies replies,
    CommandRunner commands,
    OfferedActions actions,
    ChatEvents events,
    Catalogue texts,
    IChatPlatform platform,
    ILogger log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What is asked for; anything else Telegram keeps to itself.</summary>
    public static IReadOnlyList<UpdateType> Kinds { get; } = [UpdateType.Message, UpdateType.ChannelPost, UpdateType.CallbackQuery, UpdateType.MyChatMember];

    /// <summary>The lane of an update: what happens in one chat happens in order.</summary>
    public static string Lane(IncomingUpdate update)
    {
        using var json = JsonDocument.Parse(update.Body);
        return json.RootElement.EnumerateObject().Select(member => ChatOf(member.Value)).FirstOrDefault(chat => chat is not null) ?? "";
    }

    /// <summary>Acts on one update. What cannot be read, or is nothing to act on, is passed over.</summary>
    public async Task HandleAsync(IncomingUpdate stored, User me, CancellationToken ct)
    {
        Update? update;
        try
        {
            update = JsonSerializer.Deserialize<Update>(stored.Body, JsonBotAPI.Options);
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            LogUnreadable(stored.UpdateId, fault.Message);
            return;
        }

        var id = stored.UpdateId;
        await (update switch
        {
            { Message: { Chat: not null } message } => SaidAsync(id, message, me, ct),
            { ChannelPost: { Chat: not null } post } => SaidAsync(id, post, me, ct),
            { CallbackQuery: { From: not null, Message: { Chat: not null } message, Data: { } data } pressed } => PressedAsync(id, pressed, message, data, me, ct),
            { MyChatMember: { Chat: not null, NewChatMember: not null } change } => ChangedAsync(change, ct),
            _ => Task.CompletedTask,
        });
    }

    private static string? ChatOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        if (value.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object)
            value = message;
        return value.TryGetProperty("chat", out var chat) && chat.ValueKind == JsonValueKind.Object && chat.TryGetProperty("id", out var id) ? id.GetRawText() : null;
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static ChatAddress Where(Message message) =>
        new(TelegramPlatform.PlatformName, Text(message.Chat.Id), message is { IsTopicMessage: true, MessageThreadId: { } thread } ? Text(thread) : "");

    /// <summary>Who said it: a person, or the chat itself (an anonymous administrator, a channel). Null for anybody else: another bot, another channel.</summary>
    private static Person? Speaker(Message message) => message switch
    {
        { SenderChat: { } chat } => chat.Id == message.Chat.Id ? new Person(Text(chat.Id), chat.Title) : null,
        { From: { IsBot: false } person } => new Person(Text(person.Id), Name(person)),
        { Chat.Type: ChatType.Channel } => new Person(Text(message.Chat.Id), message.Chat.Title),
        _ => null,
    };

    /// <summary>What was said, and about which file: a caption is about its own, a text about that of the message it replies to.</summary>
    private static (string? Line, Document? File) Asked(Message message) =>
        message.Text is { } text ? (text, message.ReplyToMessage?.Document)
        : message.Document is { } document ? (message.Caption, document)
        : (null, null);

    private static string Name(User person) => person.Username is { } username ? "@" + username : $"{person.FirstName} {person.LastName}".Trim();

    private async Task SaidAsync(string id, Message message, User me, CancellationToken ct)
    {
        if (message.MigrateToChatId is { } to)
            await events.MovedAsync(Where(message), new ChatAddress(platform.Name, Text(to)), ct);
        if (message.MigrateFromChatId is { } from)
            await events.MovedAsync(new ChatAddress(platform.Name, Text(from)), Where(message), ct);
        if (message.ForumTopicReopened is not null || message.GeneralForumTopicUnhidden is not null)
            await events.AllowedAsync(Where(message), ct);
        if (Asked(message) is not { Line: { } line, File: var file } || message.ForwardOrigin is not null || message.ViaBot is not null || Speaker(message) is not { } person)
            return;
        var command = CommandName().Match(line);
        var bot = command.Groups["bot"].Value;
        if (bot.Length > 0 && !bot.Equals(me.Username, StringComparison.OrdinalIgnoreCase))
            return;
        var isPrivate = message.Chat.Type == ChatType.Private;
        var incoming = new IncomingCommand(id, Where(message), person, line, isPrivate)
        {
            IsAddressed = bot.Length > 0,
            Space = isPrivate ? "" : Text(message.Chat.Id),
            Title = message.Chat.Title ?? person.Name,
            Language = message.From?.LanguageCode,
            File = file is null ? null : files.File(file),
        };
        await AnswerAsync(incoming, message.Chat.Type, message.Id, me, ct);
    }

    private async Task PressedAsync(string id, CallbackQuery pressed, Message message, string data, User me, CancellationToken ct)
    {
        var chat = Where(message);
        var person = new Person(Text(pressed.From.Id), Name(pressed.From));
        using var spoken = commands.SpeakIn(chat, pressed.From.LanguageCode);
        var chosen = await actions.ChooseAsync(data, chat, person.Id, ct);

        // What an anonymous administrator asked for, any administrator may choose: nobody can tell which of them it was.
        if (chosen is ChosenAction.SomebodyElses && await rights.OfAsync(chat, person.Id, ct) == Rights.ChatAdmin)
            chosen = await actions.ChooseAsync(data, chat, chat.Id, ct);
        switch (chosen)
        {
            case ChosenAction.Meant meant:
                await replies.AnswerPressAsync(pressed.Id, null, ct);
                var incoming = new IncomingCommand(id, chat, person, meant.CommandLine, message.Chat.Type == ChatType.Private)
                {
                    IsAddressed = true,
                    Language = pressed.From.LanguageCode,
                    Target = meant.Target,
                    Space = meant.Target is not null ? null : message.Chat.Type == ChatType.Private ? "" : chat.Id,
                };
                await AnswerAsync(incoming, message.Chat.Type, replyTo: null, me, ct);
                break;
            case ChosenAction.SomebodyElses:
                await replies.AnswerPressAsync(pressed.Id, texts.Say("choice.others"), ct);
                break;
            case ChosenAction.Expired:
                await replies.AnswerPressAsync(pressed.Id, texts.Say("choice.expired"), ct);
                break;
        }
    }

    private async Task AnswerAsync(IncomingCommand incoming, ChatType type, int? replyTo, User me, CancellationToken ct)
    {
        using var spoken = commands.SpeakIn(incoming.Chat, incoming.Language);
        var aim = Aim().Match(incoming.Line);
        if (aim.Success && incoming.Target is null && commands.Find(aim.Groups["name"].Value.ToLowerInvariant()) is { IsAboutChat: true })
        {
            var name = aim.Groups["chat"].Value;
            var answer = await ChatAsync(name, ct);
            if (answer is not TelegramAnswer<ChatFullInfo>.Ok { Value: { Type: not ChatType.Private } target }
                || await rights.MissingAsync(new ChatAddress(platform.Name, Text(target.Id)), target.Type, me.Id, ct) == TelegramRights.Membership)
            {
                var why = answer is TelegramAnswer<ChatFullInfo>.Ok or TelegramAnswer<ChatFullInfo>.Refused { Code: 400 or 403 } ? texts.Say("telegram.nochat", ("chat", name)) : texts.Say("rights.unknown");
                await replies.SendAsync(Notifier.Messages.Message.Of(why), incoming, replyTo, ct);
                return;
            }

            type = target.Type;
            incoming = incoming with
            {
                Line = incoming.Line.Remove(aim.Groups["chat"].Index, aim.Groups["chat"].Length),
                Target = new ChatAddress(platform.Name, Text(target.Id)),
                Space = Text(target.Id),
                Title = target.Title,
            };
        }

        else if (incoming.Target is { } before && await ChatAsync(before.Id, ct) is TelegramAnswer<ChatFullInfo>.Ok { Value: var pressedFor })
        {
            type = pressedFor.Type;
        }

        incoming = incoming with { MissingRight = stop => rights.MissingAsync(incoming.About, type, me.Id, stop) };
        if (await commands.RunAsync(incoming, platform, ct) is { } reply)
            await replies.SendAsync(reply, incoming, replyTo, ct);
    }

    /// <summary>The chat that is named by <c>@name</c> or by its number; refused where Telegram knows no such chat, or the bot may not see it.</summary>
    private Task<TelegramAnswer<ChatFullInfo>> ChatAsync(string name, CancellationToken ct) =>
        client.CallAsync(new global::Telegram.Bot.Requests.GetChatRequest { ChatId = new ChatId(name) }, Patience, ct);

    /// <summary>The bot's own standing in a chat has changed.</summary>
    private Task ChangedAsync(ChatMemberUpdated change, CancellationToken ct)
    {
        var chat = new ChatAddress(platform.Name, Text(change.Chat.Id));
        var isPrivate = change.Chat.Type == ChatType.Private;
        if (TelegramRights.Missing(change.NewChatMember, change.Chat.Type) is { } missing)
            return events.RemovedAsync(platform, chat, Phrase.Of(isPrivate ? "telegram.blocked" : missing == TelegramRights.Membership ? "telegram.removed" : "telegram.muted", ("right", missing)).Text, ct);

        // A channel's readers did not ask for a greeting, and in a private chat /start is the greeting.
        return isPrivate || change.Chat.Type == ChatType.Channel || change.OldChatMember is not (ChatMemberLeft or ChatMemberBanned)
            ? events.AllowedAsync(chat, ct)
            : events.JoinedAsync(chat, chat.Id, change.Chat.Title, change.From?.LanguageCode, ct);
    }

    [GeneratedRegex(@"^\s*/[A-Za-z0-9_]+@(?<bot>[A-Za-z0-9_]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommandName();

    [GeneratedRegex(@"^\s*/(?<name>[A-Za-z0-9_]+)(?:@[A-Za-z0-9_]+)?\s+(?<chat>@[A-Za-z][A-Za-z0-9_]{3,31}|-[0-9]{5,20})(?:\s|$)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Aim();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telegram's update {Update} cannot be read and is passed over: {Reason}")]
    private partial void LogUnreadable(string update, string reason);
}
