using System.Text.Json;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Subscriptions;

namespace Notifier.Operating;

/// <summary>The operator's hand on feeds, for everyone who gets them. What each action does stands in a file of its own.</summary>
public sealed class FeedCommand(FeedFinder finder, Poller poller, PollOptions options, FeedNotices notices, Outbox outbox)
    : Command("feed")
{
    private static readonly string[] Actions = ["add", "edit", "schedule", "pause", "resume", "remove", "credentials", "insecure", "fulltext", "health"];

    private static readonly Parameter<string> Action = new("action", "commands.feed.action", text => text.ToLowerInvariant())
    {
        Suggest = (_, _) => Actions.Select(action => new Suggestion(action, action)),
    };

    private static readonly Parameter<string> What = new("what", "commands.feed.what", text => text.Trim()) { IsOptional = true, TakesRest = true };

    private readonly FeedAddresses _addresses = new(finder, poller, notices, outbox);
    private readonly FeedTimes _times = new(poller, options);
    private readonly FeedLogins _logins = new(finder, poller, notices, outbox);
    private readonly FeedTrust _trust = new(finder, poller);
    private readonly FeedHealth _health = new(poller);

    public override IReadOnlyList<Parameter> Parameters => [Action, What];

    public override Rights Needs => Rights.Operator;

    public override bool TakesSecrets => true;

    public override Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var what = call.GetOr(What, "")!;
        return call.Get(Action) switch
        {
            "add" => _addresses.AddAsync(call, what, ct),
            "edit" => _addresses.EditAsync(call, what, ct),
            "remove" => _addresses.RemoveAsync(call, what, ct),
            "schedule" => _times.ScheduleAsync(call, what, ct),
            "pause" => FeedTimes.PauseAsync(call, what, ct),
            "resume" => _times.ResumeAsync(call, what, ct),
            "credentials" => _logins.GiveAsync(call, what, ct),
            "insecure" => _trust.SetAsync(call, what, ct),
            "fulltext" => FeedText.SetAsync(call, what, ct),
            "health" => _health.SayAsync(call, what),
            _ => throw call.Error("feed.actions"),
        };
    }

    /// <summary>What the audit remembers of a feed: all that an operator sets. Of its login only that it has one.</summary>
    internal static string Json(Feed feed) => JsonSerializer.Serialize(new FeedRecord(feed.Url, feed.Cron, feed.Zone, feed.PausedSince, feed.Credential.Length > 0, feed.AcceptsInsecure, feed.FullText));

    private sealed record FeedRecord(string Url, string? Cron, string? Zone, DateTimeOffset? PausedSince, bool HasLogin, bool AcceptsInsecure, bool FullText);
}
