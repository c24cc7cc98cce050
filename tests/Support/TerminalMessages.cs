using System.Globalization;

namespace Notifier.Tests.Support;

/// <summary>
/// What the Terminal was told, message by message, in a form that wrapping and punctuation do not touch: letters and digits only
/// (<see cref="Key"/>).
/// </summary>
internal static class TerminalMessages
{
    private const string First = "bot> ";
    private const string Indent = "     ";

    /// <summary>The messages that tell entries, in order: single ones as cards, several as lists. Replies are left out.</summary>
    /// <param name="output">All of one process's output; its last message may be cut off by a kill.</param>
    public static IEnumerable<ToldMessage> Of(string output)
    {
        var lines = new List<string>();
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith(First, StringComparison.Ordinal) || !(line.StartsWith(Indent, StringComparison.Ordinal) || line.Length == 0))
            {
                if (Read(lines) is { } message)
                    yield return message;
                lines.Clear();
            }

            if (lines.Count > 0 || line.StartsWith(First, StringComparison.Ordinal))
                lines.Add(line.Length < Indent.Length ? "" : line[Indent.Length..]);
        }

        if (Read(lines) is { } last)
            yield return last with { IsLast = true };
    }

    /// <summary>A text without all that a rendering may change about it.</summary>
    public static string Key(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLower(CultureInfo.InvariantCulture);

    private static ToldMessage? Read(List<string> lines)
    {
        if (lines.Count == 0)
            return null;
        if (lines[0].StartsWith("┌ ", StringComparison.Ordinal))
            return new ToldMessage(null, [Key(string.Concat(lines))]);

        // A list: a heading that ends in the feed, then a line or more for each entry.
        var bullets = lines.Select((line, i) => (line, i)).Where(l => l.line.StartsWith("• ", StringComparison.Ordinal)).Select(l => l.i).ToList();
        if (bullets.Count == 0 || !lines[0].Contains(" new entr", StringComparison.Ordinal))
            return null;
        var items = bullets.Zip([.. bullets.Skip(1), lines.Count], (from, to) => Key(string.Concat(lines[from..to])));
        return new ToldMessage(Key(string.Concat(lines[..bullets[0]])), [.. items]);
    }
}

/// <summary>A message that told entries.</summary>
/// <param name="Heading">Of a list, with the feed's title in it; null for a card, which begins with it.</param>
/// <param name="Items">An entry each, beginning (in a card after the feed's title) with its title.</param>
/// <param name="IsLast">Nothing came after it; it may be cut off.</param>
internal sealed record ToldMessage(string? Heading, IReadOnlyList<string> Items, bool IsLast = false);
