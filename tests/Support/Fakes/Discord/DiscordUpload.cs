namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>A file: what a person attaches to a command, or the bot to a message.</summary>
/// <param name="Part">The name of the form's part in which the bot sent it.</param>
internal sealed record DiscordUpload(string Name, byte[] Content, string ContentType = "text/x-opml+xml", string? Part = null);
