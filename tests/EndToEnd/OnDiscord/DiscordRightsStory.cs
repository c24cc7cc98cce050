using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>The bot is thrown out and comes back, channels go, rights are taken and given: nothing that can still be delivered is lost.</summary>
public sealed class DiscordRightsStory(DiscordWorld world) : IClassFixture<DiscordWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task E06_Thrown_out_of_a_guild_it_waits_tells_whoever_subscribed_and_goes_on_when_invited_again()
    {
        var town = world.Found("Moody");
        await town.SubscribeAsync(town.Publish("Moods", "One"));
        town.Guild.RemoveBot();
        var told = await town.Ann.OpenDm().WaitForMessagesAsync(1, ct: Stop);
        Assert.Equal("I cannot post in #news any more: I was removed from the server. What is owed there waits, and goes on as soon as I may post again.", told[0].Content);

        town.Publish("Moods", "Three", "Two", "One");
        await town.PolledAsync("Moods");
        Assert.Equal(2, await town.OwedAsync(town.Channel));
        Assert.Empty(town.Channel.Messages);
        town.Guild.InviteBot();
        var messages = await town.Channel.WaitForMessagesAsync(3, ct: Stop);
        Assert.Equal(["Two", "Three"], Town.Titles(messages.Where(message => message.Embeds.Count == 1)));
        Assert.StartsWith("I watch feeds", Assert.Single(messages, message => message.Embeds.Count == 0).Content, StringComparison.Ordinal);

        // The greeting comes once ever, however often it is invited.
        town.Guild.RemoveBot();
        await town.Ann.OpenDm().WaitForMessagesAsync(2, ct: Stop);
        town.Guild.InviteBot();
        town.Publish("Moods", "Four", "Three", "Two", "One");
        messages = await town.Channel.WaitForMessagesAsync(4, ct: Stop);
        Assert.Equal("Four", Town.Titles(messages).Last());
    }

    [Fact]
    public async Task A_guild_greets_once_in_its_system_channel_and_an_outage_is_no_farewell()
    {
        var town = world.Found("Greeted");
        var hall = town.Guild.AddChannel("hall");
        town.Guild.RemoveBot();
        town.Guild.UseSystemChannel(hall);
        town.Guild.InviteBot();
        Assert.StartsWith("I watch feeds", (await hall.WaitForMessagesAsync(1, ct: Stop))[0].Content, StringComparison.Ordinal);

        await town.SubscribeAsync(town.Publish("Outage", "One"));
        town.Guild.BecomeUnavailable();
        town.Publish("Outage", "Two", "One");
        Assert.Equal(["Two"], Town.Titles(await town.Channel.WaitForMessagesAsync(1, ct: Stop)));
        Assert.Empty(town.Ann.OpenDm().Messages);
        Assert.Single(hall.Messages);
    }

    [Fact]
    public async Task E06_H07_The_subscriptions_of_a_deleted_channel_end_and_whoever_subscribed_is_told()
    {
        var town = world.Found("Shrinking");
        var (room, other) = (town.Guild.AddChannel("room"), town.Guild.AddChannel("other"));
        var url = town.Publish("Rooms", "One");
        await town.SubscribeAsync(url);
        await town.SubscribeAsync(url, room);
        await town.SubscribeAsync(url, other.AddThread("thread"));
        room.Delete();
        Assert.Equal("#room is no more, so its subscriptions have ended: It was deleted.", (await town.Ann.OpenDm().WaitForMessagesAsync(1, ct: Stop))[0].Content);
        other.Delete();
        Assert.Equal("#thread is no more, so its subscriptions have ended: It was deleted.", (await town.Ann.OpenDm().WaitForMessagesAsync(2, ct: Stop))[1].Content);

        town.Publish("Rooms", "Two", "One");
        Assert.Equal(["Two"], Town.Titles(await town.Channel.WaitForMessagesAsync(1, ct: Stop)));
        Assert.Equal(0, await world.World.QueryAsync<long>($"SELECT COUNT(*) FROM Deliveries d JOIN Chats c ON c.Id=d.ChatId WHERE c.Address='{room.Id}' AND d.EndedAt IS NULL"));
        Assert.DoesNotContain(world.Discord.Requests, request => request.Operation == "POST /channels/{channel_id}/messages" && request.Values["channel_id"] == room.Id);
    }

    [Fact]
    public async Task E06_H07_Rights_that_are_taken_hold_what_is_owed_until_they_are_given_back()
    {
        var town = world.Found("Strict");
        var thread = town.Channel.AddThread("thread");
        var url = town.Publish("Rights", "One");
        await town.SubscribeAsync(url);
        await town.SubscribeAsync(url, thread);
        town.Channel.Deny(DiscordPermissions.SendMessages | DiscordPermissions.SendMessagesInThreads);
        town.Publish("Rights", "Three", "Two", "One");
        var told = await town.Ann.OpenDm().WaitForMessagesAsync(2, ct: Stop);
        Assert.All(told, message => Assert.StartsWith("I cannot post in #", message.Content, StringComparison.Ordinal));
        Assert.Equal(2, await town.OwedAsync(town.Channel));
        Assert.Equal(2, await town.OwedAsync(thread));
        Assert.Equal(2, Refused(town, thread));

        town.Channel.Allow(DiscordPermissions.SendMessages | DiscordPermissions.SendMessagesInThreads);
        Assert.Equal(["Two", "Three"], Town.Titles(await town.Channel.WaitForMessagesAsync(2, ct: Stop)));
        Assert.Equal(["Two", "Three"], Town.Titles(await thread.WaitForMessagesAsync(2, ct: Stop)));
        Assert.Equal(2, Refused(town, thread));

        // Taken and given back by a role, for the whole guild.
        town.Guild.Grant(world.Discord.Bot, DiscordPermissions.None);
        town.Guild.GrantEveryone(DiscordPermissions.ViewChannel | DiscordPermissions.UseApplicationCommands);
        town.Publish("Rights", "Four", "Three", "Two", "One");
        await town.Ann.OpenDm().WaitForMessagesAsync(4, ct: Stop);
        town.Guild.GrantEveryone(DiscordPermissions.Everyone);
        await thread.WaitForMessagesAsync(3, ct: Stop);
        Assert.Equal(["Two", "Three", "Four"], Town.Titles(await town.Channel.WaitForMessagesAsync(3, ct: Stop)));
    }

    [Fact]
    public async Task E07_Whoever_takes_no_private_messages_is_asked_once_and_left_alone()
    {
        var town = world.Found("Shy");
        town.Ann.AcceptsMessages = false;
        await town.SubscribeAsync(town.Publish("Shy news", "One"));
        town.Guild.RemoveBot();
        var alone = town.Ann.OpenDm();
        await world.Discord.WaitAsync(() => Tries(alone) == 1, "the notice to be tried", ct: Stop);
        town.Publish("Shy news", "Two", "One");
        await town.PolledAsync("Shy news");
        Assert.Equal(1, await town.OwedAsync(town.Channel));
        town.Guild.InviteBot();
        Assert.Contains("Two", Town.Titles(await town.Channel.WaitForMessagesAsync(2, ct: Stop)));
        Assert.Equal(1, Tries(alone));

        // A private chat is a place to subscribe like any other, as long as it is open.
        town.Bob.AcceptsMessages = false;
        var own = town.Bob.OpenDm();
        Assert.StartsWith("Subscribed", (await town.Bob.AskAsync(own, "subscribe", ("url", town.Publish("Shut", "One")), ("backfill", "none"))).ShownText, StringComparison.Ordinal);
        town.Publish("Shut", "Two", "One");
        await world.Discord.WaitAsync(() => Tries(own) == 2, "the entry and the notice to be refused", ct: Stop);
        Assert.Equal(1, await town.OwedAsync(own));
        Assert.Empty(own.Messages);

        int Tries(FakeChannel chat) => world.Discord.Requests.Count(request => request.Operation == "POST /channels/{channel_id}/messages" && request.Values["channel_id"] == chat.Id);
    }

    private int Refused(Town town, FakeChannel thread) =>
        world.Discord.Requests.Count(request => request.Code == 50013 && (request.Values["channel_id"] == town.Channel.Id || request.Values["channel_id"] == thread.Id));
}
