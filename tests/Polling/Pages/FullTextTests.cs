using System.Text;
using Microsoft.EntityFrameworkCore;
using Notifier.Polling.Identity;
using Notifier.Tests.Support;
using static Notifier.Tests.Polling.Pages.PageReading;

namespace Notifier.Tests.Polling.Pages;

/// <summary>Feeds that carry a teaser only, where the operator wants the pages read: what entries say then, and what never comes of it.</summary>
public sealed class FullTextTests : IAsyncLifetime
{
    private PageReading _home = null!;

    public async ValueTask InitializeAsync() => _home = await StartAsync();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_new_entry_has_the_article_of_its_page_with_its_picture_and_is_told_with_it()
    {
        _home.Serve("one", Page("drawbridge"));
        var entry = await _home.PollAsync(_home.Item("one"), _home.Item("old"));

        Assert.Contains("drawbridge over the river", entry.Content, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"{_home.Site.Url("/more/5")}\">", entry.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("Imprint", entry.Content, StringComparison.Ordinal);
        Assert.Equal((Teaser, _home.Site.Url("/big.jpg").AbsoluteUri, _home.Site.Url("/one").AbsoluteUri), (entry.Summary, entry.Image, entry.Base));
        await _home.Desk.DeliverAsync();
        Assert.Contains("drawbridge", Assert.Single(_home.Desk.Platform.Shown("a")), StringComparison.Ordinal);
        Assert.Empty(_home.Reasons);
    }

    [Fact]
    public async Task Filters_see_the_article()
    {
        await _home.Desk.ExecuteAsync("UPDATE Subscriptions SET Filter='drawbridge'");
        _home.Serve("one", Page("drawbridge"));
        _home.Serve("two", Page("viaduct"));
        await _home.PollAsync(_home.Item("one"), _home.Item("two"));

        Assert.Equal(["one"], await _home.Desk.OwedAsync("a"));
    }

    [Fact]
    public async Task Filters_see_the_feeds_own_text_beside_the_article()
    {
        await _home.Desk.ExecuteAsync("UPDATE Subscriptions SET Filter='drawbridge council'");
        _home.Serve("one", Page("drawbridge"));
        await _home.PollAsync(_home.Item("one"), _home.Item("old"));

        Assert.Equal(["one"], await _home.Desk.OwedAsync("a"));
    }

    [Theory]
    [InlineData("drawbridge", true)]
    [InlineData("/draw.*ge/ -sport", true)]
    [InlineData("title:one -sport", true)]
    [InlineData("drawbridge title:other", false)]
    [InlineData("drawbridge -council", false)]
    public async Task An_entry_whose_page_could_not_be_read_comes_unless_what_is_known_of_it_is_not_wanted(string filter, bool comes)
    {
        await _home.Desk.ExecuteAsync($"UPDATE Subscriptions SET Filter='{filter}'");
        _home.Site.Answer("/one", 500);
        await _home.PollAsync(_home.Item("one"), _home.Item("old"));

        Assert.Equal(comes ? ["one"] : [], await _home.Desk.OwedAsync("a"));
    }

    [Fact]
    public async Task Beyond_the_newest_twenty_filters_let_pass_what_they_cannot_know()
    {
        await _home.Desk.ExecuteAsync("UPDATE Subscriptions SET Filter='drawbridge'");
        foreach (var n in Enumerable.Range(1, 20))
            _home.Serve($"n{n}", Page($"bridge number {n}"));
        await _home.PollAsync([.. Enumerable.Range(1, 22).Select(n => _home.Item($"n{n}"))]);

        Assert.Equal(["n22", "n21"], await _home.Desk.OwedAsync("a"));
    }

    [Fact]
    public async Task Filters_judge_by_the_feeds_text_where_there_is_no_page_that_says_more()
    {
        await _home.Desk.ExecuteAsync("UPDATE Subscriptions SET Filter='drawbridge'");
        _home.Serve("long", Page("viaduct"));
        await _home.PollAsync(_home.Item("none") with { Link = null }, _home.Item("long", text: string.Concat(Enumerable.Repeat("The feed says all of it and more. ", 40))), _home.Item("old"));

        Assert.Empty(await _home.Desk.OwedAsync("a"));
    }

    [Fact]
    public async Task Without_the_operators_word_no_page_is_asked_for()
    {
        await _home.SetAsync(false);
        Assert.Null((await _home.PollAsync(_home.Item("one"))).Content);
        Assert.Equal(0, _home.Site.RequestsFor("/one"));
    }

    [Fact]
    public async Task What_the_feed_says_of_picture_and_author_stays()
    {
        _home.Serve("one", Page("drawbridge"));
        _home.Site.Answer("/feed", http => FeedSite.SendAsync(
            http,
            $"<rss xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><item><guid>one</guid><link>{_home.Site.Url("/one")}</link><author>Ann</author><media:content url=\"http://a.test/own.png\" type=\"image/png\"/></item></channel></rss>"));
        await _home.PollAsync();

        var entry = await _home.EntryAsync("one");
        Assert.Equal(("http://a.test/own.png", "Ann", "About &lt;the&gt; bridge"), (entry.Image, entry.Author, entry.Summary));
    }

    [Fact]
    public async Task A_page_without_an_article_still_says_what_it_is_about_where_the_feed_says_nothing()
    {
        _home.Serve("one", "<head><meta name=\"description\" content=\"About it\"></head><body><div id=\"app\"></div></body>");
        var entry = await _home.PollAsync(_home.Item("one", text: ""));
        Assert.Equal(("About it", null), (entry.Summary, entry.Content));
    }

    [Fact]
    public async Task A_charset_that_only_the_page_names_is_heeded()
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetBytes(Page("мост через реку").Replace("<title>", "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1251\"><title>", StringComparison.Ordinal).Replace('–', '-'));
        _home.Site.Answer("/one", http =>
        {
            http.Response.ContentType = "text/html";
            return http.Response.Body.WriteAsync(bytes).AsTask();
        });
        Assert.Contains("мост через реку", (await _home.PollAsync(_home.Item("one"))).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_without_spaces_need_shorter_paragraphs()
    {
        _home.Serve("one", $"<body><nav><a href=\"/\">首页</a></nav><article>{string.Concat(Enumerable.Range(1, 6).Select(n => $"<p>第{n}段：市议会经过长时间的讨论之后决定，从星期一开始关闭河上的大桥，因为检查人员在两个桥墩上发现了裂缝，需要进行修理。</p>"))}</article></body>");
        Assert.Contains("关闭河上的大桥", (await _home.PollAsync(_home.Item("one"))).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_are_resolved_as_the_page_says()
    {
        _home.Serve("one", Page("drawbridge").Replace("<title>", "<base href=\"/deep/\"><title>", StringComparison.Ordinal));
        Assert.Contains($"href=\"{_home.Site.Url("/deep/more/1")}\"", (await _home.PollAsync(_home.Item("one"))).Content, StringComparison.Ordinal);
    }

    /// <summary>The memory is made of the feed's own words, so nothing that becomes of pages or of the option can touch it.</summary>
    [Fact]
    public async Task Whether_the_option_goes_on_or_off_and_pages_change_nothing_is_new_or_edited()
    {
        var desk = _home.Desk;
        _home.Serve("one", Page("drawbridge"));
        await _home.PollAsync(_home.Item("one"), _home.Item("old"));
        await desk.DeliverAsync();
        var memory = await MemoryAsync();
        foreach (var on in (bool[])[false, true, false, true])
        {
            await _home.SetAsync(on);
            _home.Serve("one", Page(on ? "viaduct" : "ford"));

            // Another document with the same words, or it would not be compared.
            await desk.ExecuteAsync("UPDATE Feeds SET ETag=NULL, LastModified=NULL, BodyHash=NULL");
            Assert.Equal(1, (await _home.PollAsync()).Changed);
        }

        Assert.Equal(memory, await MemoryAsync());
        Assert.Equal(1, _home.Site.RequestsFor("/one"));
        Assert.Equal((1, 0), await desk.ReadAsync(db => new ValueTuple<int, int>(db.Entries.Count(), db.Entries.Count(e => e.EditedAt != null))));
        Assert.Single(await desk.DeliveriesAsync());
        Assert.Empty(await desk.ReadAsync(db => db.Sendings.Where(s => s.EditDue != null).ToList()));

        async Task<string> MemoryAsync()
        {
            // Without the stamp of when each entry was last listed.
            var packed = (await desk.ReadAsync(db => db.FeedMemories.AsNoTracking().Single())).Packed;
            return string.Join(' ', new SeenEntries(packed, Comparable: true).All.ToArray().Select(seen => seen with { LastListed = 0 }));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_edit_of_the_teaser_leaves_what_was_read_whether_the_option_is_on_or_off(bool on)
    {
        _home.Serve("one", Page("drawbridge"));
        var before = await _home.PollAsync(_home.Item("one"), _home.Item("old"));
        await _home.Desk.DeliverAsync();
        await _home.SetAsync(on);

        var entry = await _home.PollAsync(_home.Item("one", text: "Another teaser altogether, with other words."), _home.Item("old"));

        Assert.Equal((before.Content, "Another teaser altogether, with other words.", _home.Desk.Now), (entry.Content, entry.Summary, entry.EditedAt));
        Assert.Equal(1, _home.Site.RequestsFor("/one"));
        Assert.Empty(await _home.Desk.ReadAsync(db => db.Sendings.Where(s => s.EditDue != null).ToList()));
    }

    [Fact]
    public async Task With_another_title_the_page_is_read_anew_and_the_message_follows()
    {
        _home.Serve("one", Page("drawbridge"));
        await _home.PollAsync(_home.Item("one"), _home.Item("old"));
        await _home.Desk.DeliverAsync();
        _home.Serve("one", Page("viaduct"));

        var entry = await _home.PollAsync(_home.Item("one", title: "Corrected"), _home.Item("old"));

        Assert.Contains("viaduct", entry.Content, StringComparison.Ordinal);
        Assert.NotNull(await _home.Desk.ReadAsync(db => db.Sendings.Single().EditDue));
    }

    [Fact]
    public async Task Another_title_of_a_page_that_cannot_be_read_any_more_leaves_what_was_read()
    {
        _home.Serve("one", Page("drawbridge"));
        await _home.PollAsync(_home.Item("one"), _home.Item("old"));
        _home.Site.Answer("/one", 404);

        var entry = await _home.PollAsync(_home.Item("one", title: "Corrected"), _home.Item("old"));

        Assert.Equal("Corrected", entry.Title);
        Assert.Contains("drawbridge", entry.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_twenty_pages_are_read_and_one_that_several_entries_link_to_is_not()
    {
        var items = Enumerable.Range(1, 23).Select(n => _home.Item($"n{n}") with { Link = n == 23 ? _home.Site.Url("/n22").AbsoluteUri : _home.Site.Url($"/n{n}").AbsoluteUri }).ToArray();
        foreach (var n in Enumerable.Range(1, 22))
            _home.Serve($"n{n}", Page($"bridge number {n}"));
        await _home.PollAsync([.. items.Reverse()]);

        Assert.Equal([0, .. Enumerable.Repeat(1, 20), 0], Enumerable.Range(1, 22).Select(n => _home.Site.RequestsFor($"/n{n}")));
        Assert.Equal(20, await _home.Desk.ReadAsync(db => db.Entries.Count(e => e.Content != null)));
        Assert.Equal(23, (await _home.Desk.OwedAsync("a")).Count);
    }

    [Fact]
    public async Task An_article_that_is_read_after_an_edit_brings_its_picture_and_what_its_addresses_are_relative_to()
    {
        _home.Site.Answer("/one", 404);
        await _home.PollAsync(_home.Item("one"), _home.Item("old"));
        _home.Serve("one", Page("drawbridge"));

        var entry = await _home.PollAsync(_home.Item("one", title: "Corrected"), _home.Item("old"));
        Assert.Equal((_home.Site.Url("/one").AbsoluteUri, _home.Site.Url("/big.jpg").AbsoluteUri), (entry.Base, entry.Image));

        var edited = await _home.PollAsync(_home.Item("one", title: "Corrected", text: "Another teaser altogether, with other words."), _home.Item("old"));
        Assert.Equal((entry.Content, entry.Base, entry.Image), (edited.Content, edited.Base, edited.Image));
    }

    /// <summary>A list of changes grows on one page: whoever reads it for one entry tells all the others again.</summary>
    [Fact]
    public async Task A_page_that_other_entries_share_is_not_read_whether_they_are_in_the_document_or_were()
    {
        _home.Serve("changes", Page("drawbridge"));
        _home.Serve("list", Page("viaduct"));
        await _home.PollAsync(Change("v2"), Change("v1"));
        Assert.Equal(0, _home.Site.RequestsFor("/changes"));
        await _home.PollAsync(Change("v3"), _home.Item("old"));
        Assert.Equal(0, _home.Site.RequestsFor("/changes"));

        await _home.PollAsync(_home.Item("list"), _home.Item("old"));
        await _home.PollAsync(_home.Item("next") with { Link = _home.Site.Url("/list").AbsoluteUri + "?utm_source=feed" }, _home.Item("old"));
        Assert.Equal(1, _home.Site.RequestsFor("/list"));

        SimulatedPublisher.Item Change(string version) => _home.Item(version) with { Link = _home.Site.Url("/changes").AbsoluteUri + "#" + version };
    }

    [Fact]
    public async Task What_is_listed_under_another_id_title_and_link_with_the_same_text_is_not_withdrawn()
    {
        await _home.Desk.ExecuteAsync("UPDATE Subscriptions SET DeletesWithdrawn=1");
        SimulatedPublisher.Item[] old = [.. ((string[])["c", "b", "a"]).Select(id => _home.Item(id, text: $"What {id} tells.") with { Link = null })];
        await _home.PollAsync([.. old]);
        _home.Serve("one", Page("drawbridge"));
        await _home.PollAsync([_home.Item("one", text: "Words of its own."), .. old]);
        await _home.Desk.DeliverAsync();
        _home.Serve("other", Page("drawbridge"));
        await _home.PollAsync([_home.Item("other", text: "Words of its own."), .. old]);

        Assert.All(await _home.Desk.ReadAsync(db => db.Sendings.ToList()), sending => Assert.Null(sending.DeleteDue));
    }

    /// <summary>The wall stands in front of every page, and is recognised by that: within a poll, and by the next.</summary>
    [Fact]
    public async Task What_two_pages_say_alike_is_nobodys_article()
    {
        foreach (var id in (string[])["one", "two", "three"])
            _home.Serve(id, Page("consent to cookies"));

        await _home.PollAsync(_home.Item("two"), _home.Item("one"), _home.Item("old"));
        await _home.PollAsync(_home.Item("three"), _home.Item("two"), _home.Item("one"), _home.Item("old"));

        Assert.Equal(3, await _home.Desk.ReadAsync(db => db.Entries.Count(e => e.Content == null)));
        Assert.Equal(2, _home.Reasons.Count(reason => reason.EndsWith("It says the same as another entry's page.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_wall_with_a_word_of_its_own_on_each_page_is_one()
    {
        foreach (var id in (string[])["one", "two", "three"])
            _home.Serve(id, Page("consent to cookies").Replace("Paragraph 2", "Visitor " + id, StringComparison.Ordinal));

        await _home.PollAsync(_home.Item("two"), _home.Item("one"), _home.Item("old"));
        await _home.PollAsync(_home.Item("three"), _home.Item("two"), _home.Item("one"), _home.Item("old"));

        Assert.Equal(3, await _home.Desk.ReadAsync(db => db.Entries.Count(e => e.Content == null)));
    }

    /// <summary>Nothing of a poll is kept before its record: what was read is read again.</summary>
    [Fact]
    public async Task A_crash_between_a_page_and_the_record_is_just_another_poll()
    {
        using var crash = CancellationTokenSource.CreateLinkedTokenSource(Desk.Token);
        _home.Serve("one", Page("drawbridge"));
        _home.Site.Answer("/two", async http =>
        {
            await crash.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        });
        _home.Publish(_home.Item("one"), _home.Item("two"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _home.PollAsync(crash.Token));
        Assert.Empty(await _home.Desk.ReadAsync(db => db.Entries.ToList()));

        _home.Desk.Restart();
        _home.StartPoller();
        _home.Serve("two", Page("viaduct"));
        await _home.Poller.ReleaseClaimsAsync(Desk.Token);
        await _home.PollAsync();

        Assert.Equal(2, await _home.Desk.ReadAsync(db => db.Entries.Count(e => e.Content != null)));
        Assert.Equal(["two", "one"], await _home.Desk.OwedAsync("a"));
    }
}
