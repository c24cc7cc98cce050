using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Telegram.Text;

namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>A person (or a bot) of the fake Telegram, who acts when the test says so.</summary>
internal sealed class FakeTelegramUser(FakeTelegram world, long id, string firstName, string? username, bool isBot)
{
    public long Id => id;

    public string FirstName => firstName;

    public string? Username => username;

    public bool IsBot => isBot;

    /// <summary>The language of the person's app, as <c>language_code</c>.</summary>
    public string? Language { get; set; } = isBot ? null : "en";

    /// <summary>The chat with the bot, once the person has started it.</summary>
    public FakeTelegramChat? PrivateChat { get; private set; }

    public bool HasBlocked { get; private set; }

    /// <summary>The account is gone.</summary>
    public bool IsDeactivated { get; set; }

    /// <summary>The bot has met this person in some update; otherwise it gets "chat not found".</summary>
    public bool IsKnown { get; internal set; }

    /// <summary>Opens the private chat by its Start button (and unblocks the bot): the bot receives <c>/start</c>.</summary>
    public FakeTelegramChat Start(string? payload = null)
    {
        FakeTelegramChat chat;
        lock (world.Lock)
        {
            chat = PrivateChat ??= world.OpenPrivateChat(this);
            if (HasBlocked)
                Unblock();
        }

        Say(chat, payload is null ? "/start" : "/start " + payload);
        return chat;
    }

    /// <summary>Starts the private chat and waits for the bot's first words.</summary>
    public async Task<FakeTelegramMessage> MeetAsync(CancellationToken ct = default)
    {
        var chat = Start();
        var said = chat.History[^1];
        return await chat.WaitForMessageAsync(message => message.Id > said.Id, null, ct);
    }

    /// <summary>
    /// Writes into a chat. The bot hears it in private chats, and in groups if it is an administrator, or privacy mode is off, or it is a command or an
    /// answer to the bot. <paramref name="sentAt"/> makes an old message, <paramref name="quote"/> quotes a part of the message that it replies to.
    /// With a <paramref name="file"/> the text is its caption, and may be empty.
    /// </summary>
    public FakeTelegramMessage Say(
        FakeTelegramChat chat, string text, FakeTelegramTopic? topic = null, FakeTelegramMessage? replyTo = null, string? quote = null, DateTimeOffset? sentAt = null, FakeTelegramFile? file = null)
    {
        lock (world.Lock)
        {
            var message = chat.Add(this, null, text, topic ?? replyTo?.Topic, sentAt);
            message.ReplyTo = replyTo;
            message.Quote = quote;
            message.File = file;

            // Whether a command in a caption is heard in spite of privacy mode Telegram does not say.
            chat.Tell(message, Hears(chat, file is null ? text : "", replyTo));
            return message;
        }
    }

    /// <summary>Says it and waits for the bot's next message in that chat.</summary>
    public async Task<FakeTelegramMessage> AskAsync(FakeTelegramChat chat, string text, FakeTelegramTopic? topic = null, TimeSpan? timeout = null, CancellationToken ct = default)
    {
        var said = Say(chat, text, topic);
        return await chat.WaitForMessageAsync(message => message.Id > said.Id, timeout, ct);
    }

    /// <summary>Forwards a message of somebody else's into a chat; its text keeps its commands.</summary>
    public FakeTelegramMessage Forward(FakeTelegramChat chat, FakeTelegramMessage original, FakeTelegramTopic? topic = null)
    {
        lock (world.Lock)
        {
            var message = chat.Add(this, null, original.Text, topic);
            message.ForwardOf = original;
            chat.Tell(message, Hears(chat, original.Text, null));
            return message;
        }
    }

    /// <summary>Blocks the bot: its messages are refused from now on.</summary>
    public void Block() => Turn(blocked: true);

    public void Unblock() => Turn(blocked: false);

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["id"] = id, ["is_bot"] = isBot, ["first_name"] = firstName };
        if (username is not null)
            json["username"] = username;
        if (Language is not null)
            json["language_code"] = Language;
        return json;
    }

    public override string ToString() => username is null ? firstName : "@" + username;

    private bool Hears(FakeTelegramChat chat, string text, FakeTelegramMessage? replyTo)
    {
        if (!chat.IsGroup || !world.PrivacyMode || chat.MembershipOf(world.Bot).IsAdministrator || replyTo is { FromBot: true })
            return true;
        var command = ShownText.Detect(new(text, []), commands: true).FirstOrDefault(entity => entity is { Type: "bot_command", Offset: 0 });
        if (command is null)
            return false;
        var name = text[..command.Length].Split('@');
        return name.Length == 1 || name[1].Equals(world.Bot.Username, StringComparison.OrdinalIgnoreCase);
    }

    private void Turn(bool blocked)
    {
        lock (world.Lock)
        {
            if (HasBlocked == blocked || PrivateChat is not { } chat)
                return;
            HasBlocked = blocked;
            chat.Announce("my_chat_member", this, world.Bot, blocked ? Membership.Member : new(MemberStatus.Kicked), blocked ? new(MemberStatus.Kicked) : Membership.Member);
        }
    }
}
