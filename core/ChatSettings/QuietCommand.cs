using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Schedules;

namespace Notifier.ChatSettings;

/// <summary>The hours in which this chat gets nothing; what falls into them comes afterwards.</summary>
public sealed class QuietCommand(Outbox outbox) : Command("quiet")
{
    private const string Off = "off";

    private static readonly Parameter<string> Hours = new("hours", "commands.quiet.hours", text => text.Trim().ToLowerInvariant())
    {
        IsOptional = true,
        TakesRest = true,
        Suggest = (_, _) => [new Suggestion("22:00-07:00", "22:00-07:00"), new Suggestion(Off, Off)],
    };

    public override IReadOnlyList<Parameter> Parameters => [Hours];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        if (call.GetOr(Hours) is not { Length: > 0 } text)
        {
            return await call.ReadAsync(db => db.ChatAt(call.Chat)) is { QuietFrom: { } from, QuietUntil: { } until } chat
                ? call.Reply("quiet.is", ("hours", new QuietHours(from, until)), ("zone", chat.Zone))
                : call.Reply("quiet.none");
        }

        var quiet = QuietHours.TryParse(text);
        if (quiet is null && text is not (Off or "none"))
            throw call.Error("quiet.unknown", ("text", text));
        var reply = await call.CommitAsync(
            (db, chat) =>
            {
                var before = ChatRecord.Of(chat);
                (chat.QuietFrom, chat.QuietUntil) = (quiet?.From, quiet?.Until);
                DueTimes.Recompute(db, chat, call.Now);
                var line = call.Audit(db, chat, Name, ChatRecord.Subject, before.Json, ChatRecord.Of(chat).Json);
                var said = quiet is { } hours ? call.Reply("quiet.set", ("hours", hours), ("zone", chat.Zone)) : call.Reply("quiet.off");
                return said with { Actions = [call.Undo(line.Id)] };
            },
            ct);
        outbox.Wake();
        return reply;
    }
}
