using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Filters;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Schedules;
using Notifier.Texts;

namespace Notifier.Subscriptions;

/// <summary>An entry's way into a chat, in words; times by the chat's clock.</summary>
/// <param name="platform">The chat's; null where this process does not have it.</param>
internal sealed class WayWords(CommandCall call, EntryWay way, FeedRhythm rhythm, IChatPlatform? platform)
{
    private const int LongestTitle = 120;
    private const int LongestReason = 300;

    private readonly TimeZoneInfo _zone = Zones.Named(way.Chat.Zone);

    /// <summary>The title in one line, or what stands for one.</summary>
    public static string Title(CommandCall call, Entry entry) => Title(call, entry.Title);

    /// <summary>Everything, in the order in which it happened.</summary>
    public IEnumerable<string> All()
    {
        yield return Seen();
        if (way.Entry.EditedAt is { } edited)
            yield return call.Say("why.edited", ("time", At(edited)));
        yield return Polled();
        yield return Subscribed();
        yield return Fate();
        foreach (var fact in Since())
            yield return fact;
    }

    /// <summary>What became of it here, in short.</summary>
    public string Fate() => way.Delivery switch
    {
        null => Nothing(),
        { EndedAt: null, State: DeliveryState.Held } => call.Say("why.held", ("which", Number)),
        { EndedAt: null, State: DeliveryState.Sending } => call.Say("why.sending"),
        { EndedAt: null, State: DeliveryState.Unknown } delivery => $"{call.Say("why.doubt")} {Waits(delivery)}",
        { EndedAt: null } delivery => Waits(delivery),
        { State: DeliveryState.Sent, EndedAt: { } at } => way.Others() is > 0 and var others ? call.Say("why.sent.list", ("time", At(at)), ("count", others)) : call.Say("why.sent", ("time", At(at))),
        { State: DeliveryState.Unknown, EndedAt: { } at } => call.Say("why.missing", ("time", At(at))),
        { State: DeliveryState.Folded } => Folded(),
        { State: DeliveryState.Quarantined, EndedAt: { } at } delivery => call.Say("why.quarantined", ("time", At(at)), ("reason", Reason(delivery.Reason))),
        { EndedAt: { } at } delivery => call.Say("why.cancelled", ("time", At(at)), ("reason", Reason(delivery.Reason))),
    };

    private static string Title(CommandCall call, string? title) => CleanText.Line(title) is { Length: > 0 } line ? CleanText.Cut(line, LongestTitle) : call.Say("entry.untitled");

    private string Number => way.Subscription is { } subscription ? $"{subscription.Number}" : CleanText.Line(Composer.FeedTitle(way.Feed));

    private string Seen() => way.Entry.Date is { } date
        ? call.Say("why.dated", ("time", At(way.Entry.FirstSeen)), ("zone", way.Chat.Zone), ("date", At(date)))
        : call.Say("why.seen", ("time", At(way.Entry.FirstSeen)), ("zone", way.Chat.Zone));

    private string Polled()
    {
        (string, object) feed = ("feed", CleanText.Line(Composer.FeedTitle(way.Feed)));
        return way.Feed switch
        {
            { State: FeedState.Gone } => call.Say("why.feed.gone", feed),
            { PausedSince: not null } => call.Say("why.feed.paused", feed),
            { State: FeedState.Broken, FirstFailure: { } since } broken => call.Say("why.feed.failing", feed, ("since", call.SayTime(since)), ("error", new Phrase(broken.LastError ?? ""))),
            { NextPoll: null } => call.Say("why.feed.unwanted", feed),
            { LastPoll: { } last } => call.Say("why.feed.fine", feed, ("often", rhythm.InWords(way.Feed)), ("last", call.SayTime(last))),
            _ => call.Say("why.feed.fresh", feed, ("often", rhythm.InWords(way.Feed))),
        };
    }

    private string Subscribed()
    {
        if (way.Subscription is not { } subscription)
            return call.Say("why.unsubscribed");
        if (subscription.EndedAt is { } ended)
            return call.Say("why.ended", ("time", At(ended)));
        var facts = new List<string> { call.Say("why.subscribed", ("number", subscription.Number), ("time", At(subscription.Since))) };
        if (subscription.Filter is { } filter)
            facts.Add(call.Say("list.filter", ("filter", filter)));
        if (subscription.Cron is { } cron)
            facts.Add(call.Say("list.gathered", ("often", call.SaySchedule(cron))));
        if (subscription.PausedSince is not null || way.Chat.PausedSince is not null)
            facts.Add(call.Say("state.paused"));
        return facts.Count == 1 ? facts[0] + "." : string.Join(" · ", facts);
    }

