using Notifier.Chats;
using Notifier.Model;

namespace Notifier.Commands;

/// <summary>A line that somebody wrote in a chat.</summary>
/// <param name="UpdateId">The platform's id of the update: a second one with the same id is the same line.</param>
/// <param name="IsPrivate">The chat is between that person and Notifier, so that every line is meant for it.</param>
public sealed record IncomingCommand(string UpdateId, ChatAddress Chat, Person Person, string Line, bool IsPrivate)
{
    /// <summary>It names Notifier (<c>/list@notifier_bot</c>), so that a command that there is not deserves an answer also in a chat of several.</summary>
    public bool IsAddressed { get; init; }

    /// <summary>The arguments by name, where the platform has them apart; then <see cref="Line"/> is the command's name alone.</summary>
    public IReadOnlyDictionary<string, string>? Arguments { get; init; }

    /// <summary>The chat that the command is about, where it is not the one in which it was asked.</summary>
    public ChatAddress? Target { get; init; }

    /// <summary>The chat that the command is about.</summary>
    public ChatAddress About => Target ?? Chat;

    /// <summary>The guild or group, and the title, of the chat that the command is about, where the platform says so.</summary>
    public string? Space { get; init; }

    public string? Title { get; init; }

    /// <summary>The language of whoever asks, as the platform names it (“de”, “de-AT”), where it says so: a chat that is not known yet takes it over.</summary>
    public string? Language { get; init; }

    /// <summary>What the person may do in the chat that the command is about, where the update itself says so; else the platform is asked.</summary>
    public Rights? Rights { get; init; }

    /// <summary>Says which right Notifier lacks to post in the chat that the command is about; null when it lacks none.</summary>
    public Func<CancellationToken, Task<string?>> MissingRight { get; init; } = NoneMissing;

    /// <summary>Nobody but the asker reads the answer.</summary>
    public bool IsConfidential { get; init; }

    /// <summary>It was typed at the machine itself, where nobody else reads along: the only place for secrets.</summary>
    public bool IsLocal { get; init; }

    /// <summary>What was attached to it; null for nothing.</summary>
    public IncomingFile? File { get; init; }

    private static Task<string?> NoneMissing(CancellationToken ct) => Task.FromResult<string?>(null);

    /// <summary>The same about another chat, of which the update says nothing.</summary>
    internal IncomingCommand For(ChatAddress target) => this with { Target = target, Rights = null, Space = null, Title = null, MissingRight = NoneMissing };
}

/// <param name="Id">The platform's id, by which rights are asked for.</param>
public sealed record Person(string Id, string? Name);
