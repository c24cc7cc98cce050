namespace Notifier.Tests.Support.Fakes.Discord.Server.Checks;

/// <summary>Which channels the bot may see and write to, and the refusals where it may not.</summary>
internal static class Places
{
    /// <summary>The channel of the path, if it is there and the bot sees it.</summary>
    public static FakeChannel Find(FakeDiscord discord, DiscordRequest request)
    {
        var channel = discord.Channel(request.Values["channel_id"]) ?? throw Refusals.UnknownChannel();
        return channel.RightsOf(discord.Bot).HasFlag(DiscordPermissions.ViewChannel) ? channel : throw Refusals.MissingAccess();
    }

    /// <summary>Refuses a new message that the bot may not send here.</summary>
    public static void DemandSend(FakeDiscord discord, FakeChannel channel, bool hasEmbeds)
    {
        if (!channel.TakesMessages)
            throw new RefusalException(400, 50008, "Cannot send messages in a non-text channel");
        if (channel.Kind == DiscordChannelKind.Dm)
        {
            if (!channel.Other!.AcceptsMessages)
                throw new RefusalException(403, 50007, "Cannot send messages to this user");
            return;
        }

        Demand(discord, channel, channel.IsThread ? DiscordPermissions.SendMessagesInThreads : DiscordPermissions.SendMessages);
        if (hasEmbeds)
            Demand(discord, channel, DiscordPermissions.EmbedLinks);
        if (channel.IsLocked && !channel.RightsOf(discord.Bot).HasFlag(DiscordPermissions.ManageThreads))
            throw new RefusalException(400, 160005, "This thread is locked");
    }

    public static void Demand(FakeDiscord discord, FakeChannel channel, DiscordPermissions right)
    {
        if (!channel.RightsOf(discord.Bot).HasFlag(right))
            throw Refusals.MissingPermissions();
    }
}
