using Microsoft.Extensions.Time.Testing;
using Notifier.Commands;
using Notifier.Model;

namespace Notifier.Tests.Commands;

public sealed class CommandPaceTests : IAsyncDisposable
{
    private const string Quick = "That was quick. Give me a moment before the next one.";

    private static readonly ChatAddress Chat = new("fake", "a");

    private readonly FakeTimeProvider _time = new();
    private readonly FrontDoor _door = new(new CommandOptions { PerMinute = 60 });

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(600)]
    public void E12_Ten_thousand_commands_in_a_minute_are_as_many_as_the_setting_says_and_one_warning(int perMinute)
    {
        var pace = new CommandPace(new CommandOptions { PerMinute = perMinute }, _time);
        var answers = new Dictionary<Pace, int>();
        for (var n = 0; n < 10_000; n++)
        {
            var answer = pace.Ask(Chat, "ann");
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
            _time.Advance(TimeSpan.FromMilliseconds(6));
        }

        Assert.InRange(answers[Pace.Fine], perMinute, perMinute + 10);
        Assert.Equal(1, answers[Pace.TooFast]);
    }

    [Fact]
    public void Who_was_too_fast_may_ask_again_after_a_while_and_is_warned_again_after_a_longer_one()
    {
        var pace = new CommandPace(new CommandOptions { PerMinute = 60 }, _time);
        Assert.Equal([.. Enumerable.Repeat(Pace.Fine, 10), Pace.TooFast, Pace.Ignored], Ask(12));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([Pace.Fine, Pace.Ignored], Ask(2));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([.. Enumerable.Repeat(Pace.Fine, 10), Pace.TooFast, Pace.Ignored], Ask(12));

        IEnumerable<Pace> Ask(int times) => [.. Enumerable.Range(0, times).Select(_ => pace.Ask(Chat, "ann"))];
    }

    [Fact]
    public void One_persons_haste_is_not_anothers_in_whatever_chat()
    {
        var pace = new CommandPace(new CommandOptions(), _time);
        for (var n = 0; n < 11; n++)
            pace.Ask(Chat with { Id = $"{n}" }, "ann");
        Assert.Equal(Pace.Ignored, pace.Ask(Chat, "ann"));
        Assert.Equal(Pace.Fine, pace.Ask(Chat, "bob"));
        Assert.Equal(Pace.Fine, pace.Ask(Chat with { Platform = "other" }, "ann"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void However_many_people_ask_few_are_remembered(int apartInMilliseconds)
    {
        var pace = new CommandPace(new CommandOptions(), _time);
        for (var n = 0; n < 50_000; n++)
        {
            pace.Ask(Chat, $"{n}");
            _time.Advance(TimeSpan.FromMilliseconds(apartInMilliseconds));
        }

        Assert.InRange(pace.Count, 1, 10_001);
    }

    [Fact]
    public async Task A_hasty_person_is_told_once_then_not_answered_and_others_are()
    {
        for (var n = 0; n < 10; n++)
            Assert.StartsWith("This chat has no feeds", await _door.AskAsync("/list"), StringComparison.Ordinal);
        Assert.Equal(Quick, await _door.AskAsync("/list"));
        Assert.Null(await _door.AskAsync("/list"));
        Assert.Null(await _door.AskAsync("/list " + new string('x', 5000)));
        Assert.StartsWith("This chat has no feeds", await _door.AskAsync("/list", person: "@bob"), StringComparison.Ordinal);

        _door.Desk.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.StartsWith("This chat has no feeds", await _door.AskAsync("/list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_for_Notifier_costs_nothing()
    {
        for (var n = 0; n < 100; n++)
            Assert.Null(await _door.AskAsync("good morning"));
        Assert.StartsWith("This chat has no feeds", await _door.AskAsync("/list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_and_whoever_is_at_the_machine_may_be_as_quick_as_they_like()
    {
        await _door.MakeOperatorAsync("@ann");
        for (var n = 0; n < 30; n++)
        {
            Assert.NotEqual(Quick, await _door.AskAsync("/list"));
            Assert.NotEqual(Quick, await _door.AskAsync(_door.AdminLine("/list", person: "@bob") with { IsLocal = true }));
        }
    }
}
