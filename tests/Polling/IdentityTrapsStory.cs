using static Notifier.Tests.Polling.SimulatedPublisher;

namespace Notifier.Tests.Polling;

/// <summary>Publishers whose entries are hard to know again, each over fifty polls: the chat is told each entry once, in order, and nothing else.</summary>
public sealed class IdentityTrapsStory
{
    private const int Window = 10;

    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What entries are known by, where each is listed on ten polls and then leaves.</summary>
    [Theory]
    [InlineData("a GUID, a link and a text")]
    [InlineData("no GUID")]
    [InlineData("words alone")]
    [InlineData("a title alone")]
    [InlineData("a GUID and a text, no title and no link")]
    [InlineData("the home page as every link")]
    [InlineData("one GUID for all")]
    [InlineData("a GUID that two share")]
    [InlineData("the place in the document as GUID")]
    [InlineData("another GUID at each fetch")]
    [InlineData("another link at each fetch")]
    [InlineData("another date at each fetch")]
    [InlineData("a GUID that is no text one of the time")]
    [InlineData("a view counter in the text")]
    public async Task C15_An_entry_a_poll(string habit)
    {
        var poll = 0;
        await using var publisher = await StartAsync([.. Item.Window(1, Window, n => Habit(n, Window))]);

        await publisher.PollAllAsync(p => Item.Window(p + 1, p + Window, n => Habit(n, (poll = p) + Window)));

        Assert.Equal(Titles(Window + 1, Window + Polls), publisher.Entries);
        Assert.Empty(publisher.Notices);

        Item Habit(int n, int newest)
        {
            var plain = Item.Number(n);
            return habit switch
            {
                "a GUID, a link and a text" => plain,
                "no GUID" => plain with { Id = null },
                "words alone" => plain with { Id = null, Link = null },
                "a title alone" => plain with { Id = null, Link = null, Text = null },
                "a GUID and a text, no title and no link" => plain with { Link = null },
                "the home page as every link" => plain with { Id = null, Link = "http://a.test/" },
                "one GUID for all" => plain with { Id = "feed" },
                "a GUID that two share" => plain with { Id = $"{n / 2}" },
                "the place in the document as GUID" => plain with { Id = $"{newest - n}", Link = null },
                "another GUID at each fetch" => plain with { Id = $"{poll}-{n}" },
                "another link at each fetch" => plain with { Link = $"http://a.test/{n}?session={poll}" },
                "another date at each fetch" => plain with { Published = Noon.AddMinutes(15 * poll), Updated = Noon.AddMinutes(15 * poll) },
                "a GUID that is no text one of the time" => n % 7 == 0 ? plain with { Id = $"{poll} <](&amp; {new string('x', 5000)}" } : plain,
                "a view counter in the text" => plain with { Text = $"What e{n} tells, read {poll * n} times." },
                _ => throw new InvalidOperationException(habit),
            };
        }
    }

    /// <summary>What a publisher changes over the whole of a hundred entries, once, while it goes on publishing.</summary>
    [Theory]
    [InlineData("the GUIDs")]
    [InlineData("the scheme")]
    [InlineData("www")]
    [InlineData("the host, in links and GUIDs")]
    [InlineData("GUIDs go")]
    [InlineData("tracking parameters come")]
    [InlineData("GUIDs, links and titles")]
    [InlineData("GUIDs, links and texts")]
    [InlineData("GUIDs and all words")]
    [InlineData("links and all words")]
    public async Task A_change_of_the_whole_feed(string change)
    {
        await using var publisher = await StartAsync([.. Item.Window(1, 100, n => Written(n, false))]);

        await publisher.PollAllAsync(p => Item.Window(p + 1, p + 100, n => Written(n, p >= 25)));

        Assert.Equal(Titles(101, 100 + Polls), publisher.Entries.Select(title => title.Replace("'", "", StringComparison.Ordinal)));
        Assert.Empty(publisher.Notices);

        Item Written(int n, bool changed)
        {
            var (scheme, host, id) = ("http", "a.test", $"id-{n}");
            var plain = new Item($"e{n}") { Id = $"tag:a.test,{n}", Link = $"http://a.test/{n}", Published = At(n) };
            return !changed ? plain : change switch
            {
                "the GUIDs" => plain with { Id = $"urn:uuid:{n:00000000}" },
                "the scheme" => plain with { Id = $"https://a.test/{n}", Link = $"https://a.test/{n}" },
                "www" => plain with { Link = $"http://www.a.test/{n}", Id = $"http://www.a.test/{n}" },
                "the host, in links and GUIDs" => plain with { Id = $"tag:b.test,{n}", Link = $"http://b.test/posts/{n}" },
                "GUIDs go" => plain with { Id = null },
                "tracking parameters come" => plain with { Id = $"{id}{scheme}{host}", Link = $"{plain.Link}?utm_source=rss&utm_medium=feed" },
                "GUIDs, links and titles" => plain with { Id = id, Link = $"http://b.test/{n}", Title = $"e{n}'" },
                "GUIDs, links and texts" => plain with { Id = id, Link = $"http://b.test/{n}", Text = $"It tells {n}." },
                "GUIDs and all words" => plain with { Id = id, Title = $"e{n}'", Text = $"It tells {n}." },
                "links and all words" => plain with { Link = $"http://b.test/{n}", Title = $"e{n}'", Text = $"It tells {n}." },
                _ => throw new InvalidOperationException(change),
            };
        }

        static DateTimeOffset At(int n) => Noon.AddMinutes((n - 100) * 15);
    }

