using Microsoft.Extensions.Logging;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Commands;

/// <summary>Takes a line from a chat to its reply: finds the command, asks for the asker's rights, reads the arguments, runs it.</summary>
public sealed partial class CommandRunner(IEnumerable<Command> commands, Storage storage, Catalogue texts, TimeProvider time, ILogger<CommandRunner> log)
{
    private const int LongestLine = 4096;

    /// <summary>The catalog, by name; each platform offers it in its own way.</summary>
    public IReadOnlyList<Command> Catalog { get; } = [.. commands.OrderBy(c => c.Name, StringComparer.Ordinal)];

    /// <summary>The reply; null when the line was not meant for Notifier or was answered before.</summary>
    public async Task<Message?> RunAsync(IncomingCommand incoming, IChatPlatform platform, CancellationToken ct)
    {
        try
        {
            if (incoming.Line.Length > LongestLine)
                throw new CommandError(texts.Say("command.toolong", ("limit", LongestLine)));
            if (Read(incoming) is not { } asked)
                return null;
            var (command, rest) = asked;
            var rights = await platform.RightsAsync(incoming.Chat, incoming.Person.Id, ct);
            if (rights < command.Needs)
                throw new CommandError(texts.Say($"rights.{command.Needs.ToString().ToLowerInvariant()}", ("command", command.Name)));
            var arguments = CommandLine.Arguments(command, rest, (key, parameter) => new CommandError(
                texts.Say(key, ("parameter", parameter.Name), ("description", parameter.Description), ("usage", CommandLine.Usage(command)))));
            return await command.RunAsync(new CommandCall(incoming, rights, arguments, storage, texts, time), ct);
        }
        catch (CommandError mistake)
        {
            return mistake.Reply;
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
    }

    /// <summary>The command by this name or alias; null for none.</summary>
    public Command? Find(string name) => Catalog.FirstOrDefault(c => c.Name == name || c.Aliases.Contains(name, StringComparer.Ordinal));

    /// <summary>The command lines that what was typed so far could become, where it is the beginning of a command's name.</summary>
    public IReadOnlyList<string> Complete(string typed) =>
        typed.StartsWith('/') ? [.. Catalog.Select(c => $"/{c.Name} ").Where(line => line.StartsWith(typed, StringComparison.Ordinal))] : [];

    private (Command Command, string Tail)? Read(IncomingCommand incoming)
    {
        if (CommandLine.Split(incoming.Line) is not { } line)
        {
            var text = incoming.Line.Trim();
            if (!incoming.IsPrivate || text.Length == 0)
                return null;
            return text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
                ? (Find("subscribe")!, text)
                : throw new CommandError(texts.Say("command.none"));
        }

        if (Find(line.Name) is { } command)
            return (command, line.Tail);
        if (Likeness.Nearest(line.Name, Catalog.Select(c => c.Name)) is { } near)
            throw new CommandError(texts.Say("command.near", ("name", line.Name), ("near", near)), new MessageAction($"/{near} {line.Tail}".Trim(), $"/{near} {line.Tail}".Trim()));
        throw new CommandError(texts.Say("command.unknown", ("name", line.Name)));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Update {Update} of {Chat} came again")]
    private partial void LogRepeated(string update, ChatAddress chat);

    [LoggerMessage(Level = LogLevel.Error, Message = "A command in {Chat} could not be carried out: {Reason}")]
    private partial void LogStorage(ChatAddress chat, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The command of update {Update} in {Chat} met a bug")]
    private partial void LogBroke(Exception fault, string update, ChatAddress chat);
}
