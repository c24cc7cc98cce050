using CsCheck;
using Microsoft.EntityFrameworkCore;
using Notifier.Chats;
using Notifier.Deliveries;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Deliveries;

/// <summary>Between a platform's yes and the record of it: crashes, lost answers, leases that passed on. Nothing is lost, and nothing is said twice that can be helped.</summary>
public sealed class LostAnswerTests
{
    public static TheoryData<string> NotNow => ["NotSent", "RetryAfter", "NoAccess", "PlatformClosed", "Unknown"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_lost_answer_the_same_bytes_go_under_the_same_nonce(bool arrives)
    {
        await using var desk = new Desk();
        desk.Platform.LoseAnswer("a", arrives);
        await desk.OweAsync("a", "f", "one", "two");
        await desk.DeliverAsync();
        Assert.Equal("Unknown Waiting", await desk.StatesAsync());
        Assert.Equal(1, (await desk.ReadAsync(db => db.Sendings.Single())).LostAnswers);

        desk.Time.Advance(TimeSpan.FromSeconds(1));
        await desk.DeliverAsync();

        Assert.Equal(desk.Platform.Ledger[0], desk.Platform.Ledger[1]);
        Assert.Equal(["one: The text of one.", "two: The text of two."], desk.Platform.Shown("a"));
        Assert.Equal("Sent Sent", await desk.StatesAsync());
    }

    /// <summary>That the second request was not taken says nothing of the first: composed anew under a new nonce it would be said twice.</summary>
    [Theory]
    [MemberData(nameof(NotNow))]
    public async Task A_message_that_may_have_arrived_is_never_composed_anew(string then)
    {
        await using var desk = new Desk();
        desk.Platform.LoseAnswer("a", arrives: true);
        desk.Platform.Open("a", then switch
        {
            "NotSent" => new SendResult.NotSent("refused"),
            "RetryAfter" => new SendResult.RetryAfter(TimeSpan.FromSeconds(5), false),
            "NoAccess" => new SendResult.NoAccess("kicked"),
            "PlatformClosed" => new SendResult.PlatformClosed("revoked"),
            _ => new SendResult.Unknown("lost"),
        });
        await desk.OweAsync("a", "f", [.. Enumerable.Range(10, 12).Select(i => $"t{i}")]);
        for (var i = 0; i < 3; i++)
        {
            await desk.DeliverAsync().ContinueWith(_ => { }, Desk.Token, TaskContinuationOptions.None, TaskScheduler.Default);
            await desk.ExecuteAsync("UPDATE Entries SET Title=Title || '!'");
            desk.Time.Advance(TimeSpan.FromHours(2));
        }

        Assert.Single(desk.Platform.Ledger.Select(r => (r.Text, r.Nonce)).Distinct());
        Assert.Equal(3, desk.Platform.Ledger.Count);
        Assert.Single(desk.Platform.Shown("a"));
        Assert.All(await desk.DeliveriesAsync(), d => Assert.Equal(DeliveryState.Sent, d.State));
    }

    [Fact]
    public async Task A_chat_that_would_rather_miss_one_gets_nothing_twice_and_the_doubt_is_kept()
    {
        await using var desk = new Desk(knowsNonces: false);
        desk.Platform.LoseAnswer("a", arrives: true);
        await desk.OweAsync("a", "f", "one", "two");
        await desk.ChangeChatAsync("a", chat => chat.AtMostOnce = true);
        await desk.DeliverAsync();

        Assert.Equal("Unknown Sent", await desk.StatesAsync());
        var parked = (await desk.DeliveriesAsync())[0];
        Assert.NotNull(parked.EndedAt);
        Assert.NotNull(parked.Reason);
        desk.Time.Advance(TimeSpan.FromDays(1));
        await desk.DeliverAsync();
        Assert.Equal(["one: The text of one.", "two: The text of two."], desk.Platform.Shown("a"));
    }

    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(false, false, 2)]
    [InlineData(false, true, 1)]
    public async Task I02_What_was_being_sent_when_the_process_died_goes_once_more_and_only_that(bool knowsNonces, bool atMostOnce, int copies)
    {
        await using var desk = new Desk(knowsNonces);
        var gate = desk.Platform.Hold("a");
        desk.Platform.Open("b");
        await desk.OweAsync("b", "f", "done");
        await desk.DeliverAsync();
        await desk.OweAsync("a", "f", "one", "two");
        await desk.ChangeChatAsync("a", chat => chat.AtMostOnce = atMostOnce);

        var dying = desk.DeliverAsync();
        await gate.Arrived;
        Assert.Equal("Sent Sending Waiting", await desk.StatesAsync());
        desk.Restart();
        gate.Open();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => dying);
        await desk.LeaseAsync();
        Assert.Equal("Sent Unknown Waiting", await desk.StatesAsync());
        await desk.DeliverAsync();

