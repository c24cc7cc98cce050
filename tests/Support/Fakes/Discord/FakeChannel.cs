using System.Globalization;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Discord.Server;

namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>A place where people read: a channel of a guild, a thread, a forum or a private chat.</summary>
internal sealed class FakeChannel
{
    private readonly Dictionary<FakeUser, Overwrite> _members = [];
    private readonly List<FakeChannel> _threads = [];
    private readonly List<FakeMessage> _messages = [];
    private readonly Dictionary<string, FakeMessage> _messagesById = [];
    private readonly Dictionary<string, FakeMessage> _messagesByNonce = [];
    private readonly List<ForumTag> _tags = [];
    private readonly FakeDiscord _discord;
    private Overwrite _everyone = new(DiscordPermissions.None, DiscordPermissions.None);

    internal FakeChannel(FakeDiscord discord, string id, string name, DiscordChannelKind kind, FakeGuild? guild = null, FakeChannel? parent = null, FakeUser? other = null)
    {
        (_discord, Id, Name, Kind, Guild, Parent, Other) = (discord, id, name, kind, guild, parent, other);
        CreatedAt = ArchivedAt = discord.Time.GetUtcNow();
        Owner = discord.Bot;
    }

    public string Id { get; }

    public string Name { get; private set; }

    public DiscordChannelKind Kind { get; }

    public FakeGuild? Guild { get; }

    /// <summary>The channel that a thread or a post hangs on.</summary>
    public FakeChannel? Parent { get; }

    /// <summary>Whose private chat this is.</summary>
    public FakeUser? Other { get; }

    public bool IsDeleted { get; private set; }

    public bool IsArchived { get; private set; }

    public bool IsLocked { get; private set; }

    /// <summary>Whoever opened a thread.</summary>
    public FakeUser Owner { get; init; }

    /// <summary>Of a forum: whether a post without a tag is refused (40067).</summary>
    public bool RequiresTag { get; set; }

    /// <summary>The tags of a post, by name.</summary>
    public IReadOnlyList<string> Tags { get; internal set; } = [];

    /// <summary>What stands in the channel for all to see, oldest first.</summary>
    public IReadOnlyList<FakeMessage> Messages
    {
        get
        {
            lock (_discord.Sync)
                return [.. _messages.Where(message => message.IsVisible)];
        }
    }

    /// <summary>The posts of a forum, oldest first: the name of each is its thread's.</summary>
    public IReadOnlyList<FakeChannel> Posts => Threads;

    public IReadOnlyList<FakeChannel> Threads
    {
        get
        {
            lock (_discord.Sync)
                return [.. _threads];
        }
    }

    /// <summary>The first message of a post.</summary>
    public FakeMessage FirstMessage => Messages[0];

    internal DateTimeOffset CreatedAt { get; }

    /// <summary>When it was archived or opened again.</summary>
    internal DateTimeOffset ArchivedAt { get; private set; }

    internal bool IsThread => Kind == DiscordChannelKind.PublicThread;

    internal bool TakesMessages => Kind is not (DiscordChannelKind.Forum or DiscordChannelKind.Category);

    /// <summary>Completes when that many messages stand here.</summary>
    public Task<IReadOnlyList<FakeMessage>> WaitForMessagesAsync(int count = 1, TimeSpan? timeout = null, CancellationToken ct = default) =>
        WaitForMessagesAsync(messages => messages.Count >= count, timeout, ct);

    public async Task<IReadOnlyList<FakeMessage>> WaitForMessagesAsync(Func<IReadOnlyList<FakeMessage>, bool> until, TimeSpan? timeout = null, CancellationToken ct = default)
    {
        IReadOnlyList<FakeMessage> messages = [];
        await _discord.WaitAsync(() => until(messages = Messages), $"messages in #{Name}, where {Messages.Count} stand", timeout, ct);
        return messages;
    }

    public async Task<IReadOnlyList<FakeChannel>> WaitForPostsAsync(int count = 1, TimeSpan? timeout = null, CancellationToken ct = default)
    {
        await _discord.WaitAsync(() => Posts.Count >= count, $"{count} posts in #{Name}", timeout, ct);
        return Posts;
    }

