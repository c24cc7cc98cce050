using Notifier.Chats;
using Notifier.Messages;

namespace Notifier.Commands;

/// <summary>Something that a person can ask, on every platform. One file each: its parameters, its handler, its queries.</summary>
public abstract class Command(string name)
{
    /// <summary>1–32 of a–z, 0–9 and <c>_</c>: fits every platform.</summary>
    public string Name { get; } = name;

    /// <summary>The text that says what it does; 100 characters at most, in every language.</summary>
    public string Key => $"commands.{Name}";

    public virtual IReadOnlyList<string> Aliases => [];

    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>The least right that the asker needs in the chat.</summary>
    public virtual Rights Needs => Rights.Member;

    /// <summary>Whether it is about a chat, so that another one than the one it is asked in may be named.</summary>
    public virtual bool IsAboutChat => true;

    /// <summary>Whether a file may be attached to it.</summary>
    public virtual bool TakesFile => false;
    /// <summary>Its arguments may be secret: a line that seems to mean it is not repeated, nor stored as a choice.</summary>
    public virtual bool TakesSecrets => false;

    /// <exception cref="CommandError">The asker's mistake; its text is the reply.</exception>
    public abstract Task<Message> RunAsync(CommandCall call, CancellationToken ct);
}