        Assert.Equal(copies, desk.Platform.Shown("a").Count(text => text.StartsWith("one", StringComparison.Ordinal)));
        Assert.Equal("two: The text of two.", desk.Platform.Shown("a")[^1]);
        Assert.Single(desk.Platform.Shown("b"));
        Assert.Equal(atMostOnce ? "Sent Unknown Sent" : "Sent Sent Sent", await desk.StatesAsync());
    }

    /// <summary>The answer of the request after the crash says nothing of the one before it.</summary>
    [Fact]
    public async Task After_a_crash_and_a_wait_it_is_still_the_same_message()
    {
        await using var desk = new Desk();
        var gate = desk.Platform.Hold("a");
        desk.Platform.Open("a", new SendResult.RetryAfter(TimeSpan.FromSeconds(5), false));
        await desk.OweAsync("a", "f", "one");
        var dying = desk.DeliverAsync();
        await gate.Arrived;
        desk.Restart();
        gate.Open();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => dying);

        await desk.DeliverAsync();
        desk.Time.Advance(TimeSpan.FromSeconds(5));
        await desk.DeliverAsync();

        Assert.Equal("Sent", await desk.StatesAsync());
        Assert.Single(desk.Platform.Shown("a"));
    }

    /// <summary>Or a message that was interrupted often would wait for minutes after the next fault, longer than Discord knows its nonce.</summary>
    [Fact]
    public async Task I01_That_the_process_died_while_sending_is_no_fault_by_which_the_pauses_grow()
    {
        await using var desk = new Desk();
        await desk.OweAsync("a", "f", "one");
        for (var crash = 0; crash < 5; crash++)
        {
            var gate = desk.Platform.Hold("a");
            var dying = desk.DeliverAsync();
            await gate.Arrived;
            desk.Restart();
            gate.Open();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => dying);
        }

        desk.Platform.LoseAnswer("a", arrives: true);
        await desk.DeliverAsync();
        Assert.Equal("Unknown", await desk.StatesAsync());
        desk.Time.Advance(TimeSpan.FromSeconds(1));
        await desk.DeliverAsync();
        Assert.Equal("Sent", await desk.StatesAsync());
    }

    [Fact]
    public async Task I04_Who_lost_the_lease_neither_records_nor_sends()
    {
        await using var desk = new Desk();
        var gate = desk.Platform.Hold("a", new SendResult.ChatGone("deleted"));
        desk.Platform.Open("b");
        await desk.OweAsync("a", "f", "one");
        var frozen = await desk.LeaseAsync();
        var delivering = desk.DeliverAsync();
        await gate.Arrived;

        var owner = await SenderLease.TakeAsync(desk.Storage, "fake", desk.Time, Desk.Token);
        gate.Open();
        await Assert.ThrowsAsync<LeaseLostException>(() => delivering);
        Assert.Equal("Unknown", await desk.StatesAsync());
        Assert.Null((await desk.ReadChatAsync("a")).GoneSince);
        Assert.Equal(frozen.Epoch + 1, owner.Epoch);

        await desk.OweAsync("b", "f", "one");
        await Assert.ThrowsAsync<LeaseLostException>(() => desk.Deliverer.DeliverDueAsync(desk.Platform, frozen, Desk.Token));
        Assert.Single(desk.Platform.Ledger);
        await desk.Deliverer.DeliverDueAsync(desk.Platform, owner, Desk.Token);
        Assert.Equal("Sent Sent", await desk.StatesAsync());
    }

    [Fact]
    public async Task A_lease_is_prolonged_in_time_and_ends_when_another_takes_it()
    {
        await using var desk = new Desk();
        var lease = await desk.LeaseAsync();
        Task<DateTimeOffset> UntilAsync() => desk.ReadAsync(db => db.Leases.Single().Until);
        var first = await UntilAsync();

        desk.Time.Advance(TimeSpan.FromSeconds(50));
        Assert.True(await lease.HoldsForAsync(TimeSpan.FromSeconds(30), Desk.Token));
        Assert.Equal(first, await UntilAsync());
        desk.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(await lease.HoldsForAsync(TimeSpan.FromSeconds(30), Desk.Token));
        Assert.Equal(desk.Now + TimeSpan.FromMinutes(2), await UntilAsync());

        // Frozen beyond its end, and nobody took it meanwhile: it is still ours.
        desk.Time.Advance(TimeSpan.FromHours(1));
        Assert.True(await lease.HoldsForAsync(TimeSpan.FromSeconds(30), Desk.Token));
        Assert.False(await lease.HoldsForAsync(TimeSpan.FromMinutes(3), Desk.Token));

        await SenderLease.TakeAsync(desk.Storage, "fake", desk.Time, Desk.Token);
        desk.Time.Advance(TimeSpan.FromHours(1));
        Assert.False(await lease.HoldsForAsync(TimeSpan.FromSeconds(30), Desk.Token));
    }

    [Fact]
    public async Task A_lease_of_one_platform_leaves_the_others_alone()
    {
        await using var desk = new Desk();
        var lease = await desk.LeaseAsync();
        await desk.OweAsync("a", "f", "one");
        await desk.ExecuteAsync("UPDATE Deliveries SET State='Sending'");
        await SenderLease.TakeAsync(desk.Storage, "other", desk.Time, Desk.Token);

        Assert.True(await lease.HoldsForAsync(TimeSpan.FromSeconds(30), Desk.Token));
        Assert.Equal("Sending", await desk.StatesAsync());
    }

    /// <summary>Whatever a platform with nonces answers and whenever the process dies: each entry stands in its chat once, each feed's in order.</summary>
    [Fact]
    public void H15_Whatever_is_answered_each_entry_is_read_once_and_in_order() =>
        Gen.Select(Gen.Int, Gen.Int[1, 12]).Sample(
            (seed, perFeed) => ReadOnceAsync(new Random(seed), perFeed).GetAwaiter().GetResult(),
            iter: 10,
            threads: 2);

    private static async Task ReadOnceAsync(Random random, int perFeed)
    {
        await using var desk = new Desk();
        foreach (var chat in (string[])["a", "b", "c"])
        {
            for (var i = 0; i < 12; i++)
            {
                switch (random.Next(6))
                {
                    case 0:
                        desk.Platform.LoseAnswer(chat, arrives: true);
                        break;
                    case 1:
                        desk.Platform.LoseAnswer(chat, arrives: false);
                        break;
                    case 2:
                        desk.Platform.Throw(chat);
                        break;
                    case 3:
                        desk.Platform.Open(chat, new SendResult.RetryAfter(TimeSpan.FromSeconds(random.Next(100)), random.Next(2) == 0));
                        break;
                    case 4:
                        desk.Platform.Open(chat, new SendResult.NotSent("refused"));
                        break;
                    default:
                        desk.Platform.Open(chat, new SendResult.Sent("m"));
                        break;
                }
            }
        }

        var titles = Enumerable.Range(0, perFeed).Select(i => $"t{i:00}").ToArray();
        foreach (var title in titles)
        {
            foreach (var (chat, feed) in from chat in (string[])["a", "b", "c"] from feed in (string[])["f", "g"] select (chat, feed))
                await desk.OweAsync(chat, feed, $"{feed}{title}");
            if (random.Next(3) == 0)
                await desk.DeliverAsync();
        }

        for (var i = 0; i < 100 && await desk.ReadAsync(db => db.Deliveries.Any(d => d.EndedAt == null)); i++)
        {
            if (random.Next(4) == 0)
            {
                await desk.ExecuteAsync("UPDATE Deliveries SET State='Sending' WHERE State='Unknown' AND EndedAt IS NULL");
                desk.Restart();
            }

            await desk.DeliverAsync();
            desk.Time.Advance(TimeSpan.FromMinutes(random.Next(1, 6)));
        }

        foreach (var (chat, feed) in from chat in (string[])["a", "b", "c"] from feed in (string[])["f", "g"] select (chat, feed))
        {
            var read = desk.Platform.Named(chat).SelectMany(named => named).Where(title => title.StartsWith(feed, StringComparison.Ordinal));
            Assert.Equal(titles.Select(title => $"{feed}{title}"), read);
        }
    }
}
