using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.ChatSettings;

/// <summary>The language in which Notifier speaks in this chat; what feeds say stays in theirs.</summary>
public sealed class LanguageCommand : Command
{
    private readonly Catalogue _texts;
    private readonly Parameter<string> _language;

    public LanguageCommand(Catalogue texts)
        : base("language")
    {
        _texts = texts;
        _language = new Parameter<string>("language", "commands.language.language", text => text.Trim())
        {
            IsOptional = true,
            TakesRest = true,
            Suggest = (_, _) => texts.Languages.Select(language => new Suggestion(language.Name, language.Code)),
        };
    }

    public override IReadOnlyList<Parameter> Parameters => [_language];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        if (call.GetOr(_language) is not { Length: > 0 } text)
        {
            var present = _texts.Find(await call.ReadAsync(db => db.LanguageOf(call.Chat)) ?? _texts.Language)!;
            return call.Reply("language.is", ("language", present.Name)) with { Actions = [.. _texts.Languages.Where(language => language != present).Select(Choice)] };
        }

        var chosen = _texts.Find(text) ?? throw Unknown(call, text);
        return await call.CommitAsync(
            (db, chat) =>
            {
                var before = ChatRecord.Of(chat);
                chat.Language = chosen.Code;
                var line = call.Audit(db, chat, Name, ChatRecord.Subject, before.Json, ChatRecord.Of(chat).Json);

                // Said in the language that was asked for, where it is this chat's.
                using var spoken = _texts.In(call.From == call.Chat ? chosen.Code : _texts.Language);
                return call.Reply("language.set", ("language", chosen.Name)) with { Actions = [call.Undo(line.Id)] };
            },
            ct);
    }

    private MessageAction Choice(Language language) => new(language.Name, $"/{Name} {language.Code}");

    private CommandError Unknown(CommandCall call, string text) =>
        Likeness.Nearest(text.ToLowerInvariant(), _texts.Languages.SelectMany(language => new[] { language.Name, language.EnglishName }).Select(name => name.ToLowerInvariant()).Distinct()) is { } near && _texts.Find(near) is { } meant
            ? new CommandError(call.Say("language.near", ("text", text), ("near", meant.Name)), Choice(meant))
            : new CommandError(
                call.Say("language.unknown", ("text", text), ("languages", call.SayList([.. _texts.Languages.Select(language => language.Name)]))),
                [.. _texts.Languages.Select(Choice)]);
}
