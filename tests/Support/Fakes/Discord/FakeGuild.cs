using System.Globalization;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Discord.Server;

namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>
/// A guild ("server") with channels and members. Rights follow Discord's own algorithm: the role of everyone, the member's role, then
/// the channel's overwrites.
/// </summary>
internal sealed class FakeGuild
{
    private readonly Dictionary<FakeUser, Role> _members = [];
    private readonly List<FakeChannel> _channels = [];
    private readonly FakeDiscord _discord;
    private readonly FakeUser _owner;
    private readonly DateTimeOffset _since;

    internal FakeGuild(FakeDiscord discord, string id, string name, FakeUser owner)
    {
        (_discord, Id, Name, _owner, _since) = (discord, id, name, owner, discord.Time.GetUtcNow());
        _members[owner] = new Role(discord.NextId(), owner.Name, DiscordPermissions.None);
        _members[discord.Bot] = new Role(discord.NextId(), discord.Bot.Name, DiscordPermissions.Invited);
    }

    public string Id { get; }

    public string Name { get; }

    /// <summary>What a community chose as its language; Discord's own for every other.</summary>
    public string Locale { get; set; } = "en-US";

    /// <summary>What the role of everyone allows.</summary>
    public DiscordPermissions Everyone { get; private set; } = DiscordPermissions.Everyone;

    /// <summary>Where Discord puts its own messages, by default the first text channel.</summary>
    public FakeChannel? SystemChannel { get; private set; }

    public bool HasBot { get; private set; } = true;

    /// <summary>The channels without threads, in their order.</summary>
    public IReadOnlyList<FakeChannel> Channels
    {
        get
        {
            lock (_discord.Sync)
                return [.. _channels];
        }
    }

    public FakeChannel AddChannel(string name, DiscordChannelKind kind = DiscordChannelKind.Text)
    {
        lock (_discord.Sync)
        {
            var channel = _discord.Add(new FakeChannel(_discord, _discord.NextId(), name, kind, this));
            _channels.Add(channel);
            if (kind == DiscordChannelKind.Text)
                SystemChannel ??= channel;
            Tell("CHANNEL_CREATE", channel.ToJson());
            return channel;
        }
    }

    /// <summary>A new person in this guild, with these rights beside those of everyone.</summary>
    public FakeUser AddMember(string name, DiscordPermissions rights = DiscordPermissions.None)
    {
        var user = _discord.AddUser(name);
        Admit(user, rights);
        return user;
    }

    public void Admit(FakeUser user, DiscordPermissions rights = DiscordPermissions.None)
    {
        lock (_discord.Sync)
        {
            _members[user] = new Role(_discord.NextId(), user.Name, rights);
            Tell("GUILD_ROLE_CREATE", new JsonObject { ["guild_id"] = Id, ["role"] = RoleJson(_members[user], user) });
        }
    }

    /// <summary>Sets a member's (or the bot's) rights in the whole guild, beside those of everyone.</summary>
    public void Grant(FakeUser user, DiscordPermissions rights)
    {
        lock (_discord.Sync)
        {
            _members[user] = _members[user] with { Rights = rights };
            Tell("GUILD_ROLE_UPDATE", new JsonObject { ["guild_id"] = Id, ["role"] = RoleJson(_members[user], user) });
        }
    }

    /// <summary>Sets what the role of everyone allows.</summary>
    public void GrantEveryone(DiscordPermissions rights)
    {
        lock (_discord.Sync)
        {
            Everyone = rights;
            Tell("GUILD_ROLE_UPDATE", new JsonObject { ["guild_id"] = Id, ["role"] = EveryoneJson() });
        }
    }

    public void Expel(FakeUser user)
    {
        lock (_discord.Sync)
            _members.Remove(user);
    }

    public void UseSystemChannel(FakeChannel? channel)
    {
        lock (_discord.Sync)
        {
            SystemChannel = channel;
            Tell("GUILD_UPDATE", ToJson());
        }
    }

    /// <summary>Throws the bot out: it hears GUILD_DELETE, and nothing here is open to it any more.</summary>
    public void RemoveBot()
    {
        lock (_discord.Sync)
        {
            Tell("GUILD_DELETE", new JsonObject { ["id"] = Id });
            HasBot = false;
            _members.Remove(_discord.Bot);
        }
    }

    /// <summary>Invites the bot (again): it hears GUILD_CREATE.</summary>
    public void InviteBot(DiscordPermissions rights = DiscordPermissions.Invited)
    {
        lock (_discord.Sync)
        {
            HasBot = true;
            _members[_discord.Bot] = new Role(_discord.NextId(), _discord.Bot.Name, rights);
            Tell("GUILD_CREATE", ToCreateJson());
        }
    }

    /// <summary>Says that the guild is out of order for now, as in an outage of Discord; it is not left.</summary>
    public void BecomeUnavailable()
    {
        lock (_discord.Sync)
            Tell("GUILD_DELETE", new JsonObject { ["id"] = Id, ["unavailable"] = true });
    }

