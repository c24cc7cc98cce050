using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notifier.Bot.Discord.Messages;

/// <summary>
/// What <see cref="DiscordMessages.Render"/> made, read back to be sent. Beside the message its bytes carry what Discord is told in a forum only: what the
/// message is called, as a post of its own, and the tags that it would bear.
/// </summary>
internal sealed class RenderedMessage
{
    /// <summary>The member of the bytes that is not Discord's.</summary>
    public const string PostMember = "post";

    private const int EditableFlags = DiscordBody.SuppressEmbeds | DiscordBody.ComponentsV2;

    private readonly JsonObject _body;

    public RenderedMessage(ReadOnlyMemory<byte> bytes)
    {
        _body = JsonNode.Parse(bytes.Span)!.AsObject();
        if (_body[PostMember] is not JsonObject post)
            return;
        _body.Remove(PostMember);
        Name = (string?)post["name"];
        Tags = [.. (post["tags"] as JsonArray ?? []).Select(tag => (string)tag!)];
    }

    /// <summary>At most a hundred characters; null for a message that has neither title nor words.</summary>
    public string? Name { get; }

    /// <summary>As the entry's publisher calls them.</summary>
    public IReadOnlyList<string> Tags { get; } = [];

    private int Flags => (int?)_body["flags"] ?? 0;

    private bool IsV2 => (Flags & DiscordBody.ComponentsV2) != 0;

    /// <summary>As a new message of a channel, which is one message however often it is sent.</summary>
    public byte[] ForChannel(string nonce) => Bytes(With(("nonce", nonce), ("enforce_nonce", true)));

    /// <summary>As the first message of a post.</summary>
    /// <param name="name">1–100 characters.</param>
    /// <param name="tags">Their ids, at most five.</param>
    public byte[] ForForum(string name, IReadOnlyList<string> tags)
    {
        var post = new JsonObject { ["name"] = name, ["message"] = _body.DeepClone() };
        if (tags.Count > 0)
            post["applied_tags"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag))]);
        return Bytes(post);
    }

    /// <summary>As a change. What the message has not is said as well, since what is not named stays; but a message of components has nothing else, and stays one.</summary>
    public byte[] ForEdit()
    {
        var body = With(("flags", Flags & EditableFlags));
        if (!IsV2)
        {
            body.TryAdd("content", "");
            body.TryAdd("embeds", new JsonArray());
            body.TryAdd("components", new JsonArray());
        }

        return Bytes(body);
    }

    /// <summary>As the answer to an interaction.</summary>
    /// <param name="actions">More buttons, below the message's own.</param>
    /// <param name="flags">Beside the message's own.</param>
    public byte[] ForReply(IReadOnlyList<(string Label, string CustomId)> actions, int flags)
    {
        var body = With();
        if (actions.Count > 0)
        {
            var rows = JsonNode.Parse(DiscordButtons.Actions(actions))!.AsArray();
            var components = body["components"] as JsonArray ?? [];
            foreach (var row in rows)
                components.Add(row!.DeepClone());

            // What can be done is worth more than what can be opened.
            while (!IsV2 && components.Count > DiscordButtons.MostRows)
                components.RemoveAt(0);
            body["components"] = components.DeepClone();
        }

        if ((Flags | flags) != 0)
            body["flags"] = Flags | flags;
        return Bytes(body);
    }

    private static byte[] Bytes(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body);

    private JsonObject With(params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        var body = _body.DeepClone().AsObject();
        foreach (var (name, value) in members)
            body[name] = value;
        return body;
    }
}
