using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Telegram;

internal enum FakeChatType
{
    Private,
    Group,
    Supergroup,
    Channel,
}

/// <summary>A chat of the fake Telegram: who is in it, what was said in it, and what changes about it. Its changes reach the bot as updates.</summary>
internal sealed class FakeTelegramChat(FakeTelegram world, long id, FakeChatType type, string? title, string? username)
{
    private readonly List<FakeTelegramMessage> _history = [];
    private readonly List<FakeTelegramTopic> _topics = [];
    private readonly Dictionary<FakeTelegramUser, Membership> _members = [];
    private int _lastId;

    public long Id => id;

    public FakeChatType Type => type;

    public string? Title => title;

    /// <summary>The public name, without <c>@</c>.</summary>
    public string? Username => username;

    public bool IsGroup => type is FakeChatType.Group or FakeChatType.Supergroup;

    public bool IsForum { get; init; }

    /// <summary>Of a private chat: with whom.</summary>
    public FakeTelegramUser? Partner { get; init; }

    /// <summary>Members who are no administrators may write.</summary>
    public bool MembersMayWrite { get; set; } = true;

    /// <summary>Of a forum: nobody but administrators writes into General.</summary>
    public bool GeneralIsClosed { get; set; }

    /// <summary>Only administrators can see who is in it.</summary>
    public bool HidesMembers { get; set; }

    public bool IsDeleted { get; set; }

    /// <summary>The supergroup that this group became.</summary>
    public FakeTelegramChat? UpgradedTo { get; private set; }

    /// <summary>The bot has been in it once; a private chat that it never saw is "not found" for it.</summary>
    public bool IsKnown { get; internal set; }

    /// <summary>What the bot sent and what still stands, oldest first.</summary>
    public IReadOnlyList<FakeTelegramMessage> Messages => [.. History.Where(message => message is { FromBot: true, IsDeleted: false })];

    /// <summary>Everything that was said or happened, oldest first, deleted ones too.</summary>
    public IReadOnlyList<FakeTelegramMessage> History
    {
        get
        {
            lock (world.Lock)
                return [.. _history];
        }
    }

    public IReadOnlyDictionary<FakeTelegramUser, Membership> Members
    {
        get
        {
            lock (world.Lock)
                return new Dictionary<FakeTelegramUser, Membership>(_members);
        }
    }

    public Membership MembershipOf(FakeTelegramUser user)
    {
        lock (world.Lock)
            return type == FakeChatType.Private ? Membership.Member : _members.GetValueOrDefault(user, Membership.Left);
    }

    /// <summary>Somebody comes in, by themselves or brought by <paramref name="by"/>.</summary>
    public void Join(FakeTelegramUser user, FakeTelegramUser? by = null) => Change(user, Membership.Member, by);

    /// <summary>Brings the bot in, as a member; in a channel a bot must be promoted instead.</summary>
    public void InviteBot(FakeTelegramUser? by = null) => Join(world.Bot, by);

    /// <summary>Makes somebody an administrator, with the rights of <paramref name="rights"/> if given.</summary>
    public void Promote(FakeTelegramUser user, Membership? rights = null, FakeTelegramUser? by = null) =>
        Change(user, (rights ?? Membership.Member) with { Status = MemberStatus.Administrator }, by);

    /// <summary>Makes an administrator a member again. Bots are not members of channels: there it is put out.</summary>
    public void Demote(FakeTelegramUser user, FakeTelegramUser? by = null) => Change(user, type == FakeChatType.Channel && user.IsBot ? Membership.Left : Membership.Member, by);

    /// <summary>Takes rights of a member away.</summary>
    public void Restrict(FakeTelegramUser user, bool maySend = false, FakeTelegramUser? by = null) =>
        Change(user, new Membership(MemberStatus.Restricted) { CanSendMessages = maySend }, by);

    public void Kick(FakeTelegramUser user, FakeTelegramUser? by = null) => Change(user, new Membership(MemberStatus.Kicked), by);

    public void Leave(FakeTelegramUser user) => Change(user, Membership.Left, user);

    /// <summary>Makes somebody the owner; nobody is told, it is so from the start.</summary>
    public void Own(FakeTelegramUser user) => Put(user, new Membership(MemberStatus.Creator));

    /// <summary>Opens a topic of a forum; its service message tells the bot.</summary>
    public FakeTelegramTopic AddTopic(string name, FakeTelegramUser? by = null)
    {
        lock (world.Lock)
        {
            if (!IsForum)
                throw new InvalidOperationException($"{title} is no forum.");
            var topic = new FakeTelegramTopic(this, _lastId + 1, name);
            _topics.Add(topic);
            Happen(by ?? world.Somebody, topic, new() { ["forum_topic_created"] = new JsonObject { ["name"] = name, ["icon_color"] = 7322096 } });
            return topic;
        }
    }

    internal void Turn(FakeTelegramTopic topic, bool closed, FakeTelegramUser by)
    {
        lock (world.Lock)
        {
            topic.IsClosed = closed;
            Happen(by, topic, new() { [closed ? "forum_topic_closed" : "forum_topic_reopened"] = new JsonObject() });
        }
    }

