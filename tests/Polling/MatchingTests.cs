using Notifier.Deliveries;
using Notifier.Filters;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Tests.Support;

namespace Notifier.Tests.Polling;

/// <summary>However many subscriptions a feed has, each is owed what it wants, when it wants it; judged one by one beside what the poll does for all together.</summary>
public sealed class MatchingTests : IAsyncLifetime
{
    private const int Many = 10_000;

    private static readonly string?[] Filters = [null, "rust", null, "-rust", null, "title:/two|three/", null, "go or rust", "not understood: \"", "title:two"];
    private static readonly string?[] Crons = [null, null, null, "0 9 * * *", null, null, "H 18 * * *", null, null, "no schedule", null];
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "Asia/Tokyo", "nowhere"];
    private static readonly (int From, int Until)?[] Quiet = [null, null, (22 * 60, 7 * 60), null, (11 * 60, 14 * 60), null, null];

    private readonly Desk _desk = new();
    private FeedSite _site = null!;
    private long _feed;

    public async ValueTask InitializeAsync() => _site = await FeedSite.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact]
    public async Task Ten_thousand_subscriptions_with_wishes_of_all_kinds_are_owed_exactly_what_each_of_them_wants()
    {
        _feed = await _desk.SubscribeAsync(_site.Url("/feed"), "first");
        await PollAsync(("1", "one", "text"));
        await SubscribeManyAsync();

        await PollAsync(("3", "three", "text on rust"), ("2", "two", "text"), ("1", "one", "text"));
        var (subscriptions, entries) = await WantingAsync();
        var owed = new HashSet<string>(
            from entry in entries
            from wanting in subscriptions
            where wanting.Subscription.Since <= _desk.Now && wanting.Wants(entry) is not false
            select Line(wanting, entry));
        Assert.Equal(2, entries.Count);
        Assert.InRange(owed.Count, Many / 2, 2 * Many);
        Assert.Equal(owed.Order(), (await OwedAsync()).Order());

        // An edit is new for whose filter it matches now, and did not before; also for those that came since.
        await PollAsync(("3", "three", "text on rust"), ("2", "two", "text on rust as well, for a change"), ("1", "one", "text"));
        var edited = (await WantingAsync()).Entries.Single(entry => entry.Title == "two");
        var before = entries.Single(entry => entry.Title == "two");
        var late = subscriptions.Where(wanting => wanting.Subscription.Since <= _desk.Now && wanting.Wants(edited) is true && wanting.Wants(before) is false).Select(wanting => Line(wanting, edited)).ToList();
        Assert.Contains(subscriptions, wanting => wanting.Subscription.Since > before.FirstSeen && late.Contains(Line(wanting, edited)));
        Assert.Equal(owed.Concat(late).Order(), (await OwedAsync()).Order());
    }

    private async Task PollAsync(params (string Id, string Title, string Text)[] entries)
    {
        _site.Answer("/feed", http => FeedSite.SendAsync(http, FeedSite.Rss(entries)));
        _desk.Time.Advance(TimeSpan.FromMinutes(15));
        await _desk.PollAsync();
    }

    private Task SubscribeManyAsync() => _desk.Storage.Writer.RunAsync(
        db =>
        {
            var chats = Enumerable.Range(0, Many).Select(i => new Chat
            {
                Platform = "fake",
                Address = $"chat-{i}",
                Zone = Zones[i % Zones.Length],
                QuietFrom = Quiet[i % Quiet.Length]?.From,
                QuietUntil = Quiet[i % Quiet.Length]?.Until,
                PausedSince = i % 23 == 5 ? _desk.Now : null,
                GoneSince = i % 29 == 7 ? _desk.Now : null,
                CreatedAt = _desk.Now,
            }).ToList();
            db.Chats.AddRange(chats);
            db.SaveChanges();
            db.Subscriptions.AddRange(chats.Select((chat, i) => new Subscription
            {
                ChatId = chat.Id,
                FeedId = _feed,
                Number = 1,
                Filter = Filters[i % Filters.Length],
                Cron = Crons[i % Crons.Length],
                Since = i % 13 == 3 ? _desk.Now.AddMinutes(20) : _desk.Now,
                PausedSince = i % 19 == 2 ? _desk.Now : null,
                EndedAt = i % 31 == 4 ? _desk.Now : null,
            }));
            db.SaveChanges();
            db.ChangeTracker.Clear();
        },
        Desk.Token);

    private Task<(List<Wanting> Subscriptions, List<Entry> Entries)> WantingAsync() => _desk.ReadAsync(db => (
        (from s in db.Subscriptions join c in db.Chats on s.ChatId equals c.Id where c.GoneSince == null orderby s.Id select new Wanting(s, c)).ToList(),
        db.Entries.OrderBy(entry => entry.Id).ToList()));

    private Task<List<string>> OwedAsync() => _desk.ReadAsync(db => db.Deliveries.Select(d => d).ToList().ConvertAll(d => $"{d.ChatId} {d.SubscriptionId} {d.FeedId} {d.EntryId} {d.Key} {d.State} {d.DueAt:O}"));

    private string Line(Wanting wanting, Entry entry) =>
        $"{wanting.Chat.Id} {wanting.Subscription.Id} {_feed} {entry.Id} e:{entry.Id} Waiting {DeliveryTimes.Of(wanting.Subscription, wanting.Chat).FirstDue(entry.EditedAt ?? entry.FirstSeen):O}";

    private sealed record Wanting(Subscription Subscription, Chat Chat)
    {
        /// <summary>Null where no filter decides.</summary>
        public bool? Wants(Entry entry) => Subscription.Filter is { } text && FilterParser.Read(text) is FilterReading.Understood { Filter: var filter } ? filter.Matches(FeedEntries.SubjectOf(entry)) : null;
    }
}
