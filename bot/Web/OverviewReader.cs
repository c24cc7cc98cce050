using Microsoft.EntityFrameworkCore;
using Notifier.Bot.Secrets;
using Notifier.Bot.Terminal;
using Notifier.Chats;
using Notifier.Feeds;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Operating;
using Notifier.Texts;

namespace Notifier.Bot.Web;

/// <summary>Reads the <see cref="Overview"/>: a fixed number of statements, each bounded or a count, however many feeds there are.</summary>
internal sealed class OverviewReader(Storage storage, Platforms platforms, KnownSecrets secrets, RunningSince running, Catalogue texts, TimeProvider time)
{
    public const int FeedsPerPage = 200;

    /// <summary>No index knows a state, so failures are looked for among this many of the newest ended deliveries.</summary>
    public const int MostEnded = 50_000;

    private const int RecentLength = 20;
    private const int LongestTitle = 160;
    private const int LongestText = 400;
    private static readonly TimeSpan Window = TimeSpan.FromDays(30);

    /// <param name="page">From 1; beyond the last it is the last.</param>
    public async Task<Overview> ReadAsync(int page, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var db = storage.Read();
        var counts = await CountAsync(db, now, ct);
        var failed = await DeliveriesAsync(db, Newest(db, now).Where(d => d.State == DeliveryState.Quarantined || d.State == DeliveryState.Unknown || (d.State == DeliveryState.Sent && db.Sendings.Any(s => s.Id == d.SendingId && s.LostAnswers > 0))).OrderByDescending(d => d.EndedAt), ct);
        var doubtful = await DeliveriesAsync(db, db.Deliveries.Where(d => d.EndedAt == null && d.State == DeliveryState.Unknown).OrderByDescending(d => d.CreatedAt), ct);
        return new Overview
        {
            Now = now,
            Since = running.At,
            Version = FirstScreen.Version,
            Platforms = [.. platforms.All.OrderBy(platform => platform.SetupSteps.Count == 0).ThenBy(platform => platform.Name, StringComparer.Ordinal).Select(Row)],
            Counts = counts,
            Lag = await Lag.ReadAsync(db, Readiness.Sending(platforms), now, ct),
            Feeds = await FeedsAsync(db, counts, page, ct),
            Recent = await DeliveriesAsync(db, db.Deliveries.Where(d => d.EndedAt != null).OrderByDescending(d => d.EndedAt), ct),
            Failures = [.. failed.Concat(doubtful).OrderByDescending(row => row.At).Take(RecentLength)],
        };
    }

