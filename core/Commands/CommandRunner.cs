using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Commands;

/// <summary>Takes a line from a chat to its reply: finds the command, asks for the asker's rights, reads the arguments, runs it.</summary>
public sealed partial class CommandRunner(IEnumerable<Command> commands, Storage storage, Catalogue texts, CommandOptions options, TimeProvider time, ILogger<CommandRunner> log)
{
    private const int LongestLine = 4096;
    private const int MostSuggestions = 25;

    private readonly CommandPace _pace = new(options, time);

    /// <summary>The catalog, by name; each platform offers it in its own way.</summary>
    public IReadOnlyList<Command> Catalog { get; } = [.. commands.OrderBy(c => c.Name, StringComparer.Ordinal)];

    /// <summary>The reply; null when the line was not meant for Notifier or was answered before.</summary>
    public async Task<Message?> RunAsync(IncomingCommand incoming, IChatPlatform platform, CancellationToken ct)
    {
        if (!IsMeant(incoming))
            return null;
        var asked = incoming;
        using var spoken = SpeakIn(incoming.Chat, incoming.Language);
        try
        {
            var isOperator = await IsOperatorAsync(incoming);
            if (!isOperator && !incoming.IsLocal && _pace.Ask(incoming.Chat, incoming.Person.Id) is not Pace.Fine and var pace)
                return pace == Pace.TooFast ? Message.Of(texts.Say("command.toofast")) : null;
            if (incoming.Line.Length + (incoming.Arguments?.Values.Sum(value => value.Length) ?? 0) > LongestLine)
                throw new CommandError(texts.Say("command.toolong", ("limit", LongestLine)));
            (incoming, var command, var rest) = Read(incoming);
            var rights = isOperator ? Rights.Operator : await RightsAsync(incoming, platform, ct);
            if (rights < command.Needs)
                throw new CommandError(texts.Say($"rights.{command.Needs.ToString().ToLowerInvariant()}", ("command", command.Name)));
            var arguments = incoming.Arguments is { } named ? CommandLine.Arguments(command, named, Mistake) : CommandLine.Arguments(command, rest, Mistake);
            return Aimed(await command.RunAsync(new CommandCall(incoming, rights, arguments, storage, texts, time), ct));
        }
        catch (CommandError mistake)
        {
            return Aimed(mistake.Reply(texts));
        }
        catch (StorageException fault)
        {
            // The asker may not be the one who can cure it, but everybody understands what it is.
            LogStorage(incoming.Chat, fault.Message);
            return Message.Of(texts.Say("command.storage"));
        }
        catch (AlreadyProcessedException)
        {
            LogRepeated(incoming.UpdateId, incoming.Chat);
            return null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogBroke(fault, incoming.UpdateId, incoming.Chat);
            return Message.Of(texts.Say("command.broke"));
        }

        // Choices of a line that named another chat are about that chat too.
        Message Aimed(Message reply) => incoming.Target is { } target && asked.Target is null
            ? reply with { Actions = [.. reply.Actions.Select(action => action with { CommandLine = CommandLine.About(target, action.CommandLine) })] }
            : reply;

        CommandError Mistake(string key, Parameter parameter) => new(
            texts.Say(key, ("parameter", parameter.Name), ("description", parameter.Key.Length == 0 ? "" : texts.Say(parameter.Key)), ("usage", Usage(incoming))));
    }

    /// <summary>Speaks the language of a chat until disposed; where nothing is known of it, another one, or the default.</summary>
    /// <param name="otherwise">As a platform names it.</param>
    public Catalogue.Scope SpeakIn(ChatAddress chat, string? otherwise = null)
    {
        try
        {
            using var db = storage.Read();
            return texts.In(db.LanguageOf(chat) ?? texts.Find(otherwise)?.Code);
        }
        catch (SqliteException)
        {
            // The database's trouble is said by what comes next, in whatever language.
            return texts.In(texts.Find(otherwise)?.Code);
        }
    }