    /// <summary>What happened, or may have happened, besides.</summary>
    private IEnumerable<string> Since()
    {
        if (way.Delivery is not { } delivery)
            yield break;
        if (delivery is { State: DeliveryState.Quarantined, Fallback: > 1 })
            yield return call.Say("why.tried");
        else if (delivery.Fallback > 0)
            yield return call.Say(delivery.Fallback == 1 ? "why.plain" : "why.bare");
        if (delivery.State != DeliveryState.Sent || way.Sending is not { } sending)
            yield break;
        if (sending.LostAnswers > 0)
            yield return call.Say("why.twice");
        if (sending.MessageId is null)
            yield return call.Say("why.deleted");
        else if (sending is { MessageId: not "", DeleteDue: { } deletion })
            yield return Withdrawals.IsConfirmed(deletion) ? call.Say("why.deletion", ("time", At(deletion))) : call.Say("why.unlisted");
        else if (sending is { MessageId: not "", EditDue: { } edit })
            yield return call.Say("why.change", ("time", At(edit)));
        else if (sending.Edits > 0)
            yield return call.Say("why.changed");
    }

    /// <summary>What it waits for.</summary>
    private string Waits(Delivery delivery)
    {
        var subscription = way.Subscription;
        if (delivery.DueAt is not { } due)
            return subscription?.EndedAt is not null ? call.Say("why.waits.ended") : call.Say("why.waits.pause", ("which", way.Chat.PausedSince is null ? Number : PauseCommand.All));
        if (way.Chat.NoAccessSince is not null)
            return call.Say("why.waits.access", ("reason", Reason(way.Chat.NoAccessReason)));
        if (platform?.State is PlatformState.Closed closed)
            return call.Say("why.waits.closed", ("platform", platform.Title), ("reason", Reason(closed.Reason)));
        if (platform?.State is PlatformState.NotSetUp)
            return call.Say("why.waits.token", ("platform", platform.Title));
        var hold = way.Chat.NotBefore ?? DateTimeOffset.MinValue;
        if (due > call.Now && due >= hold)
            return WaitsUntil(due);
        if (hold > call.Now)
            return delivery is { Attempts: > 0, Reason: { } fault } ? call.Say("why.waits.fault", ("time", At(hold)), ("reason", Reason(fault))) : call.Say("why.waits.asked", ("time", At(hold)));
        return way.Older() is { } older ? call.Say("why.waits.older", ("title", Title(call, older.Title))) : call.Say("why.waits.next");
    }

    private string WaitsUntil(DateTimeOffset due)
    {
        var quiet = way.Chat is { QuietFrom: { } from, QuietUntil: { } until } ? new QuietHours(from, until).EndOf(due - TimeSpan.FromMinutes(1), _zone) : null;
        return call.Say(quiet == due ? "why.waits.quiet" : way.Subscription?.Cron is not null ? "why.waits.gathered" : "why.waits.until", ("time", At(due)));
    }

    private string Folded() => way.Teller() is { } teller && teller.At is { } at
        ? call.Say("why.folded", ("title", Title(call, teller.Title)), ("feed", CleanText.Line(teller.Feed)), ("time", At(at)))
        : call.Say("why.folded.other");

    /// <summary>Why nothing is owed.</summary>
    private string Nothing()
    {
        if (way.Subscription is not { EndedAt: null } subscription)
            return call.Say("why.unsubscribed");
        if (way.Entry.FirstSeen < subscription.Since)
            return call.Say("why.before");
        if (subscription.Filter is not { } text || FilterParser.Read(text) is not FilterReading.Understood { Filter: var filter })
            return call.Say("why.nothing");
        var subject = FeedEntries.SubjectOf(way.Entry);
        if (filter.Matches(subject))
            return call.Say("why.nothing");

        // Of terms that must all hold, the one that does not.
        var missing = filter is Filter.All all ? all.Terms.FirstOrDefault(term => !term.Matches(subject)) : null;
        return call.Say("why.filtered", ("words", (missing ?? filter).InWords(call.Say)));
    }

    private string Reason(string? reason) => CleanText.Line(call.Say(new Phrase(reason ?? ""))) is { Length: > 0 } line ? CleanText.Cut(line, LongestReason) : "–";

    private string At(DateTimeOffset then) => call.SayMoment(then, _zone);
}
