namespace Notifier.Bot.Discord;

/// <summary>A file that somebody attached to a command, as Discord tells of it.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Url">Where it can be fetched for a day, by whoever knows it.</param>
internal sealed record DiscordAttachment(string Name, long? Size, string Url);
