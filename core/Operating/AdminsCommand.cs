using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;

namespace Notifier.Operating;

/// <summary>Who runs this Notifier; and how somebody becomes an operator, or ceases to be one.</summary>
public sealed class AdminsCommand(ClaimCode code) : Command("admins")
{
    private const string Add = "add";

    private static readonly Parameter<string> Change = new("change", "commands.admins.change", text => text.Trim())
    {
        IsOptional = true,
        TakesRest = true,

        // Not the operators: suggestions are for whoever types, and are not theirs to see.
        Suggest = (_, _) => [new Suggestion(Add, Add)],
    };

    public override bool IsAboutChat => false;

    public override IReadOnlyList<Parameter> Parameters => [Change];

    public override Rights Needs => Rights.Operator;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        if (!call.IsConfidential)
            throw call.Error("admins.private");
        if (call.GetOr(Change) is { } change)
            return change.Equals(Add, StringComparison.OrdinalIgnoreCase) ? call.Reply("admins.code", ("code", code.Another())) : await RemoveAsync(call, change, ct);
        var operators = await call.ReadAsync(db => db.Operators.AsEnumerable().OrderBy(o => o.Since).ToList());
        if (operators.Count == 0)
            return call.Reply("admins.none");
        return new Message
        {
            Text =
            [
                new Block.Paragraph([new Span.Text(call.Say("admins.head", ("count", operators.Count)))]),
                new Block.List(null, [.. operators.Select(o => new ListItem([new Block.Paragraph([new Span.Text($"{Written(o)} · {o.Name} · {call.SayTime(o.Since)}")])]))]),
            ],
        };
    }

    private static string Written(Model.Operator person) => $"{person.Platform}:{person.Person}";

    private Task<Message> RemoveAsync(CommandCall call, string name, CancellationToken ct) => call.CommitAsync(
        (db, chat) =>
        {
            var person = db.Operators.AsEnumerable().FirstOrDefault(o => Written(o) == name) ?? throw call.Error("admins.unknown", ("name", name));
            db.Operators.Remove(person);
            call.Audit(db, chat, Name, $"operator:{name}", "{}", null);
            return call.Reply("admins.removed", ("name", name));
        },
        ct);
}
