using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Notifier.Messages;

namespace Notifier.Bot.Discord;

/// <summary>A message as the first of a new post, for forums: there nothing can be said without a title.</summary>
internal static class DiscordPost
{
    private const int LongestTitle = 100;

    /// <summary>The body of the request that opens the post: its title is the entry's, or the first line of what is said.</summary>
    /// <param name="message">What <see cref="DiscordMessages.Render"/> made.</param>
    /// <param name="untitled">For a message that has neither.</param>
    public static byte[] Body(ReadOnlyMemory<byte> message, string untitled)
    {
        var body = JsonNode.Parse(message.Span)!;
        var said = body["embeds"]?[0] is { } embed ? (string?)embed["title"] ?? (string?)embed["description"] : (string?)body["content"];
        var title = CleanText.Line(Unescaped((said ?? "").Split('\n')[0]));
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["name"] = CleanText.Cut(title.Length > 0 ? title : untitled, LongestTitle), ["message"] = body });
    }

    /// <summary>A post's title is plain text: what was escaped for markdown is itself again.</summary>
    private static string Unescaped(string markdown)
    {
        var text = new StringBuilder(markdown.Length);
        for (var i = 0; i < markdown.Length; i++)
        {
            if (markdown[i] != '\\' || i + 1 == markdown.Length || char.IsLetterOrDigit(markdown[i + 1]))
                text.Append(markdown[i]);
            else
                text.Append(markdown[++i]);
        }

        return text.ToString();
    }
}
