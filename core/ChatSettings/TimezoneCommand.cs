using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Schedules;

namespace Notifier.ChatSettings;

/// <summary>The clock on the chat's wall: its schedules and quiet hours go by it.</summary>
public sealed class TimezoneCommand(Outbox outbox) : Command("timezone")
{
    private const int MostChoices = 9;

    private static readonly Parameter<string> Zone = new("zone", "commands.timezone.zone", text => text.Trim()) { IsOptional = true, TakesRest = true };

    public override IReadOnlyList<Parameter> Parameters => [Zone];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        if (call.GetOr(Zone) is not { Length: > 0 } text)
        {
            var present = await call.ReadAsync(db => db.ChatAt(call.Chat)?.Zone) ?? "UTC";
            return call.Reply("timezone.is", ("zone", present), ("now", call.SayMoment(call.Now, Zones.Named(present))));
        }

        var zone = Find(call, text);
        var reply = await call.CommitAsync(
            (db, chat) =>
            {
                var before = ChatRecord.Of(chat);
                chat.Zone = zone.Id;
                DueTimes.Recompute(db, chat, call.Now);
                var line = call.Audit(db, chat, Name, ChatRecord.Subject, before.Json, ChatRecord.Of(chat).Json);
                return call.Reply("timezone.set", ("zone", zone.Id), ("now", call.SayMoment(call.Now, zone))) with { Actions = [call.Undo(line.Id)] };
            },
            ct);
        outbox.Wake();
        return reply;
    }

    /// <summary>By its whole name, however it is written, or by its city.</summary>
    private TimeZoneInfo Find(CommandCall call, string text)
    {
        switch (Zones.Meant(text))
        {
            case [var only]:
                return only;
            case []:
                throw Near(text) is { } near
                    ? new CommandError(call.Say("timezone.near", ("zone", text), ("near", near)), new MessageAction(near, $"/{Name} {near}"))
                    : call.Error("timezone.unknown", ("zone", text));
            case var several:
                throw new CommandError(call.Say("timezone.several", ("zone", text)), [.. several.Take(MostChoices).Select(zone => new MessageAction(zone.Id, $"/{Name} {zone.Id}"))]);
        }
    }

    /// <summary>The name of a zone that looks like what was written; null where none does.</summary>
    private static string? Near(string text)
    {
        var names = TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(id => id.Contains('/', StringComparison.Ordinal)).ToList();
        var name = text.Replace(' ', '_').ToLowerInvariant();
        return Nearest(id => id.ToLowerInvariant()) ?? Nearest(id => id[(id.LastIndexOf('/') + 1)..].ToLowerInvariant());

        string? Nearest(Func<string, string> of) => Likeness.Nearest(name, names.Select(of)) is { } near ? names.Find(id => of(id) == near) : null;
    }
}
