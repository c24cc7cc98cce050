using System.Text.RegularExpressions;

namespace Notifier.Filters;

/// <summary>
/// The regular expressions of filters: only such as are matched in one pass without going back, whatever the text, and as do not grow
/// without bounds; letters count in either case.
/// </summary>
internal static class FilterPattern
{
    public const int LongestPattern = 256;

    /// <summary>Places that a pattern may have once its counted repetitions are written out.</summary>
    public const int MostPlaces = 1000;

    /// <summary>
    /// How long one match may take. One pass is not always a quick one: <c>(.{0,50}a){15}</c> looks at a text from hundreds of places at once.
    /// </summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(100);

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    /// <returns>The expression, or why it cannot be one.</returns>
    public static (Regex? Regex, FilterReading.Refused? Mistake) Read(string pattern)
    {
        if (pattern.Length > LongestPattern)
            return Refuse("filter.pattern.long", ("length", pattern.Length), ("limit", LongestPattern));
        if (Places(pattern) > MostPlaces)
            return Refuse("filter.pattern.large", ("pattern", pattern), ("limit", MostPlaces));
        try
        {
            return (new Regex(pattern, Options, TimeLimit), null);
        }
        catch (NotSupportedException)
        {
            return Refuse("filter.pattern.unsupported", ("pattern", pattern));
        }
        catch (RegexParseException mistake)
        {
            return Refuse(KeyOf(mistake.Error), ("pattern", pattern), ("at", Math.Clamp(mistake.Offset, 1, pattern.Length)));
        }
    }

    /// <summary>Null when it cannot be told in time.</summary>
    public static bool? IsMatch(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static (Regex?, FilterReading.Refused) Refuse(string key, params (string, object)[] values) => (null, new FilterReading.Refused(key, values));

    private static string KeyOf(RegexParseError error) => error switch
    {
        RegexParseError.InsufficientClosingParentheses or RegexParseError.InsufficientOpeningParentheses => "filter.pattern.parens",
        RegexParseError.UnterminatedBracket => "filter.pattern.bracket",
        RegexParseError.QuantifierAfterNothing or RegexParseError.NestedQuantifiersNotParenthesized
            or RegexParseError.ReversedQuantifierRange or RegexParseError.QuantifierOrCaptureGroupOutOfRange => "filter.pattern.repeat",
        RegexParseError.UndefinedNumberedReference or RegexParseError.UndefinedNamedReference => "filter.pattern.unsupported",
        _ => "filter.pattern.wrong",
    };

    /// <summary>
    /// About how many places the pattern has with its counted repetitions written out. The runtime has a limit of its own, but a higher one,
    /// and does not tell it from what it cannot do at all.
    /// </summary>
    private static long Places(string pattern)
    {
        var outer = new Stack<long>();
        var (sum, last) = (0L, 0L);
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '(':
                    outer.Push(sum);
                    sum = 0;
                    break;
                case ')' when outer.TryPop(out var before):
                    last = sum;
                    sum += before;
                    break;
                case '{' when Count(pattern, ref at) is { } count:
                    sum = Math.Min(sum + (last * (count - 1)), int.MaxValue);
                    last = Math.Min(last * count, int.MaxValue);
                    break;
                case '*' or '+' or '?' or '|':
                    break;
                case ' ' or '\t' or '\r' or '\n':
                    // With (?x) a blank is nothing, and a count behind it means what stands before it.
                    (sum, last) = (sum + 1, Math.Max(last, 1));
                    break;
                default:
                    at = EndOfPlace(pattern, at);
                    (sum, last) = (sum + 1, 1);
                    break;
            }
        }

        return sum + outer.Sum();
    }

    /// <summary>The larger number of <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>; moves to its closing brace.</summary>
    private static long? Count(string pattern, ref int at)
    {
        var close = pattern.IndexOf('}', at);
        if (close < 0)
            return null;
        var parts = pattern[(at + 1)..close].Split(',');
        if (parts.Length > 2 || parts[0].Length == 0 || !parts.All(part => part.All(char.IsAsciiDigit)))
            return null;
        at = close;
        return parts.Where(part => part.Length > 0).Max(part => int.TryParse(part, out var number) ? number : int.MaxValue);
    }

    /// <summary>Where an escape or a class ends that begins here, so that nothing in it is taken for a repetition or a group.</summary>
    private static int EndOfPlace(string pattern, int at)
    {
        if (pattern[at] == '\\' && at + 1 < pattern.Length)
            return pattern[at + 1] is 'p' or 'P' && pattern.IndexOf('}', at) is >= 0 and var brace ? brace : at + 1;
        if (pattern[at] != '[')
            return at;

        // "]" is itself one of the class where it comes first; and "-[" begins a class that is taken away from it.
        var depth = 1;
        var first = at + 1 < pattern.Length && pattern[at + 1] == '^' ? at + 2 : at + 1;
        for (var i = first; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
                i++;
            else if (pattern[i] == '[' && pattern[i - 1] == '-' && i > first)
                depth++;
            else if (pattern[i] == ']' && i > first && --depth == 0)
                return i;
        }

        return at;
    }
}
