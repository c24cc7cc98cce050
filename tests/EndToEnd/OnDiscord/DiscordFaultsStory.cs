using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>Discord's REST API answers late, wrongly or not at all: every entry still comes once and in order, or is put aside alone.</summary>
public sealed class DiscordFaultsStory(DiscordWorld world) : IClassFixture<DiscordWorld>
{
    private const string Send = "POST /channels/{channel_id}/messages";
    private const string Answer = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeDiscord Discord => world.Discord;

    [Fact]
    public async Task H02_H03_A_message_whose_answer_is_lost_goes_again_under_its_nonce_and_is_one_copy()
    {
        (string Title, DiscordFault Fault)[] lost =
        [
            ("Reset", new DiscordFault.StoreThenDrop()),
            ("Gateway error", new DiscordFault.ServerErrorAfterStore()),
            ("Half an answer", new DiscordFault.HalfAnswer()),
            ("A web page", new DiscordFault.Html200()),
        ];
        await Task.WhenAll(lost.Select(async one =>
        {
            var town = await SubscribedAsync(one.Title);
            FailNext(town.Channel, one.Fault);
            town.Publish(one.Title, "Three", "Two", "One");
            Assert.Equal(["Two", "Three"], Town.Titles(await town.Channel.WaitForMessagesAsync(2, ct: Stop)));
            var sends = Sends(town.Channel);
            Assert.Equal(3, sends.Count);
            Assert.Equal(sends[0].Body, sends[1].Body);
        }));
    }

    [Fact]
    public async Task H03_What_certainly_did_not_arrive_goes_again()
    {
        var town = await SubscribedAsync("Broken way");
        FailNext(town.Channel, new DiscordFault.DropBefore());
        FailNext(town.Channel, new DiscordFault.ServerError(503));
        town.Publish("Broken way", "Three", "Two", "One");
        Assert.Equal(["Two", "Three"], Town.Titles(await town.Channel.WaitForMessagesAsync(2, ct: Stop)));
    }

    [Fact]
    public async Task H09_A_lost_message_that_was_deleted_meanwhile_counts_as_told()
    {
        var town = await SubscribedAsync("Deleted");
        FailNext(town.Channel, new DiscordFault.StoreThenDrop());
        town.Publish("Deleted", "Two", "One");
        (await town.Channel.WaitForMessagesAsync(1, ct: Stop))[0].Delete();
        town.Publish("Deleted", "Three", "Two", "One");
        Assert.Equal(["Three"], Town.Titles(await town.Channel.WaitForMessagesAsync(1, ct: Stop)));
        Assert.Contains(Sends(town.Channel), request => request.Code == 10008);
        Assert.StartsWith("One feed", (await town.AskAsync("list")).ShownText, StringComparison.Ordinal);
        Assert.Empty(town.Ann.OpenDm().Messages);
    }

    [Fact]
    public async Task N05_A_command_is_acknowledged_at_once_however_long_it_takes()
    {
        var town = world.Found("Slow");
        var url = town.Publish("Slow feed", "One");
        world.Web.Hold(town.Path("Slow feed"));
        var asked = await town.Ann.CommandAsync(town.Channel, "subscribe", ("url", url), ("backfill", "none"));
        await asked.AcknowledgedAsync(ct: Stop);
        await world.Web.RequestAsync(town.Path("Slow feed"), Stop);
        Assert.Equal(5, asked.AcknowledgedAs);
        Assert.Null(asked.Answer);
        await town.Ann.AskAsync(town.Guild.AddChannel("other"), "list");
        world.Web.Release(town.Path("Slow feed"));
        Assert.StartsWith("Subscribed", (await asked.AnswerAsync(ct: Stop)).ShownText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task N05_An_answer_after_its_fifteen_minutes_comes_in_private()
    {
        var town = world.Found("Late");
        Discord.Next(Answer, new DiscordFault.Refuse(401, 50027, "Invalid Webhook Token"));
        Discord.Next("POST /users/@me/channels", new DiscordFault.RateLimited(TimeSpan.FromMilliseconds(100)));
        Discord.Next(Send, new DiscordFault.RateLimited(TimeSpan.FromMilliseconds(100)));
        await town.Ann.CommandAsync(town.Channel, "list");
        Assert.StartsWith("This chat has no feeds yet.", (await town.Ann.OpenDm().WaitForMessagesAsync(1, ct: Stop))[0].Content, StringComparison.Ordinal);
        Assert.Empty(town.Channel.Messages);
        await town.AskAsync("list");
    }

    [Fact]
    public async Task N05_An_answer_that_Discord_refuses_comes_plainer_or_says_that_it_went_wrong()
    {
        const string Wrong = "That went wrong on my side; the log says more.";
        var town = await SubscribedAsync("Picky");
        var refusal = new DiscordFault.Refuse(400, 50035, "Invalid Form Body");
        Discord.Next(Answer, refusal, where: request => request.Body.Contains("\"embeds\"", StringComparison.Ordinal));
        Assert.Contains("One\n<https://example.org/One>", (await town.AskAsync("preview", ("feed", "1"))).Content, StringComparison.Ordinal);
        Discord.Next(Answer, refusal, times: 3);
        await town.SaysAsync(Wrong, "preview", ("feed", "1"));
        Discord.Next(Answer, refusal);
        await town.SaysAsync(Wrong, "list");
    }

    [Fact]
    public async Task N05_What_could_not_be_acknowledged_in_time_is_not_carried_out()
    {
        const string Acknowledge = "POST /interactions/{interaction_id}/{interaction_token}/callback";
        var town = await SubscribedAsync("Too late");
        Discord.Next(Acknowledge, new DiscordFault.Refuse(404, 10062, "Unknown interaction"));
        await town.Ann.CommandAsync(town.Channel, "unsubscribe", ("feed", "1"));
        await Discord.WaitAsync(() => Discord.Requests.Any(request => request.Code == 10062 || (request.Operation == Acknowledge && request.Status == 404)), "the refusal", ct: Stop);

        // Acknowledged all the same, though the answer to that was lost: carried out.
        Discord.Next(Acknowledge, new DiscordFault.ServerErrorAfterStore());
        Assert.StartsWith("One feed", (await town.AskAsync("list")).ShownText, StringComparison.Ordinal);
    }

    private async Task<Town> SubscribedAsync(string title)
    {
        var town = world.Found(title);
        await town.SubscribeAsync(town.Publish(title, "One"));
        return town;
    }

    private void FailNext(FakeChannel channel, DiscordFault fault) => Discord.Next(Send, fault, where: request => request.Values["channel_id"] == channel.Id);

    private List<DiscordRequest> Sends(FakeChannel channel) => [.. Discord.Requests.Where(request => request.Operation == Send && request.Values["channel_id"] == channel.Id)];
}
