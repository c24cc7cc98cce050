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
/// <param name="read">Finds the article in a page; <see cref="ArticleReader"/> when null.</param>
internal sealed partial class FullTexts(FeedFetcher fetcher, HostCooldown cooldown, Storage storage, Catalogue texts, TimeProvider time, ILogger log, FullTexts.Reading? read = null)
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

    private readonly Reading _read = read ?? ArticleReader.Read;

    private readonly ConcurrentDictionary<long, (IReadOnlyList<ulong> Sentences, long Key)> _last = new();

    /// <summary>What hosts have said to pages. No feed has to heed it: whoever made another feed chose which pages are asked for.</summary>
    private readonly HostCooldown _cooldown = new(time);

    /// <summary>Of each host one page is asked for at a time, whatever feeds link to it.</summary>
    private readonly Turns _hosts = new();

    /// <summary>One page is read at a time: it may take much of a processor, and of memory.</summary>
    private readonly Turns _reader = new();

    /// <summary>See <see cref="ArticleReader.Read"/>.</summary>
    internal delegate Article? Reading(FetchResult.Fetched page, out string? reason);

    /// <summary>The same with the articles of those entries whose pages could be read, and a mark on those whose pages could not.</summary>
    /// <param name="from">Where the document was found in the end.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<Diff> AddAsync(ClaimedFeed feed, Uri from, ParsedFeed document, Diff diff, CancellationToken ct)
    {
        var wanting = Wanting(feed, document, diff);
        if (wanting.Count == 0)
            return diff;
        var left = feed.ClaimEnds - ForTheRecord - time.GetUtcNow();
        using var limit = new CancellationTokenSource(left < TimeLimit ? TimeSpan.FromTicks(Math.Max(0, left.Ticks)) : TimeLimit, time);
        using var ended = ct.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        var unread = wanting.ConvertAll(found => found.Entry.Key).ToHashSet();
        var articles = new Dictionary<long, Article>();
        var told = new List<(IReadOnlyList<ulong> Sentences, long Key)>();
        if (_last.TryGetValue(feed.Id, out var last))
            told.Add(last);
        var held = diff.Held.Select(entry => entry.Key).ToHashSet();
        foreach (var (entry, page) in wanting.Where(found => !held.Contains(found.Entry.Key)).Take(MostPages))
        {
            if (limit.IsCancellationRequested)
                break;
            var (article, reason) = await ReadAsync(feed, from, page, limit.Token, ct);
            if (article?.Html is not null)
            {
                if (article.Length <= (PlainText.OfHtml(entry.Entry.Content ?? entry.Entry.Summary)?.Length ?? 0))
                {
                    unread.Remove(entry.Key);
                    (article, reason) = (null, "It says no more than the feed.");
                }
                else if (told.FindIndex(other => other.Key != entry.Key && Article.AreAlike(other.Sentences, article.Sentences)) is >= 0 and var same)
                {
                    // A wall of cookies or a login: what stands on every page is nobody's article.
                    if (articles.Remove(told[same].Key))
                        unread.Add(told[same].Key);
                    (article, reason) = (null, "It says the same as another entry's page.");
                }
                else
                {
                    unread.Remove(entry.Key);
                    told.Add((article.Sentences, entry.Key));
                    if (_last.Count < MostKept || _last.ContainsKey(feed.Id))
                        _last[feed.Id] = told[^1];
                }
            }

            if (article is not null)
                articles[entry.Key] = article;
            if (reason is not null)
                LogNotRead(page, feed.Url, reason);
        }

        ct.ThrowIfCancellationRequested();
        return diff with { New = With(diff.New), Held = With(diff.Held), Edited = With(diff.Edited) };

        List<DiffEntry> With(IReadOnlyList<DiffEntry> entries) =>
            [.. entries.Select(entry => entry with { Article = articles.GetValueOrDefault(entry.Key), IsPageUnread = unread.Contains(entry.Key) })];
    }

    /// <summary>
    /// Whose pages are to be read: of what is new, the newest first; and of what is stored, may be shown still, and has another title or link now. A page to which other
    /// entries link too, or have linked, is nobody's.
    /// </summary>
    private List<(DiffEntry Entry, Uri Page)> Wanting(ClaimedFeed feed, ParsedFeed document, Diff diff)
    {
        if (diff is { New.Count: 0, Held.Count: 0, Edited.Count: 0 })
            return [];
        var edited = diff.Edited;
        if (edited.Count > 0)
        {
            var stored = storage.Read(statements => PollStore.Stored(statements, feed.Id, edited.Select(entry => entry.Key), time.GetUtcNow() - Sending.Changeable));
            edited = [.. edited.Where(entry => stored.TryGetValue(entry.Key, out var before) && before != (entry.Entry.Title, entry.Entry.Link))];
        }

        var found = new List<(DiffEntry Entry, Uri Page)>();
        foreach (var entry in diff.New.Reverse().Concat(edited).Concat(diff.Held))
        {
            if (PageOf(entry.Entry.Link) is { } page)
                found.Add((entry, page));
        }

        if (found.Count == 0)
            return found;

        var pages = new Dictionary<string, HashSet<long>>(StringComparer.Ordinal);
        foreach (var entry in EntryDiff.Listed(document.Entries))
            Add(entry.Entry.Link, entry.Key);
        foreach (var (key, link) in storage.Read(statements => PollStore.Links(statements, feed.Id)))
            Add(link, key);
        var links = new Dictionary<ulong, int>();
        foreach (var seen in new SeenEntries(diff.Memory, Comparable: true).All)
            links[seen.Link] = links.GetValueOrDefault(seen.Link) + 1;
        return [.. found.Where(entry => pages[Name(entry.Page)].Count == 1 && links.GetValueOrDefault(entry.Entry.Prints.Link) < 2)];

        void Add(string? link, long key)
        {
            if (PageOf(link) is not { } page)
                return;
            if (!pages.TryGetValue(Name(page), out var keys))
                pages.Add(Name(page), keys = []);
            keys.Add(key);
        }

        static string Name(Uri page) => CanonicalLink.Of(page.AbsoluteUri) ?? page.AbsoluteUri;
    }

    /// <summary>Without the fragment: that is a part of a page.</summary>
    private static Uri? PageOf(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var link) && FeedUrl.IsHttp(link) ? FeedUrl.Canonical(link) : null;

    /// <summary>What a page says, and why not, where it has no article.</summary>
    /// <param name="until">Ends when the poll's time for pages does.</param>
    private async Task<(Article? Article, string? Reason)> ReadAsync(ClaimedFeed feed, Uri from, Uri page, CancellationToken until, CancellationToken ct)
    {
        try
        {
            using var turn = await _hosts.TakeAsync(page.IdnHost, until);
            if ((cooldown.Until(page.IdnHost) ?? _cooldown.Until(page.IdnHost)) is not null)
                return (null, $"{page.IdnHost} asked us to wait.");
            using var limit = new CancellationTokenSource(PageTimeLimit, time);
            using var ended = until.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
            switch (await fetcher.FetchAsync(new FetchRequest(page) { PageOf = from.IdnHost }, limit.Token))
            {
                case FetchResult.Fetched fetched:
                    return await ReadAsync(fetched, until);
                case FetchResult.Throttled throttled:
                    _cooldown.Extend(page.IdnHost, throttled.RetryAfter);
                    return (null, $"{page.IdnHost} answered {throttled.Status}: it asks for fewer requests.");
                case FetchResult.Failed failed:
                    return (null, texts.SayToOperator(failed.Reason));
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
        var turn = await _reader.TakeAsync(nameof(ArticleReader), until);
        var reading = Task.Run(
            () =>
            {
                // Whoever has stopped waiting leaves the turn to what is still at work: there is never a second beside it.
                using (turn)
                    return (_read(fetched, out var reason), reason);
            },
            CancellationToken.None);
        return await reading.WaitAsync(until);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Could not read the page {Page}, so that its entry of {Feed} keeps the feed's own text: {Reason}")]
    private partial void LogNotRead(Uri page, Uri feed, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The page {Page}, to which an entry of {Feed} links, met a bug")]
    private partial void LogBroke(Exception fault, Uri page, Uri feed);
}
