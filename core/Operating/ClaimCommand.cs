using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;

namespace Notifier.Operating;

/// <summary>Makes the asker an operator, by the code that only the process's console shows.</summary>
public sealed class ClaimCommand(ClaimCode code) : Command("claim")
{
    private static readonly Parameter<string> Code = new("code", "commands.claim.code", text => text);

    public override bool IsAboutChat => false;

    public override IReadOnlyList<Parameter> Parameters => [Code];

    public override Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        if (call.Rights == Rights.Operator)
            return Task.FromResult(call.Reply("claim.already"));

        // Whoever speaks as the chat itself is nobody in particular: every anonymous administrator would be an operator.
        if (!call.IsConfidential && call.Person.Id == call.From.Id)
            throw call.Error("admins.private");
        return call.CommitAsync(
            (db, chat) =>
            {
                if (!code.Take(call.Get(Code)))
                    throw call.Error("claim.wrong");
                db.Operators.Add(new Operator { Platform = call.From.Platform, Person = call.Person.Id, Name = call.Person.Name, Since = call.Now });
                call.Audit(db, chat, Name, $"operator:{call.From.Platform}:{call.Person.Id}", null, "{}");
                return call.Reply("claim.done");
            },
            ct);
    }
}