    /// <param name="owner">Whoever opens it; by default the bot.</param>
    public FakeChannel AddThread(string name, FakeUser? owner = null)
    {
        lock (_discord.Sync)
        {
            var thread = _discord.Add(new FakeChannel(_discord, _discord.NextId(), name, DiscordChannelKind.PublicThread, Guild, this) { Owner = owner ?? _discord.Bot });
            Hang(thread);
            return thread;
        }
    }

    /// <summary>Adds a tag to a forum; gives its id.</summary>
    /// <param name="isModerated">Only who manages threads may give it to a post.</param>
    public string AddTag(string name, bool isModerated = false)
    {
        lock (_discord.Sync)
        {
            _tags.Add(new ForumTag(_discord.NextId(), name, isModerated));
            Guild!.Tell("CHANNEL_UPDATE", ToJson());
            return _tags[^1].Id;
        }
    }

    /// <summary>Takes a tag from a forum.</summary>
    public void RemoveTag(string id)
    {
        lock (_discord.Sync)
        {
            _tags.RemoveAll(tag => tag.Id == id);
            Guild!.Tell("CHANNEL_UPDATE", ToJson());
        }
    }

    /// <summary>Takes rights from the bot in this channel.</summary>
    public void Deny(DiscordPermissions rights) => Set(_discord.Bot, overwrite => new Overwrite(overwrite.Allow & ~rights, overwrite.Deny | rights));

    /// <summary>Gives rights to the bot in this channel.</summary>
    public void Allow(DiscordPermissions rights) => Set(_discord.Bot, overwrite => new Overwrite(overwrite.Allow | rights, overwrite.Deny & ~rights));

    /// <summary>Sets what this channel allows and denies to one member, whatever the roles say.</summary>
    public void Override(FakeUser user, DiscordPermissions allow, DiscordPermissions deny = DiscordPermissions.None) => Set(user, _ => new Overwrite(allow, deny));

    /// <summary>Sets what this channel allows and denies to everyone; denying <c>ViewChannel</c> makes it private.</summary>
    public void OverrideEveryone(DiscordPermissions allow, DiscordPermissions deny = DiscordPermissions.None)
    {
        lock (_discord.Sync)
        {
            _everyone = new Overwrite(allow, deny);
            Guild!.Tell("CHANNEL_UPDATE", ToJson());
        }
    }

    /// <summary>A moderator gives a thread another name.</summary>
    public void Rename(string name)
    {
        lock (_discord.Sync)
        {
            Name = name;
            Guild!.Tell("THREAD_UPDATE", ToJson());
        }
    }

    /// <summary>Archives a thread; a locked one stays closed to who may not manage threads.</summary>
    public void Archive(bool locked = false)
    {
        lock (_discord.Sync)
        {
            (IsArchived, IsLocked, ArchivedAt) = (true, locked, _discord.Time.GetUtcNow());
            Guild!.Tell("THREAD_UPDATE", ToJson());
        }
    }

    public void Unarchive()
    {
        lock (_discord.Sync)
        {
            (IsArchived, IsLocked, ArchivedAt) = (false, false, _discord.Time.GetUtcNow());
            Guild!.Tell("THREAD_UPDATE", ToJson());
        }
    }

    /// <summary>Deletes the channel with its threads: from now on it is unknown (10003).</summary>
    public void Delete()
    {
        lock (_discord.Sync)
        {
            foreach (var thread in Threads)
                thread.Delete();
            IsDeleted = true;
            _discord.Forget(this);
            Guild?.Forget(this);
            Parent?._threads.Remove(this);
            Guild?.Tell(IsThread ? "THREAD_DELETE" : "CHANNEL_DELETE", ToJson());
        }
    }

    public override string ToString() => Guild is null ? $"the private chat with {Other}" : $"#{Name}";

    internal DiscordPermissions RightsOf(FakeUser user) => Guild?.RightsOf(user, this) ?? (user == Other || user == _discord.Bot ? DiscordPermissions.Everyone : DiscordPermissions.None);

    internal DiscordPermissions Apply(DiscordPermissions rights, FakeUser user)
    {
        rights = (rights & ~_everyone.Deny) | _everyone.Allow;
        return _members.TryGetValue(user, out var own) ? (rights & ~own.Deny) | own.Allow : rights;
    }