    /// <summary>The topic of that number, if it is there.</summary>
    public FakeTelegramTopic? TopicOf(long thread)
    {
        lock (world.Lock)
            return _topics.FirstOrDefault(topic => topic.Id == thread && !topic.IsDeleted);
    }

    /// <summary>Posts into a channel in its name.</summary>
    public FakeTelegramMessage Post(string text)
    {
        lock (world.Lock)
        {
            var message = Add(null, this, text, null);
            Tell(message, heard: true);
            return message;
        }
    }

    /// <summary>An administrator who stays anonymous writes in a group: it comes from GroupAnonymousBot in the chat's name.</summary>
    public FakeTelegramMessage SayAnonymously(string text, FakeTelegramTopic? topic = null)
    {
        lock (world.Lock)
        {
            var message = Add(world.GroupAnonymousBot, this, text, topic);
            Tell(message, heard: true);
            return message;
        }
    }

    /// <summary>
    /// The group becomes a supergroup with a new id. The old chat says <c>migrate_to_chat_id</c>, the new one <c>migrate_from_chat_id</c>;
    /// <paramref name="newFirst"/> swaps the order in which the two arrive.
    /// </summary>
    public FakeTelegramChat Upgrade(bool newFirst = false)
    {
        lock (world.Lock)
        {
            if (type != FakeChatType.Group)
                throw new InvalidOperationException($"{title} is no group.");
            var supergroup = world.NewSupergroup(title!);
            foreach (var (user, membership) in _members)
                supergroup.Put(user, membership);
            UpgradedTo = supergroup;
            supergroup.IsKnown = IsKnown;
            var (first, second) = ((Action)(() => Happen(world.Somebody, null, new() { ["migrate_to_chat_id"] = supergroup.Id })),
                (Action)(() => supergroup.Happen(world.GroupAnonymousBot, null, new() { ["migrate_from_chat_id"] = id }, supergroup)));
            (newFirst ? second : first)();
            (newFirst ? first : second)();
            return supergroup;
        }
    }

    /// <summary>Waits until the bot's messages here are at least that many, and gives them.</summary>
    public Task<IReadOnlyList<FakeTelegramMessage>> WaitForMessagesAsync(int count, TimeSpan? timeout = null, CancellationToken ct = default) =>
        WaitForMessagesAsync(messages => messages.Count >= count, timeout, ct);

    /// <summary>Waits until the bot's messages here are as they should be, and gives them.</summary>
    public Task<IReadOnlyList<FakeTelegramMessage>> WaitForMessagesAsync(Func<IReadOnlyList<FakeTelegramMessage>, bool> enough, TimeSpan? timeout = null, CancellationToken ct = default) =>
        world.Changed.UntilAsync(() => Messages is var messages && enough(messages) ? messages : null, timeout ?? world.Patience, () => Scene(), ct);

