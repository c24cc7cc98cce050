using System.Net.Http.Headers;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Notifier.Bot.Discord.Rest;
using Notifier.Chats;

namespace Notifier.Tests.Discord;

/// <summary>What may be sent when. The clock stands still but for what a test lets pass.</summary>
public sealed class RateLimitsTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly RateLimits _limits;

    public RateLimitsTests() => _limits = new RateLimits(_time);

    [Fact]
    public void Before_the_first_answer_one_request_finds_out()
    {
        var first = Reserve(Message("1"));
        Assert.False(Delay(Message("1")).IsGlobal);
        // Another channel has a limit of its own.
        Reserve(Message("2"));
        first.Answered(Answer(5, 4, 5));
        for (var i = 0; i < 2; i++)
            Reserve(Message("1"));
    }

    [Fact]
    public void H05_With_nothing_left_it_waits_until_the_window_ends_and_a_little_longer()
    {
        Reserve(Message("1")).Answered(Answer(5, 0, 2));
        var wait = Delay(Message("1"));
        Assert.Equal(new DiscordAnswer.Wait(TimeSpan.FromMilliseconds(2075), IsGlobal: false), wait);
        _time.Advance(wait.Delay - TimeSpan.FromTicks(1));
        Delay(Message("1"));
        _time.Advance(TimeSpan.FromTicks(1));
        Reserve(Message("1"));
    }

    [Fact]
    public void Requests_on_their_way_count_whether_or_not_Discord_has_counted_them()
    {
        Reserve(Message("1")).Answered(Answer(4, 3, 5));
        var sent = Enumerable.Range(0, 3).Select(_ => Reserve(Message("1"))).ToList();
        _time.Advance(TimeSpan.FromSeconds(1));
        Delay(Message("1"));
        // The last of them is answered first, and the others may be in its count or not.
        sent[2].Answered(Answer(4, 0, 4));
        Delay(Message("1"));
        sent[0].Answered(Answer(4, 2, 4));
        sent[1].Answered(Answer(4, 1, 4));
        Assert.Equal(TimeSpan.FromSeconds(4.075), Delay(Message("1")).Delay);
    }

    [Fact]
    public void Routes_that_Discord_gives_one_name_share_one_limit()
    {
        Reserve(Message("1")).Answered(Answer(3, 2, 5, "shared"));
        Reserve(Edit("1", "9")).Answered(Answer(3, 1, 5, "shared"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Reserve(Edit("1", "8"));
        Delay(Message("1"));
        Reserve(Message("2"));
    }

    [Fact]
    public void What_is_on_its_way_is_still_counted_when_two_limits_turn_out_to_be_one()
    {
        var message = Reserve(Message("1"));
        var edit = Reserve(Edit("1", "9"));
        message.Answered(Answer(2, 1, 5, "shared"));
        Reserve(Message("1"));
        edit.Answered(Answer(2, 0, 5, "shared"));
        Delay(Message("1"));
        Delay(Edit("1", "9"));
    }

    [Fact]
    public void A_request_that_was_not_sent_was_not_counted()
    {
        Reserve(Message("1")).Answered(Answer(2, 1, 5));
        Reserve(Message("1")).NotSent();
        Reserve(Message("1"));
        Delay(Message("1"));
    }

    [Fact]
    public void After_a_lost_answer_one_request_alone_finds_out_how_much_is_left()
    {
        Reserve(Message("1")).Answered(Answer(5, 4, 5));
        var (lost, other) = (Reserve(Message("1")), Reserve(Message("1")));
        lost.Lost();
        other.Answered(Answer(5, 3, 5));
        var next = Reserve(Message("1"));
        Delay(Message("1"));
        _time.Advance(TimeSpan.FromSeconds(1));
        next.Answered(Answer(5, 1, 4));
        Reserve(Message("1"));
        Delay(Message("1"));
    }

    [Fact]
    public void H05_A_global_wait_holds_everything_but_interactions()
    {
        Reserve(Message("1")).Answered(TooEarly("""{"retry_after":3,"global":true}""", "global"));
        Assert.Equal(new DiscordAnswer.Wait(TimeSpan.FromSeconds(3), IsGlobal: true), Delay(Message("2")));
        Reserve(Callback("1"));
        _time.Advance(TimeSpan.FromSeconds(3));
        Reserve(Message("2"));
    }

    [Fact]
    public void Cloudflares_wait_holds_interactions_too()
    {
        Reserve(Message("1")).Answered(TooEarly("<html>", null));
        Assert.Equal(new DiscordAnswer.Wait(TimeSpan.FromSeconds(60), IsGlobal: true), Delay(Callback("1")));
    }

    [Fact]
    public void H20_At_most_fifty_leave_in_any_second_and_not_many_fewer()
    {
        var sent = new List<TimeSpan>();
        var open = new Queue<(RatePermit Permit, TimeSpan At)>();
        for (var at = TimeSpan.Zero; at < TimeSpan.FromSeconds(10); at += TimeSpan.FromMilliseconds(1))
        {
            while (open.TryPeek(out var oldest) && at - oldest.At >= TimeSpan.FromMilliseconds(10))
                open.Dequeue().Permit.Answered(Answer(null, null, null));
            while (_limits.TryReserve(Message($"{sent.Count}"), out var permit, out _))
            {
                sent.Add(at);
                open.Enqueue((permit, at));
            }

            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(sent.Count, 490, 500);
        Assert.All(sent, at => Assert.InRange(sent.Count(other => other >= at && other < at + TimeSpan.FromSeconds(1)), 1, 50));

        // Interactions are not held up by it.
        for (var i = 0; i < 200; i++)
            Reserve(Callback($"{i}"));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(429)]
    public void Near_the_ban_for_invalid_requests_nothing_is_sent_any_more(int status)
    {
        for (var i = 0; i < 8_000; i++)
        {
            if (i == 4_000)
                _time.Advance(TimeSpan.FromMinutes(4));
            Reserve(Callback($"{i}")).Answered(status == 429 ? TooEarly("""{"retry_after":0.1}""", "user") : Answer(null, null, null) with { Status = status });
        }

        Assert.Equal(new DiscordAnswer.Wait(TimeSpan.FromMinutes(6), IsGlobal: true), Delay(Callback("x")));
        Delay(Message("1"));
        _time.Advance(TimeSpan.FromMinutes(6));
        Reserve(Message("1"));
    }

    [Fact]
    public void H05_What_others_used_up_is_waited_for_and_not_held_against_us()
    {
        for (var i = 0; i < 9_000; i++)
            Reserve(Callback($"{i}")).Answered(TooEarly("""{"retry_after":5}""", "shared"));
        Delay(Callback("1"));
        Reserve(Callback("new"));
    }

    [Fact]
    public void A_place_is_given_a_little_before_it_is_free_so_that_the_message_can_be_composed_meanwhile()
    {
        for (var left = 1; left >= 0; left--)
            Reserve(Message("1")).Answered(Answer(2, left, 5));
        Assert.Equal(new Admission.Wait(TimeSpan.FromMilliseconds(5075 - 60), WholeToken: false), _limits.Admit(Message("1")));
        _time.Advance(TimeSpan.FromMilliseconds(5025));
        var (first, second) = (Granted(Message("1")), Granted(Message("1")));
        Assert.Equal((TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50)), (first.After, second.After));

        // The next window has two places, and both are taken.
        Assert.IsType<Admission.Wait>(_limits.Admit(Message("1")));
        Delay(Message("1"));
        first.Permit.Dispose();
        Assert.Equal(TimeSpan.FromMilliseconds(50), Granted(Message("1")).After);
    }

    [Fact]
    public void A_permit_counts_once_whatever_becomes_of_it()
    {
        Reserve(Message("1")).Answered(Answer(2, 1, 5));
        var permit = Reserve(Message("1"));
        permit.Answered(Answer(2, 0, 5));
        permit.NotSent();
        permit.Dispose();
        Delay(Message("1"));
        var unused = Reserve(Message("2"));
        unused.Dispose();
        unused.Dispose();
        Reserve(Message("2"));
        Delay(Message("2"));
    }

    [Fact]
    public void Whose_limit_is_the_longest_is_said()
    {
        for (var i = 0; i < 50; i++)
            Reserve(Message($"{i}")).Answered(Answer(5, 0, 5));
        Assert.Equal(new Admission.Wait(TimeSpan.FromMilliseconds(5075 - 60), WholeToken: false), _limits.Admit(Message("1")));
        Assert.Equal(new Admission.Wait(TimeSpan.FromMilliseconds(1003 - 60), WholeToken: true), _limits.Admit(Message("new")));
        _time.Advance(TimeSpan.FromMilliseconds(960));
        Assert.Equal(TimeSpan.FromMilliseconds(43), Granted(Message("new")).After);
    }

    [Fact]
    public void A_question_takes_its_place_among_all_before_any_message_and_no_other_place_earlier()
    {
        for (var i = 0; i < 50; i++)
            Reserve(Message($"{i}")).Answered(Answer(5, 0, i < 25 ? 0.7 : 5));
        Assert.Equal(new DiscordAnswer.Wait(TimeSpan.FromMilliseconds(1003), IsGlobal: true, IsCrowded: true), First(Message("new")).Wait);
        _time.Advance(TimeSpan.FromMilliseconds(503));
        Assert.IsType<Admission.Wait>(_limits.Admit(Message("new")));
        Assert.Equal(TimeSpan.FromMilliseconds(500), First(Message("new")).Wait.Delay);

        // Its own limit is kept as everybody's, and so is what Discord said.
        Assert.False(First(Message("0")).IsGranted);
        Assert.Equal(new DiscordAnswer.Wait(TimeSpan.FromMilliseconds(4572), IsGlobal: false), First(Message("30")).Wait);
        Reserve(Callback("1")).Answered(TooEarly("""{"retry_after":0.4,"global":true}""", "global"));
        Assert.False(First(Message("other")).IsGranted);

        (bool IsGranted, DiscordAnswer.Wait Wait) First(DiscordRequest request)
        {
            using var permit = _limits.TryReserveFirst(request, out var place, out var wait) ? place : null;
            return (permit is not null, wait);
        }
    }

    [Fact]
    public void Limits_that_are_not_used_any_more_are_forgotten()
    {
        for (var i = 0; i < 1_000; i++)
            Reserve(Callback($"{i}")).Answered(Answer(5, 4, 1));
        var open = Reserve(Message("open"));
        Assert.Equal(1_001, _limits.Buckets);
        _time.Advance(TimeSpan.FromMinutes(2));
        Reserve(Message("1"));
        Assert.Equal(2, _limits.Buckets);
        open.NotSent();
    }

    /// <summary>
    /// Requests at random times to random channels, answers that overtake each other or are lost, and a server that counts: it never has to refuse one, and all get
    /// through. Fewer answers are lost than make a window: after that nobody could know when it ends.
    /// </summary>
    [Fact]
    public void H05_A_server_that_enforces_its_limits_never_has_to_refuse()
    {
        var request = Gen.Select(Gen.Int[0, 6_000], Gen.Int[1, 900], Gen.Int[1, 900], Gen.Int[0, 2], Gen.Int[0, 19]);
        Gen.Select(Gen.Int[1, 6], Gen.Int[300, 5_000], request.Array[1, 60]).Sample((limit, window, requests) =>
        {
            var world = new World(limit, TimeSpan.FromMilliseconds(window));
            var losses = limit - 1;
            foreach (var (at, up, down, channel, fate) in requests)
                world.Ask(TimeSpan.FromMilliseconds(at), TimeSpan.FromMilliseconds(up), TimeSpan.FromMilliseconds(down), $"{channel}", fate == 1 && losses-- <= 0 ? 2 : fate);
            world.Run();
            Assert.Equal(0, world.Refused);
            Assert.Equal(requests.Length, world.Ended);
        }, iter: 1_000);
    }

    private static DiscordRequest Message(string channel) => new(HttpMethod.Post, "/channels/{channel}/messages", channel);

    private static DiscordRequest Edit(string channel, string message) => new(HttpMethod.Patch, "/channels/{channel}/messages/{message}", channel, message);

    private static DiscordRequest Callback(string id) => new(HttpMethod.Post, "/interactions/{interaction}/{token}/callback", id, "t");

    private static RateHeaders Answer(int? limit, int? left, double? reset, string? name = null) =>
        new(200, name, limit, left, reset is { } seconds ? TimeSpan.FromSeconds(seconds) : null, null, RateScope.Bucket);

    private static RateHeaders TooEarly(string body, string? scope)
    {
        using var response = new HttpResponseMessage();
        if (scope is not null)
            response.Headers.Add("X-RateLimit-Scope", scope);
        return RateHeaders.Read(429, response.Headers, body.StartsWith('{') ? JsonSerializer.Deserialize<JsonElement>(body) : null);
    }

    private RatePermit Reserve(DiscordRequest request)
    {
        Assert.True(_limits.TryReserve(request, out var permit, out var wait), $"{request} should go, and waits {wait.Delay}");
        return permit;
    }

    private Admission.Granted Granted(DiscordRequest request) => Assert.IsType<Admission.Granted>(_limits.Admit(request));

    private DiscordAnswer.Wait Delay(DiscordRequest request)
    {
        Assert.False(_limits.TryReserve(request, out _, out var wait), $"{request} should wait");
        Assert.True(wait.Delay > TimeSpan.Zero);
        return wait;
    }

    /// <summary>A client, a server with windows that begin with their first request, and the way between them, in simulated time.</summary>
    private sealed class World
    {
        private readonly FakeTimeProvider _time = new();
        private readonly DateTimeOffset _start;
        private readonly RateLimits _limits;
        private readonly int _limit;
        private readonly TimeSpan _window;
        private readonly PriorityQueue<Action, (TimeSpan, int)> _events = new();
        private readonly Dictionary<string, (int Count, TimeSpan End)> _windows = new(StringComparer.Ordinal);
        private int _order;

        public World(int limit, TimeSpan window)
        {
            (_limit, _window, _start) = (limit, window, _time.GetUtcNow());
            _limits = new RateLimits(_time);
        }

        public int Refused { get; private set; }

        public int Ended { get; private set; }

        private TimeSpan Now => _time.GetUtcNow() - _start;

        public void Ask(TimeSpan at, TimeSpan up, TimeSpan down, string channel, int fate) => At(at, () =>
        {
            if (_limits.Admit(Message(channel)) is not Admission.Granted { Permit: RatePermit permit, After: var after })
            {
                Ask(Now + ((Admission.Wait)_limits.Admit(Message(channel))).Delay, up, down, channel, fate);
                return;
            }

            var sent = Now + after;
            switch (fate)
            {
                case 0:
                    At(sent + up, () => End(permit.NotSent));
                    break;
                case 1:
                    // Counted by the server, and its answer lost, or given up while it was still on its way.
                    At(sent + up, () => Count(channel));
                    At(sent + up + down, () => End(permit.Lost));
                    break;
                default:
                    At(sent + up, () =>
                    {
                        var answer = Count(channel);
                        At(Now + down, () => End(() => permit.Answered(answer)));
                    });
                    break;
            }
        });

        public void Run()
        {
            while (_events.TryDequeue(out var happens, out var key))
            {
                Assert.True(key.Item1 < TimeSpan.FromMinutes(30), "It takes for ever.");
                _time.Advance(key.Item1 - Now);
                happens();
            }
        }

        private void At(TimeSpan at, Action happens) => _events.Enqueue(happens, (at, _order++));

        private void End(Action give)
        {
            give();
            Ended++;
        }

        private RateHeaders Count(string channel)
        {
            var (count, end) = _windows.GetValueOrDefault(channel);
            if (Now >= end)
                (count, end) = (0, Now + _window);
            count++;
            _windows[channel] = (count, end);
            if (count > _limit)
                Refused++;
            return new RateHeaders(200, "b", _limit, Math.Max(0, _limit - count), end - Now, null, RateScope.Bucket);
        }
    }
}
