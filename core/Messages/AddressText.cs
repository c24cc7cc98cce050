using System.Buffers;
using System.Globalization;

namespace Notifier.Messages;

/// <summary>Addresses that stand in a text as words: where one ends, and whether one promises another place than its link leads to.</summary>
public static class AddressText
{
    private const int MaxLength = 2048;
    private const int LongestHost = 255;

    private static readonly SearchValues<char> Ends = SearchValues.Create("\"<>\\^`{|}、。，」』）");
    private static readonly SearchValues<char> Trails = SearchValues.Create(".,;:!?'’*…");

    /// <summary>The length of the http or https address that <paramref name="text"/> begins with, without the punctuation after it; 0 if it begins with none.</summary>
    public static int LengthAt(ReadOnlySpan<char> text)
    {
        var scheme = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : 0;
        if (scheme == 0 || text.Length == scheme || !(char.IsLetterOrDigit(text[scheme]) || text[scheme] == '['))
            return 0;
        var end = scheme;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && !char.IsControl(text[end]) && !IsInvisible(text[end]) && !Ends.Contains(text[end]))
            end++;
        while (end > scheme && (Trails.Contains(text[end - 1]) || IsUnopened(text[scheme..end])))
            end--;
        return end > scheme && end <= MaxLength ? end : 0;
    }

    /// <summary>
    /// Whether a reader of <paramref name="text"/> would think that it leads elsewhere than to <paramref name="url"/>: it is the name of another
    /// host, or has an address in it that is not this one.
    /// </summary>
    public static bool Misleads(string text, Uri url)
    {
        if (text.AsSpan().IndexOfAny(".。．｡") < 0 && !text.Contains("://", StringComparison.Ordinal))
            return false;
        var words = Visible(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var padded in words)
        {
            var word = padded.Trim('(', ')', '[', ']', '“', '”', '‘', '’', '"', '\'', '«', '»', '‹', '›', ',', ';', ':', '!', '?', '.', '…');
            if (word.Contains("://", StringComparison.Ordinal))
            {
                if (!WebLink.Says(word, url))
                    return true;
            }
            else if ((words.Length == 1 || word.StartsWith("www.", StringComparison.OrdinalIgnoreCase)) && Host(word) is { } host && !IsOf(url, host))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The host that a word names, or null for a word that is none: <c>bank.example/login</c> does, <c>e.g</c> and <c>2.0</c> do not.</summary>
    private static string? Host(string word)
    {
        var end = word.AsSpan().IndexOfAny("/?#:@");
        var host = end < 0 ? word : word[..end];
        var last = host[(host.LastIndexOf('.') + 1)..];
        var isHost = host.Length <= LongestHost && last.Length >= 2 && last.Length < host.Length - 1 && host[0] != '.' && last.All(char.IsLetter)
            && host.All(c => char.IsLetterOrDigit(c) || c is '.' or '-') && !host.Contains("..", StringComparison.Ordinal);
        return isHost && Uri.TryCreate("http://" + host, UriKind.Absolute, out var read) ? Bare(read.IdnHost) : null;
    }

    private static bool IsOf(Uri url, string host)
    {
        var real = Bare(url.IdnHost);
        return real == host || real.EndsWith("." + host, StringComparison.Ordinal);
    }

    private static string Bare(string host) => host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;

    /// <summary>What the eye takes the text for: no invisible characters, and every full stop a dot.</summary>
    private static string Visible(string text) =>
        string.Concat(CleanText.Line(text).Where(c => !IsInvisible(c)).Select(c => c is '。' or '．' or '｡' ? '.' : c));

    private static bool IsInvisible(char c) => c >= '\u00AD' && char.GetUnicodeCategory(c) == UnicodeCategory.Format;

    /// <summary>Whether the last bracket closes what was opened before the address: <c>(see http://e.org/)</c>, but not <c>/A_(b)</c>.</summary>
    private static bool IsUnopened(ReadOnlySpan<char> address) => address[^1] switch
    {
        ')' => address.Count('(') < address.Count(')'),
        ']' => address.Count('[') < address.Count(']'),
        _ => false,
    };
}
