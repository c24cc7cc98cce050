using Notifier.Model;

namespace Notifier.Commands;

/// <summary>A command's named slot. Arguments arrive as text on every platform, so a wrong one is explained in the same words everywhere.</summary>
public abstract class Parameter(string name, string key)
{
    /// <summary>Lower-case letters, digits and <c>_</c>, 32 at most.</summary>
    public string Name { get; } = name;

    /// <summary>The text that says what to write there; 100 characters at most, in every language.</summary>
    public string Key { get; } = key;

    public bool IsOptional { get; init; }

    /// <summary>Takes all that is left of the line; the last one only.</summary>
    public bool TakesRest { get; init; }

    /// <summary>The values that a chat may choose from, for platforms that complete what is typed; other values may be right too. Null for none.</summary>
    public Func<NotifierDb, ChatAddress, IEnumerable<Suggestion>>? Suggest { get; init; }

    /// <exception cref="CommandError">The text is no such value.</exception>
    internal abstract object Read(string text);
}

/// <param name="read">Makes the value from the text, or throws <see cref="CommandError"/> saying what is wrong and what would be right.</param>
public sealed class Parameter<T>(string name, string key, Func<string, T> read) : Parameter(name, key)
    where T : notnull
{
    internal override object Read(string text) => read(text);
}

/// <summary>A value that somebody may mean.</summary>
/// <param name="Label">What people see.</param>
/// <param name="Value">What the parameter reads.</param>
public sealed record Suggestion(string Label, string Value);
