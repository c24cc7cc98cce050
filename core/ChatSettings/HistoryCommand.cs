using System.Globalization;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.ChatSettings;

/// <summary>Who changed what in this chat, the latest first.</summary>
public sealed class HistoryCommand() : Command("history")
{
    private const int PageLength = 10;

    private static readonly Parameter<int> Page = new("page", "commands.history.page", ReadPage) { IsOptional = true };

    public override IReadOnlyList<Parameter> Parameters => [Page];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var (lines, page, pages, titles) = await call.ReadAsync(db =>
        {
            var mine = db.AuditLines.Where(a => db.Chats.Any(c => c.Id == a.ChatId && c.Platform == call.Chat.Platform && c.Address == call.Chat.Id && c.Thread == call.Chat.Thread));
            var count = (mine.Count() + PageLength - 1) / PageLength;
            var shown = Math.Clamp(call.GetOr(Page, 1), 1, Math.Max(count, 1));
            var found = mine.OrderByDescending(a => a.Id).Skip((shown - 1) * PageLength).Take(PageLength).ToList();
            return (found, shown, count, db.TitlesOf([.. found.Select(ChangeWords.FeedOf).OfType<string>()]));
        });
        if (lines.Count == 0)
            return call.Reply("history.none");
        return new Message
        {
            Text =
            [
                new Block.Paragraph([new Span.Text(call.Say("history.head"))]),
                new Block.List(null, [.. lines.Select(line => new ListItem([new Block.Paragraph([new Span.Text(Words(call, line, titles))])]))]),
            ],
            Actions =
            [
                .. page == 1 && lines.Find(UndoCommand.IsUndoable) is { UndoneAt: null } ? [new MessageAction(call.Say("history.undo"), "/undo")] : Array.Empty<MessageAction>(),
                .. page < pages ? [new MessageAction(call.Say("list.more", ("page", page + 1), ("pages", pages)), $"/{Name} {page + 1}")] : Array.Empty<MessageAction>(),
            ],
        };
    }

    private static string Words(CommandCall call, AuditLine line, IReadOnlyDictionary<string, string> titles) => call.Say(
        line.UndoneAt is null ? "history.line" : "history.undone",
        ("time", call.SayTime(line.At)),
        ("person", line.PersonName ?? line.Person),
        ("what", ChangeWords.Of(call, line, titles)));

    private static int ReadPage(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? page : throw new CommandError(Phrase.Of("value.page", ("text", text)));
}
