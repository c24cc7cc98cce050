using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Feeds.Fetching;
using Notifier.Feeds.Formats;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Subscriptions;
using Notifier.Texts;

namespace Notifier.Tests.Support;

/// <summary>One test's Notifier without the program around it: a clock that stands still, a database on disk, poller, deliverer and one platform.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private FeedFetcher? _fetcher;
    private readonly int _patience;
    private SenderLease? _lease;

    /// <param name="patience">For how many seconds, by the clock on the wall, a lock of another program is waited for.</param>
    public Desk(bool knowsNonces = true, int patience = 10)
    {
        _patience = patience;
        Platform = new FakePlatform(knowsNonces);
        Start();
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public SettableClock Time { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public DateTimeOffset Now => Time.GetUtcNow();

    public PollOptions Options { get; } = new() { Schedule = "*/15 * * * *", Spread = TimeSpan.Zero };

    public FetchOptions Fetching { get; } = new() { AllowedNetworks = ["127.0.0.1"] };

    public DeliveryOptions Delivering { get; } = new();

    public FakePlatform Platform { get; }

    public Storage Storage { get; private set; } = null!;

    public Outbox Outbox { get; private set; } = null!;

    public Notices Notices { get; private set; } = null!;

    public ChatEvents Events => new(Storage, Notices, Outbox, Catalogue.Load("en"), Time);

    public Poller Poller { get; private set; } = null!;

    public Deliverer Deliverer { get; private set; } = null!;

    /// <summary>Ends the process and starts it again on the same database. What was on its way is cut off: nothing of it can be recorded.</summary>
    public void Restart()
    {
        Storage.Dispose();
        _lease = null;
        Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.CompletedTask;
        Storage.Dispose();
        _fetcher?.Dispose();
        _folder.Dispose();
        Assert.Empty(Platform.Unexpected);
    }

    public Task<PollCounts> PollAsync() => Poller.PollDueAsync(PartitionRange.All, Token);

    public async Task<SenderLease> LeaseAsync() => _lease ??= await SenderLease.TakeAsync(Storage, Platform.Name, Time, Token);

    /// <summary>Delivers what is due now.</summary>
    public async Task DeliverAsync() => await Deliverer.DeliverDueAsync(Platform, await LeaseAsync(), Token);

    public Task<long> ChatAsync(string chat) => Storage.Writer.RunAsync(db => db.FindOrAddChat(Address(chat), Now).Id, Token);

    public Task<long> FeedAsync(Uri url, string? cron = null) => Storage.Writer.RunAsync(
        db =>
        {
            var feed = Subscribing.FindOrAddFeed(db, url, null, Now);
            feed.Cron = cron;
            return feed.Id;
        },
        Token);

    /// <summary>Subscribes chats to a feed, which makes it due if it is not planned yet.</summary>
    public Task<long> SubscribeAsync(Uri url, params string[] chats) => SubscribeAsync("me", url, chats);

    public async Task<long> SubscribeAsync(string by, Uri url, params string[] chats)
    {
        var id = await FeedAsync(url);
        foreach (var chat in chats)
            await Storage.Writer.RunAsync(db => Subscribing.Add(db, db.FindOrAddChat(Address(chat), Now), db.Feeds.Single(f => f.Id == id), by, Now), Token);
        return id;
    }

    /// <summary>Owes a chat entries of a feed, due now.</summary>
    public Task OweAsync(string chat, string feed, params string[] titles) => Storage.Writer.RunAsync(
        db =>
        {
            var to = db.FindOrAddChat(Address(chat), Now);
            var from = Subscribing.FindOrAddFeed(db, new Uri($"http://{feed}.test/"), feed, Now);
            foreach (var title in titles)
            {
                var entry = db.Entries.FirstOrDefault(e => e.FeedId == from.Id && e.Title == title);
                if (entry is null)
                {
                    db.Entries.Add(entry = new Entry { FeedId = from.Id, Title = title, Content = $"The text of {title}.", FirstSeen = Now });
                    db.SaveChanges();
                }

                db.Deliveries.Add(new Delivery { ChatId = to.Id, FeedId = from.Id, EntryId = entry.Id, Key = $"e:{entry.Id}", DueAt = Now, CreatedAt = Now });
                db.SaveChanges();
                db.ChangeTracker.Clear();
            }
        },
        Token);

    public Task ChangeChatAsync(string chat, Action<Chat> change) => Storage.Writer.RunAsync(db => change(db.FindOrAddChat(Address(chat), Now)), Token);

    public Task<int> ExecuteAsync(string sql) => Storage.Writer.RunAsync(db => db.Connection().Execute(sql), Token);

    public async Task<T> ReadAsync<T>(Func<NotifierDb, T> query)
    {
        await using var db = Storage.Read();
        return query(db);
    }

    public Task<Feed> FeedAsync(long id) => ReadAsync(db => db.Feeds.Single(f => f.Id == id));

    public Task<Chat> ReadChatAsync(string chat) => ReadAsync(db => db.Chats.Single(c => c.Address == chat));

    public Task<List<Delivery>> DeliveriesAsync() => ReadAsync(db => db.Deliveries.OrderBy(d => d.Id).ToList());

    /// <summary>The titles of the entries that are owed to a chat, in order.</summary>
    public Task<List<string?>> OwedAsync(string chat) => ReadAsync(db => (
        from delivery in db.Deliveries
        join entry in db.Entries on delivery.EntryId equals entry.Id
        join to in db.Chats on delivery.ChatId equals to.Id
        where to.Address == chat && delivery.EndedAt == null
        orderby delivery.Id
        select entry.Title).ToList());

    /// <summary>The states of all deliveries, in order.</summary>
    public async Task<string> StatesAsync() => string.Join(' ', (await DeliveriesAsync()).Select(d => d.State));

    private static ChatAddress Address(string chat) => new("fake", chat);

    private void Start()
    {
        _fetcher?.Dispose();
        Storage = Storage.Open(_folder.File("notifier.db"), _patience, migrations: null);
        Outbox = new Outbox(Time);
        _fetcher = new FeedFetcher(Fetching, Time, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        var parser = new FeedParser([new BrokenFormat(), new RssFormat(), new AtomFormat(), new JsonFeedFormat()]);
        var texts = Catalogue.Load("en");
        Poller = new Poller(Storage, _fetcher, parser, new HostCooldown(Time), Outbox, new FeedNotices(texts), Options, Fetching, texts, Time, NullLogger<Poller>.Instance);
        Notices = new Notices(texts);
        var composer = new Composer(Storage, new EntryMessages(new EntryFormatter(texts), new ListMessages(new EntryFormatter(texts), texts), texts, Time));
        var outcomes = new Outcomes(Storage, Notices, Outbox, Delivering, Time, NullLogger<Outcomes>.Instance);
        var turn = new Turn(Storage, composer, outcomes, new Changes(Storage, composer, Notices, Time, NullLogger<Changes>.Instance), Notices, texts, Delivering, Time, NullLogger<Turn>.Instance);
        Deliverer = new Deliverer(Storage, turn, Outbox, Time);
    }

    /// <summary>A format with a bug.</summary>
    private sealed class BrokenFormat : IFeedFormat
    {
        public bool Recognises(FeedDocument document) => document.Text.Contains("BUG", StringComparison.Ordinal);

        public ParsedFeed? Parse(FeedDocument document) =>
            throw (document.Text.Contains("BUG: cancelled", StringComparison.Ordinal) ? new TaskCanceledException("A bug of the parser.") : new InvalidOperationException("A bug of the parser."));
    }
}
