using Notifier.Bot.Telegram;
using Notifier.Chats;
using Notifier.Tests.Support;

namespace Notifier.Tests.Telegram;

/// <summary>How fast Telegram is written to, in a time of its own: requests take a few milliseconds to arrive and to be answered.</summary>
public sealed class TelegramPaceTests
{
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Steps _steps = new();
    private readonly TelegramPace _pace;
    private readonly List<(string Chat, TimeSpan At, bool IsAnswer)> _arrived = [];

    public TelegramPaceTests() => _pace = new TelegramPace(_steps.Time);

    [Fact]
    public void H20_Three_thousand_messages_to_300_chats_go_at_the_ceiling_and_never_above_it()
    {
        for (var chat = 1; chat <= 300; chat++)
            Deliver($"{chat}", 10);
        _steps.Run();
        Assert.Equal(3_000, _arrived.Count);
        AssertKept(30, Second, _arrived);
        AssertAtCeiling(3_000, 30);
    }

    [Fact]
    public void H20_A_chat_gets_one_a_second_with_bursts_of_three_and_a_group_twenty_a_minute()
    {
        Deliver("1", 120);
        Deliver("-2", 60);
        _steps.Run();
        var chats = _arrived.ToLookup(arrival => arrival.Chat);
        AssertKept(3, Second * 3, chats["1"]);
        AssertKept(3, Second * 3, chats["-2"]);
        AssertKept(20, TimeSpan.FromMinutes(1), chats["-2"]);
        Assert.True(chats["1"].Last().At < Second * 120 / 0.97, $"{chats["1"].Last().At}");
        Assert.True(chats["-2"].Last().At < TimeSpan.FromMinutes(3) / 0.97, $"{chats["-2"].Last().At}");
    }

    [Fact]
    public void E15_Sixty_people_who_ask_at_once_hold_up_3000_deliveries_by_a_tenth_at_most_and_are_answered_soon()
    {
        for (var chat = 1; chat <= 300; chat++)
            Deliver($"{chat}", 10);
        for (var person = 1001; person <= 1060; person++)
            Answer($"{person}", Second * 5, 1);
        _steps.Run();
        AssertKept(30, Second, _arrived);
        Assert.True(_arrived.Last(arrival => !arrival.IsAnswer).At < Second * 100 / 0.97 * 1.1);
        Assert.True(_arrived.Last(arrival => arrival.IsAnswer).At < Second * 30, $"{_arrived.Last(arrival => arrival.IsAnswer).At}");
    }

    [Fact]
    public void E15_Neither_a_flood_of_commands_nor_one_of_deliveries_starves_the_other()
    {
        for (var chat = 1; chat <= 300; chat++)
            Deliver($"{chat}", 6);
        for (var person = 1001; person <= 1200; person++)
            Answer($"{person}", TimeSpan.Zero, 5);
        _steps.Run();
        var contested = _arrived.Where(arrival => arrival.At < Second * 40).ToList();
        Assert.InRange(contested.Count(arrival => !arrival.IsAnswer), 40 * 30 * 0.9 * 0.97, 40 * 30);
        Assert.InRange(contested.Count(arrival => arrival.IsAnswer), 40 * 30 * 0.1 * 0.9, 40 * 30 * 0.2);
        AssertKept(30, Second, _arrived);

        // What is left goes on at the full rate.
        AssertAtCeiling(2_800, 30);
    }

    [Fact]
    public void A_place_that_was_not_used_is_free_again_at_once()
    {
        for (var i = 0; i < 3; i++)
            Granted("1");
        var (unused, used) = (Granted("2"), Granted("2"));
        Granted("2");
        Assert.IsType<Admission.Wait>(_pace.Admit("2"));
        unused.Dispose();
        unused.Dispose();
        Granted("2");
        Assert.IsType<Admission.Wait>(_pace.Admit("2"));
        _ = used;
    }

