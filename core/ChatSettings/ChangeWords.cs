using System.Text.Json;
using Notifier.Commands;
using Notifier.Feeds;
using Notifier.Model;
using Notifier.Schedules;

namespace Notifier.ChatSettings;

/// <summary>A change that the audit remembers, as people say it.</summary>
internal static class ChangeWords
{
    /// <summary>What a line says was done; of a subscription with its feed's title where that is known by address.</summary>
    /// <param name="titles">Titles of feeds by their address.</param>
    public static string Of(CommandCall call, AuditLine line, IReadOnlyDictionary<string, string> titles)
    {
        // What was taken back is the change itself, the other way round than its line has it.
        if (line.Command == "undo")
            return call.Say("history.takenback", ("what", Of(call, new AuditLine { Person = line.Person, Command = "", Subject = line.Subject, Before = line.After, After = line.Before }, titles)));
        if (line.Subject == ChatRecord.Subject && line is { Before: { } chatBefore, After: { } chatAfter })
            return OfChat(call, Read<ChatRecord>(chatBefore), Read<ChatRecord>(chatAfter));
        if (line.Subject.StartsWith("subscription:", StringComparison.Ordinal))
            return OfSubscription(call, line.Before is { } before ? Read<SubscriptionRecord>(before) : null, line.After is { } after ? Read<SubscriptionRecord>(after) : null, titles);
        if (line is { Command: "import", After: { } imported })
            return call.Say("history.imported", ("count", Read<Imported>(imported).Added));
        if (line.Subject.StartsWith("feed:", StringComparison.Ordinal))
            return call.Say("history.feeditself", ("id", line.Subject[5..]));
        return call.Say("history.other", ("command", line.Command), ("subject", line.Subject));
    }

    /// <summary>The address of the feed that a line is about; null for none.</summary>
    public static string? FeedOf(AuditLine line) =>
        line.Subject.StartsWith("subscription:", StringComparison.Ordinal) && (line.After ?? line.Before) is { } json ? Read<SubscriptionRecord>(json).Feed : null;

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web)!;

    private sealed record Imported(int Added);

    private static string OfSubscription(CommandCall call, SubscriptionRecord? before, SubscriptionRecord? after, IReadOnlyDictionary<string, string> titles)
    {
        var feed = (after ?? before)?.Feed ?? "";
        (string, object) named = ("feed", titles.TryGetValue(feed, out var title) ? title : Uri.TryCreate(feed, UriKind.Absolute, out var url) ? FeedUrl.Display(url, hideQuery: true) : "");
        if (before is null)
            return call.Say("history.subscribed", named);
        if (after is null)
            return call.Say("history.unsubscribed", named);
        var changes = new List<string>();
        if (before.Filter != after.Filter)
            changes.Add(after.Filter is { } filter ? call.Say("history.filter", ("filter", filter)) : call.Say("history.nofilter"));
        if (before.Cron != after.Cron)
            changes.Add(call.Say("history.schedule", ("often", after.Cron is { } cron ? call.SaySchedule(cron) : call.Say("schedule.atonce"))));
        if (before.Style != after.Style)
            changes.Add(after.Style is { } style ? call.Say("history.style", ("style", style)) : call.Say("history.nostyle"));
        if (before.Template != after.Template)
            changes.Add(call.Say(after.Template is null ? "history.notemplate" : "history.template"));
        if (before.PausedSince != after.PausedSince)
            changes.Add(call.Say(after.PausedSince is null ? "history.resumed" : "history.paused"));
        if (before.DeletesWithdrawn != after.DeletesWithdrawn)
            changes.Add(call.Say(after.DeletesWithdrawn ? "history.withdrawndelete" : "history.withdrawnkeep"));
        if (after.HeldBecame is not null || before.HeldBecame is not null)
            changes.Add(call.Say(after.HeldBecame switch { SubscriptionRecord.Sent => "history.heldsent", SubscriptionRecord.Seen => "history.heldseen", _ => "history.heldagain" }, ("count", Math.Max(before.Held, after.Held))));
        return call.Say("history.feed", named, ("changes", changes.Count == 0 ? call.Say("history.nothing") : call.SayList(changes)));
    }

    private static string OfChat(CommandCall call, ChatRecord before, ChatRecord after)
    {
        var changes = new List<string>();
        if (before.Zone != after.Zone)
            changes.Add(call.Say("history.zone", ("zone", after.Zone)));
        if (before.Language != after.Language)
            changes.Add(call.Say("history.language", ("language", call.SayLanguage(after.Language))));
        if ((before.QuietFrom, before.QuietUntil) != (after.QuietFrom, after.QuietUntil))
            changes.Add(after is { QuietFrom: { } from, QuietUntil: { } until } ? call.Say("history.quiet", ("hours", new QuietHours(from, until))) : call.Say("history.noquiet"));
        if (before.PausedSince != after.PausedSince)
            changes.Add(call.Say(after.PausedSince is null ? "history.allresumed" : "history.allpaused"));
        if (before.Style != after.Style)
            changes.Add(call.Say("history.chatstyle", ("style", after.Style ?? "card")));
        if (before.StoriesApart != after.StoriesApart)
            changes.Add(call.Say(after.StoriesApart ? "history.apart" : "history.once"));
        if (before.AtMostOnce != after.AtMostOnce)
            changes.Add(call.Say(after.AtMostOnce ? "history.doubtskip" : "history.doubtrepeat"));
        return changes.Count == 0 ? call.Say("history.nothing") : call.SayList(changes);
    }
}
