using System.Text.Json;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Discord.Server.Checks;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>Messages in channels, and posts in forums.</summary>
internal sealed class MessageEndpoints(FakeDiscord discord)
{
    private const int FlagsOfNew = MessageChecks.SuppressEmbeds | MessageChecks.SuppressNotifications | MessageChecks.ComponentsV2;
    private const int FlagsOfEdit = MessageChecks.SuppressEmbeds | MessageChecks.ComponentsV2;

    public IEnumerable<Route> Routes =>
    [
        new("POST", "/channels/{channel_id}/messages", Create),
        new("GET", "/channels/{channel_id}/messages", List),
        new("GET", "/channels/{channel_id}/messages/{message_id}", request => DiscordAnswer.Ok(Readable(request).ToJson())),
        new("PATCH", "/channels/{channel_id}/messages/{message_id}", Edit),
        new("DELETE", "/channels/{channel_id}/messages/{message_id}", Delete),
        new("POST", "/channels/{channel_id}/threads", Post),
    ];

    private static bool HasEmbeds(JsonElement body) => body.TryGetProperty("embeds", out var embeds) && embeds.ValueKind == JsonValueKind.Array && embeds.GetArrayLength() > 0;

    private DiscordAnswer Create(DiscordRequest request)
    {
        var (channel, body) = (Places.Find(discord, request), request.Json!.Value);
        Places.DemandSend(discord, channel, HasEmbeds(body));
        if (request.Files is { Count: > 0 } && channel.Guild is not null)
            discord.NotPlayed($"{request.Operation} with a file in a guild");
        Bodies.DemandNew(discord, request.Operation, body, FlagsOfNew, request.Files is { Count: > 0 });
        var nonce = body.TryGetProperty("nonce", out var given) && given.ValueKind != JsonValueKind.Null ? given.ToString() : null;
        if (nonce is { Length: > 25 })
            throw Refusals.Form(new FormError("nonce", "NONCE_TYPE_TOO_LONG", "Must be 25 or fewer in length."));
        if (nonce is not null && body.TryGetProperty("enforce_nonce", out var enforce) && enforce.ValueKind == JsonValueKind.True && Earlier(channel, nonce) is { } earlier)
            return earlier.IsDeleted ? throw Refusals.UnknownMessage() : DiscordAnswer.Ok(earlier.ToJson(withNonce: true));
        if (channel.IsArchived)
            channel.Unarchive();
        var message = new FakeMessage(discord, channel, discord.Bot, discord.NextId(), MessageBody.OfNew(body).With((request.Files ?? []).Select(file => discord.Files.Keep(channel.Id, file))), nonce);
        channel.Add(message);
        return DiscordAnswer.Ok(message.ToJson(withNonce: true));
    }

    /// <summary>The bot's own message of that nonce, if the window in which it is known is still open.</summary>
    private FakeMessage? Earlier(FakeChannel channel, string nonce) =>
        channel.FindByNonce(nonce) is { } message && discord.Time.GetUtcNow() - message.SentAt < discord.NonceWindow ? message : null;

    private DiscordAnswer List(DiscordRequest request)
    {
        var channel = Places.Find(discord, request);
        if (channel.Guild is not null && !channel.RightsOf(discord.Bot).HasFlag(DiscordPermissions.ReadMessageHistory))
            return DiscordAnswer.Ok(new JsonArray());
        var limit = request.Query.TryGetValue("limit", out var text) ? int.Parse(text) : 50;
        var visible = channel.Messages.ToList();
        IEnumerable<FakeMessage> chosen = visible.TakeLast(limit);
        if (request.Query.TryGetValue("before", out var before))
            chosen = visible.Where(message => ulong.Parse(message.Id) < ulong.Parse(before)).TakeLast(limit);
        else if (request.Query.TryGetValue("after", out var after))
            chosen = visible.Where(message => ulong.Parse(message.Id) > ulong.Parse(after)).Take(limit);
        else if (request.Query.TryGetValue("around", out var around))
            chosen = visible.Where(message => ulong.Parse(message.Id) < ulong.Parse(around)).TakeLast(limit / 2).Concat(visible.Where(message => ulong.Parse(message.Id) >= ulong.Parse(around)).Take(limit - (limit / 2)));
        return DiscordAnswer.Ok(new JsonArray([.. chosen.Reverse().Select(message => message.ToJson())]));
    }

