using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Notifier.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.Feeds;

/// <summary>
/// Broken copies of good feeds. <c>NOTIFIER_MUTATIONS</c> says how many (10,000 unless it does), <c>NOTIFIER_SEED</c> which (the same every time unless it does).
/// </summary>
[Collection(nameof(Alone))]
public sealed class FeedMutationTests
{
    private const long MaxHeap = 256L * 1024 * 1024;
    private static readonly Uri Url = new("https://host.example/feed");

    [Fact]
    public void C14_Ten_thousand_broken_copies_of_the_fixtures_are_read_without_an_exception()
    {
        var (seed, count) = (FromEnvironment("NOTIFIER_SEED", 20260131), FromEnvironment("NOTIFIER_MUTATIONS", 10_000));
        var originals = FeedFixtureTests.Fixtures().Select(File.ReadAllBytes).ToArray();
        var random = new Random(seed);
        var parser = new FeedParser(Core.Formats);
        var (feeds, slowest) = (0, TimeSpan.Zero);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < count; i++)
        {
            var copy = Break(originals[random.Next(originals.Length)], originals, random);
            var start = Stopwatch.GetTimestamp();
            try
            {
                if (parser.Parse(copy, Url) is ParseResult.Parsed { Feed.Entries.Count: > 0 }) feeds++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}, copy {i}: {e.GetType().Name} at\n{Convert.ToBase64String(copy)}", e);
            }

            if (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed > slowest) slowest = elapsed;
        }

        var heap = GC.GetTotalMemory(forceFullCollection: true) - before;
        var told = $"seed {seed}: {count} copies, {100.0 * feeds / count:0.0} % reached an entry, slowest {slowest.TotalMilliseconds:0} ms, {heap / 1e6:0} MB more on the heap after it";
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        TestContext.Current.SendDiagnosticMessage("{0}", told);
        Assert.True(feeds > count * 0.15, $"Nothing was tried: {told}");
        Assert.True(slowest < TimeSpan.FromSeconds(2), told);
        Assert.True(heap < MaxHeap, told);
    }

    [Fact]
    public void Every_beginning_of_a_fixture_is_read_without_an_exception()
    {
        foreach (var document in FeedFixtureTests.Fixtures().Select(File.ReadAllBytes)) ReadEveryBeginning(document);
    }

    [Fact]
    public void Every_beginning_of_ten_captured_feeds_is_read_without_an_exception()
    {
        var folder = Repository.Shared("corpus", "open");
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "manifest.json")));
        var feeds = manifest.RootElement.GetProperty("cases").EnumerateArray()
            .Where(item => item.TryGetProperty("captured", out var captured) && captured.GetBoolean() && item.GetProperty("bytes").GetInt32() is > 2000 and < 20_000)
            .GroupBy(item => item.GetProperty("family").GetString(), StringComparer.Ordinal)
            .SelectMany(family => family.OrderBy(item => item.GetProperty("bytes").GetInt32()).Take(3))
            .Select(item => Path.Combine(folder, item.GetProperty("file").GetString()!))
            .Take(10)
            .ToList();
        Assert.Equal(10, feeds.Count);
        foreach (var path in feeds) ReadEveryBeginning(File.ReadAllBytes(path));
    }

    private static void ReadEveryBeginning(byte[] document)
    {
        var parser = new FeedParser(Core.Formats);
        var whole = Assert.IsType<ParseResult.Parsed>(parser.Parse(document, Url)).Feed.Entries.Count;
        for (var length = 0; length < document.Length; length++)
        {
            if (parser.Parse(document.AsMemory(0, length), Url) is ParseResult.Parsed beginning)
                Assert.True(beginning.Feed.Entries.Count <= whole, $"The first {length} bytes have more entries than the whole.");
        }
    }

    private static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

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
