namespace Notifier.Stories;

/// <summary>
/// By what the entries are found that an entry may be one story with: its link, and its title together with the least hash of its text's shingles, in either of
/// two orders. The likelier two texts are one, the likelier they share one of those: equal ones always, and of pairs that are 0.9 alike 99 in 100.
/// </summary>
internal static class StoryPrints
{
    private const ulong OneOrder = 0x9FB21C651E98DF25;
    private const ulong OtherOrder = 0xE7037ED1A0B428DB;

    /// <param name="link">The canonical link's hash; 0 where it says nothing.</param>
    public static IReadOnlyList<long> Of(Telling telling, ulong link)
    {
        var prints = new List<long>(3);
        if (link != 0)
            prints.Add((long)link);
        if (telling.GoesOn || !StoryMatch.SaysEnough(telling.Title) || Telling.Length(telling.Text) < StoryMatch.LeastText)
            return prints;
        var (least, otherLeast) = (ulong.MaxValue, ulong.MaxValue);
        for (var at = 0; at <= telling.Text.Length - StoryMatch.Shingle; at++)
        {
            var shingle = StoryMatch.ShingleAt(telling.Text, at);
            least = Math.Min(least, Mix(shingle * OneOrder));
            otherLeast = Math.Min(otherLeast, Mix(shingle * OtherOrder));
        }

        // Without an equal link titles must be equal, word for word: so they belong to the print, and daily columns do not meet the whole world's.
        ulong title = 0;
        foreach (var word in telling.Title)
            title = Mix((title + word.Print) * OneOrder);
        prints.Add((long)Mix((title + least) * OneOrder));
        prints.Add((long)Mix((title + otherLeast) * OtherOrder));
        return prints;
    }

    private static ulong Mix(ulong value) => value ^ (value >> 32);
}