    private DiscordAnswer Edit(DiscordRequest request)
    {
        var (message, body) = (Find(request), request.Json!.Value);
        if (message.Author != discord.Bot)
            throw new RefusalException(403, 50005, "Cannot edit a message authored by another user");
        if (message.Channel.IsLocked)
            throw new RefusalException(400, 160005, "This thread is locked");
        if (message.Channel.IsArchived)
            throw new RefusalException(400, 50083, "Thread is archived");
        Bodies.DemandEdit(discord, request.Operation, body, FlagsOfEdit, message);
        message.Edit(MessageBody.OfChanges(body).Keeping(message.Flags & MessageChecks.ComponentsV2));
        return DiscordAnswer.Ok(message.ToJson());
    }

    private DiscordAnswer Delete(DiscordRequest request)
    {
        var message = Find(request);
        if (message.Author != discord.Bot)
            Places.Demand(discord, message.Channel, DiscordPermissions.ManageMessages);
        message.Delete();
        return DiscordAnswer.Nothing;
    }

    /// <summary>A post in a forum: a thread whose first message comes with it and bears its id.</summary>
    private DiscordAnswer Post(DiscordRequest request)
    {
        var (forum, body) = (Places.Find(discord, request), request.Json!.Value);
        if (forum.Kind != DiscordChannelKind.Forum || !body.TryGetProperty("message", out var first))
        {
            discord.NotPlayed($"{request.Operation} without a forum");
            throw new RefusalException(501, 0, "501: Not Implemented");
        }

        Places.Demand(discord, forum, DiscordPermissions.SendMessages);
        if (HasEmbeds(first))
            Places.Demand(discord, forum, DiscordPermissions.EmbedLinks);
        var name = body.TryGetProperty("name", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()!.Trim() : "";
        if (name.Length is 0 or > 100)
            throw Refusals.Form(new FormError("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."));
        var tags = body.TryGetProperty("applied_tags", out var ids) && ids.ValueKind == JsonValueKind.Array ? ids.EnumerateArray().Select(id => forum.Tag(id.GetString()!) ?? throw new RefusalException(404, 10087, "Unknown Tag")).ToList() : [];
        if (tags.Count > 5)
            throw Refusals.Form(new FormError("applied_tags", "BASE_TYPE_BAD_LENGTH", "Must be 5 or fewer in length."));
        if (tags.Exists(tag => tag.IsModerated))
            Places.Demand(discord, forum, DiscordPermissions.ManageThreads);
        if (forum.RequiresTag && tags.Count == 0)
            throw new RefusalException(400, 40067, "A tag is required to create a forum post in this channel");
        Bodies.DemandNew(discord, request.Operation, first, FlagsOfNew);
        var thread = discord.Add(new FakeChannel(discord, discord.NextId(), name, DiscordChannelKind.PublicThread, forum.Guild, forum) { Tags = [.. tags.Select(tag => tag.Name)] });
        var message = new FakeMessage(discord, thread, discord.Bot, thread.Id, MessageBody.OfNew(first));
        thread.Add(message);
        forum.Hang(thread);
        var json = thread.ToJson();
        json["message"] = message.ToJson();
        return new DiscordAnswer(201, json);
    }

    private FakeMessage Readable(DiscordRequest request)
    {
        // Discord looks at the rights before it looks for the message.
        if (Places.Find(discord, request) is { Guild: not null } channel)
            Places.Demand(discord, channel, DiscordPermissions.ReadMessageHistory);
        return Find(request);
    }

    private FakeMessage Find(DiscordRequest request) =>
        Places.Find(discord, request).Find(request.Values["message_id"]) ?? throw Refusals.UnknownMessage();
}
