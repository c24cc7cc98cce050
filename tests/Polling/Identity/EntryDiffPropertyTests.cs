using CsCheck;
using Notifier.Feeds;

namespace Notifier.Tests.Polling.Identity;

/// <summary>Publishers that add, drop, bring back, reorder and repeat as they like: each entry is said exactly once.</summary>
public class EntryDiffPropertyTests
{
    /// <summary>What the publisher gives its entries to be known by.</summary>
    private static readonly Func<int, ParsedEntry>[] Habits =
    [
        i => Entry($"{i}", $"http://a.example/{i}", $"title {i}", $"text {i}"),
        i => Entry($"{i}", "http://a.example/", $"title {i}", $"text {i}"),
        i => Entry($"{i}", null, null, $"text {i}"),
        i => Entry(null, $"http://a.example/{i}", $"title {i}", null),
        i => Entry(null, $"http://a.example/{i}", "Update", $"text {i}"),
        i => Entry(null, "http://a.example/", $"title {i}", $"text {i}"),
        i => Entry(null, null, $"title {i}", $"text {i}"),
        i => Entry("same", $"http://a.example/{i}", $"title {i}", $"text {i}"),
        i => Entry($"{i / 2}", $"http://a.example/{i}", $"title {i}", $"text {i}"),
        i => i % 3 == 0 ? Entry(null, $"http://a.example/{i}", $"title {i}", null) : Entry($"{i}", "http://a.example/", $"title {i}", null),
    ];

    private static readonly Gen<(int Habit, Step[] Steps)> Publishers = Gen.Select(
        Gen.Int[0, Habits.Length - 1],
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int, (add, drop, back, order) => new Step(add, drop, back, order)).Array[50]);

    [Fact]
    public void Every_entry_is_said_exactly_once() => Publishers.Sample(
        publisher =>
        {
            var feed = new Publisher();
            var listed = new List<int>();
            var left = new List<int>();
            var said = new List<int>();
            var count = 0;
            foreach (var step in publisher.Steps)
            {
                var random = new Random(step.Order);
                for (var i = 0; i < step.Drop && listed.Count > 0; i++)
                    Move(listed, left, random);
                for (var i = 0; i < step.Back && left.Count > 0; i++)
                    Move(left, listed, random);
                for (var i = 0; i < step.Add; i++)
                    listed.Insert(0, count++);
                var document = listed.Concat(listed.Where(_ => random.Next(5) == 0)).ToArray();
                if (random.Next(3) == 0)
                    random.Shuffle(document);

                var diff = feed.Poll([.. document.Select(Habits[publisher.Habit])]);
                if (diff.Baseline)
                    said.AddRange(listed);
                said.AddRange(diff.New.Select(fresh => Enumerable.Range(0, count).Single(i => Habits[publisher.Habit](i) == fresh.Entry)));
            }

            Assert.Equal(Enumerable.Range(0, count), said.Order());
        },
        iter: 1000);

    private static void Move(List<int> from, List<int> to, Random random)
    {
        var i = random.Next(from.Count);
        to.Add(from[i]);
        from.RemoveAt(i);
    }

    private static ParsedEntry Entry(string? id, string? link, string? title, string? text) => new() { Id = id, Link = link, Title = title, Content = text };

    private sealed record Step(int Add, int Drop, int Back, int Order);
}
