using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Discord.Server;

namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>A message in a channel, as people see it, with every earlier version of it.</summary>
internal sealed class FakeMessage
{
    private const int SuppressEmbeds = 1 << 2;
    private const int Ephemeral = 1 << 6;
    private const int Loading = 1 << 7;

    private readonly FakeDiscord _discord;
    private readonly List<JsonElement> _versions = [];
    private readonly JsonObject _json;
    private int _flags;

    internal FakeMessage(FakeDiscord discord, FakeChannel channel, FakeUser author, string id, MessageBody body, string? nonce = null)
    {
        (_discord, Channel, Author, Id, Nonce, SentAt) = (discord, channel, author, id, nonce, discord.Time.GetUtcNow());
        _json = new JsonObject
        {
            ["id"] = id,
            ["type"] = 0,
            ["channel_id"] = channel.Id,
            ["author"] = author.ToJson(),
            ["timestamp"] = Wire.Time(SentAt),
            ["edited_timestamp"] = null,
            ["tts"] = false,
            ["pinned"] = false,
            ["mention_everyone"] = false,
            ["mentions"] = new JsonArray(),
            ["mention_roles"] = new JsonArray(),
            ["attachments"] = new JsonArray(),
        };
        Apply(body);
    }

    public string Id { get; }

    public FakeChannel Channel { get; }

    public FakeUser Author { get; }

    public DateTimeOffset SentAt { get; }

    public string? Nonce { get; }

    public bool IsDeleted { get; private set; }

    /// <summary>The message as Discord gives it, in its latest version.</summary>
    public JsonElement Raw
    {
        get
        {
            lock (_discord.Sync)
                return _versions[^1];
        }
    }

    /// <summary>The message before and after each edit, oldest first.</summary>
    public IReadOnlyList<JsonElement> Versions
    {
        get
        {
            lock (_discord.Sync)
                return [.. _versions];
        }
    }

    public int Edits => Versions.Count - 1;

    public string Content => Raw.GetProperty("content").GetString()!;

    public int Flags => Volatile.Read(ref _flags);

    /// <summary>Whether only the person who asked sees it.</summary>
    public bool IsEphemeral => (Flags & Ephemeral) != 0;

    public IReadOnlyList<JsonElement> Embeds => [.. Raw.GetProperty("embeds").EnumerateArray()];

    /// <summary>The embeds that people see: of those that share a URL only the first, and none where they are suppressed.</summary>
    public IReadOnlyList<JsonElement> ShownEmbeds => (Flags & SuppressEmbeds) != 0
        ? []
        : [.. Embeds.Select((embed, index) => (embed, Url: Text(embed, "url") ?? $"#{index}")).DistinctBy(shown => shown.Url).Select(shown => shown.embed)];

    /// <summary>The files that came with it, as whoever opens them gets them.</summary>
    public IReadOnlyList<DiscordUpload> Files => [.. Raw.GetProperty("attachments").EnumerateArray().Select(file => _discord.Files.At(file.GetProperty("url").GetString()!))];

    public IReadOnlyList<JsonElement> Components => [.. Raw.GetProperty("components").EnumerateArray()];

    public IReadOnlyList<DiscordButton> Buttons => [.. All(Components).Where(part => part.GetProperty("type").GetInt32() == 2).Select(DiscordButton.Read)];

    /// <summary>All the text that a person reads, top to bottom, a part a line; the buttons stand last, in brackets.</summary>
    public string ShownText
    {
        get
        {
            var text = new StringBuilder();
            Line(Content);
            foreach (var embed in ShownEmbeds)
            {
                Line(Text(embed, "author", "name"));
                Line(Text(embed, "title"));
                Line(Text(embed, "description"));
                foreach (var one in embed.TryGetProperty("fields", out var fields) ? fields.EnumerateArray() : default)
                {
                    Line(Text(one, "name"));
                    Line(Text(one, "value"));
                }

                Line(Text(embed, "footer", "text"));
            }

            foreach (var part in All(Components).Where(part => part.GetProperty("type").GetInt32() == 10))
                Line(Text(part, "content"));
            Line(string.Join(' ', Buttons.Select(button => $"[{button.Label}]")));
            return text.ToString().TrimEnd('\n');

            void Line(string? line)
            {
                if (!string.IsNullOrEmpty(line))
                    text.Append(line).Append('\n');
            }
        }
    }

