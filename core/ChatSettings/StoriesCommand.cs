using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;

namespace Notifier.ChatSettings;

/// <summary>Whether this chat hears a story once, or by each entry that tells it.</summary>
public sealed class StoriesCommand() : Command("stories")
{
    private const string Once = "once";
    private const string Apart = "apart";

    private static readonly Parameter<string> How = new("how", "commands.stories.how", text => text.Trim().ToLowerInvariant())
    {
        IsOptional = true,
        Suggest = (_, _) => [new Suggestion(Once, Once), new Suggestion(Apart, Apart)],
    };

    public override IReadOnlyList<Parameter> Parameters => [How];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        if (call.GetOr(How) is not { Length: > 0 } text)
            return call.Reply(await call.ReadAsync(db => db.ChatAt(call.Chat)) is { StoriesApart: true } ? "stories.areapart" : "stories.areonce");
        if (text is not (Once or Apart))
            throw call.Error("stories.unknown", ("text", text));
        return await call.CommitAsync(
            (db, chat) =>
            {
                var before = ChatRecord.Of(chat);
                chat.StoriesApart = text == Apart;
                var line = call.Audit(db, chat, Name, ChatRecord.Subject, before.Json, ChatRecord.Of(chat).Json);
                return call.Reply(chat.StoriesApart ? "stories.apart" : "stories.once") with { Actions = [call.Undo(line.Id)] };
            },
            ct);
    }
}
