using System.Globalization;
using Notifier.Chats;

namespace Notifier.Bot.Discord;

/// <summary>The permissions of somebody in a channel, as Discord works them out: the bits that matter here (https://docs.discord.com/developers/topics/permissions).</summary>
internal readonly record struct DiscordPermissions(ulong Bits)
{
    private const ulong Administrator = 1UL << 3;
    private const ulong ManageGuild = 1UL << 5;
    private const ulong ViewChannel = 1UL << 10;
    private const ulong SendMessages = 1UL << 11;
    private const ulong EmbedLinks = 1UL << 14;
    private const ulong ReadMessageHistory = 1UL << 16;
    private const ulong SendMessagesInThreads = 1UL << 38;

    /// <summary>What an invitation asks for.</summary>
    public const ulong Wanted = ViewChannel | SendMessages | EmbedLinks | ReadMessageHistory | SendMessagesInThreads;

    /// <summary>What whoever configures a chat must have, as a command's <c>default_member_permissions</c>.</summary>
    public static string ToConfigure => ManageGuild.ToString(CultureInfo.InvariantCulture);

    public Rights Rights => !Has(ViewChannel) ? Rights.None : Has(ManageGuild) ? Rights.ChatAdmin : Rights.Member;

    /// <summary>None where the text is no bit set.</summary>
    public static DiscordPermissions Read(string? text) => new(ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) ? bits : 0);

    /// <summary>The first that is missing to post in a channel of this type, as Discord's apps call it; null for none.</summary>
    public string? MissingToPost(long channelType)
    {
        if (!Has(ViewChannel))
            return "View Channel";
        var isThread = channelType is 10 or 11 or 12;
        if (!Has(isThread ? SendMessagesInThreads : SendMessages))
            return isThread ? "Send Messages in Threads" : "Send Messages";
        return Has(EmbedLinks) ? null : "Embed Links";
    }

    private bool Has(ulong permission) => (Bits & (permission | Administrator)) != 0;
}
