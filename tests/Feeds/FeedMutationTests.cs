using Notifier.Feeds;

namespace Notifier.Tests.Feeds;

public sealed class FeedMutationTests
{
    private const int Seed = 20260131;

    [Fact]
    public void C14_Ten_thousand_broken_copies_of_the_fixtures_are_read_without_an_exception()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var originals = FeedFixtureTests.Fixtures().Select(File.ReadAllBytes).ToArray();
        var random = new Random(Seed);
        var parser = new FeedParser(Core.Formats);
        var feeds = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var copy = Break(originals[random.Next(originals.Length)], originals, random);
            if (parser.Parse(copy, new Uri("https://host.example/feed")) is ParseResult.Parsed { Feed.Entries.Count: > 0 }) feeds++;
        }

        Assert.True(feeds > 1500, $"Only {feeds} of the copies got as far as an entry: nothing was tried.");
    }

    [Fact]
    public void Every_beginning_of_a_fixture_is_read_without_an_exception()
    {
        var parser = new FeedParser(Core.Formats);
        foreach (var document in FeedFixtureTests.Fixtures().Select(File.ReadAllBytes))
        {
            for (var length = 0; length < document.Length; length++) parser.Parse(document.AsMemory(0, length), new Uri("https://host.example/feed"));
        }
    }

    private static byte[] Break(byte[] original, byte[][] others, Random random)
    {
        List<byte> copy = [.. original];
        for (var changes = random.Next(1, 9); changes > 0 && copy.Count > 0; changes--)
        {
            var at = random.Next(copy.Count);
            var length = random.Next(Math.Min(40, copy.Count - at));
            switch (random.Next(6))
            {
                case 0:
                    copy[at] = (byte)random.Next(256);
                    break;
                case 1:
                    copy.RemoveRange(at, length);
                    break;
                case 2:
                    copy.InsertRange(at, copy.GetRange(at, length));
                    break;
                case 3:
                    copy.Insert(at, (byte)"<>&\"'/![]-?;#= {}:"[random.Next(18)]);
                    break;
                case 4 when random.Next(10) == 0:
                    copy.RemoveRange(at, copy.Count - at);
                    break;
                default:
                    var other = others[random.Next(others.Length)];
                    var from = random.Next(other.Length);
                    copy.InsertRange(at, other[from..Math.Min(other.Length, from + 60)]);
                    break;
            }
        }

        return [.. copy];
    }
}
