using Notifier.Commands;
using Notifier.Feeds;
using Notifier.Filters;
using Notifier.Messages;
using Notifier.Messages.Templates;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Schedules;
using Notifier.Texts;

namespace Notifier.Subscriptions.Lists;

/// <summary>
/// Subscribes a chat to every feed of an OPML list, in its order and with what it says of filter, schedule and style. What the chat has already is left as
/// it is, so an import may be repeated: also one that a crash cut off, which leaves whole feeds.
/// </summary>
public sealed class FeedImport(Storage storage, Poller poller, CommandOptions options, Catalogue texts, TimeProvider time)
{
    /// <summary>Feeds that one commit takes.</summary>
    private const int Share = 100;

    private const int LongestTitle = 500;
    private const int LongestShown = 120;

    public async Task<ImportReport> ImportAsync(IReadOnlyList<OpmlOutline> outlines, ImportTarget target, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var (refused, incomplete) = (new List<ImportFault>(), new List<ImportFault>());
        var (added, known) = (0, 0);
        foreach (var share in Judge(outlines, refused).Chunk(Share))
        {
            var report = await storage.Writer.RunAsync(db => Add(db, share, target, now), ct);
            (added, known) = (added + report.Added, known + report.Known);
            refused.AddRange(report.Refused);
            incomplete.AddRange(report.Incomplete);
        }

        poller.Wake();
        return new ImportReport(added, known, refused, incomplete);
    }

    /// <summary>The feeds of the list that can be had by their address, each once.</summary>
    private List<(Uri Url, OpmlOutline Outline)> Judge(IReadOnlyList<OpmlOutline> outlines, List<ImportFault> refused)
    {
        var feeds = new List<(Uri Url, OpmlOutline Outline)>(outlines.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var outline in outlines)
        {
            if (!FeedUrl.TryParse(outline.XmlUrl, out var url, out var error))
                refused.Add(new ImportFault(Shown(outline.XmlUrl), texts.Say(error)));
            else if (!seen.Add(url.Url.AbsoluteUri))
                continue;
            else if (url.Credentials is not null)
                refused.Add(new ImportFault(Shown(url.Url), texts.Say("import.credentials")));
            else
                feeds.Add((url.Url, outline));
        }

        return feeds;
    }

    private ImportReport Add(NotifierDb db, (Uri Url, OpmlOutline Outline)[] share, ImportTarget target, DateTimeOffset now)
    {
        var chat = db.FindOrAddChat(target.Chat, now, target.Language);
        chat.Space = target.Space ?? db.SpaceOf(target.Chat);
        var zone = Zones.Named(chat.Zone);
        var room = target.IsBounded ? Room.Of(db, target.Chat, chat.Space, options) : null;
        var (refused, incomplete) = (new List<ImportFault>(), new List<ImportFault>());
        var added = 0;
        foreach (var (url, outline) in share)
        {
            if (room is not null && added >= room.Left && !IsKnown(db, chat, url))
            {
                refused.Add(new ImportFault(Shown(url), texts.Say(room.Key, ("count", room.Count + added))));
                continue;
            }

            var feed = Subscribing.FindOrAddFeed(db, url, outline.Title is null ? null : CleanText.Cut(outline.Title, LongestTitle), now);
            if (Subscribing.Add(db, chat, feed, target.By, now) is not { } made)
                continue;
            added++;
            incomplete.AddRange(Set(made, outline, zone, now).Select(reason => new ImportFault(Shown(url), reason)));
            db.SaveChanges();
        }

        return new ImportReport(added, share.Length - added - refused.Count, refused, incomplete);
    }

    private static bool IsKnown(NotifierDb db, Chat chat, Uri url)
    {
        var address = url.AbsoluteUri;
        return db.Subscriptions.Any(s => s.ChatId == chat.Id && s.EndedAt == null && db.Feeds.Any(f => f.Id == s.FeedId && f.Url == address && f.Credential == ""));
    }

    /// <summary>Gives a new subscription what the list says of it.</summary>
    /// <returns>What could not be taken, and why.</returns>
    private List<string> Set(Subscription made, OpmlOutline outline, TimeZoneInfo zone, DateTimeOffset now)
    {
        var faults = new List<string>();
        made.Filter = Taken("import.nofilter", outline.Filter, WhyNoFilter);
        made.Cron = outline.Schedule is { } schedule ? ScheduleOf(schedule, zone, now, faults) : null;
        made.Template = Taken("import.notemplate", outline.Template, WhyNoTemplate);
        made.Style = Look.Read(Taken("import.nostyle", outline.Style, text => WhyNoStyle(text, made.Template is not null)))?.ToString();
        made.PausedSince = outline.IsPaused ? now : null;
        return faults;

        string? Taken(string key, string? text, Func<string, string?> why)
        {
            if (text is null || why(text) is not { } reason)
                return text;
            faults.Add(texts.Say(key, ("reason", reason)));
            return null;
        }
    }

    private string? WhyNoFilter(string text) => FilterParser.Read(text) is FilterReading.Refused refused ? refused.InWords(texts.Say) : null;

    /// <summary>The cron expression that the list means; null for at once.</summary>
    private string? ScheduleOf(string text, TimeZoneInfo zone, DateTimeOffset now, List<string> faults)
    {
        var read = ScheduleReader.Read(text, zone, seed: 0, ScheduleReader.Floor, now);
        if (read is ScheduleChoice.Refused refused)
            faults.Add(texts.Say("import.noschedule", ("reason", texts.Say(refused.Key, refused.Values))));
        return (read as ScheduleChoice.Cron)?.Expression;
    }

    private string? WhyNoStyle(string text, bool hasTemplate) => Look.Read(text) switch
    {
        null => texts.Say("import.noname"),
        { Style: Style.Custom } when !hasTemplate => texts.Say("import.customalone"),
        _ => null,
    };

    private string? WhyNoTemplate(string text) => text.Length > EntryTemplate.Longest ? texts.Say("import.toolong", ("limit", EntryTemplate.Longest))
        : EntryTemplate.Read(text, out var reason) is null ? texts.Say("template.refused", ("reason", reason!)) : null;

    private static string Shown(Uri url) => CleanText.Cut(FeedUrl.Display(url, hideQuery: true), LongestShown);

    /// <summary>Of what is no address nothing is shown that could be a password or a key.</summary>
    private static string Shown(string address)
    {
        var query = address.IndexOf('?', StringComparison.Ordinal);
        var shown = CleanText.Line(query < 0 ? address : address[..query] + "?…");
        var (start, at) = (shown.IndexOf("//", StringComparison.Ordinal) + 2, shown.LastIndexOf('@'));
        return CleanText.Cut(at < 0 ? shown : start > 1 && start < at ? $"{shown[..start]}…{shown[at..]}" : "…" + shown[at..], LongestShown);
    }
}

/// <summary>For which chat an import is, and who wants it.</summary>
/// <param name="By">The platform's id of the person.</param>
public sealed record ImportTarget(ChatAddress Chat, string By)
{
    /// <summary>The guild or group of the chat, where the platform says so.</summary>
    public string? Space { get; init; }

    /// <summary>The code of the chat's language if it is new; null for the default.</summary>
    public string? Language { get; init; }

    /// <summary>The quotas hold, as for everybody who is no operator.</summary>
    public bool IsBounded { get; init; }
}
