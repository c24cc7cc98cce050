namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>What a member may do, as Discord's bits: those that matter to a bot that posts.</summary>
[Flags]
internal enum DiscordPermissions : ulong
{
    None = 0,
    KickMembers = 1UL << 1,
    BanMembers = 1UL << 2,
    Administrator = 1UL << 3,
    ManageChannels = 1UL << 4,
    ManageGuild = 1UL << 5,
    AddReactions = 1UL << 6,
    ViewChannel = 1UL << 10,
    SendMessages = 1UL << 11,
    ManageMessages = 1UL << 13,
    EmbedLinks = 1UL << 14,
    AttachFiles = 1UL << 15,
    ReadMessageHistory = 1UL << 16,
    MentionEveryone = 1UL << 17,
    ManageRoles = 1UL << 28,
    ManageWebhooks = 1UL << 29,
    UseApplicationCommands = 1UL << 31,
    ManageThreads = 1UL << 34,
    CreatePublicThreads = 1UL << 35,
    SendMessagesInThreads = 1UL << 38,

    /// <summary>What everyone may do in a new guild.</summary>
    Everyone = AddReactions | ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | UseApplicationCommands | CreatePublicThreads | SendMessagesInThreads,

    /// <summary>What an invitation usually gives to a bot that posts.</summary>
    Invited = ViewChannel | SendMessages | EmbedLinks | ReadMessageHistory | SendMessagesInThreads,

    All = Everyone | Invited | KickMembers | BanMembers | Administrator | ManageChannels | ManageGuild | ManageMessages | MentionEveryone | ManageRoles | ManageWebhooks | ManageThreads,
}
