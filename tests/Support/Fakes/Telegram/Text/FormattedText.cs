using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Telegram.Text;

/// <summary>A stretch of a shown text that is more than text; offset and length are UTF-16 units.</summary>
internal sealed record TextEntity(string Type, int Offset, int Length)
{
    public string? Url { get; init; }

    public string? Language { get; init; }

    /// <summary>Of a <c>text_mention</c>: whom it pings.</summary>
    public long? UserId { get; init; }

    public string? CustomEmojiId { get; init; }

    public long? UnixTime { get; init; }

    public string? DateTimeFormat { get; init; }

    public int End => Offset + Length;

    public bool Overlaps(int offset, int end) => Offset < end && offset < End;

    public JsonObject ToJson(Func<long, JsonObject> user)
    {
        var json = new JsonObject { ["type"] = Type, ["offset"] = Offset, ["length"] = Length };
        if (Url is not null)
            json["url"] = Url;
        if (UserId is { } id)
            json["user"] = user(id);
        if (Language is not null)
            json["language"] = Language;
        if (CustomEmojiId is not null)
            json["custom_emoji_id"] = CustomEmojiId;
        if (UnixTime is { } time)
            json["unix_time"] = time;
        if (DateTimeFormat is { Length: > 0 })
            json["date_time_format"] = DateTimeFormat;
        return json;
    }
}

/// <summary>A text as people see it, with the entities that the sender gave it.</summary>
internal sealed record FormattedText(string Text, IReadOnlyList<TextEntity> Entities)
{
    /// <summary>The text under an entity.</summary>
    public string Under(TextEntity entity) => Text.Substring(entity.Offset, entity.Length);
}
