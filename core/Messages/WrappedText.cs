using System.Globalization;

namespace Notifier.Messages;

/// <summary>Text broken into lines of a terminal: between words, between wide characters, and inside a word only where it alone exceeds a line.</summary>
public static class WrappedText
{
    /// <param name="text">Line ends in it are kept.</param>
    /// <param name="width">In columns, at least 2.</param>
    public static IReadOnlyList<string> Lines(string text, int width)
    {
        var lines = new List<string>();
        foreach (var line in text.Split('\n'))
            Wrap(lines, line.TrimEnd(' '), Math.Max(2, width));
        return lines;
    }

    private static void Wrap(List<string> lines, string text, int width)
    {
        int start = 0, column = 0, breakAt = 0, columnAtBreak = 0;
        for (var at = 0; at < text.Length;)
        {
            var end = at + StringInfo.GetNextTextElementLength(text.AsSpan(at));
            var size = DisplayWidth.OfElement(text.AsSpan(at..end));
            if (size > width) // only made-up clusters are as wide as that
            {
                end = at + (char.IsHighSurrogate(text[at]) ? 2 : 1);
                size = DisplayWidth.OfElement(text.AsSpan(at..end));
            }

            var isSpace = text[at] == ' ' && end == at + 1;
            if (at > start && (size >= 2 || text[at - 1] == ' '))
                (breakAt, columnAtBreak) = (at, column);
            while (column + size > width && at > start && !isSpace)
            {
                if (breakAt <= start)
                    (breakAt, columnAtBreak) = (at, column);
                lines.Add(text[start..breakAt].TrimEnd(' '));
                start = breakAt;
                column -= columnAtBreak;
            }

            column += size;
            if (size >= 2 && end < text.Length && text[end] != ' ')
                (breakAt, columnAtBreak) = (end, column);
            at = end;
        }

        lines.Add(text[start..].TrimEnd(' '));
    }
}
