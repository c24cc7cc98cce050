using System.Buffers;
using System.Collections.Frozen;

namespace Notifier.Messages.Wording;

/// <summary>Tells where sentences end, in the scripts of most feeds.</summary>
internal static class SentenceEnds
{
    private const string WideStops = "。！？｡．";
    private const string Stops = ".!?…؟۔।॥։።";

    private static readonly SearchValues<char> AllStops = SearchValues.Create(WideStops + Stops);
    private static readonly SearchValues<char> Closers = SearchValues.Create("\"”’“»›)]'」』）】〉》］｝");
    private static readonly SearchValues<char> BeforeWord = SearchValues.Create(" \u00A0\n(“\"„«‘[-–—/");

    /// <summary>Words that a full stop shortens; single letters and numbers of up to two digits (days, ranks) are taken for such too.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Abbreviations = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "e.g", "i.e", "dr", "mr", "mrs", "ms", "prof", "st", "vs", "no", "nos", "fig", "jr", "sr", "gen", "approx", "cf", "al", "vol", "pp", "sen", "rep", "gov", "lt", "col", "sgt", "capt", "rev", "hon", "mt", "ave", "dept", "est", "eds",
        "a.m", "p.m", "u.s", "u.k", "jan", "feb", "aug", "sept", "oct", "nov", "dec",
        "z.b", "d.h", "u.a", "o.ä", "i.d.r", "v.chr", "n.chr", "bzw", "ca", "nr", "evtl", "ggf", "vgl", "str", "abs", "bd", "hrsg", "inkl", "exkl", "zzgl", "mind", "max", "min", "sog", "jh", "dipl", "ing", "mio", "mrd", "tel", "geb", "gest", "okt", "dez", "hl",
        "p.ex", "c.-à-d", "mm", "mme", "mlle", "av", "apr", "env", "art", "éd", "ex",
        "p.ej", "sra", "srta", "dra", "ud", "uds", "pág", "núm", "aprox", "ee.uu").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// Where the sentence ends whose first sign of an end stands at <paramref name="at"/>: behind all its signs, and behind the quotes and brackets that close it; -1 where none ends.
    /// </summary>
    public static int Find(ReadOnlySpan<char> text, int at)
    {
        if (!AllStops.Contains(text[at]) || (at > 0 && AllStops.Contains(text[at - 1])))
            return -1;
        var end = at + 1;
        while (end < text.Length && AllStops.Contains(text[end]))
            end++;
        var isWide = WideStops.Contains(text[end - 1], StringComparison.Ordinal);
        while (end < text.Length && Closers.Contains(text[end]))
            end++;
        if (isWide || end == text.Length)
            return end;
        if (!char.IsWhiteSpace(text[end]))
            return -1;
        return GoesOn(text[end..]) || (text[at] == '.' && end == at + 1 && IsAbbreviation(text[..at])) ? -1 : end;
    }

    /// <summary>Whether what follows begins as no sentence does.</summary>
    private static bool GoesOn(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        return rest.Length > 0 && char.IsLower(rest[0]);
    }

    private static bool IsAbbreviation(ReadOnlySpan<char> before)
    {
        var word = before[(before.LastIndexOfAny(BeforeWord) + 1)..];
        return word.Length > 0 && ((word.Length == 1 && char.IsLetter(word[0])) || (word.Length <= 2 && !word.ContainsAnyExceptInRange('0', '9')) || Abbreviations.Contains(word));
    }
}
