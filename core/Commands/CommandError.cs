using Notifier.Messages;
using Notifier.Texts;

namespace Notifier.Commands;

/// <summary>A person's mistake: what is wrong and the cure, as the reply; perhaps with choices.</summary>
public sealed class CommandError(Phrase what, params IReadOnlyList<MessageAction> actions) : Exception(what.Text)
{
    public Phrase What => what;

    public IReadOnlyList<MessageAction> Actions => actions;

    /// <summary>In the language that holds now.</summary>
    public Message Reply(Catalogue texts) => Messages.Message.Of(texts.Say(what).Split('\n')) with { Actions = Actions };
}
