using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Notifier.Feeds;
using Notifier.Feeds.Fetching;
using Notifier.Model;
using Notifier.Polling.Identity;
using Notifier.Texts;

namespace Notifier.Polling.Pages;

/// <summary>
/// Reads the pages that a feed's new entries link to, for feeds that carry a teaser only (<see cref="Feed.FullText"/>): politely, without a login, within limits of
/// number and time. What cannot be read keeps the feed's own text; nothing of it ever fails a poll.
/// </summary>
internal sealed partial class FullTexts(FeedFetcher fetcher, HostCooldown cooldown, Storage storage, Catalogue texts, TimeProvider time, ILogger log)
{
    /// <summary>Pages read by one poll at most, the newest entries' first: more new entries than half of that become a list, which shows no text.</summary>
    public const int MostPages = 20;

    /// <summary>The time that a poll has for all of them, and for one.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan PageTimeLimit = TimeSpan.FromSeconds(10);

    /// <summary>So much of the feed's claim is left for the record.</summary>
    private static readonly TimeSpan ForTheRecord = TimeSpan.FromSeconds(30);

    /// <summary>Feeds of which it is kept in memory what their last article said.</summary>
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<long, (ulong Print, long Key)> _last = new();

    /// <summary>Of each host one page is asked for at a time, whatever feeds link to it.</summary>
    private readonly Turns _hosts = new();

    /// <summary>One page is read at a time: it may take much of a processor, and of memory.</summary>
    private readonly Turns _reader = new();

    /// <summary>The same with the articles of those entries whose pages could be read.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<Diff> AddAsync(ClaimedFeed feed, Diff diff, CancellationToken ct)
    {
        var wanting = Wanting(feed, diff);
        var left = feed.ClaimEnds - ForTheRecord - time.GetUtcNow();
        if (wanting.Count == 0 || left <= TimeSpan.Zero)
            return diff;
        using var limit = new CancellationTokenSource(left < TimeLimit ? left : TimeLimit, time);
        using var ended = ct.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        var articles = new Dictionary<long, Article>();
        var told = new Dictionary<ulong, long>();
        if (_last.TryGetValue(feed.Id, out var last))
            told.Add(last.Print, last.Key);
        foreach (var (entry, page) in wanting)
        {
            if (limit.IsCancellationRequested)
                break;
            var (article, reason) = await ReadAsync(feed, page, limit.Token, ct);
            if (article?.Html is not null && article.Length <= (PlainText.OfHtml(entry.Entry.Content ?? entry.Entry.Summary)?.Length ?? 0))
                (article, reason) = (null, "It says no more than the feed.");
            else if (article?.Html is not null && !told.TryAdd(article.Print, entry.Key) && told[article.Print] != entry.Key)
            {
                // A wall of cookies or a login: what stands on every page is nobody's article.
                articles.Remove(told[article.Print]);
                (article, reason) = (null, "It says the same as another entry's page.");
            }

            if (article is not null)
                articles[entry.Key] = article;
            if (reason is not null)
                LogNotRead(page, feed.Url, reason);
            else if (_last.Count < MostKept || _last.ContainsKey(feed.Id))
                _last[feed.Id] = (article!.Print, entry.Key);
        }

        ct.ThrowIfCancellationRequested();
        return diff with { New = With(diff.New), Edited = With(diff.Edited) };

        List<DiffEntry> With(IReadOnlyList<DiffEntry> entries) =>
            [.. entries.Select(entry => articles.TryGetValue(entry.Key, out var article) ? entry with { Article = article } : entry)];
    }

    /// <summary>Whose pages are to be read: of what is new; and of what is stored, may be shown still, and has another title or link now. Of several that lead to one page, none.</summary>
    private List<(DiffEntry Entry, Uri Page)> Wanting(ClaimedFeed feed, Diff diff)
    {
        var edited = diff.Edited;
        if (edited.Count > 0)
        {
            var stored = storage.Read(statements => PollStore.Stored(statements, feed.Id, edited.Select(entry => entry.Key), time.GetUtcNow() - Sending.Changeable));
            edited = [.. edited.Where(entry => stored.TryGetValue(entry.Key, out var before) && before != (entry.Entry.Title, entry.Entry.Link))];
        }

        return
        [
            .. diff.New.Reverse().Concat(edited)
                .Select(entry => (Entry: entry, Page: PageOf(entry.Entry)!))
                .Where(found => found.Page is not null)
                .GroupBy(found => found.Page)
                .Where(page => page.Count() == 1)
                .Select(page => page.Single())
                .Take(MostPages),
        ];
    }

    private static Uri? PageOf(ParsedEntry entry) =>
        Uri.TryCreate(entry.Link, UriKind.Absolute, out var link) && FeedUrl.IsHttp(link) ? FeedUrl.Canonical(link) : null;

    /// <summary>What a page says, and why not, where it has no article.</summary>
    /// <param name="until">Ends when the poll's time for pages does.</param>
    private async Task<(Article? Article, string? Reason)> ReadAsync(ClaimedFeed feed, Uri page, CancellationToken until, CancellationToken ct)
    {
        try
        {
            using var turn = await _hosts.TakeAsync(page.IdnHost, until);
            if (cooldown.Until(page.IdnHost) is not null)
                return (null, $"{page.IdnHost} asked us to wait.");
            using var limit = new CancellationTokenSource(PageTimeLimit, time);
            using var ended = until.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
            switch (await fetcher.FetchAsync(new FetchRequest(page) { PageOf = feed.Url.IdnHost }, limit.Token))
            {
                case FetchResult.Fetched fetched:
                    return await ReadAsync(fetched, until);
                case FetchResult.Throttled throttled:
                    cooldown.Extend(page.IdnHost, throttled.RetryAfter);
                    return (null, $"{page.IdnHost} answered {throttled.Status}: it asks for fewer requests.");
                case FetchResult.Failed failed:
                    return (null, texts.Say(failed.Reason));
                default:
                    return (null, $"{page.IdnHost} has taken it away.");
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, $"{page.IdnHost} takes too long.");
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A bug met by one page, ours or the reader's: that entry keeps its text, the others go on.
            LogBroke(fault, page, feed.Url);
            return (null, "Notifier could not read it; the log says more.");
        }
    }

    private async Task<(Article? Article, string? Reason)> ReadAsync(FetchResult.Fetched fetched, CancellationToken until)
    {
        using var turn = await _reader.TakeAsync(nameof(ArticleReader), until);
        return await Task.Run(() => (ArticleReader.Read(fetched, out var reason), reason), CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Could not read the page {Page}, so that its entry of {Feed} keeps the feed's own text: {Reason}")]
    private partial void LogNotRead(Uri page, Uri feed, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The page {Page}, to which an entry of {Feed} links, met a bug")]
    private partial void LogBroke(Exception fault, Uri page, Uri feed);
}
