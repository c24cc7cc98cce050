using System.Globalization;
using System.Text.RegularExpressions;

namespace Notifier.Tests.Support.Chaos;

/// <summary>An entry of a <see cref="GrowingFeed"/>: one word, such as <c>Alpha0137</c>, that nothing wraps or escapes, so that it is found in whatever a platform shows.</summary>
/// <param name="Number">Its place in the feed, from 1.</param>
internal readonly partial record struct EntryName(string Feed, int Number)
{
    /// <summary>The entries that a text names, each once, in the order of their first mention. A name that is cut off is none.</summary>
    public static IReadOnlyList<EntryName> In(string text) =>
        [.. Names().Matches(text).Select(match => new EntryName(Capitalized(match.Groups["feed"].Value), int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture))).Distinct()];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Feed}{Number:0000}");

    private static string Capitalized(string word) => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant();

    [GeneratedRegex("(?<feed>alpha|bravo|charlie|delta)(?<number>[0-9]{4})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();
}