    internal void Add(FakeMessage message)
    {
        _messages.Add(message);
        _messagesById[message.Id] = message;
        if (message.Nonce is { } nonce)
            _messagesByNonce[nonce] = message;
        _discord.Changed();
    }

    /// <summary>The message of that id, unless it was deleted.</summary>
    internal FakeMessage? Find(string id) => _messagesById.GetValueOrDefault(id) is { IsDeleted: false } message ? message : null;

    /// <summary>The last message of that nonce, even a deleted one.</summary>
    internal FakeMessage? FindByNonce(string nonce) => _messagesByNonce.GetValueOrDefault(nonce);

    internal void Hang(FakeChannel thread)
    {
        _threads.Add(thread);
        var json = thread.ToJson();
        json["newly_created"] = true;
        Guild!.Tell("THREAD_CREATE", json);
        _discord.Changed();
    }

    internal ForumTag? Tag(string id) => _tags.Find(tag => tag.Id == id);

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["id"] = Id, ["type"] = (int)Kind, ["flags"] = RequiresTag ? 16 : 0, ["last_message_id"] = _messages.LastOrDefault()?.Id };
        if (Kind == DiscordChannelKind.Dm)
        {
            json["recipients"] = new JsonArray(Other!.ToJson());
            return json;
        }

        json["guild_id"] = Guild!.Id;
        json["name"] = Name;
        json["parent_id"] = Parent?.Id;
        json["rate_limit_per_user"] = 0;
        if (IsThread)
            return ThreadJson(json);

        json["position"] = Guild.Channels.Count;
        json["nsfw"] = false;
        json["topic"] = null;
        json["permission_overwrites"] = new JsonArray(
            [_everyone.ToJson(Guild.Id, 0), .. _members.Select(member => member.Value.ToJson(member.Key.Id, 1))]);
        if (Kind == DiscordChannelKind.Forum)
        {
            json["available_tags"] = new JsonArray(
                [.. _tags.Select(tag => new JsonObject { ["id"] = tag.Id, ["name"] = tag.Name, ["moderated"] = tag.IsModerated, ["emoji_id"] = null, ["emoji_name"] = null })]);
        }

        return json;
    }

    internal JsonObject BotAsMemberJson() => new() { ["id"] = Id, ["user_id"] = _discord.Bot.Id, ["join_timestamp"] = Wire.Time(CreatedAt), ["flags"] = 0 };

    private JsonObject ThreadJson(JsonObject json)
    {
        json["owner_id"] = Owner.Id;
        json["message_count"] = _messages.Count;
        json["member_count"] = 1;
        json["total_message_sent"] = _messages.Count;
        json["thread_metadata"] = new JsonObject
        {
            ["archived"] = IsArchived,
            ["archive_timestamp"] = Wire.Time(ArchivedAt),
            ["auto_archive_duration"] = 4320,
            ["locked"] = IsLocked,
            ["create_timestamp"] = Wire.Time(CreatedAt),
        };
        if (Parent!.Kind == DiscordChannelKind.Forum)
            json["applied_tags"] = new JsonArray([.. Parent._tags.Where(tag => Tags.Contains(tag.Name)).Select(tag => JsonValue.Create(tag.Id))]);
        return json;
    }

    private void Set(FakeUser user, Func<Overwrite, Overwrite> change)
    {
        lock (_discord.Sync)
        {
            _members[user] = change(_members.GetValueOrDefault(user) ?? new Overwrite(DiscordPermissions.None, DiscordPermissions.None));
            Guild!.Tell("CHANNEL_UPDATE", ToJson());
        }
    }

    internal sealed record ForumTag(string Id, string Name, bool IsModerated);

    private sealed record Overwrite(DiscordPermissions Allow, DiscordPermissions Deny)
    {
        public JsonObject ToJson(string id, int type) => new()
        {
            ["id"] = id,
            ["type"] = type,
            ["allow"] = ((ulong)Allow).ToString(CultureInfo.InvariantCulture),
            ["deny"] = ((ulong)Deny).ToString(CultureInfo.InvariantCulture),
        };
    }
}