    internal bool IsLoading => (Flags & Loading) != 0;

    internal bool IsVisible => !IsDeleted && !IsLoading && !IsEphemeral;

    /// <summary>Presses the button of that label, as soon as the bot is there.</summary>
    public async Task<FakeInteraction> PressAsync(FakeUser user, string label)
    {
        await _discord.WaitUntilServingAsync();
        var button = Buttons.SingleOrDefault(button => button.Label == label)
            ?? throw new NotOfferedException($"No button \"{label}\" here, only {string.Join(", ", Buttons.Select(button => button.Label))}.");
        if (IsDeleted || button.IsDisabled || button.CustomId is null)
            throw new NotOfferedException($"The button \"{label}\" cannot be pressed.");
        return user.Forge(this, button.CustomId);
    }

    /// <summary>Completes when the message was edited so often.</summary>
    public Task WaitForEditsAsync(int count = 1, TimeSpan? timeout = null, CancellationToken ct = default) =>
        _discord.WaitAsync(() => Edits >= count, $"{count} edits of a message in {Channel}", timeout, ct);

    /// <summary>A person deletes the message.</summary>
    public void Delete()
    {
        lock (_discord.Sync)
            IsDeleted = true;
        _discord.Changed();
    }

    /// <summary>A person takes the embeds away, as whoever may manage messages can.</summary>
    public void HideEmbeds()
    {
        lock (_discord.Sync)
            Apply(MessageBody.OfChanges(JsonSerializer.SerializeToElement(new { embeds = Array.Empty<object>(), flags = Flags | SuppressEmbeds })));
        _discord.Changed();
    }

    public override string ToString() => ShownText;

    internal void Edit(MessageBody body, bool isEdit = true)
    {
        if (isEdit)
            _json["edited_timestamp"] = Wire.Time(_discord.Time.GetUtcNow());
        Apply(body);
        _discord.Changed();
    }

    /// <summary>The nonce stands only in the answer to the message's creation.</summary>
    internal JsonObject ToJson(bool withNonce = false)
    {
        var json = _json.DeepClone().AsObject();
        if (withNonce && Nonce is not null)
            json["nonce"] = Nonce;
        return json;
    }

    private void Apply(MessageBody body)
    {
        body.WriteTo(_json);
        _versions.Add(JsonSerializer.SerializeToElement(_json));
        _flags = (int)_json["flags"]!;
    }

    private static string? Text(JsonElement part, string name, string? inner = null) =>
        !part.TryGetProperty(name, out var value) ? null : inner is null ? value.GetString() : Text(value, inner);

    private static IEnumerable<JsonElement> All(IEnumerable<JsonElement> components)
    {
        foreach (var component in components)
        {
            yield return component;
            if (component.TryGetProperty("components", out var inner))
            {
                foreach (var part in All(inner.EnumerateArray()))
                    yield return part;
            }

            if (component.TryGetProperty("accessory", out var accessory))
                yield return accessory;
        }
    }
}

/// <summary>A button under a message: one with a custom id can be pressed, one with a URL is a link.</summary>
internal sealed record DiscordButton(string Label, string? CustomId, string? Url, bool IsDisabled, int Style)
{
    internal static DiscordButton Read(JsonElement button) => new(
        button.TryGetProperty("label", out var label) ? label.GetString()! : button.GetProperty("emoji").GetProperty("name").GetString()!,
        button.TryGetProperty("custom_id", out var id) ? id.GetString() : null,
        button.TryGetProperty("url", out var url) ? url.GetString() : null,
        button.TryGetProperty("disabled", out var disabled) && disabled.GetBoolean(),
        button.GetProperty("style").GetInt32());
}