    [Fact]
    public async Task C17_Entries_that_leave_and_return()
    {
        await using var publisher = await StartAsync([.. Item.Window(1, Window)]);

        // Every seventh entry is hidden on every other fetch, and two in five polls list nothing or half of it.
        await publisher.PollAllAsync(p => Item.Window(p + 1, p + Window).Where((item, i) => (p % 5) switch
        {
            3 => false,
            4 => i % 2 == p % 2,
            _ => p % 2 == 0 || item.Title[^1] != '7' || p == Polls,
        }).Concat(p % 5 == 0 ? Item.Window(Math.Max(1, p - 30), p - 20 > 0 ? p - 20 : 1) : []));

        Assert.Equal(Titles(Window + 1, Window + Polls), publisher.Entries.Order(Comparer<string>.Create((a, b) => int.Parse(a[1..]).CompareTo(int.Parse(b[1..])))));
        Assert.Equal(publisher.Entries.Count, publisher.Entries.Distinct().Count());
        Assert.Empty(publisher.Notices);
    }

    [Theory]
    [InlineData("at midnight, all of them")]
    [InlineData("with no date")]
    [InlineData("dated years ago")]
    [InlineData("dated in years to come")]
    [InlineData("in the year 1 or 9999")]
    [InlineData("by turns")]
    public async Task C18_Dates_are_no_identity(string dates)
    {
        await using var publisher = await StartAsync([.. Item.Window(1, Window, Dated)]);

        await publisher.PollAllAsync(p => Item.Window(p + 1, p + Window, Dated));

        Assert.Equal(Titles(Window + 1, Window + Polls), publisher.Entries);
        Assert.Empty(publisher.Notices);

        Item Dated(int n)
        {
            return Item.Number(n) with
            {
                Published = dates switch
                {
                    "at midnight, all of them" => Noon.AddDays((n - Window) / 4).AddHours(-12),
                    "with no date" => null,
                    "dated years ago" => Noon.AddYears(-3).AddDays(-n),
                    "dated in years to come" => Noon.AddYears(10).AddDays(n),
                    "in the year 1 or 9999" => n % 2 == 0 ? DateTimeOffset.MinValue : DateTimeOffset.MaxValue,
                    _ => (n % 4) switch { 0 => null, 1 => Noon.AddYears(-5), 2 => Noon.AddYears(5), _ => Noon.AddMinutes(n) },
                },
            };
        }
    }

    /// <summary>The same words come again, at the same page or not; that they were published since tells them from what a publisher has only renamed.</summary>
    [Theory]
    [InlineData("three columns a day, each with the same words every day", 3)]
    [InlineData("a warning that says the same each time, on one page", 1)]
    public async Task The_same_words_again_are_news_where_their_date_says_so(string habit, int window)
    {
        await using var publisher = await StartAsync([.. Columns(0)]);

        await publisher.PollAllAsync(p => Columns(p / 5));

        Assert.True(publisher.Entries.Count == Polls / 5 * window, $"{habit}: {publisher.Entries.Count}");

        IEnumerable<Item> Columns(int day) => Enumerable.Range(0, window).Reverse().Select(n => new Item($"Column{n}")
        {
            Id = $"{day}-{n}",
            Link = window == 1 ? "http://a.test/warning" : $"http://a.test/{day}/{n}",
            Text = "The briefing.",
            Published = Noon.AddMinutes(-90).AddMinutes((day * 75) + (n * 5)),
        });
    }

    /// <summary>A publisher that gives everything new ids and the time of the fetch says nothing new by it.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(1)]
    public async Task Ids_and_dates_of_the_fetch_are_no_news(int window)
    {
        await using var publisher = await StartAsync([.. Written(window, 0)]);

        await publisher.PollAllAsync(p => Written(window + (p / 10), p));

        Assert.Equal(Titles(window + 1, window + (Polls / 10)), publisher.Entries);

        IEnumerable<Item> Written(int newest, int poll) => Item.Window(newest - window + 1, newest, n => Item.Number(n) with { Id = $"{poll}-{n}", Published = Noon.AddMinutes(15 * (poll + 1)) });
    }

    /// <summary>A new entry that takes the GUID of one that left long before, or stands beside it still.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    public async Task A_GUID_of_an_older_entry_is_used_again(int after)
    {
        await using var publisher = await StartAsync([.. Item.Window(1, Window, Reused)]);

        await publisher.PollAllAsync(p => Item.Window(p + 1, p + Window, Reused));

        Assert.Equal(Titles(Window + 1, Window + Polls), publisher.Entries);

        Item Reused(int n) => Item.Number(n) with { Id = $"id-{n % after}" };
    }

    [Fact]
    public async Task C16_Edits_are_not_told_again()
    {
        await using var publisher = await StartAsync([.. Item.Window(1, Window)]);

        await publisher.PollAllAsync(p => Item.Window(p + 1, p + Window, n => (n % 3) switch
        {
            0 => Item.Number(n) with { Text = $"What e{n} tells, edited {p} times." },
            1 => Item.Number(n) with { Title = p % 2 == 0 ? $"e{n}" : $"e{n}+", Text = $"Its text, the {p}th." },
            _ => Item.Number(n) with { Link = $"http://a.test/{n}/edition-{p}", Text = $"Once more: {p}." },
        }));

        Assert.Equal(Titles(Window + 1, Window + Polls), publisher.Entries.Select(title => title.TrimEnd('+')));
    }

    internal static IEnumerable<string> Titles(int from, int to) => Enumerable.Range(from, to - from + 1).Select(n => $"e{n}");
}
