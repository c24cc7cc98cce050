using Microsoft.EntityFrameworkCore;
using Notifier.Chats;
using Notifier.Deliveries;
using Notifier.Model;
using Notifier.Subscriptions;
using Notifier.Tests.Support;

namespace Notifier.Tests.Deliveries;

/// <summary>What each answer of a platform leads to, and that one chat's trouble stays its own.</summary>
public sealed class DelivererTests : IAsyncDisposable
{
    private readonly Desk _desk = new();

    private FakePlatform Platform => _desk.Platform;

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    public static TheoryData<SendResult, DeliveryState, double?, double?> Answers => new()
    {
        // Answer, state after it, seconds until the chat may be sent to, seconds until the delivery is due.
        { new SendResult.Sent("m1"), DeliveryState.Sent, null, 0 },
        { new SendResult.NotSent("refused"), DeliveryState.Waiting, 1, 0 },
        { new SendResult.RetryAfter(TimeSpan.FromSeconds(90), WholeToken: false), DeliveryState.Waiting, 90, 0 },
        { new SendResult.RetryAfter(TimeSpan.FromSeconds(90), WholeToken: true), DeliveryState.Waiting, null, 0 },
        { new SendResult.ChatGone("deleted"), DeliveryState.Cancelled, null, 0 },
        { new SendResult.NoAccess("kicked"), DeliveryState.Waiting, 3600, 0 },
        { new SendResult.PlatformClosed("revoked"), DeliveryState.Waiting, null, 0 },
        { new SendResult.Unknown("lost"), DeliveryState.Unknown, null, 1 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Each_answer_has_its_state_and_its_time(SendResult answer, DeliveryState state, double? chatFree, double? due)
    {
        Platform.Open("a", answer);
        await _desk.OweAsync("a", "f", "one");
        var delivering = _desk.DeliverAsync();
        if (answer is SendResult.PlatformClosed)
            await Assert.ThrowsAsync<PlatformClosedException>(() => delivering);
        await delivering.ContinueWith(_ => { }, Desk.Token, TaskContinuationOptions.None, TaskScheduler.Default);

        var delivery = Assert.Single(await _desk.DeliveriesAsync());
        Assert.Equal(state, delivery.State);
        Assert.Equal(answer is SendResult.RetryAfter ? 0 : 1, delivery.Attempts);
        Assert.Equal(state is DeliveryState.Sent or DeliveryState.Cancelled, delivery.EndedAt is not null);
        Assert.Equal(due, (delivery.DueAt!.Value - _desk.Now).TotalSeconds);
        Assert.Equal(chatFree, ((await _desk.ReadChatAsync("a")).NotBefore - _desk.Now)?.TotalSeconds);
        var sendings = await _desk.ReadAsync(db => db.Sendings.ToList());
        Assert.Equal(state is DeliveryState.Sent or DeliveryState.Unknown ? 1 : 0, sendings.Count);
        if (answer is SendResult.Sent sent)
            Assert.Equal(sent.MessageId, sendings[0].MessageId);
        Assert.Single(Platform.Ledger);
    }

    [Fact]
    public async Task Nothing_due_sends_nothing()
    {
        await _desk.DeliverAsync();
        Assert.Empty(Platform.Ledger);
    }

    [Fact]
    public async Task A_message_certainly_not_taken_is_tried_again_with_growing_pauses()
    {
        Platform.Open("a", [.. Enumerable.Repeat(new SendResult.NotSent("refused"), 12)]);
        await _desk.OweAsync("a", "f", "one", "two");
        var pauses = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            await _desk.DeliverAsync();
            var until = (await _desk.ReadChatAsync("a")).NotBefore!.Value;
            pauses.Add((until - _desk.Now).TotalSeconds);
            _desk.Time.Advance(until - _desk.Now - TimeSpan.FromTicks(1));
            await _desk.DeliverAsync();
            Assert.Equal(i + 1, Platform.Ledger.Count);
            _desk.Time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], pauses);
        await _desk.DeliverAsync();
        Assert.Equal(["one: The text of one.", "two: The text of two."], Platform.Shown("a"));
    }

