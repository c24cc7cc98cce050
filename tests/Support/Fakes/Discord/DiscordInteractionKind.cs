namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>What a person did with the bot, with Discord's numbers.</summary>
internal enum DiscordInteractionKind
{
    Command = 2,
    Component = 3,
    Autocomplete = 4,
}
