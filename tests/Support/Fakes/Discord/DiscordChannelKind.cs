namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>What kind of place a channel is, with Discord's numbers.</summary>
internal enum DiscordChannelKind
{
    Text = 0,
    Dm = 1,
    Voice = 2,
    Category = 4,
    Announcement = 5,
    PublicThread = 11,
    Forum = 15,
}
