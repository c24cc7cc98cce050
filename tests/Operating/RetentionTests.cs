using Microsoft.EntityFrameworkCore;
using Notifier.Model;
using Notifier.Operating;
using Notifier.Tests.Support;

namespace Notifier.Tests.Operating;

public sealed class RetentionTests : IAsyncDisposable
{
    private readonly Desk _desk = new();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task What_was_told_is_forgotten_after_thirty_days_and_not_before()
    {
        _desk.Platform.Open("a");
        await _desk.OweAsync("a", "f", "one");
        await _desk.DeliverAsync();

        _desk.Time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(0, await SweepAsync());
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, await SweepAsync());
        Assert.Equal((0, 0, 0), await CountAsync());
        Assert.Equal(0, await SweepAsync());
    }

    [Fact]
    public async Task What_finds_a_story_is_forgotten_when_the_story_is_closed()
    {
        await _desk.ExecuteAsync($"INSERT INTO StoryPrints (Print, EntryId, FirstSeen) VALUES (1, 1, {_desk.Now.UtcTicks})");
        _desk.Time.Advance(StoryPrint.Open);
        Assert.Equal(0, await SweepAsync());
        _desk.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, await SweepAsync());
    }

    [Theory]
    [InlineData("Waiting")]
    [InlineData("Held")]
    [InlineData("Sending")]
    [InlineData("Unknown")]
    public async Task What_is_owed_is_never_forgotten(string state)
    {
        await _desk.OweAsync("a", "f", "one");
        await _desk.ExecuteAsync("INSERT INTO Sendings (ChatId, Part, Body, Nonce, Epoch, FirstAttempt, LostAnswers) VALUES (1, 0, x'00', 'n', 1, 0, 0)");
        await _desk.ExecuteAsync($"UPDATE Deliveries SET State='{state}', DueAt=NULL, SendingId={(state is "Sending" or "Unknown" ? "1" : "NULL")}");
        _desk.Time.Advance(TimeSpan.FromDays(400));
        await SweepAsync();

        Assert.Equal((1, 1, state is "Sending" or "Unknown" ? 1 : 0), await CountAsync());
    }

    [Fact]
    public async Task An_entry_that_one_chat_still_waits_for_is_kept()
    {
        _desk.Platform.Open("a");
        await _desk.OweAsync("a", "f", "one");
        await _desk.DeliverAsync();
        await _desk.OweAsync("b", "f", "one");
        await _desk.ExecuteAsync("UPDATE Deliveries SET DueAt=NULL WHERE EndedAt IS NULL");
        _desk.Time.Advance(TimeSpan.FromDays(31));
        await SweepAsync();

        Assert.Equal((1, 1, 0), await CountAsync());
    }

    [Fact]
    public async Task An_ended_subscription_goes_after_a_day_with_what_it_would_have_been_sent()
    {
        var feed = await _desk.SubscribeAsync(new Uri("http://f.test/"), "a", "b");
        await _desk.OweAsync("a", "f", "one");
        await _desk.OweAsync("b", "f", "one");
        await _desk.ExecuteAsync("UPDATE Deliveries SET SubscriptionId=ChatId, DueAt=NULL");
        await _desk.ExecuteAsync($"UPDATE Subscriptions SET EndedAt={_desk.Now.UtcTicks} WHERE ChatId=1");

        _desk.Time.Advance(TimeSpan.FromHours(24));
        await SweepAsync();
        Assert.Equal("Waiting Waiting", await _desk.StatesAsync());
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await SweepAsync();
        Assert.Equal("Cancelled Waiting", await _desk.StatesAsync());
        Assert.Equal(2, (await _desk.ReadAsync(db => db.Subscriptions.Single())).ChatId);
        Assert.NotNull((await _desk.FeedAsync(feed)).NextPoll);

        await _desk.ExecuteAsync($"UPDATE Subscriptions SET EndedAt={_desk.Now.UtcTicks}");
        _desk.Time.Advance(TimeSpan.FromHours(25));
        await SweepAsync();
        Assert.Null((await _desk.FeedAsync(feed)).NextPoll);
    }

    [Fact]
    public async Task Updates_are_remembered_for_two_days()
    {
        await _desk.ExecuteAsync($"INSERT INTO ProcessedUpdates VALUES ('fake', '1', {_desk.Now.UtcTicks})");
        _desk.Time.Advance(TimeSpan.FromHours(48));
        Assert.Equal(0, await SweepAsync());
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await SweepAsync());
    }

    private Task<int> SweepAsync() => new Retention(_desk.Storage, _desk.Time).SweepAsync(Desk.Token);

    private Task<(int Deliveries, int Entries, int Sendings)> CountAsync() => _desk.ReadAsync(db => (db.Deliveries.Count(), db.Entries.Count(), db.Sendings.Count()));
}
