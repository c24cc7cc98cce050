using System.Globalization;

namespace Notifier.Bench;

/// <summary>What was typed after a bench's name: plain words, and pairs such as <c>--feeds 2000</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];

    /// <param name="known">The options there are, with their dashes.</param>
    /// <exception cref="FormatException">An option that is not there, or has no value.</exception>
    public Arguments(IReadOnlyList<string> typed, params ReadOnlySpan<string> known)
    {
        for (var i = 0; i < typed.Count; i++)
        {
            if (!typed[i].StartsWith("--", StringComparison.Ordinal))
                _words.Add(typed[i]);
            else if (!known.Contains(typed[i]))
                throw new FormatException($"No such option: {typed[i]}. There are {string.Join(", ", known.ToArray())}.");
            else if (i + 1 < typed.Count)
                _values[typed[i]] = typed[++i];
            else
                throw new FormatException($"{typed[i]} needs a value.");
        }
    }

    /// <summary>What stands there without an option.</summary>
    public IReadOnlyList<string> Words => _words;

    public string? Text(string option) => _values.GetValueOrDefault(option);

    /// <exception cref="FormatException">Not a number.</exception>
    public int Number(string option, int otherwise) =>
        Text(option) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"{option} is a number, not “{text}”.");
}