    /// <summary>What the person typing an argument, who has these rights in that chat, may mean, the likeliest first; at most 25.</summary>
    public async Task<IReadOnlyList<Suggestion>> SuggestAsync(string command, string parameter, string typed, ChatAddress chat, Rights rights)
    {
        if (Find(command) is not { } found || rights < found.Needs || found.Parameters.FirstOrDefault(p => p.Name == parameter)?.Suggest is not { } suggest)
            return [];
        await using var db = storage.Read();
        return [.. suggest(db, chat).Where(suggestion => suggestion.Label.Contains(typed, StringComparison.OrdinalIgnoreCase)).Take(MostSuggestions)];
    }

    /// <summary>The command by this name or alias; null for none.</summary>
    public Command? Find(string name) => Catalog.FirstOrDefault(c => c.Name == name || c.Aliases.Contains(name, StringComparer.Ordinal));

    /// <summary>The command lines that what was typed so far could become, where it is the beginning of a command's name.</summary>
    public IReadOnlyList<string> Complete(string typed) =>
        typed.StartsWith('/') ? [.. Catalog.Select(c => $"/{c.Name} ").Where(line => line.StartsWith(typed, StringComparison.Ordinal))] : [];

    private string Usage(IncomingCommand incoming) => CommandLine.Split(incoming.Line) is { } line && Find(line.Name) is { } command ? CommandLine.Usage(command) : "";

    /// <summary>Whether it is said to Notifier: in a chat of several, commands that are none of its own are other bots'.</summary>
    private bool IsMeant(IncomingCommand incoming) => CommandLine.Split(incoming.Line) is { } line
        ? incoming.IsPrivate || incoming.IsAddressed || Find(line.Name) is not null
        : incoming.IsPrivate && !string.IsNullOrWhiteSpace(incoming.Line);

    private async Task<bool> IsOperatorAsync(IncomingCommand incoming)
    {
        await using var db = storage.Read();
        return db.Operators.Any(o => o.Platform == incoming.Chat.Platform && o.Person == incoming.Person.Id);
    }

    /// <summary>Of people who are no operators the update itself says what they may, or their platform does.</summary>
    /// <exception cref="CommandError">The platform does not say now.</exception>
    private async Task<Rights> RightsAsync(IncomingCommand incoming, IChatPlatform platform, CancellationToken ct)
    {
        if (incoming.About.Platform == platform.Name)
            return incoming.Rights ?? await platform.RightsAsync(incoming.About, incoming.Person.Id, ct) ?? throw new CommandError(texts.Say("rights.unknown"));

        // On another platform nobody knows this person; but whoever is at the machine runs the process.
        return await platform.RightsAsync(incoming.Chat, incoming.Person.Id, ct) == Rights.Operator ? Rights.Operator : Rights.None;
    }

    private (IncomingCommand Incoming, Command Command, string Tail) Read(IncomingCommand incoming)
    {
        if (CommandLine.Split(incoming.Line) is not { } line)
        {
            var text = incoming.Line.Trim();
            return text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
                ? (incoming with { Line = $"/subscribe {text}" }, Find("subscribe")!, text)
                : throw new CommandError(texts.Say("command.none"));
        }

        if (Find(line.Name) is { } command)
        {
            var (chat, rest) = command.IsAboutChat ? CommandLine.TakeChat(line.Tail) : (null, line.Tail);
            if (chat is null)
                return (incoming, command, rest);
            return ChatAddress.TryParse(chat, out var target)
                ? (incoming.For(target), command, rest)
                : throw new CommandError(texts.Say("command.nochat", ("chat", chat)));
        }

        if (Likeness.Nearest(line.Name, Catalog.Select(c => c.Name)) is { } near)
        {
            throw new CommandError(
                texts.Say("command.near", ("name", line.Name), ("near", near)),
                Find(near)!.TakesSecrets ? [] : [new MessageAction($"/{near} {line.Tail}".Trim(), $"/{near} {line.Tail}".Trim())]);
        }

        throw new CommandError(texts.Say("command.unknown", ("name", line.Name)));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Update {Update} of {Chat} came again")]
    private partial void LogRepeated(string update, ChatAddress chat);

    [LoggerMessage(Level = LogLevel.Error, Message = "A command in {Chat} could not be carried out: {Reason}")]
    private partial void LogStorage(ChatAddress chat, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The command of update {Update} in {Chat} met a bug")]
    private partial void LogBroke(Exception fault, string update, ChatAddress chat);
}
