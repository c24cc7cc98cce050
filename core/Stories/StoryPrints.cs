namespace Notifier.Stories;

/// <summary>
/// By what the entries are found that an entry may be one story with: its link, and its title together with the least hashes of its text's shingles. The likelier
/// two texts are one, the likelier they share some of those: of 0.9 alike, 999 in 1,000 pairs do.
/// </summary>
internal static class StoryPrints
{
    private const int Bands = 4;

    /// <summary>Odd and unlike each other: each makes another order of the same shingles, and two of them are a band.</summary>
    private static readonly ulong[] Orders =
    [
        0x9FB21C651E98DF25, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3, 0x1D8E4E27C47D124F, 0xEB44ACCAB455D165, 0x9E6C63D0876A9A47,
    ];

    /// <param name="link">The canonical link's hash; 0 where it says nothing.</param>
    public static IReadOnlyList<long> Of(Telling telling, ulong link)
    {
        var prints = new List<long>(Bands + 1);
        if (link != 0)
            prints.Add((long)link);
        if (Telling.Length(telling.Title) < StoryMatch.LeastTitle || Telling.Length(telling.Text) < StoryMatch.LeastText || telling.Text.Length < StoryMatch.Shingle)
            return prints;
        Span<ulong> least = stackalloc ulong[Orders.Length];
        least.Fill(ulong.MaxValue);
        for (var at = 0; at <= telling.Text.Length - StoryMatch.Shingle; at++)
        {
            var shingle = StoryMatch.ShingleAt(telling.Text, at);
            for (var order = 0; order < least.Length; order++)
                least[order] = Math.Min(least[order], Mix(shingle * Orders[order]));
        }

        // Without an equal link titles must be equal, word for word: so they belong to the print, and daily columns do not meet the whole world's.
        ulong title = 0;
        foreach (var word in telling.Title)
            title = Mix((title + word.Print) * Orders[0]);
        for (var band = 0; band < Bands; band++)
            prints.Add((long)Mix(title + (least[2 * band] * Orders[1]) + (least[(2 * band) + 1] * Orders[2])));
        return prints;
    }

    private static ulong Mix(ulong value) => value ^ (value >> 32);
}
