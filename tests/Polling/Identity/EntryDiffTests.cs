using Notifier.Feeds;
using Notifier.Polling;
using Notifier.Polling.Identity;

namespace Notifier.Tests.Polling.Identity;

/// <summary>The verdicts of ARCHITECTURE.md's table, and the publishers that broke others.</summary>
public class EntryDiffTests
{
    private readonly Publisher _feed = new();

    public static TheoryData<string, ParsedEntry, ParsedEntry, string> Table
    {
        get
        {
            var old = Entry("id", "link", "title", "text");
            return new()
            {
                { "the same", old, old, "known" },
                { "same id and words, other link", old, old with { Link = Url("other") }, "known" },
                { "same id, markup and white space differ", old, old with { Content = "<p>te\n xt</p>" }, "known" },
                { "same id and link, other text", old, old with { Content = "edited" }, "edited" },
                { "same id and link, all words differ", old, old with { Title = "new", Content = "edited" }, "edited" },
                { "same id and title, other link and text", old, Entry("id", "other", "title", "edited"), "edited" },
                { "same id, all else differs: reused", old, Entry("id", "other", "new", "new"), "new" },
                { "other id, the rest same: re-keyed", old, old with { Id = "other" }, "known" },
                { "other id, same words, no link: re-keyed", old with { Link = null }, old with { Id = "other", Link = null }, "known" },
                { "other id, same link, other words", old, Entry("other", "link", "new", "new"), "new" },
                { "other id, other link, same words", old, old with { Id = "other", Link = Url("other") }, "new" },
                { "no id, the same", old with { Id = null }, old with { Id = null }, "known" },
                { "no id, same link and title, other text", old with { Id = null }, old with { Id = null, Content = "edited" }, "edited" },
                { "no id, same link, all words differ", old with { Id = null }, Entry(null, "link", "new", "new"), "new" },
                { "no id, other link", old with { Id = null }, old with { Id = null, Link = Url("other") }, "new" },
                { "no id, no link, the same", Entry(null, null, "title", "text"), Entry(null, null, "title", "text"), "known" },
                { "no id, no link, other text", Entry(null, null, "title", "text"), Entry(null, null, "title", "new"), "new" },
                { "the id is dropped", old, old with { Id = null }, "known" },
                { "an id comes", old with { Id = null }, old, "known" },
                { "a text alone, edited", Entry("id", null, null, "text"), Entry("id", null, null, "edited"), "edited" },
                { "an id alone gets words", Entry("id", null, null, null), old, "edited" },
                { "nothing at all", new ParsedEntry(), new ParsedEntry(), "known" },
                { "a file alone", new ParsedEntry { Enclosures = [new("https://a.example/1.mp3")] }, new ParsedEntry { Enclosures = [new("https://a.example/2.mp3")] }, "new" },
                { "https, www, slash and tracking do not matter", Entry(null, "link", "title", "text"), Entry(null, "link", "title", "text") with { Link = "https://www.a.example/link/?utm_source=rss" }, "known" },
                { "a fragment matters", Entry(null, "link#a", "title", "text"), Entry(null, "link#b", "title", "text"), "new" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void The_table_of_verdicts(string row, ParsedEntry before, ParsedEntry now, string verdict)
    {
        // Many others that stay, so that one is no unusual share.
        var others = Enumerable.Range(0, 5).Select(i => Entry($"o{i}", $"o{i}", $"o{i}", $"o{i}")).ToArray();
        _feed.Poll([before, .. others]);

        var diff = _feed.Poll([now, .. others]);

        Assert.Equal(verdict, diff switch { { New: [_] } => "new", { Edited: [_] } => "edited", _ => "known" });
        Assert.True(_feed.Poll([now, .. others]) is { New: [], Edited: [] }, $"{row}: said again");
    }

    [Fact]
    public void The_first_poll_is_the_baseline()
    {
        var diff = _feed.Poll(Entry("1"), Entry("2"));

        Assert.True(diff.Baseline);
        Assert.Empty(diff.New);
    }

    [Fact]
    public void An_empty_document_is_a_baseline_too()
    {
        Assert.True(_feed.Poll().Baseline);
        Assert.Equal(["1"], _feed.New(Entry("1")));
    }

    [Fact]
    public void A_document_that_was_empty_and_is_full_again_says_nothing()
    {
        _feed.Poll(Entry("1"), Entry("2"));
        _feed.Poll();
        Assert.Equal(["3"], _feed.New(Entry("3"), Entry("2"), Entry("1")));
    }

    [Theory]
    [InlineData(59, 0)]
    [InlineData(61, 1)]
    public void What_leaves_is_remembered_for_sixty_days(int days, int fresh)
    {
        _feed.Poll(Entry("1"), Entry("2"));
        _feed.Poll(Entry("2"));
        _feed.Time += TimeSpan.FromDays(days);
        _feed.Poll(Entry("2"), Entry("3"));
        Assert.Equal(fresh, _feed.New(Entry("1"), Entry("2"), Entry("3")).Count);
    }

    /// <summary>A document that does not change is not read, but what it lists is listed all that time.</summary>
    [Fact]
    public void The_sixty_days_begin_when_the_entry_leaves()
    {
        _feed.Poll(Entry("1"), Entry("2"));
        _feed.Time += TimeSpan.FromDays(100);
        Assert.Equal(["3"], _feed.New(Entry("3"), Entry("2")));
        _feed.Time += TimeSpan.FromDays(1);

        // The publisher takes the new one back, and the oldest has room again.
        Assert.Empty(_feed.New(Entry("2"), Entry("1")));
    }

    [Fact]
    public void Memory_does_not_grow_for_ever()
    {
        for (var i = 0; i < 400; i++)
        {
            _feed.Poll(Entry($"{i}"), Entry($"{i + 1}"));
            _feed.Time += TimeSpan.FromDays(1);
        }

        Assert.InRange(_feed.Memory!.All.Length, 60, 70);
    }

    [Fact]
    public void A_publisher_who_names_all_anew_for_each_fetch_does_not_fill_the_memory()
    {
        for (var fetch = 0; fetch < 30; fetch++)
            _feed.Poll([.. Enumerable.Range(0, 1000).Select(i => Entry($"{fetch}-{i}"))]);

        Assert.Equal(1000 + SeenEntries.MostKept, _feed.Memory!.All.Length);
        Assert.Empty(_feed.New([.. Enumerable.Range(0, 1000).Select(i => Entry($"25-{i}"))]));
    }

    [Fact]
    public void An_id_given_twice_in_one_document_makes_two_entries()
    {
        _feed.Poll(Entry("0"));
        Assert.Equal(["b", "a"], _feed.New(Entry("x", "a", "a", "a"), Entry("x", "b", "b", "b"), Entry("0")));
        Assert.Empty(_feed.New(Entry("x", "b", "b", "b"), Entry("x", "a", "a", "a"), Entry("0")));
        Assert.Empty(_feed.New(Entry("x", "b", "b", "b"), Entry("0")));
    }

    [Fact]
    public void An_entry_listed_twice_is_one()
    {
        _feed.Poll(Entry("0"));
        Assert.Equal(["1"], _feed.New(Entry("1"), Entry("1"), Entry("0")));
    }

    /// <summary>The whole feed under one id, whether its links differ, are all the home page, or are absent (C15).</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("home")]
    public void An_id_that_all_entries_share_loses_none(string? link) => SlidesThrough(i => Entry("same", link switch { "" => $"{i}", _ => link }, $"title {i}", $"text {i}"));

    [Fact]
    public void A_title_that_all_entries_share_loses_none() => SlidesThrough(i => Entry("same", $"{i}", "Update", $"text {i}"));

    [Fact]
    public void A_link_that_all_entries_share_loses_none() => SlidesThrough(i => Entry(null, "home", $"title {i}", $"text {i}"));

    [Fact]
    public void Entries_that_differ_in_their_text_alone_are_not_lost() => SlidesThrough(i => Entry(null, "home", "Update", $"text {i}"));

    [Fact]
    public void Entries_that_differ_in_their_id_alone_are_not_lost() => SlidesThrough(i => Entry($"{i}", "home", "Daily thread", "Talk here."));

    [Fact]
    public void A_publisher_with_new_ids_on_every_fetch_does_not_flood()
    {
        var fetch = 0;
        ParsedEntry[] Fetched(params string[] titles) => [.. titles.Select(title => Entry($"{fetch}-{title}", title, title, title))];
        _feed.Poll(Fetched("a", "b", "c"));
        fetch++;
        Assert.Empty(_feed.New(Fetched("a", "b", "c")));
        fetch++;
        Assert.Equal(["d"], _feed.New(Fetched("d", "a", "b", "c")));
    }

    /// <summary>A move to another host changes ids and links of everything at once.</summary>
    [Fact]
    public void When_ids_and_links_of_a_whole_feed_change_its_words_still_tell_it()
    {
        ParsedEntry Moved(string host, int i) => new() { Id = $"https://{host}/{i}", Link = $"https://{host}/{i}", Title = $"title {i}", Content = $"text {i}" };
        _feed.Poll([.. Enumerable.Range(0, 10).Select(i => Moved("old.example", i))]);

        Assert.Equal(["title 10"], _feed.New([.. Enumerable.Range(1, 10).Reverse().Select(i => Moved("new.example", i))]));
        Assert.Empty(_feed.New([.. Enumerable.Range(1, 10).Select(i => Moved("new.example", i))]));
    }

    /// <summary>All is new at once, too, where nobody polled for long; a title that comes every week is no sign of a move.</summary>
    [Fact]
    public void A_window_that_turned_over_entirely_loses_nothing()
    {
        _feed.Poll(Entry("1", "1", "Open thread"), Entry("2", "2", "b"), Entry("3", "3", "c"));
        Assert.Equal(["f", "e", "Open thread"], _feed.New(Entry("4", "4", "Open thread"), Entry("5", "5", "e"), Entry("6", "6", "f")));
    }

    [Fact]
    public void One_malformed_id_does_not_touch_the_others()
    {
        _feed.Poll(Entry("1"), Entry("2"));
        Assert.Equal(["\ud800 \0"], _feed.New(Entry("\ud800 \0"), Entry("1"), Entry("2")));
    }

    [Fact]
    public void An_update_date_that_changes_on_every_fetch_says_nothing()
    {
        _feed.Poll(Entry("1") with { Updated = _feed.Time });
        var diff = _feed.Poll(Entry("1") with { Updated = _feed.Time.AddHours(1) });
        Assert.True(diff is { New: [], Edited: [] });
    }

    /// <summary>After an upgrade that changed the fingerprints only ids can be compared, and nothing is said again for it.</summary>
    [Fact]
    public void A_memory_under_other_rules_is_compared_by_id()
    {
        var gone = Entry("gone");
        _feed.Poll(Entry("1"), Entry(null, "x", "no id"), gone);
        _feed.Memory = _feed.Memory! with { Comparable = false };

        Assert.Equal(["2"], _feed.New(Entry("2"), Entry("1", "1", "other words", "as if"), Entry(null, "x", "no id")));

        _feed.Memory = SeenEntries.Unpack(Fingerprints.Version, _feed.Memory.Packed.ToArray());
        Assert.Empty(_feed.New(Entry("2"), Entry("1", "1", "other words", "as if"), Entry(null, "x", "no id"), gone));
    }

    [Fact]
    public void Under_other_rules_entries_without_ids_are_known_by_their_words()
    {
        _feed.Poll(Entry(null, "1", "one"), Entry(null, "2", "two"));
        _feed.Memory = _feed.Memory! with { Comparable = false };

        Assert.Equal(["three"], _feed.New(Entry(null, "3", "three"), Entry(null, "1", "one"), Entry(null, "2", "two")));
    }

    [Fact]
    public void Five_thousand_entries_under_one_id_take_no_quadratic_time()
    {
        ParsedEntry[] Batch(int from) => [.. Enumerable.Range(from, 5000).Select(i => Entry("same", "home", $"title {i}", $"text {i}"))];
        _feed.Poll(Batch(0));
        for (var i = 1; i < 10; i++)
        {
            // Undated, and all new at once: it is held, the newest thousand of it.
            Assert.Equal(EntryDiff.MostNew, _feed.Poll(Batch(5000 * i)).Held.Count);
        }
    }

    [Fact]
    public void C21_Of_five_thousand_new_entries_the_newest_thousand_are_told_and_none_of_them_again()
    {
        ParsedEntry[] all = [.. Enumerable.Range(0, 5000).Reverse().Select(i => Entry($"{i}"))];
        _feed.Poll();
        Assert.Equal(Enumerable.Range(4000, 1000).Select(i => $"{i}"), _feed.New(all));
        Assert.Empty(_feed.New(all[10..]));
    }

    [Theory]
    [InlineData("distinct dates order", "1 3 2", "2026-01-01 2026-01-03 2026-01-02", "1 2 3")]
    [InlineData("equal dates do not", "1 3 2", "2026-01-01 2026-01-01 2026-01-01", "2 3 1")]
    [InlineData("nor do dates that some lack", "1 3 2", "2026-01-01 - 2026-01-02", "2 3 1")]
    [InlineData("nor dates of the future", "1 3 2", "2026-01-01 2036-01-03 2026-01-02", "2 3 1")]
    [InlineData("nor dates of long ago", "1 3 2", "1970-01-01 2026-01-03 2026-01-02", "2 3 1")]
    public void Order(string rule, string document, string dates, string announced)
    {
        _feed.Poll();
        var entries = document.Split(' ').Zip(dates.Split(' '), (id, date) => Entry(id) with { Published = date == "-" ? null : FeedDate(date) });
        Assert.True(announced == string.Join(' ', _feed.New([.. entries])), rule);
    }

    /// <summary>A window of five slides over twelve entries; each comes up once, the newest on top.</summary>
    private void SlidesThrough(Func<int, ParsedEntry> entry)
    {
        _feed.Poll([.. Enumerable.Range(0, 5).Reverse().Select(entry)]);
        for (var i = 5; i < 12; i++)
        {
            var window = Enumerable.Range(i - 4, 5).Reverse().Select(entry).ToArray();
            Assert.Equal(entry(i), Assert.Single(_feed.Poll(window).New).Entry);
            Assert.Empty(_feed.Poll(window).New);
        }
    }

    private static DateTimeOffset FeedDate(string date) => new(DateOnly.ParseExact(date, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), TimeOnly.MinValue, TimeSpan.Zero);

    private static ParsedEntry Entry(string id) => Entry(id, id, id, id);

    private static ParsedEntry Entry(string? id, string? link, string? title, string? text = null) =>
        new() { Id = id, Link = link is null ? null : Url(link), Title = title, Content = text };

    private static string Url(string path) => $"http://a.example/{path}";
}