    /// <summary>Waits for the first of the bot's messages here that is meant.</summary>
    public Task<FakeTelegramMessage> WaitForMessageAsync(Func<FakeTelegramMessage, bool> meant, TimeSpan? timeout = null, CancellationToken ct = default) =>
        world.Changed.UntilAsync(() => Messages.FirstOrDefault(meant), timeout ?? world.Patience, () => Scene(), ct);

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["id"] = id, ["type"] = type.ToString().ToLowerInvariant() };
        if (title is not null)
            json["title"] = title;
        if (username is not null)
            json["username"] = username;
        if (Partner is not null)
        {
            json["first_name"] = Partner.FirstName;
            if (Partner.Username is not null)
                json["username"] = Partner.Username;
        }

        if (IsForum)
            json["is_forum"] = true;
        return json;
    }

    public override string ToString() => title ?? Partner?.ToString() ?? "a chat";

    internal string Scene() => $"In {this} stands: {string.Concat(History.Select(message => $"\n  {message}"))}\n{world.Scene()}";

    /// <summary>Puts a message into the history and tells nobody.</summary>
    internal FakeTelegramMessage Add(FakeTelegramUser? from, FakeTelegramChat? senderChat, string text, FakeTelegramTopic? topic, DateTimeOffset? sentAt = null, bool fromBot = false)
    {
        var message = new FakeTelegramMessage(world, this, NextId(), sentAt ?? world.Clock.GetUtcNow()) { From = from, SenderChat = senderChat, Topic = topic, FromBot = fromBot };
        message.Write(new(text, []), text);
        _history.Add(message);
        return message;
    }

    /// <summary>Queues the update of a message of somebody else's than the bot, if the bot is there to hear it.</summary>
    internal void Tell(FakeTelegramMessage message, bool heard, bool edited = false)
    {
        heard &= MembershipOf(world.Bot).IsIn;
        if (message.From is { } from)
            from.IsKnown |= heard;
        if (heard)
            world.Updates.Queue((edited ? "edited_" : "") + (type == FakeChatType.Channel ? "channel_post" : "message"), message.ToJson());
        world.Changed.Ring();
    }

    /// <summary>Queues a change of somebody's standing.</summary>
    internal void Announce(string kind, FakeTelegramUser by, FakeTelegramUser whose, Membership old, Membership now)
    {
        by.IsKnown = true;
        world.Updates.Queue(kind, new()
        {
            ["chat"] = ToJson(),
            ["from"] = by.ToJson(),
            ["date"] = world.Clock.GetUtcNow().ToUnixTimeSeconds(),
            ["old_chat_member"] = MemberJson(whose, old),
            ["new_chat_member"] = MemberJson(whose, now),
        });
        world.Changed.Ring();
    }

    internal JsonObject MemberJson(FakeTelegramUser user, Membership membership)
    {
        var json = new JsonObject { ["status"] = membership.Status.ToString().ToLowerInvariant(), ["user"] = user.ToJson() };
        switch (membership.Status)
        {
            case MemberStatus.Creator:
                json["is_anonymous"] = membership.IsAnonymous;
                break;
            case MemberStatus.Administrator:
                AddRights(json, membership);
                break;
            case MemberStatus.Restricted:
                AddRestrictions(json, membership);
                break;
            case MemberStatus.Kicked:
                json["until_date"] = 0;
                break;
        }

        return json;
    }

    internal void Put(FakeTelegramUser user, Membership membership)
    {
        lock (world.Lock)
        {
            _members[user] = membership;
            IsKnown |= user == world.Bot && membership.IsIn;
        }
    }

    private void Change(FakeTelegramUser user, Membership now, FakeTelegramUser? by)
    {
        lock (world.Lock)
        {
            if (type == FakeChatType.Private)
                throw new InvalidOperationException("Nobody comes into a private chat or goes from it; see Block.");
            if (type == FakeChatType.Channel && user.IsBot && now.Status is MemberStatus.Member)
                throw new InvalidOperationException("In a channel a bot can only be an administrator; see Promote.");
            var who = by ?? (now.Status is MemberStatus.Member && !user.IsBot ? user : world.Somebody);
            var old = MembershipOf(user);
            var wasHeard = MembershipOf(world.Bot).IsIn;
            Put(user, now);
            user.IsKnown |= MembershipOf(world.Bot).IsIn;
            if (user == world.Bot)
                Announce("my_chat_member", who, user, old, now);
            else if (MembershipOf(world.Bot).IsAdministrator)
                Announce("chat_member", who, user, old, now);
            if (!IsGroup || old.IsIn == now.IsIn)
                return;

            var happened = now.IsIn
                ? new JsonObject { ["new_chat_members"] = new JsonArray(user.ToJson()) }
                : new JsonObject { ["left_chat_member"] = user.ToJson() };
            // A group tells a bot that it was put out; a supergroup it can no longer read.
            Happen(who, null, happened, heardAnyway: type == FakeChatType.Group && wasHeard);
        }
    }

    private void Happen(FakeTelegramUser by, FakeTelegramTopic? topic, JsonObject what, FakeTelegramChat? inNameOf = null, bool heardAnyway = false)
    {
        var message = new FakeTelegramMessage(world, this, NextId(), world.Clock.GetUtcNow()) { From = by, SenderChat = inNameOf, Topic = topic, Event = what };
        _history.Add(message);
        if (heardAnyway && !MembershipOf(world.Bot).IsIn)
            world.Updates.Queue("message", message.ToJson());
        Tell(message, heard: true);
    }

    /// <summary>Supergroups and channels count for themselves; private chats and groups share the account's numbers.</summary>
    private int NextId() => _lastId = type is FakeChatType.Private or FakeChatType.Group ? world.NextAccountMessageId() : _lastId + 1;

    private void AddRights(JsonObject json, Membership membership)
    {
        json["can_be_edited"] = false;
        json["is_anonymous"] = membership.IsAnonymous;
        json["can_manage_chat"] = true;
        json["can_delete_messages"] = membership.CanDeleteMessages;
        json["can_manage_video_chats"] = false;
        json["can_restrict_members"] = false;
        json["can_promote_members"] = membership.CanPromoteMembers;
        json["can_change_info"] = membership.CanChangeInfo;
        json["can_invite_users"] = true;
        json["can_post_stories"] = false;
        json["can_edit_stories"] = false;
        json["can_delete_stories"] = false;
        if (type == FakeChatType.Channel)
        {
            json["can_post_messages"] = membership.CanPostMessages;
            json["can_edit_messages"] = membership.CanEditMessages;
        }
        else
        {
            json["can_pin_messages"] = false;
            json["can_manage_topics"] = membership.CanManageTopics;
        }
    }

    private static void AddRestrictions(JsonObject json, Membership membership)
    {
        json["is_member"] = membership.StillIn;
        foreach (var what in (string[])["messages", "audios", "documents", "photos", "videos", "video_notes", "voice_notes", "polls", "other_messages"])
            json["can_send_" + what] = membership.CanSendMessages;
        foreach (var what in (string[])["add_web_page_previews", "react_to_messages", "edit_tag", "change_info", "invite_users", "pin_messages", "manage_topics"])
            json["can_" + what] = membership.CanSendMessages && what is "add_web_page_previews" or "react_to_messages";
        json["until_date"] = 0;
    }
}
