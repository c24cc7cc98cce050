using System.Text;
using Notifier.Chats;
using Notifier.Model;
using Notifier.Operating;
using Notifier.Tests.Support;

namespace Notifier.Tests.Chats;

/// <summary>What a platform sent is on disk before it is acted on, once, until it is done.</summary>
public sealed class InboxTests : IAsyncDisposable
{
    private readonly Desk _desk = new();

    private Inbox Inbox => new(_desk.Storage, _desk.Time);

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task What_came_is_pending_in_order_until_it_is_handled()
    {
        var stored = await StoreAsync("7", "9", "8");
        Assert.Equal(["7", "9", "8"], stored.Select(update => update.UpdateId));
        Assert.Equal(["7", "9", "8"], await PendingAsync());
        Assert.Equal("body of 9", Encoding.UTF8.GetString(stored[1].Body));

        await Inbox.HandledAsync(stored[1], Desk.Token);
        Assert.Equal(["7", "8"], await PendingAsync());
    }

    [Fact]
    public async Task What_a_crash_left_is_pending_after_it_whole_and_in_order()
    {
        await StoreAsync("7", "8");
        var handled = (await StoreAsync("9"))[0];
        await StoreAsync("6");
        await Inbox.HandledAsync(handled, Desk.Token);
        _desk.Restart();

        var pending = await Inbox.PendingAsync("fake", Desk.Token);
        Assert.Equal(["7", "8", "6"], pending.Select(update => update.UpdateId));
        Assert.Equal(["body of 7", "body of 8", "body of 6"], pending.Select(update => Encoding.UTF8.GetString(update.Body)));
        Assert.All(pending, update => Assert.Equal(_desk.Now, update.ReceivedAt));
    }

    [Fact]
    public async Task An_update_that_comes_again_is_not_handed_out_again()
    {
        var first = await StoreAsync("7");
        Assert.Empty(await StoreAsync("7"));
        Assert.Equal(["8"], (await StoreAsync("7", "8", "8")).Select(update => update.UpdateId));
        await Inbox.HandledAsync(first[0], Desk.Token);
        _desk.Restart();

        Assert.Empty(await StoreAsync("7"));
        Assert.Equal(["8"], await PendingAsync());
    }

    [Fact]
    public async Task Many_at_once_of_the_same_update_are_one()
    {
        var stored = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StoreAsync("7")));
        Assert.Single(stored, updates => updates.Count == 1);
        Assert.Equal(["7"], await PendingAsync());
    }

    [Fact]
    public async Task Platforms_have_their_own_ids()
    {
        await StoreAsync("7");
        Assert.Single(await Inbox.StoreAsync("other", [("7", [1])], Desk.Token));
        Assert.Equal(["7"], await PendingAsync());
    }

    [Fact]
    public async Task The_text_of_what_is_handled_is_forgotten_at_once_and_its_id_after_two_days()
    {
        var stored = await StoreAsync("7");
        await Inbox.HandledAsync(stored[0], Desk.Token);
        Assert.Empty((await _desk.ReadAsync(db => db.IncomingUpdates.Single())).Body);

        _desk.Time.Advance(TimeSpan.FromHours(48));
        await SweepAsync();
        Assert.Empty(await StoreAsync("7"));
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await SweepAsync();
        Assert.Single(await StoreAsync("7"));
    }

    [Fact]
    public async Task What_is_pending_is_never_forgotten()
    {
        await StoreAsync("7");
        _desk.Time.Advance(TimeSpan.FromDays(400));
        await SweepAsync();
        Assert.Equal(["7"], await PendingAsync());
    }

    private Task<IReadOnlyList<IncomingUpdate>> StoreAsync(params string[] ids) =>
        Inbox.StoreAsync("fake", [.. ids.Select(id => (id, Encoding.UTF8.GetBytes($"body of {id}")))], Desk.Token);

    private async Task<IEnumerable<string>> PendingAsync() => (await Inbox.PendingAsync("fake", Desk.Token)).Select(update => update.UpdateId);

    private Task<int> SweepAsync() => new Retention(_desk.Storage, _desk.Time).SweepAsync(Desk.Token);
}