    [Fact]
    public async Task A_whole_tokens_wait_holds_every_chat_and_the_longest_counts()
    {
        var (long_, short_) = (Platform.Hold("a", new SendResult.RetryAfter(TimeSpan.FromSeconds(60), true)), Platform.Hold("b", new SendResult.RetryAfter(TimeSpan.FromSeconds(1), true)));
        Platform.Open("c");
        await _desk.OweAsync("a", "f", "one");
        await _desk.OweAsync("b", "f", "one");
        var delivering = _desk.DeliverAsync();
        await Task.WhenAll(long_.Arrived, short_.Arrived);
        long_.Open();
        while (await _desk.StatesAsync() != "Waiting Sending")
            await Task.Yield();
        short_.Open();
        await delivering;
        await _desk.OweAsync("c", "f", "one");

        _desk.Time.Advance(TimeSpan.FromSeconds(59));
        await _desk.DeliverAsync();
        Assert.Equal(2, Platform.Ledger.Count);
        var sleeping = _desk.Deliverer.SleepUntilDueAsync("fake", Desk.Token);
        _desk.Outbox.Wake();
        await sleeping;
        sleeping = _desk.Deliverer.SleepUntilDueAsync("fake", Desk.Token);
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await sleeping;
        await _desk.DeliverAsync();
        Assert.Equal("Sent Sent Sent", await _desk.StatesAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_refused_form_falls_back_and_what_is_refused_in_every_form_is_put_aside_alone(int refusals)
    {
        Platform.Open("a", [.. Enumerable.Repeat(new SendResult.Rejected("Bad markup."), refusals)]);
        await _desk.OweAsync("a", "f", "one", "two");
        await _desk.OweAsync("a", "g", "three");
        await _desk.DeliverAsync();

        var one = (await _desk.DeliveriesAsync())[0];
        string[] forms = ["one: The text of one.", "1|one: The text of one.", "2|one: The text of one."];
        string[] notice = refusals == 3 ? ["“one” of “f” could not be shown here: Bad markup."] : [];
        Assert.Equal([.. forms.Take(refusals + 1), .. notice], Platform.Ledger.Select(r => r.Text).Where(text => text.Contains("one", StringComparison.Ordinal)));
        Assert.Equal(refusals == 3 ? "Bad markup." : null, one.Reason);
        Assert.Equal(3, Platform.Shown("a").Count);
        Assert.Equal(refusals == 3 ? "Quarantined Sent Sent Sent" : "Sent Sent Sent", await _desk.StatesAsync());
    }

    [Fact]
    public async Task What_cannot_be_composed_steps_down_and_aside_alone()
    {
        Platform.Open("a");
        Platform.BreaksOn = ("bad", 3);
        await _desk.OweAsync("a", "f", "bad", "good");
        await _desk.DeliverAsync();

        Assert.Equal("Quarantined Sent Sent", await _desk.StatesAsync());
        Assert.Equal(["good: The text of good.", "“bad” of “f” could not be shown here: Notifier could not compose it; the log says more."], Platform.Shown("a"));

        Platform.BreaksOn = ("odd", 2);
        await _desk.OweAsync("a", "f", "odd");
        await _desk.DeliverAsync();
        Assert.Equal("2|odd: The text of odd.", Platform.Shown("a")[^1]);
    }

    /// <summary>Nobody knows whether it went out, so it is tried again later as it was; and the others do not notice.</summary>
    [Fact]
    public async Task A_bug_of_the_platform_is_an_answer_lost()
    {
        Platform.Throw("a");
        Platform.Open("b");
        await _desk.OweAsync("a", "f", "one");
        await _desk.OweAsync("b", "f", "one");
        await _desk.DeliverAsync();
        Assert.Equal("Unknown Sent", await _desk.StatesAsync());

        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await _desk.DeliverAsync();
        Assert.Equal("Sent Sent", await _desk.StatesAsync());
    }

    [Fact]
    public async Task A_chat_that_hangs_does_not_delay_another()
    {
        var hanging = Platform.Hold("a");
        Platform.Open("b");
        await _desk.OweAsync("a", "f", "one", "two");
        await _desk.OweAsync("a", "g", "three");
        var delivering = _desk.DeliverAsync();
        await hanging.Arrived;

        // Also what comes later, and by far more than the hanging one keeps waiting.
        for (var i = 0; i < 5; i++)
        {
            var seen = Platform.Hold("b");
            seen.Open();
            await _desk.OweAsync("b", "f", $"{i}");
            _desk.Outbox.Wake();
            await seen.Arrived;
        }

        Assert.Single(Platform.Ledger, r => r.Chat == "a");
        hanging.Open();
        await delivering;
        Assert.Equal(5, Platform.Shown("b").Count);
        Assert.Equal(3, Platform.Shown("a").Count);
    }

    [Fact]
    public async Task More_chats_than_may_be_sent_to_at_once_are_all_served()
    {
        for (var i = 0; i < 150; i++)
        {
            Platform.Open($"{i}");
            await _desk.OweAsync($"{i}", "f", "one", "two");
        }

        await _desk.DeliverAsync();
        Assert.All(Enumerable.Range(0, 150), i => Assert.Equal(2, Platform.Shown($"{i}").Count));
    }

    [Theory]
    [InlineData(10, "10×1")]
    [InlineData(11, "1×11")]
    [InlineData(25, "1×25")]
    [InlineData(26, "2×13")]
    [InlineData(60, "3×20")]
    [InlineData(1100, "44×25")]
    public async Task A_burst_becomes_lists_that_name_every_entry_once(int due, string messages)
    {
        Platform.Open("a");
        var titles = Enumerable.Range(0, due).Select(i => $"t{i:0000}").ToArray();
        await _desk.OweAsync("a", "f", titles);
        await _desk.DeliverAsync();

        var named = Platform.Named("a");
        Assert.Equal(titles, named.SelectMany(titles => titles));
        Assert.Equal(messages, $"{named.Count}×{named.Select(titles => titles.Length).Distinct().Single()}");
        Assert.All(await _desk.DeliveriesAsync(), d => Assert.Equal(DeliveryState.Sent, d.State));
    }

    [Fact]
    public async Task A_list_that_is_refused_loses_nothing()
    {
        Platform.Open("a", new SendResult.Rejected("Too long."), new SendResult.NotSent("refused"));
        await _desk.OweAsync("a", "f", [.. Enumerable.Range(10, 20).Select(i => $"t{i}")]);
        await _desk.DeliverAsync();
        _desk.Time.Advance(TimeSpan.FromMinutes(5));
        await _desk.DeliverAsync();

        Assert.Equal("1|t10: The text of t10.", Platform.Shown("a")[0]);
        Assert.Equal("list: " + string.Join(' ', Enumerable.Range(11, 19).Select(i => $"t{i}")), Platform.Shown("a")[1]);
    }

    [Fact]
    public async Task What_is_edited_before_it_is_composed_is_sent_as_edited_and_what_was_composed_as_it_was()
    {
        Platform.LoseAnswer("a", arrives: false);
        await _desk.OweAsync("a", "f", "one", "two");
        await _desk.DeliverAsync();
        await _desk.ExecuteAsync("UPDATE Entries SET Content='Edited.'");
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        await _desk.DeliverAsync();

        Assert.Equal(["one: The text of one.", "two: Edited."], Platform.Shown("a"));
    }

    [Fact]
    public async Task A_notice_is_delivered_with_its_paragraphs_once_and_waits_for_no_feed()
    {
        Platform.LoseAnswer("a", arrives: false);
        await _desk.OweAsync("a", "f", "one");
        await _desk.Storage.Writer.RunAsync(
            db =>
            {
                var chat = db.Chats.Single().Id;
                db.Deliveries.Add(new Delivery { ChatId = chat, Key = "moved:1", Notice = "The feed moved.\nIt is at b.", DueAt = _desk.Now, CreatedAt = _desk.Now });
            },
            Desk.Token);
        await _desk.DeliverAsync();

        Assert.Equal("Unknown Sent", await _desk.StatesAsync());
        Assert.Contains("The feed moved.", Assert.Single(Platform.Shown("a")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE Deliveries SET DueAt=NULL WHERE Id=1", "Waiting Waiting")]
    [InlineData("UPDATE Deliveries SET State='Held', DueAt=NULL WHERE Id=1", "Held Sent")]
    [InlineData("UPDATE Chats SET GoneSince=1", "Waiting Waiting")]
    [InlineData("UPDATE Chats SET Platform='other'", "Waiting Waiting")]
    public async Task What_must_wait_waits(string change, string states)
    {
        Platform.Open("a");
        await _desk.OweAsync("a", "f", "one", "two");
        await _desk.ExecuteAsync(change);
        await _desk.DeliverAsync();
        Assert.Equal(states, await _desk.StatesAsync());
    }

    [Fact]
    public async Task H18_A_chat_without_access_is_asked_once_an_hour_and_goes_on_in_order_when_the_right_is_back()
    {
        Platform.Open("a", new SendResult.NoAccess("kicked"), new SendResult.NoAccess("kicked"));
        await _desk.OweAsync("a", "f", "one", "two");
        await _desk.OweAsync("a", "g", "three");
        var since = _desk.Now;
        for (var minutes = 0; minutes < 119; minutes++)
        {
            await _desk.DeliverAsync();
            _desk.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(2, Platform.Ledger.Count);
        var chat = await _desk.ReadChatAsync("a");
        Assert.Equal((since, "kicked"), (chat.NoAccessSince, chat.NoAccessReason));

        _desk.Time.Advance(TimeSpan.FromMinutes(1));
        await _desk.DeliverAsync();
        Assert.Equal("Sent Sent Sent", await _desk.StatesAsync());
        chat = await _desk.ReadChatAsync("a");
        Assert.Equal((null, null, null), (chat.NoAccessSince, chat.NoAccessReason, chat.NotBefore));
    }

    [Fact]
    public async Task A_platform_that_is_closed_keeps_everything()
    {
        Platform.Open("a", new SendResult.PlatformClosed("Token revoked."));
        await _desk.OweAsync("a", "f", "one", "two");
        var closed = await Assert.ThrowsAsync<PlatformClosedException>(_desk.DeliverAsync);
        Assert.Contains("Token revoked.", closed.Message, StringComparison.Ordinal);
        Assert.Equal("Waiting Waiting", await _desk.StatesAsync());

        _desk.Restart();
        await _desk.DeliverAsync();
        Assert.Equal("Sent Sent", await _desk.StatesAsync());
    }

    [Fact]
    public async Task Who_stops_the_process_lets_what_is_on_its_way_arrive()
    {
        var gate = Platform.Hold("a");
        await _desk.OweAsync("a", "f", "one", "two");
        using var stop = new CancellationTokenSource();
        var delivering = _desk.Deliverer.DeliverDueAsync(Platform, await _desk.LeaseAsync(), stop.Token);
        await gate.Arrived;
        await stop.CancelAsync();
        Assert.False(delivering.IsCompleted);
        gate.Open();
        await delivering;

        Assert.Equal("Sent Waiting", await _desk.StatesAsync());
    }

    /// <summary>The unsubscribe comes while its message is on its way, and the platform does not take it.</summary>
    [Fact]
    public async Task What_came_back_after_an_unsubscribe_is_not_sent()
    {
        var feed = await _desk.SubscribeAsync(new Uri("http://f.test/"), "a");
        await _desk.OweAsync("a", "f", "one");
        await _desk.ExecuteAsync("UPDATE Deliveries SET SubscriptionId=(SELECT Id FROM Subscriptions)");
        var gate = Platform.Hold("a", new SendResult.NotSent("refused"));
        var delivering = _desk.DeliverAsync();
        await gate.Arrived;
        await _desk.Storage.Writer.RunAsync(db => DueTimes.End(db, db.Subscriptions.Single(s => s.FeedId == feed), _desk.Now), Desk.Token);
        gate.Open();
        await delivering;
        _desk.Time.Advance(TimeSpan.FromHours(1));
        await _desk.DeliverAsync();
        Assert.Empty(Platform.Shown("a"));

        await _desk.Storage.Writer.RunAsync(db => DueTimes.Revive(db, db.Subscriptions.Single(), _desk.Now), Desk.Token);
        await _desk.DeliverAsync();
        Assert.Equal(["one: The text of one."], Platform.Shown("a"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_wake_at_any_moment_is_not_lost()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Desk.Token);
        var lease = await _desk.LeaseAsync();
        var worker = Task.Run(
            async () =>
            {
                while (true)
                {
                    await _desk.Deliverer.DeliverDueAsync(Platform, lease, stop.Token);
                    await _desk.Deliverer.SleepUntilDueAsync("fake", stop.Token);
                }
            },
            Desk.Token);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async chat =>
        {
            for (var i = 0; i < 25; i++)
            {
                var seen = Platform.Hold($"{chat}");
                seen.Open();
                await _desk.OweAsync($"{chat}", $"f{chat}", $"{i}");
                _desk.Outbox.Wake();
                await seen.Arrived;
            }
        }));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => worker);
        Assert.All(await _desk.DeliveriesAsync(), d => Assert.Equal(DeliveryState.Sent, d.State));
    }

    [Fact(Timeout = 60_000)]
    public async Task It_sleeps_until_a_chat_may_be_sent_to()
    {
        Platform.Open("a", new SendResult.RetryAfter(TimeSpan.FromMinutes(10), false), new SendResult.NotSent("refused"));
        await _desk.OweAsync("a", "f", "one");
        var rounds = 0;
        while (await _desk.ReadAsync(db => db.Deliveries.Any(d => d.EndedAt == null)))
        {
            rounds++;
            await _desk.DeliverAsync();
            var sleep = _desk.Deliverer.SleepUntilDueAsync("fake", Desk.Token);
            if (!sleep.IsCompleted && (await _desk.ReadChatAsync("a")).NotBefore is { } until)
                _desk.Time.Advance(until - _desk.Now);
            else
                _desk.Outbox.Wake();
            await sleep;
        }

        Assert.InRange(rounds, 3, 9);
        Assert.Equal(3, Platform.Ledger.Count);
    }
}