    /// <summary>What a member may do in the guild, or in one of its channels.</summary>
    public DiscordPermissions RightsOf(FakeUser user, FakeChannel? channel = null)
    {
        lock (_discord.Sync)
        {
            if (!_members.TryGetValue(user, out var role))
                return DiscordPermissions.None;
            var rights = Everyone | role.Rights;
            if (user == _owner || rights.HasFlag(DiscordPermissions.Administrator))
                return DiscordPermissions.All;
            return channel is null ? rights : (channel.Parent ?? channel).Apply(rights, user);
        }
    }

    public override string ToString() => Name;

    internal bool IsMember(FakeUser user) => _members.ContainsKey(user);

    internal void Forget(FakeChannel channel)
    {
        _channels.Remove(channel);
        if (SystemChannel == channel)
            SystemChannel = null;
    }

    /// <summary>An event that only a bot in this guild hears.</summary>
    internal void Tell(string name, JsonObject body)
    {
        if (HasBot)
            _discord.Gateway.Dispatch(name, body);
    }

    internal JsonObject MemberJson(FakeUser user, bool withUser = true)
    {
        var json = new JsonObject
        {
            ["avatar"] = null,
            ["banner"] = null,
            ["communication_disabled_until"] = null,
            ["flags"] = 0,
            ["joined_at"] = Wire.Time(_since),
            ["nick"] = null,
            ["pending"] = false,
            ["premium_since"] = null,
            ["roles"] = new JsonArray([.. _members.TryGetValue(user, out var role) ? [JsonValue.Create(role.Id)] : Array.Empty<JsonNode>()]),
            ["mute"] = false,
            ["deaf"] = false,
        };
        if (withUser)
            json["user"] = user.ToJson();
        return json;
    }

    internal JsonArray RolesJson() => new([EveryoneJson(), .. _members.Select(member => RoleJson(member.Value, member.Key))]);

    internal JsonArray ChannelsJson() => new([.. _channels.Select(channel => channel.ToJson())]);

    internal JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["name"] = Name,
        ["icon"] = null,
        ["splash"] = null,
        ["discovery_splash"] = null,
        ["banner"] = null,
        ["description"] = null,
        ["owner_id"] = _owner.Id,
        ["afk_channel_id"] = null,
        ["afk_timeout"] = 300,
        ["verification_level"] = 1,
        ["default_message_notifications"] = 0,
        ["explicit_content_filter"] = 0,
        ["roles"] = RolesJson(),
        ["emojis"] = new JsonArray(),
        ["stickers"] = new JsonArray(),
        ["features"] = new JsonArray(),
        ["mfa_level"] = 0,
        ["application_id"] = null,
        ["system_channel_id"] = SystemChannel?.Id,
        ["system_channel_flags"] = 0,
        ["rules_channel_id"] = null,
        ["public_updates_channel_id"] = null,
        ["safety_alerts_channel_id"] = null,
        ["vanity_url_code"] = null,
        ["premium_tier"] = 0,
        ["premium_subscription_count"] = 0,
        ["premium_progress_bar_enabled"] = false,
        ["preferred_locale"] = "en-US",
        ["nsfw_level"] = 0,
    };

    /// <summary>What GUILD_CREATE carries: the guild, and what is in it.</summary>
    internal JsonObject ToCreateJson()
    {
        var json = ToJson();
        json["joined_at"] = Wire.Time(_since);
        json["large"] = false;
        json["unavailable"] = false;
        json["member_count"] = _members.Count;
        json["members"] = new JsonArray(MemberJson(_discord.Bot));
        json["channels"] = ChannelsJson();
        json["threads"] = new JsonArray([.. _channels.SelectMany(channel => channel.Threads).Where(thread => !thread.IsArchived).Select(thread => thread.ToJson())]);
        foreach (var empty in new[] { "voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds" })
            json[empty] = new JsonArray();
        return json;
    }

    private JsonObject EveryoneJson() => RoleJson(new Role(Id, "@everyone", Everyone), null);

    private JsonObject RoleJson(Role role, FakeUser? member)
    {
        var json = new JsonObject
        {
            ["id"] = role.Id,
            ["name"] = role.Name,
            ["permissions"] = ((ulong)role.Rights).ToString(CultureInfo.InvariantCulture),
            ["position"] = role.Id == Id ? 0 : 1,
            ["color"] = 0,
            ["colors"] = new JsonObject { ["primary_color"] = 0, ["secondary_color"] = null, ["tertiary_color"] = null },
            ["hoist"] = false,
            ["managed"] = member?.IsBot ?? false,
            ["mentionable"] = false,
            ["icon"] = null,
            ["unicode_emoji"] = null,
            ["flags"] = 0,
        };
        if (member is { IsBot: true })
            json["tags"] = new JsonObject { ["bot_id"] = member.Id };
        return json;
    }

    /// <summary>A member's own role: who has which rights is one table here, and roles on the wire.</summary>
    private sealed record Role(string Id, string Name, DiscordPermissions Rights);
}
