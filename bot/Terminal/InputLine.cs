using System.Globalization;
using System.Text;
using Notifier.Messages;

namespace Notifier.Bot.Terminal;

/// <summary>
/// The control sequences that draw the line being typed and take it away again. It remembers what it drew, so that it can be erased after the line
/// has changed, wraps over several rows, or the terminal has another width (terminals wrap anew what they wrapped themselves).
/// </summary>
internal sealed class InputLine
{
    private string? _drawnToCursor;

    /// <summary>Draws a line from the start of an empty row and leaves the cursor at its place in it.</summary>
    public string Draw(string prompt, string text, int cursor, int width)
    {
        var all = prompt + text;
        _drawnToCursor = prompt + text[..cursor];
        var end = Place(all, width);
        var at = Place(_drawnToCursor, width);
        // After the last column the cursor hangs there until something follows: a space takes it to the next row.
        var sequence = new StringBuilder(all).Append(end is { Column: 0, Row: > 0 } ? " \r" : "");
        if (end == at)
            return sequence.ToString();
        Move(sequence, 'A', end.Row - at.Row);
        sequence.Append('\r');
        Move(sequence, 'C', at.Column);
        return sequence.ToString();
    }

    /// <summary>Clears the drawn line and leaves the cursor where it began; nothing when nothing is drawn.</summary>
    public string Erase(int width)
    {
        if (_drawnToCursor is null)
            return "";
        var sequence = new StringBuilder();
        Move(sequence, 'A', Place(_drawnToCursor, width).Row);
        _drawnToCursor = null;
        return sequence.Append("\r\x1b[J").ToString();
    }

    private static (int Row, int Column) Place(string text, int width)
    {
        int row = 0, column = 0;
        for (var at = 0; at < text.Length;)
        {
            var end = at + StringInfo.GetNextTextElementLength(text.AsSpan(at));
            var size = DisplayWidth.OfElement(text.AsSpan(at..end));
            if (column + size > width)
                (row, column) = (row + 1, 0);
            column += size;
            at = end;
        }

        return column >= width ? (row + 1, 0) : (row, column);
    }

    private static void Move(StringBuilder sequence, char direction, int count)
    {
        if (count > 0)
            sequence.Append(CultureInfo.InvariantCulture, $"\x1b[{count}{direction}");
    }
}
