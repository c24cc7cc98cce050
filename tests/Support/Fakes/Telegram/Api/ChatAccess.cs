using System.Globalization;

namespace Notifier.Tests.Support.Fakes.Telegram.Api;

/// <summary>What a method wants to do with a chat; each includes the ones before it.</summary>
internal enum Access
{
    Read,
    ReadMembers,
    Edit,
    Write,
}

/// <summary>Whether the bot may do something with a chat, and Telegram's words if it may not. Call it under the world's lock.</summary>
internal sealed class ChatAccess(FakeTelegram world)
{
    private FakeTelegramUser Bot => world.Bot;

    /// <summary>The chat that an id or an <c>@name</c> means.</summary>
    public FakeTelegramChat Resolve(string chatId, Access access)
    {
        if (chatId.Length == 0)
            throw Refusal.Bad("chat_id is empty");
        if (chatId[0] == '@')
        {
            var named = world.Chats.FirstOrDefault(chat => chat.Type != FakeChatType.Private && chatId[1..].Equals(chat.Username, StringComparison.OrdinalIgnoreCase));
            return Checked(named ?? throw Refusal.Bad("chat not found"), access);
        }

        _ = long.TryParse(chatId, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id);
        if (id > 0)
            return PrivateChat(id, access);
        var chat = world.Chats.FirstOrDefault(chat => chat.Id == id);
        return chat is null or { IsKnown: false, Username: null } ? throw Refusal.Bad("chat not found") : Checked(chat, access);
    }

    /// <summary>The chat and the topic that a message is for, if the bot may write there.</summary>
    public (FakeTelegramChat Chat, FakeTelegramTopic? Topic) ForMessage(ApiCall call)
    {
        var chat = Resolve(call.Text("chat_id"), Access.Write);
        var thread = call.Integer("message_thread_id");
        FakeTelegramTopic? topic = null;
        // Threads are for forums (and private chats with topics, which the fake has not); elsewhere the number is ignored.
        if (thread != 0 && (chat.IsForum || chat.Type == FakeChatType.Private))
            topic = chat.TopicOf(thread) ?? throw Refusal.Bad("message thread not found");

        var mine = chat.MembershipOf(Bot);
        if (chat.Type == FakeChatType.Channel && !(mine.Status is MemberStatus.Administrator && mine.CanPostMessages))
            throw Refusal.Bad("need administrator rights in the channel chat");
        if (chat.IsGroup && !mine.IsAdministrator && !(mine.Status is MemberStatus.Restricted ? mine.CanSendMessages : chat.MembersMayWrite))
            throw Refusal.Bad("not enough rights to send text messages to the chat");
        if (chat.IsForum && (topic?.IsClosed ?? chat.GeneralIsClosed) && !(mine.IsAdministrator && mine.CanManageTopics))
            throw Refusal.Bad("TOPIC_CLOSED");
        return (chat, topic);
    }

    /// <summary>The message that a method is about; <paramref name="what"/> stands in the refusal.</summary>
    public FakeTelegramMessage Message(ApiCall call, Access access, string what)
    {
        var chat = Resolve(call.Text("chat_id"), access);
        var id = call.Integer("message_id");
        return chat.History.FirstOrDefault(message => message.Id == id && !message.IsDeleted) ?? throw Refusal.Bad(what + " not found");
    }

    private FakeTelegramChat PrivateChat(long id, Access access)
    {
        var user = world.Users.FirstOrDefault(user => user.Id == id);
        if (user is not { IsKnown: true })
            throw Refusal.Bad("chat not found");
        if (user.IsDeactivated && access >= Access.Edit)
            throw Refusal.Forbidden("user is deactivated");
        if (user.PrivateChat is null)
            throw access == Access.Write ? Refusal.Forbidden(user.IsBot ? "bot can't send messages to bots" : "bot can't initiate conversation with a user") : Refusal.Bad("chat not found");
        if (user.HasBlocked && access == Access.Write)
            throw Refusal.Forbidden("bot was blocked by the user");
        return user.PrivateChat;
    }

    private FakeTelegramChat Checked(FakeTelegramChat chat, Access access)
    {
        var name = chat.Type.ToString().ToLowerInvariant();
        var mine = chat.MembershipOf(Bot);
        if (chat.Type == FakeChatType.Group)
        {
            // The members of a group that is no more cannot be read either.
            if (access is Access.Write or Access.ReadMembers && chat.UpgradedTo is { } upgraded)
                throw new Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrateToChatId: upgraded.Id);
            if (access is Access.Write or Access.ReadMembers && chat.IsDeleted)
                throw Refusal.Forbidden("the group chat was deleted");
            if (access >= Access.ReadMembers && mine.Status == MemberStatus.Kicked)
                throw Refusal.Forbidden("bot was kicked from the group chat");
            if (access >= Access.ReadMembers && !mine.IsIn)
                throw Refusal.Forbidden("bot is not a member of the group chat");
            return chat;
        }

        // A deleted supergroup or channel looks to the bot as if it had been put out.
        if (mine.Status == MemberStatus.Kicked || chat.IsDeleted)
            throw Refusal.Forbidden($"bot was kicked from the {name} chat");
        if (!mine.IsIn && (chat.Username is null || access >= Access.Edit))
            throw Refusal.Forbidden($"bot is not a member of the {name} chat");
        return chat;
    }
}