    [Fact]
    public async Task A_place_is_for_one_request()
    {
        var place = Granted("1");
        Assert.Equal(5, await place.UseAsync(() => Task.FromResult(5)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => place.UseAsync(() => Task.FromResult(5)));
        place.Dispose();
        Granted("1");
        Granted("1");
        Assert.Equal(new Admission.Wait(TimeSpan.FromMilliseconds(3006 - 60), WholeToken: false), _pace.Admit("1"));
    }

    [Fact]
    public async Task A_place_whose_request_broke_counts_as_used_and_is_free_again_in_its_time()
    {
        await Assert.ThrowsAsync<FormatException>(() => Granted("1").UseAsync<int>(() => throw new FormatException()));
        Granted("1").Dispose();
        Granted("1");
        Granted("1");
        Assert.IsType<Admission.Wait>(_pace.Admit("1"));
        _steps.Time.Advance(TimeSpan.FromMilliseconds(3006));
        Granted("1");
        Assert.IsType<Admission.Wait>(_pace.Admit("1"));
    }

    [Fact]
    public void H04_Nothing_goes_to_a_chat_before_Telegrams_time_and_others_do_not_wait()
    {
        Assert.False(_pace.Refused("1", TimeSpan.FromHours(12)));
        Assert.Equal(new Admission.Wait(TimeSpan.FromHours(12) - TimeSpan.FromMilliseconds(60), WholeToken: false), _pace.Admit("1"));
        Granted("2");
        Assert.False(_pace.Refused("1", Second));
        Assert.False(_pace.Refused("2", TimeSpan.FromHours(12)));
        Granted("3");
    }

    [Fact]
    public void H04_Two_chats_that_are_refused_within_a_second_are_the_limit_of_all()
    {
        Assert.False(_pace.Refused("1", Second * 3));
        _steps.Time.Advance(Second / 2);
        Assert.True(_pace.Refused("2", Second * 3));
        Assert.Equal(new Admission.Wait(Second * 3 - TimeSpan.FromMilliseconds(60), WholeToken: true), _pace.Admit("3"));
        _steps.Time.Advance(Second * 3);
        Granted("3");
        Assert.False(_pace.Refused("1", Second * 3));
    }

    private static void AssertKept(int count, TimeSpan span, IEnumerable<(string Chat, TimeSpan At, bool IsAnswer)> arrivals)
    {
        var all = arrivals.Select(arrival => arrival.At).Order().ToList();
        Assert.All(all.Skip(count).Zip(all), pair => Assert.True(pair.First - pair.Second >= span, $"{pair.Second} {pair.First}"));
    }

    private void AssertAtCeiling(int messages, int perSecond) =>
        Assert.True(_arrived.Max(arrival => arrival.At) < Second * messages / perSecond / 0.97, $"{messages} took {_arrived.Max(arrival => arrival.At)}");

    private TelegramPermit Granted(string chat)
    {
        var granted = Assert.IsType<Admission.Granted>(_pace.Admit(chat));
        Assert.Equal(TimeSpan.Zero, granted.After);
        return Assert.IsType<TelegramPermit>(granted.Permit);
    }

    private void Deliver(string chat, int count) => Send(chat, TimeSpan.Zero, count, isAnswer: false);

    private void Answer(string chat, TimeSpan at, int count) => Send(chat, at, count, isAnswer: true);

    /// <summary>One after the other, as the deliverer and whoever asks do.</summary>
    private void Send(string chat, TimeSpan at, int count, bool isAnswer) => _steps.At(at, () =>
    {
        switch (isAnswer ? _pace.AdmitAnswer(chat) : _pace.Admit(chat))
        {
            case Admission.Wait wait:
                Assert.True(wait.Delay > TimeSpan.Zero);
                Send(chat, _steps.Now + wait.Delay, count, isAnswer);
                break;
            case Admission.Granted { Permit: TelegramPermit permit, After: var after }:
                _steps.At(_steps.Now + after + Way, () => _arrived.Add((chat, _steps.Now, isAnswer)));
                _steps.At(_steps.Now + after + Way + Way, () =>
                {
                    Assert.True(permit.UseAsync(() => Task.FromResult(true)).IsCompletedSuccessfully);
                    if (count > 1)
                        Send(chat, _steps.Now, count - 1, isAnswer);
                });
                break;
        }
    });
}
