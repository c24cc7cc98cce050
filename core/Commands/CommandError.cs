using Notifier.Messages;

namespace Notifier.Commands;

/// <summary>A person's mistake: what is wrong and the cure, as the reply; perhaps with choices.</summary>
public sealed class CommandError(string text, params IReadOnlyList<MessageAction> actions) : Exception(text)
{
    public IReadOnlyList<MessageAction> Actions { get; } = actions;

    public Message Reply => Messages.Message.Of(Message.Split('\n')) with { Actions = Actions };
}
