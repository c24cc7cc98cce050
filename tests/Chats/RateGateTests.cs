using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Notifier.Chats;
using Notifier.Tests.Support;

namespace Notifier.Tests.Chats;

/// <summary>So many requests in a span of time, counted where they arrive. The clock stands still but for what a test lets pass.</summary>
public sealed class RateGateTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_place_is_free_again_one_span_after_its_answer()
    {
        var gate = new RateGate(2, Second, _time);
        gate.Take();
        _time.Advance(Second / 4);
        gate.Answered();
        gate.Take();
        Assert.Equal(Second, gate.Wait());
        _time.Advance(Second / 4);
        Assert.Equal(Second * 3 / 4, gate.Wait());
        _time.Advance(Second * 3 / 4);
        Assert.Equal(TimeSpan.Zero, gate.Wait());
    }

    [Fact]
    public void Where_all_are_on_their_way_none_is_free_before_a_span()
    {
        var gate = new RateGate(2, Second, _time);
        gate.Take();
        gate.Take();
        Assert.Equal(Second, gate.Wait());
        _time.Advance(Second * 10);
        Assert.Equal(Second, gate.Wait());
    }

    [Fact]
    public void What_was_not_sent_leaves_its_place()
    {
        var gate = new RateGate(1, Second, _time);
        gate.Take();
        gate.GiveBack();
        Assert.Equal(TimeSpan.Zero, gate.Wait());
    }

    [Fact]
    public void A_place_that_is_taken_ahead_is_not_given_twice()
    {
        var gate = new RateGate(2, Second, _time);
        gate.Take();
        gate.Answered();
        _time.Advance(Second / 2);
        gate.Take();
        gate.Answered();
        Assert.Equal(Second / 2, gate.Wait());
        gate.Take();
        Assert.Equal(Second, gate.Wait());
        gate.Take();
        Assert.Equal(Second, gate.Wait());
    }

    [Fact]
    public void It_is_idle_a_span_after_the_last()
    {
        var gate = new RateGate(2, Second, _time);
        gate.Take();
        _time.Advance(Second * 2);
        Assert.False(gate.IsIdle);
        gate.Answered();
        Assert.False(gate.IsIdle);
        _time.Advance(Second * 1.01);
        Assert.True(gate.IsIdle);
    }

    /// <summary>Places are taken when they are free or a little before, requests arrive late and are answered later, some are never sent: what arrives never exceeds the limit.</summary>
    [Fact]
    public void H20_No_span_ever_holds_more_arrivals_than_the_limit_whatever_the_latencies()
    {
        var request = Gen.Select(Gen.Int[0, 3_000], Gen.Int[0, 800], Gen.Int[0, 800], Gen.Int[0, 9]);
        Gen.Select(Gen.Int[1, 8], Gen.Int[110, 1_500], Gen.Int[0, 100], request.Array[1, 60]).Sample((count, span, ahead, requests) =>
        {
            var steps = new Steps();
            var gate = new RateGate(count, TimeSpan.FromMilliseconds(span), steps.Time);
            var (arrivals, ended) = (new List<TimeSpan>(), 0);
            foreach (var (at, up, down, fate) in requests)
                Ask(TimeSpan.FromMilliseconds(at), TimeSpan.FromMilliseconds(up), TimeSpan.FromMilliseconds(down), fate);
            steps.Run();
            Assert.Equal(requests.Length, ended);
            arrivals.Sort();
            Assert.All(arrivals.Skip(count).Zip(arrivals), pair => Assert.True(pair.First - pair.Second >= TimeSpan.FromMilliseconds(span)));

            void Ask(TimeSpan at, TimeSpan up, TimeSpan down, int fate) => steps.At(at, () =>
            {
                var wait = gate.Wait();
                if (wait > TimeSpan.FromMilliseconds(ahead))
                {
                    Ask(steps.Now + wait - TimeSpan.FromMilliseconds(ahead), up, down, fate);
                    return;
                }

                gate.Take();
                if (fate == 0)
                {
                    steps.At(steps.Now + wait, () => End(gate.GiveBack));
                    return;
                }

                steps.At(steps.Now + wait + up, () => arrivals.Add(steps.Now));
                steps.At(steps.Now + wait + up + down, () => End(gate.Answered));
            });

            void End(Action end)
            {
                end();
                ended++;
            }
        }, iter: 1_000);
    }
}
