using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>
/// What a chat was told, beside what it should be told: each feed's entries exactly once and in order; a message again only where a kill
/// left it in doubt, and then right after itself. Anything else fails the test at once, except what is <see cref="Missing"/> still.
/// </summary>
internal sealed class ToldStory
{
    private readonly IReadOnlyList<Followed> _feeds;
    private readonly List<Doubt> _doubts;

    public ToldStory(IReadOnlyList<PublishedFeed> feeds, IReadOnlyList<ToldMessage> told, IReadOnlyList<Doubt> doubts)
    {
        // The longest title first, should one be the beginning of another.
        _feeds = [.. feeds.Select(feed => new Followed(feed)).OrderByDescending(feed => feed.Key.Length)];
        _doubts = [.. doubts];
        foreach (var message in told)
            Take(message);
    }

    public int Repeats { get; private set; }

    public IReadOnlyList<string> Missing => [.. _feeds.SelectMany(feed => feed.Feed.New.Skip(feed.Told).Select(title => $"“{title}” of “{feed.Feed.Title}”"))];

    private void Take(ToldMessage message)
    {
        // “12 new entries in FEED”, perhaps with the part's number; a card begins with its feed.
        var feed = _feeds.FirstOrDefault(f => message.Heading is { } heading
            ? heading.IndexOf("newentriesin" + f.Key, StringComparison.Ordinal) is > 0 and < 5
            : message.Items[0].StartsWith(f.Key, StringComparison.Ordinal));
        if (feed is null)
        {
            Assert.True(message.IsLast, $"No such feed: {message}");
            return;
        }

        var items = message.Heading is null ? [message.Items[0][feed.Key.Length..]] : message.Items;
        var whole = feed.Fits(feed.Told, items);
        if (whole > 0)
        {
            Require(message, items, whole);
            (feed.Begun, feed.Told) = (feed.Told, feed.Told + whole);
            return;
        }

        var again = feed.Fits(feed.Begun, items);
        if (again == 0)
        {
            // So early a cut that not even one title is whole.
            Assert.True(message.IsLast && items.Count == 1, $"Not expected now of “{feed.Feed.Title}”: {string.Join(" | ", items)}");
            return;
        }

        Require(message, items, again);
        var titles = feed.Feed.New.Skip(feed.Begun).Take(again).ToList();
        var doubt = _doubts.Find(d => d.Feed == feed.Feed.Title && d.Titles.Take(again).SequenceEqual(titles));
        Assert.True(doubt is not null, $"Told twice, though no kill left it in doubt: {string.Join("; ", titles)} of “{feed.Feed.Title}”");
        _doubts.Remove(doubt);
        Repeats++;
        feed.Told = Math.Max(feed.Told, feed.Begun + again);
    }

    private static void Require(ToldMessage message, IReadOnlyList<string> items, int recognized) =>
        Assert.True(recognized == items.Count || (message.IsLast && recognized == items.Count - 1), $"Not all of this was published: {string.Join(" | ", items)}");

    /// <summary>A feed with how far it is told.</summary>
    private sealed class Followed(PublishedFeed feed)
    {
        private readonly IReadOnlyList<string> _entries = [.. feed.New.Select(TerminalMessages.Key)];

        public PublishedFeed Feed => feed;

        public string Key { get; } = TerminalMessages.Key(feed.Title);

        /// <summary>How many entries are told.</summary>
        public int Told { get; set; }

        /// <summary>Where the last message began.</summary>
        public int Begun { get; set; }

        /// <summary>How many of the items are the entries from this one on.</summary>
        public int Fits(int from, IReadOnlyList<string> items)
        {
            var count = 0;
            while (count < items.Count && from + count < _entries.Count && items[count].StartsWith(_entries[from + count], StringComparison.Ordinal))
                count++;
            return count;
        }
    }
}
