using System.Text.Json;

namespace Notifier.Bot.Discord;

/// <summary>A channel in which every message is a post with a title, and perhaps with tags (https://docs.discord.com/developers/resources/channel).</summary>
/// <param name="NeedsTag">A post without one is refused.</param>
/// <param name="Tags">Those that anybody may give to a post, in the forum's order.</param>
internal sealed record DiscordForum(string Guild, bool NeedsTag, IReadOnlyList<DiscordForumTag> Tags)
{
    private const int MostTags = 5;
    private const long RequireTag = 1 << 4;

    /// <param name="channel">As Discord tells of it.</param>
    public static DiscordForum Read(JsonElement channel, string guild) => new(
        guild,
        ((channel.Number("flags") ?? 0) & RequireTag) != 0,
        [
            .. channel.Items("available_tags")
                .Where(tag => tag.Text("id") is not null && tag.Member("moderated").ValueKind != JsonValueKind.True)
                .Select(tag => new DiscordForumTag(tag.Text("id")!, tag.Text("name") ?? "")),
        ]);

    /// <summary>The ids of the tags that are called so, and where none is but one is needed, of the first.</summary>
    /// <param name="names">As an entry's: the case says nothing, and <c>_</c> is a blank.</param>
    public IReadOnlyList<string> TagsFor(IReadOnlyList<string> names)
    {
        List<string> found = [.. Tags.Where(tag => names.Any(name => Same(name, tag.Name))).Take(MostTags).Select(tag => tag.Id)];
        return found.Count == 0 && NeedsTag ? [.. Tags.Take(1).Select(tag => tag.Id)] : found;
    }

    private static bool Same(string name, string tag) => string.Equals(Words(name), Words(tag), StringComparison.OrdinalIgnoreCase);

    private static string Words(string name) => name.Replace('_', ' ').Trim();
}

/// <summary>A tag of a forum.</summary>
internal sealed record DiscordForumTag(string Id, string Name);