    private static async Task<Counts> CountAsync(NotifierDb db, DateTimeOffset now, CancellationToken ct)
    {
        var ended = await Newest(db, now).GroupBy(d => d.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, ct);
        return new Counts(
            await Standings(db).GroupBy(s => s.Is).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, ct),
            await db.Chats.CountAsync(c => c.GoneSince == null, ct),
            await db.Chats.CountAsync(c => c.GoneSince == null && c.NoAccessSince != null, ct),
            await db.Subscriptions.CountAsync(s => s.EndedAt == null, ct),
            await db.Deliveries.Where(d => d.EndedAt == null).GroupBy(d => d.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, ct),
            ended.GetValueOrDefault(DeliveryState.Quarantined),
            ended.Values.Sum());
    }

    /// <summary>The newest deliveries that have ended, within the window.</summary>
    private static IQueryable<Delivery> Newest(NotifierDb db, DateTimeOffset now)
    {
        var since = now - Window;
        return db.Deliveries.Where(d => d.EndedAt > since).OrderByDescending(d => d.EndedAt).Take(MostEnded);
    }

    private static IQueryable<Standing> Standings(NotifierDb db) => db.Feeds.Select(f => new Standing
    {
        Feed = f.Id,
        Title = f.Title,
        Is = f.NextPoll == null && !db.Subscriptions.Any(s => s.FeedId == f.Id && s.EndedAt == null) ? FeedStanding.Unwanted
            : f.State == FeedState.Gone ? FeedStanding.Gone
            : f.PausedSince != null ? FeedStanding.Paused
            : f.State == FeedState.Broken ? FeedStanding.Failing
            : f.LastSuccess == null ? FeedStanding.New
            : FeedStanding.Fine,
    });

    private async Task<FeedPage> FeedsAsync(NotifierDb db, Counts counts, int page, CancellationToken ct)
    {
        var total = counts.Feeds.Where(pair => pair.Key != FeedStanding.Unwanted).Sum(pair => pair.Value);
        var pages = Math.Max(1, (total + FeedsPerPage - 1) / FeedsPerPage);
        var number = Math.Clamp(page, 1, pages);

        // Only the order is found out over all feeds; the rest is read for those that are shown.
        var shown = await Standings(db)
            .Where(s => s.Is != FeedStanding.Unwanted)
            .OrderBy(s => s.Is)
            .ThenBy(s => EF.Functions.Collate(s.Title, "NOCASE"))
            .ThenBy(s => s.Feed)
            .Skip((number - 1) * FeedsPerPage)
            .Take(FeedsPerPage)
            .Select(s => new { s.Feed, s.Is })
            .ToListAsync(ct);
        var ids = shown.ConvertAll(s => s.Feed);
        var feeds = await db.Feeds.Where(f => ids.Contains(f.Id)).ToDictionaryAsync(f => f.Id, ct);
        var subscribers = await db.Subscriptions.Where(s => s.EndedAt == null && ids.Contains(s.FeedId))
            .GroupBy(s => s.FeedId).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, ct);
        var waiting = await db.Deliveries.Where(d => d.EndedAt == null && ids.Contains(d.FeedId))
            .GroupBy(d => d.FeedId).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, ct);
        return new FeedPage(
            [.. shown.Where(s => feeds.ContainsKey(s.Feed)).Select(s => Row(feeds[s.Feed], s.Is, subscribers.GetValueOrDefault(s.Feed), waiting.GetValueOrDefault(s.Feed)))],
            number,
            pages,
            total);
    }

    private FeedRow Row(Feed feed, FeedStanding standing, int subscribers, int waiting)
    {
        var url = new Uri(feed.Url);
        var address = feed.Credential.Length > 0 ? null : Text(FeedUrl.Display(url, hideQuery: true));
        return new FeedRow(
            Title(feed.Title) is { Length: > 0 } title ? title : address ?? "(a feed with a login)",
            address,
            address is null ? null : Site(feed.Site, url),
            standing,
            feed.FirstFailure,
            Text(Said(feed.LastError)),
            feed.LastPoll,
            standing is FeedStanding.Gone or FeedStanding.Paused ? null : feed.NextPoll,
            subscribers,
            waiting);
    }

    /// <summary>The site's address to follow. Where the feed's own has a key behind its question mark, the site's may have it too.</summary>
    private static string? Site(string? site, Uri feed) =>
        WebLink.Read(site) is { } read && (read.Query.Length <= 1 || feed.Query.Length <= 1) ? WebLink.Address(read) : null;

    private async Task<List<DeliveryRow>> DeliveriesAsync(NotifierDb db, IQueryable<Delivery> newestFirst, CancellationToken ct)
    {
        var rows = await (
            from d in newestFirst.Take(RecentLength)
            join c in db.Chats on d.ChatId equals c.Id
            from e in db.Entries.Where(e => e.Id == d.EntryId).DefaultIfEmpty()
            from f in db.Feeds.Where(f => f.Id == d.FeedId).DefaultIfEmpty()
            from s in db.Sendings.Where(s => s.Id == d.SendingId).DefaultIfEmpty()
            select new { Lost = (int?)s.LostAnswers, d.Notice, d.EntryId, d.State, d.Reason, d.CreatedAt, d.EndedAt, c.Platform, c.Address, c.Thread, Entry = e.Title, Feed = f.Title }).ToListAsync(ct);
        return
        [
            .. rows.Select(row => new DeliveryRow(
                Title(row.EntryId is null ? row.Notice : row.Entry) is { Length: > 0 } title ? title : "(untitled)",
                Title(row.Feed),
                new ChatAddress(row.Platform, row.Address, row.Thread).ToString(),
                row.State,
                row is { State: DeliveryState.Sent, Lost: > 0 } ? "The answer to an earlier attempt was lost; where the platform cannot tell, it may be there twice." : Text(Said(row.Reason)),
                row.EndedAt ?? row.CreatedAt)).OrderByDescending(row => row.At),
        ];
    }

    private PlatformRow Row(IChatPlatform platform) => new(
        platform.Name,
        platform.Title,
        secrets.Scrub(SetupCommand.InWords(platform.State, (key, values) => texts.Say(key, values))),
        platform.State switch
        {
            PlatformState.Ready => PlatformMood.Fine,
            PlatformState.Troubled or PlatformState.Closed => PlatformMood.Wrong,
            _ => PlatformMood.Waiting,
        },
        // The last step is the Terminal's: nothing is pasted into a page.
        platform.State is PlatformState.NotSetUp or PlatformState.Closed ? [.. platform.SetupSteps.Where(step => step != texts.Say("setup.paste"))] : [],
        $"{platform.Name.ToUpperInvariant()}_TOKEN");

    private string? Said(string? stored) => stored is null ? null : texts.Say(new Phrase(stored));

    private static string Title(string? text) => CleanText.Cut(CleanText.Line(text), LongestTitle);

    private static string Text(string? text) => CleanText.Cut(CleanText.Line(text), LongestText);

    /// <summary>A feed and how it is, for counting and ordering in the database.</summary>
    private sealed class Standing
    {
        public long Feed { get; init; }

        public string? Title { get; init; }

        public FeedStanding Is { get; init; }
    }
}
