using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>Discord refuses: it asks to wait, or does not like a message. Its own limits are off here, so that only what is played makes anybody wait.</summary>
public sealed class DiscordRefusalsStory : IClassFixture<DiscordWorld>
{
    private const string Send = "POST /channels/{channel_id}/messages";

    private readonly DiscordWorld _world;

    public DiscordRefusalsStory(DiscordWorld world)
    {
        _world = world;
        world.Discord.Limits.TurnOff();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeDiscord Discord => _world.Discord;

    [Fact]
    public async Task H04_H05_A_limit_of_one_channel_is_waited_for_there_alone()
    {
        (string Title, string Scope, double Said, double Header)[] limits = [("Limited", "user", 1.2, 1.2), ("Limited by the header", "user", 0.5, 2), ("Shared", "shared", 1.2, 1.2)];
        var invalid = Discord.InvalidRequests;
        await Task.WhenAll(limits.Select(async one =>
        {
            var town = await SubscribedAsync(one.Title);
            var other = town.Guild.AddChannel("other");
            await town.SubscribeAsync(_world.Web.Url(town.Path(one.Title)), other);
            FailNext(town.Channel, new DiscordFault.RateLimited(TimeSpan.FromSeconds(one.Said), one.Scope, HeaderAfter: TimeSpan.FromSeconds(one.Header)));
            town.Publish(one.Title, "Two", "One");
            var (late, soon) = (await town.Channel.WaitForMessagesAsync(1, ct: Stop), await other.WaitForMessagesAsync(1, ct: Stop));
            Assert.Equal(["Two", "Two"], Town.Titles([.. late, .. soon]));
            Assert.True(soon[0].SentAt < late[0].SentAt, $"{one.Title}: the other channel waited, too.");
            var sends = Sends(town.Channel);
            Assert.Equal(2, sends.Count);
            Assert.True(sends[1].At - sends[0].At >= TimeSpan.FromSeconds(Math.Max(one.Said, one.Header)), $"{one.Title}: it came again after {sends[1].At - sends[0].At}.");
        }));
        Assert.Equal(2, Discord.InvalidRequests - invalid);
    }

    [Fact]
    public async Task H05_A_limit_of_the_whole_token_is_waited_for_everywhere()
    {
        var town = await SubscribedAsync("Limited all");
        FailNext(town.Channel, new DiscordFault.RateLimited(TimeSpan.FromSeconds(1.5), "global"));
        town.Publish("Limited all", "Two", "One");
        await Discord.WaitAsync(() => Sends(town.Channel).Any(send => send.Status == 429), "the refusal", ct: Stop);
        await town.Channel.WaitForMessagesAsync(1, ct: Stop);
        var refused = Sends(town.Channel)[0];
        var next = Discord.Requests.First(request => request.At > refused.At && !request.Path.Contains("/webhooks/", StringComparison.Ordinal) && !request.Path.Contains("/callback", StringComparison.Ordinal));
        Assert.True(next.At - refused.At >= TimeSpan.FromSeconds(1.5), $"{next} came after {next.At - refused.At}.");
    }

    [Fact]
    public async Task D10_H12_A_refused_message_comes_plainer_and_plainer_is_put_aside_and_the_next_ones_flow()
    {
        var town = await SubscribedAsync("Refused");
        Discord.Next(Send, new DiscordFault.Refuse(400, 50035, "Invalid Form Body"), times: 3, where: request => request.Body.Contains("What Poison", StringComparison.Ordinal) || request.Body.Contains("/Poison", StringComparison.Ordinal));
        Discord.Next(Send, new DiscordFault.Refuse(400, 50035, "Invalid Form Body"), where: request => request.Body.Contains("/Picky", StringComparison.Ordinal));
        town.Publish("Refused", "Last", "Picky", "Poison", "One");
        var messages = await town.Channel.WaitForMessagesAsync(3, ct: Stop);
        Assert.StartsWith("Picky\n<https://example.org/Picky>", messages[0].Content, StringComparison.Ordinal);
        Assert.Contains("What Picky is about.", messages[0].Content, StringComparison.Ordinal);
        Assert.Empty(messages[0].Embeds);
        Assert.Equal("Last", messages[1].Embeds[0].GetProperty("title").GetString());
        Assert.StartsWith("“Poison” of “Refused” could not be shown here: ", messages[2].ShownText, StringComparison.Ordinal);

        var poison = Sends(town.Channel).Where(request => request.Body.Contains("/Poison", StringComparison.Ordinal)).SkipLast(1).ToList();
        Assert.Equal(3, poison.Count);
        Assert.True(poison[0].Json!.Value.TryGetProperty("embeds", out _));
        Assert.Contains("What Poison is about.", poison[1].Json!.Value.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal("Poison\n<https://example.org/Poison>", poison[2].Json!.Value.GetProperty("content").GetString());
        Assert.Equal(3, poison.Select(request => request.Json!.Value.GetProperty("nonce").GetString()).Distinct().Count());
        Assert.Equal("Quarantined", await _world.World.QueryAsync<string>($"SELECT d.State FROM Deliveries d JOIN Entries e ON e.Id=d.EntryId JOIN Chats c ON c.Id=d.ChatId WHERE e.Title='Poison' AND c.Address='{town.Channel.Id}'"));
    }

    private async Task<Town> SubscribedAsync(string title)
    {
        var town = _world.Found(title);
        await town.SubscribeAsync(town.Publish(title, "One"));
        return town;
    }

    private void FailNext(FakeChannel channel, DiscordFault fault) => Discord.Next(Send, fault, where: request => request.Values["channel_id"] == channel.Id);

    private List<DiscordRequest> Sends(FakeChannel channel) => [.. Discord.Requests.Where(request => request.Operation == Send && request.Values["channel_id"] == channel.Id)];
}
