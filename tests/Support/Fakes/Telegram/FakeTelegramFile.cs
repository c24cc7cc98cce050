using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>A document in a message of the fake. Its bytes lie under a path that Telegram tells to whoever asks for the file.</summary>
/// <param name="ToldSize">What Telegram says of its size, where that is not true.</param>
internal sealed record FakeTelegramFile(string Name, byte[] Content, string MediaType = "text/x-opml+xml", int? ToldSize = null)
{
    public string Id { get; } = $"BQACAgIAAx{Guid.NewGuid():N}";

    public string Path => $"documents/file_{Id[^6..]}.opml";

    /// <summary>The bytes are gone, as after the hour for which a path is good.</summary>
    public bool IsGone { get; set; }

    public JsonObject ToJson() => new()
    {
        ["file_id"] = Id,
        ["file_unique_id"] = Id[^15..],
        ["file_name"] = Name,
        ["mime_type"] = MediaType,
        ["file_size"] = ToldSize ?? Content.Length,
    };
}
