using System.Security;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Notifier.Chats;
using Notifier.Model;
using Notifier.Tests.Commands;
using Notifier.Tests.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.Stories;

/// <summary>Several feeds, or one, tell a chat the same story: it hears it once, and never loses one by that.</summary>
public sealed class ToldOnceStory : IAsyncLifetime
{
    private const string Text =
        "In Django, chained filters over a relation are almost always the same as a combined filter, and everybody knows and expects this, since it is very well documented. " +
        "However, where the relation leads to many rows the chain joins the same table again, which is documented as well, but in my opinion hardly intuitive.";

    private const string Title = "Sticky queryset filters";

    private static readonly Item Told = new(Title, Text);

    private readonly FrontDoor _door = new();
    private FeedSite _site = null!;

    private Desk Desk => _door.Desk;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        Desk.Platform.Open("a");
        Desk.Platform.Open("b");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact]
    public async Task Three_feeds_tell_a_chat_one_story_once_and_another_chat_hears_it_from_its_own_feed()
    {
        await SubscribeAsync("a", "/one", "/two", "/three");
        await SubscribeAsync("b", "/two");
        await TellAsync("/one", Told);
        await TellAsync("/two", Told with { Link = "http://b.test/other" }, new Item("Another story altogether", Text));
        await TellAsync("/three", Told with { Title = "STICKY queryset-filters!", Text = $"<p>{Text}</p>" });
        Assert.Equal([[Title], ["Another story altogether"]], Desk.Platform.Named("a"));
        Assert.Equal([["Another story altogether"], [Title]], Desk.Platform.Named("b"));
        Assert.Equal(2, await FoldedAsync("a"));
        Assert.Equal(0, await FoldedAsync("b"));

        var folded = (await Desk.DeliveriesAsync()).Where(d => d.State == DeliveryState.Folded).ToList();
        var teller = (await Desk.DeliveriesAsync())[0];
        Assert.All(folded, d => Assert.Equal((teller.Id, "The chat was told its story by another entry.", Desk.Now), (d.FoldedInto, d.Reason.Said(), d.EndedAt)));
    }

    [Fact]
    public async Task H19_Two_feeds_polled_in_one_batch_tell_it_once()
    {
        await SubscribeAsync("a", "/one", "/two");
        Show("/one", Told);
        Show("/two", Told);
        await PollAsync();
        Assert.Equal([[Title]], Desk.Platform.Named("a"));
    }

    [Fact]
    public async Task What_waits_to_tell_it_again_is_named()
    {
        await SubscribeAsync("a", "/one", "/two", "/three", "/four");
        await SubscribeAsync("b", "/one", "/two");
        await Desk.ChangeChatAsync("b", chat => chat.StoriesApart = true);
        await _door.AskAsync("/pause 4");
        foreach (var path in new[] { "/one", "/two", "/three", "/four" })
            Show(path, Told with { Text = Text[..120] });
        await PollAsync();

        // Whichever of the three was polled first.
        var beginning = $"{Title}: {Text[..120]}\nalso in ";
        var said = Assert.Single(Desk.Platform.Shown("a"));
        Assert.StartsWith(beginning, said, StringComparison.Ordinal);
        var others = said[beginning.Length..].Split(", ");
        Assert.Equal(2, others.Distinct(StringComparer.Ordinal).Count());
        Assert.All(others, other => Assert.Contains(other, new[] { "The feed at /one", "The feed at /two", "The feed at /three" }));
        Assert.All(Desk.Platform.Shown("b"), shown => Assert.DoesNotContain("also in", shown, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_summary_over_the_page_that_another_feed_has_in_full_is_the_same_story()
    {
        await SubscribeAsync("a", "/one", "/two");
        await TellAsync("/one", Told with { Text = Text[..120] + " …", Link = "https://www.c.test/sticky?utm_source=rss" });
        await TellAsync("/two", Told with { Link = "http://c.test/sticky/" });
        Assert.Equal([[Title]], Desk.Platform.Named("a"));
    }

    [Fact]
    public async Task Where_all_entries_link_to_one_page_the_link_lowers_nothing()
    {
        await SubscribeAsync("a", "/one", "/two");
        await TellAsync("/one", Told with { Text = Text[..120] + " …", Link = "http://c.test/news" }, new Item("Nothing but another thing", "Short.") { Link = "http://c.test/news" });
        await TellAsync("/two", Told with { Link = "http://c.test/news" });
        Assert.Equal([["Nothing but another thing"], [Title], [Title]], Desk.Platform.Named("a"));
    }

    [Fact]
    public async Task Also_where_the_feed_has_linked_there_before()
    {
        Show("/one", new Item("Nothing but another thing", "Short.") { Link = "http://c.test/news" });
        await Desk.SubscribeAsync(_site.Url("/one"), "a");
        await SubscribeAsync("a", "/two");
        await TellAsync("/one", Told with { Text = Text[..120] + " …", Link = "http://c.test/news" }, new Item("Nothing but another thing", "Short.") { Link = "http://c.test/news" });
        await TellAsync("/two", Told with { Link = "http://c.test/news" });
        Assert.Equal([[Title], [Title]], Desk.Platform.Named("a"));
    }

    [Fact]
    public async Task A_home_page_lowers_nothing()
    {
        await SubscribeAsync("a", "/one", "/two");
        await TellAsync("/one", Told with { Text = Text[..120] + " …", Link = "http://c.test/" });
        await TellAsync("/two", Told with { Link = "http://c.test/" });
        Assert.Equal([[Title], [Title]], Desk.Platform.Named("a"));
    }

    [Fact]
    public async Task A_chat_that_wants_its_stories_apart_gets_every_entry()
    {
        await SubscribeAsync("a", "/one", "/two");
        await SubscribeAsync("b", "/one", "/two");
        await Desk.ChangeChatAsync("a", chat => chat.StoriesApart = true);
        await TellAsync("/one", Told);
        await TellAsync("/two", Told);
        Assert.Equal([[Title], [Title]], Desk.Platform.Named("a"));
        Assert.Equal([[Title]], Desk.Platform.Named("b"));
    }

    [Fact]
    public async Task What_was_refused_in_every_form_has_told_nothing()
    {
        var no = new SendResult.Rejected("No.");
        Desk.Platform.Open("a", no, no, no);
        await SubscribeAsync("a", "/one", "/two");
        Show("/one", Told);
        Show("/two", Told);
        await PollAsync();

        // The last is the notice of it.
        Assert.Equal([Title], Desk.Platform.Named("a")[0]);
        Assert.Contains("could not be shown here: No.", Assert.Single(Desk.Platform.Shown("a").Skip(1)), StringComparison.Ordinal);
        Assert.Equal("Quarantined Sent Sent", await Desk.StatesAsync());
    }

    [Fact]
    public async Task What_was_unsubscribed_before_it_went_has_told_nothing()
    {
        await SubscribeAsync("a", "/one", "/two");
        await Desk.ChangeChatAsync("a", chat => chat.NotBefore = Desk.Now.AddHours(2));
        await TellAsync("/one", Told);
        await TellAsync("/two", Told);
        await _door.AskAsync("/unsubscribe 1");
        Desk.Time.Advance(TimeSpan.FromHours(2));
        await Desk.DeliverAsync();
        Assert.Equal([[Title]], Desk.Platform.Named("a"));
        Assert.Equal(0, await FoldedAsync("a"));
    }

    [Fact]
    public async Task A_paused_feed_hides_nothing_and_is_told_nothing_again_when_it_goes_on()
    {
        await SubscribeAsync("a", "/one", "/two");
        await _door.AskAsync("/pause 1");
        await TellAsync("/one", Told);
        await TellAsync("/two", Told);
        Assert.Equal([[Title]], Desk.Platform.Named("a"));
        await _door.AskAsync("/resume 1 send");
        await Desk.DeliverAsync();
        Assert.Equal([[Title]], Desk.Platform.Named("a"));
        Assert.Equal("Folded Sent", await Desk.StatesAsync());
    }

    [Fact]
    public async Task While_an_answer_is_lost_the_same_story_waits_for_it()
    {
        await SubscribeAsync("a", "/one", "/two");
        Desk.Platform.LoseAnswer("a", arrives: true);
        Show("/one", Told);
        Show("/two", Told);
        await PollAsync();
        Assert.Equal("Unknown Waiting", await Desk.StatesAsync());
        for (var second = 0; second < 5; second++)
        {
            Desk.Time.Advance(TimeSpan.FromSeconds(1));
            await Desk.DeliverAsync();
        }

        Assert.Equal([[Title]], Desk.Platform.Named("a"));
        Assert.Equal("Sent Folded", await Desk.StatesAsync());
    }

    [Fact]
    public async Task A_process_that_ended_in_between_remembers_what_it_has_told()
    {
        await SubscribeAsync("a", "/one", "/two");
        await TellAsync("/one", Told);
        Desk.Restart();
        Desk.Platform.Open("a");
        Show("/two", Told);
        await PollAsync();
        Desk.Restart();
        await Desk.DeliverAsync();
        Assert.Equal([[Title]], Desk.Platform.Named("a"));
        Assert.Equal("Sent Folded", await Desk.StatesAsync());
    }

    [Fact]
    public async Task A_story_is_open_for_a_week()
    {
        await SubscribeAsync("a", "/one", "/two", "/three");
        await TellAsync("/one", Told);
        Desk.Time.Advance(TimeSpan.FromDays(6));
        await TellAsync("/two", Told);
        Desk.Time.Advance(TimeSpan.FromDays(2));
        await TellAsync("/three", Told);
        Assert.Equal([[Title], [Title]], Desk.Platform.Named("a"));
    }

    [Fact]
    public async Task A_column_that_comes_every_day_is_told_every_day()
    {
        await SubscribeAsync("a", "/one", "/two");
        var column = new Item("Photo of the day", Text);
        await TellAsync("/one", column with { Link = "http://a.test/monday" });
        Desk.Time.Advance(TimeSpan.FromDays(1));
        await TellAsync("/two", column with { Link = "http://a.test/tuesday" });
        Desk.Time.Advance(TimeSpan.FromDays(1));
        await TellAsync("/one", column with { Link = "http://a.test/wednesday" });
        Assert.Equal([["Photo of the day"], ["Photo of the day"], ["Photo of the day"]], Desk.Platform.Named("a"));
    }

    [Fact]
    public async Task Doubles_in_a_burst_are_named_once()
    {
        await SubscribeAsync("a", "/one");
        var long1 = Text + " " + Text.Replace("the", "some", StringComparison.Ordinal) + " " + Text.Replace("and", "or", StringComparison.Ordinal);
        Item[] items = [.. Enumerable.Range(0, 12).Select(i => new Item($"story-{i}-of-many", Text)), new Item("story-3-of-many", long1), new Item("story-3-of-many", long1.Replace('.', '!')), new Item("story-3-of-many", long1 + " indeed.")];
        Show("/one", items);
        await PollAsync();
        Assert.Equal(13, Desk.Platform.Named("a").SelectMany(named => named).Count());
        Assert.Equal(2, await FoldedAsync("a"));
        Assert.Equal(0, await Desk.ReadAsync(db => db.Deliveries.Count(d => d.EndedAt == null)));
    }

    [Fact]
    public async Task What_somebody_asks_for_comes_although_its_story_was_told_and_tells_it_as_well()
    {
        await SubscribeAsync("a", "/one");
        await TellAsync("/one", Told);
        Show("/two", Told with { Link = "http://b.test/other" });
        await _door.AskAsync($"/subscribe {_site.Url("/two")} backfill:last");
        await Desk.DeliverAsync();
        Assert.Equal([[Title], [Title]], Desk.Platform.Named("a"));

        await SubscribeAsync("b", "/three");
        await _door.AskAsync($"/subscribe {_site.Url("/two")} backfill:last", chat: "b");
        await Desk.DeliverAsync();
        await TellAsync("/three", Told with { Link = "http://c.test/third" });
        Assert.Equal([[Title]], Desk.Platform.Named("b"));
    }

    [Fact]
    public async Task An_edit_that_makes_another_story_of_it_parts_them_again()
    {
        await SubscribeAsync("a", "/one", "/two");
        await TellAsync("/one", Told);
        await Desk.ChangeChatAsync("a", chat => chat.NotBefore = Desk.Now.AddHours(2));
        await TellAsync("/two", Told);
        Assert.Equal(1, await Desk.ReadAsync(db => db.Entries.Count(e => e.StoryId != null)));
        await TellAsync("/two", Told with { Text = "Something else was written here, after all: what stood here before was put here by mistake." });
        Desk.Time.Advance(TimeSpan.FromHours(2));
        await Desk.DeliverAsync();
        Assert.Equal([[Title], [Title]], Desk.Platform.Named("a"));
    }

    [Fact]
    public async Task What_was_edited_begins_no_more_stories()
    {
        // The chat was told other words than those that are stored by now.
        await SubscribeAsync("a", "/one", "/two");
        await TellAsync("/one", Told with { Text = "We are looking into it." });
        await TellAsync("/one", Told);
        await TellAsync("/two", Told);
        Assert.Equal([[Title], [Title]], Desk.Platform.Named("a"));
    }

    /// <summary>One text, and a title over it that says nothing of the difference: one name stands elsewhere in it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_name_in_one_text_is_another_entry(bool byOneFeed)
    {
        await SubscribeAsync("a", "/one", "/two");
        var words = string.Join(' ', Enumerable.Range(0, byOneFeed ? 130 : 70).Select(i => $"{(char)('a' + (i % 26))}{(char)('a' + (i / 26))}lorem"));
        Item At(string place) => new("Senior software engineer wanted", $"We work in {place}. {words}") { Link = $"http://a.test/{place}" };
        Show("/one", byOneFeed ? [At("Munich"), At("Berlin")] : [At("Berlin")]);
        if (!byOneFeed)
            Show("/two", At("Munich"));
        await PollAsync();
        Assert.Equal(2, await CountAsync("a", DeliveryState.Sent));
    }

    /// <summary>A publisher whose entries all bear one date: by it they are never apart.</summary>
    [Theory]
    [InlineData("/one")]
    [InlineData("/two")]
    public async Task A_weekly_column_is_told_each_week_whatever_date_it_bears(string second)
    {
        await SubscribeAsync("a", "/one", "/two");
        var column = new Item("Open questions of the week", Text) { Date = "Mon, 01 Jun 2026 00:00:00 GMT" };
        await TellAsync("/one", column with { Link = "http://a.test/first" });
        Desk.Time.Advance(TimeSpan.FromDays(6));
        await TellAsync(second, column with { Link = "http://a.test/second" });
        Assert.Equal(2, await CountAsync("a", DeliveryState.Sent));
    }

    [Fact]
    public async Task An_edit_lowers_nothing_where_a_feed_links_everything_to_one_page()
    {
        await SubscribeAsync("a", "/one", "/two");
        var page = Told with { Link = "http://c.test/news" };
        Item[] others = [new("Nothing but another thing", "Short.") { Link = page.Link, Id = "another" }];
        await TellAsync("/one", page);
        await Desk.ChangeChatAsync("a", chat => chat.NotBefore = Desk.Now.AddHours(2));
        await TellAsync("/two", [page, .. others]);
        Assert.Equal(1, await Desk.ReadAsync(db => db.Entries.Count(e => e.StoryId != null)));

        // Alike enough for one page, and for nothing else.
        await TellAsync("/two", [page with { Text = Text[..160] + " …" }, .. others]);
        Assert.Equal(0, await Desk.ReadAsync(db => db.Entries.Count(e => e.StoryId != null)));
    }

    [Fact]
    public async Task An_edit_leaves_what_tells_one_page_together()
    {
        await SubscribeAsync("a", "/one", "/two");
        await TellAsync("/one", Told);
        await Desk.ChangeChatAsync("a", chat => chat.NotBefore = Desk.Now.AddHours(2));
        await TellAsync("/two", Told);
        await TellAsync("/two", Told with { Text = Text[..160] + " …" });
        Assert.Equal(1, await Desk.ReadAsync(db => db.Entries.Count(e => e.StoryId != null)));
    }

    /// <summary>The page that this product starts from: as it is (where plain repetitions are one entry), with an id and a link for each entry, and by two feeds.</summary>
    [Theory]
    [InlineData(false, 23)]
    [InlineData(true, 25)]
    public async Task The_seed_page_is_told_as_22_messages(bool withIds, int entries)
    {
        var items = Seed(withIds);
        await SubscribeAsync("a", "/one");
        await SubscribeAsync("b", "/one", "/two");
        Show("/one", items);
        Show("/two", [.. Seed(withIds).Select(item => withIds ? item with { Link = item.Link + "/from-two" } : item)]);
        await PollAsync();
        Assert.Equal(0, await Desk.ReadAsync(db => db.Deliveries.Count(d => d.EndedAt == null)));
        Assert.Equal((22, entries - 22), (await CountAsync("a", DeliveryState.Sent), await CountAsync("a", DeliveryState.Folded)));
        Assert.Equal((22, (2 * entries) - 22), (await CountAsync("b", DeliveryState.Sent), await CountAsync("b", DeliveryState.Folded)));
    }

    private static Item[] Seed(bool withIds) =>
    [
        .. XDocument.Load(Repository.Shared("seed", "django-community.rss")).Descendants("item").Select((item, i) => new Item(item.Element("title")!.Value, item.Element("description")!.Value)
        {
            Link = withIds ? $"http://planet.test/{i}" : null,
        }),
    ];

    private async Task SubscribeAsync(string chat, params string[] paths)
    {
        foreach (var path in paths)
        {
            Show(path);
            await Desk.SubscribeAsync(_site.Url(path), chat);
        }

        await Desk.PollAsync();
    }

    /// <summary>Publishes entries, polls everything and delivers what is due.</summary>
    private Task TellAsync(string path, params Item[] items)
    {
        Show(path, items);
        return PollAsync();
    }

    private async Task PollAsync()
    {
        await Desk.ExecuteAsync($"UPDATE Feeds SET NextPoll={Desk.Now.UtcTicks}");
        await Desk.PollAsync();
        await Desk.DeliverAsync();
    }

    private void Show(string path, params Item[] items) => _site.Answer(path, http => FeedSite.SendAsync(
        http,
        $"<rss version=\"2.0\"><channel><title>The feed at {path}</title><link>http://a.test/</link>" +
        string.Concat(items.Select(item =>
            $"<item><title>{SecurityElement.Escape(item.Title)}</title>{(item.Link is { } link ? $"<guid isPermaLink=\"false\">{SecurityElement.Escape(path + (item.Id ?? link))}</guid><link>{SecurityElement.Escape(link)}</link>" : "")}{(item.Date is { } date ? $"<pubDate>{date}</pubDate>" : "")}<description>{SecurityElement.Escape(item.Text)}</description></item>")) +
        "</channel></rss>"));

    private Task<int> FoldedAsync(string chat) => CountAsync(chat, DeliveryState.Folded);

    private Task<int> CountAsync(string chat, DeliveryState state) => Desk.ReadAsync(db => (
        from delivery in db.Deliveries
        join to in db.Chats on delivery.ChatId equals to.Id
        where to.Address == chat && delivery.State == state
        select delivery).Count());

    private sealed record Item(string Title, string Text)
    {
        public string? Link { get; init; } = "http://a.test/sticky";

        /// <summary>The link where it is null.</summary>
        public string? Id { get; init; }

        public string? Date { get; init; }
    }
}
