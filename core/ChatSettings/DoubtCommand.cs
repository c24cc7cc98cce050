using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;

namespace Notifier.ChatSettings;

/// <summary>What becomes of a message to this chat whose answer was lost, where the platform cannot tell: it may come twice, or be missing.</summary>
public sealed class DoubtCommand(DeliveryOptions options) : Command("doubt")
{
    private const string Repeat = "repeat";
    private const string Skip = "skip";

    private static readonly Parameter<string> Choice = new("choice", "commands.doubt.choice", text => text.Trim().ToLowerInvariant())
    {
        IsOptional = true,
        Suggest = (_, _) => [new Suggestion(Repeat, Repeat), new Suggestion(Skip, Skip)],
    };

    public override IReadOnlyList<Parameter> Parameters => [Choice];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        if (call.GetOr(Choice) is not { Length: > 0 } text)
            return call.Reply(options.AtMostOnce ? "doubt.isforall" : await call.ReadAsync(db => db.ChatAt(call.Chat)) is { AtMostOnce: true } ? "doubt.isskip" : "doubt.isrepeat");
        if (text is not (Repeat or Skip))
            throw call.Error("doubt.unknown", ("text", text));
        return await call.CommitAsync(
            (db, chat) =>
            {
                var before = ChatRecord.Of(chat);
                chat.AtMostOnce = text == Skip;
                var line = call.Audit(db, chat, Name, ChatRecord.Subject, before.Json, ChatRecord.Of(chat).Json);
                return call.Reply(chat.AtMostOnce ? "doubt.skip" : options.AtMostOnce ? "doubt.forall" : "doubt.repeat") with { Actions = [call.Undo(line.Id)] };
            },
            ct);
    }
}
