using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notifier.Model;

/// <summary>What the audit remembers of a chat's own settings.</summary>
public sealed record ChatRecord(string Zone, int? QuietFrom, int? QuietUntil, DateTimeOffset? PausedSince, bool StoriesApart = false, bool AtMostOnce = false, string? Style = null, string Language = "en")
{
    /// <summary>How the audit names what a chat has set for itself.</summary>
    public const string Subject = "chat";

    public static ChatRecord Of(Chat chat) => new(chat.Zone, chat.QuietFrom, chat.QuietUntil, chat.PausedSince, chat.StoriesApart, chat.AtMostOnce, chat.Style, chat.Language);

    /// <summary>As the audit keeps it.</summary>
    [JsonIgnore]
    public string Json => JsonSerializer.Serialize(this);
}
