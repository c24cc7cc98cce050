using System.Globalization;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;

namespace Notifier.Subscriptions;

/// <summary>Takes back an unsubscribe: what the feed published meanwhile is delivered after all.</summary>
public sealed class UndoCommand(Outbox outbox) : Command("undo", "Take the last unsubscribe back")
{
    private static readonly Parameter<long> Change = new("change", "which change; the last one if left out", ReadNumber) { IsOptional = true };

    public override IReadOnlyList<Parameter> Parameters => [Change];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var reply = await call.CommitAsync(
            (db, chat) =>
            {
                var number = call.GetOr(Change);
                var line = db.AuditLines.Where(a => a.ChatId == chat.Id && a.Command == "unsubscribe" && (number == 0 || a.Id == number)).OrderByDescending(a => a.Id).FirstOrDefault()
                    ?? throw call.Error("undo.none");
                var lines = db.AuditLines.Where(a => a.ChatId == chat.Id && a.Command == line.Command && a.At == line.At).ToList();
                var subjects = lines.Select(a => a.Subject).ToHashSet(StringComparer.Ordinal);
                var ended = db.Subscriptions.Where(s => s.ChatId == chat.Id && s.EndedAt == line.At).AsEnumerable().Where(s => subjects.Contains(Subscribing.Subject(s))).ToList();
                if (ended.Count == 0)
                    throw call.Error("undo.late");
                foreach (var subscription in ended)
                {
                    Subscribing.Revive(db, subscription, call.Now);
                    call.Audit(db, chat, Name, Subscribing.Subject(subscription), null, lines.Find(a => a.Subject == Subscribing.Subject(subscription))?.Before);
                }

                return call.Reply("undo.done", ("count", ended.Count));
            },
            ct);
        outbox.Wake();
        return reply;
    }

    private static long ReadNumber(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new CommandError($"“{text}” is not the number of a change.");
}
