namespace Notifier.Stories;

/// <summary>How two entries belong together, before a word of them is read.</summary>
internal enum StoryTie
{
    /// <summary>One publisher listed both: usually they are meant as two.</summary>
    OneFeed,

    /// <summary>Two feeds list them, under different links.</summary>
    TwoFeeds,

    /// <summary>Two feeds list the same page.</summary>
    TwoFeedsOneLink,
}

/// <summary>
/// Tells whether two entries tell one story. Pure, and the same whichever comes first. In doubt they do not: an entry told twice is better than one lost.
/// The thresholds are those of the table in ARCHITECTURE.md.
/// </summary>
internal static class StoryMatch
{
    /// <summary>Words that stand together are compared, so that order counts.</summary>
    internal const int Shingle = 3;

    /// <summary>A title of fewer words, numbers not counted (“Open thread”, “Release v1.2.0”), says too little to tell one entry from the next, unless both link to one page.</summary>
    private const int LeastTitle = 3;

    /// <summary>A text of fewer words is too short to judge.</summary>
    internal const int LeastText = 25;

    /// <summary>The same where both link to one page.</summary>
    internal const int LeastTextOfOneLink = 10;

    /// <summary>A column that comes again (“Photo of the day”), always with the same words around it, comes no sooner.</summary>
    private static readonly TimeSpan ColumnReturns = TimeSpan.FromHours(12);

    /// <summary>How much of the longer title both have, where both link to one page: what is left is a site's name or “Video:”.</summary>
    private const double AlikeTitle = 0.75;

    /// <summary>Words that a cut title must still have.</summary>
    private const int LeastCutTitle = 4;

    /// <summary>How much of the longer of two texts that are both cut off the shorter has, if they are the same as far as it goes.</summary>
    private const double AlikeCut = 0.8;

    /// <summary>How many of their shingles two texts have in common, where both link to one page.</summary>
    private const double AlikeOfOneLink = 0.9;

    /// <summary>Of so many words one text may have one more than the other, within a feed.</summary>
    private const int WordsPerMoreOfOneFeed = 100;

    /// <summary>The same by two feeds.</summary>
    private const int WordsPerMore = 50;

    /// <summary>Words more, however long the texts are.</summary>
    private const int MostMore = 8;

    /// <param name="apart">The time between them.</param>
    public static bool IsOne(Telling a, Telling b, StoryTie tie, TimeSpan apart)
    {
        if (tie != StoryTie.TwoFeedsOneLink && apart.Duration() > ColumnReturns)
            return false;
        return IsOneTitle(a, b, tie) && IsOneText(a, b, tie);
    }

    internal static bool SaysEnough(ReadOnlySpan<Word> title)
    {
        var numbers = 0;
        foreach (var word in title)
            numbers += word.Kind == WordKind.Number ? 1 : 0;
        return Telling.Length(title) - numbers >= LeastTitle;
    }

    /// <summary>How many of the shingles of both texts both have, from 0 to 1.</summary>
    internal static double Likeness(ReadOnlySpan<Word> a, ReadOnlySpan<Word> b)
    {
        if (SamePrints(a, b))
            return 1;
        var all = Shingles(a);
        var others = Shingles(b);
        var (both, i, j) = (0, 0, 0);
        while (i < all.Length && j < others.Length)
        {
            if (all[i] == others[j])
                (both, i, j) = (both + 1, i + 1, j + 1);
            else if (all[i] < others[j])
                i++;
            else
                j++;
        }

        return all.Length == 0 || others.Length == 0 ? 0 : (double)both / (all.Length + others.Length - both);
    }

    /// <summary>A shingle's hash from those of its words.</summary>
    internal static ulong ShingleAt(ReadOnlySpan<Word> words, int at)
    {
        var mixed = (words[at].Print * 0x9E3779B97F4A7C15) ^ (words[at + 1].Print * 0xC2B2AE3D27D4EB4F) ^ (words[at + 2].Print * 0x165667B19E3779F9);
        return (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9;
    }

    private static bool IsOneTitle(Telling a, Telling b, StoryTie tie)
    {
        var (longer, shorter) = a.Title.Length >= b.Title.Length ? (a, b) : (b, a);
        if (SamePrints(a.Title, b.Title))
            return tie == StoryTie.TwoFeedsOneLink || (a.TitleIsCut == b.TitleIsCut && SaysEnough(a.Title));
        if (tie != StoryTie.TwoFeedsOneLink || shorter.Title.Length == 0)
            return false;
        var begins = SamePrints(longer.Title.AsSpan(0, shorter.Title.Length), shorter.Title);
        if (!begins && !SamePrints(longer.Title.AsSpan(longer.Title.Length - shorter.Title.Length), shorter.Title))
            return false;
        var isCut = begins && shorter.TitleIsCut && Telling.Length(shorter.Title) >= LeastCutTitle;
        return (isCut || shorter.Title.Length >= AlikeTitle * longer.Title.Length) && SameNumbers(a.Title, b.Title, letters: true);
    }

    private static bool IsOneText(Telling a, Telling b, StoryTie tie)
    {
        ReadOnlySpan<Word> longer = a.Text.Length >= b.Text.Length ? a.Text : b.Text;
        ReadOnlySpan<Word> shorter = a.Text.Length >= b.Text.Length ? b.Text : a.Text;
        if (tie == StoryTie.TwoFeedsOneLink)
        {
            longer = longer[..shorter.Length];
            return Math.Min(Telling.Length(longer), Telling.Length(shorter)) >= LeastTextOfOneLink
                && SameNumbers(longer, shorter, letters: false)
                && Likeness(longer, shorter) >= AlikeOfOneLink
                && !NameDifferent(longer, shorter);
        }

        if (a.GoesOn || b.GoesOn || a.TextIsCut != b.TextIsCut || Telling.Length(shorter) < LeastText)
            return false;

        // The last word before the cut may be a part of one.
        if (a.TextIsCut && shorter.Length >= AlikeCut * longer.Length && SamePrints(longer[..(shorter.Length - 1)], shorter[..^1]))
            return true;
        return HasAllOf(longer, shorter, Math.Min(MostMore, shorter.Length / (tie == StoryTie.OneFeed ? WordsPerMoreOfOneFeed : WordsPerMore)));
    }

    /// <summary>Whether the longer has every word of the shorter, in the same order, and besides only a few words that name nothing. So no word can stand for another.</summary>
    private static bool HasAllOf(ReadOnlySpan<Word> longer, ReadOnlySpan<Word> shorter, int most)
    {
        var more = longer.Length - shorter.Length;
        if (more > most)
            return false;

        // Bit n: what was read of the shorter stands in the longer after n words more.
        var reached = 1U;
        for (var i = 0; i <= shorter.Length; i++)
        {
            for (var skipped = 0; skipped < more; skipped++)
            {
                if ((reached & (1U << skipped)) != 0 && longer[i + skipped].Kind == WordKind.Plain)
                    reached |= 1U << (skipped + 1);
            }

            if (i == shorter.Length)
                break;
            for (var skipped = 0; skipped <= more; skipped++)
            {
                if (longer[i + skipped].Print != shorter[i].Print)
                    reached &= ~(1U << skipped);
            }

            if (reached == 0)
                return false;
        }

        return (reached & (1U << more)) != 0;
    }

    /// <summary>Each has a name that the other lacks: one text may have been filled with both.</summary>
    private static bool NameDifferent(ReadOnlySpan<Word> a, ReadOnlySpan<Word> b)
    {
        return HasOwnName(a, b) && HasOwnName(b, a);

        static bool HasOwnName(ReadOnlySpan<Word> words, ReadOnlySpan<Word> others)
        {
            var prints = new HashSet<ulong>(others.Length);
            foreach (var other in others)
                prints.Add(other.Print);
            foreach (var word in words)
            {
                if (word.Kind is WordKind.Name or WordKind.Sign && !prints.Contains(word.Print))
                    return true;
            }

            return false;
        }
    }

    private static bool SamePrints(ReadOnlySpan<Word> a, ReadOnlySpan<Word> b)
    {
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i].Print != b[i].Print)
                return false;
        }

        return true;
    }

    /// <summary>The words that count are the same, in the same order.</summary>
    private static bool SameNumbers(ReadOnlySpan<Word> a, ReadOnlySpan<Word> b, bool letters)
    {
        var (i, j) = (0, 0);
        while (true)
        {
            while (i < a.Length && !Counts(a[i]))
                i++;
            while (j < b.Length && !Counts(b[j]))
                j++;
            if (i == a.Length || j == b.Length)
                return i == a.Length && j == b.Length;
            if (a[i++].Print != b[j++].Print)
                return false;
        }

        bool Counts(Word word) => word.Kind == WordKind.Number || (letters && word.Kind == WordKind.Letter);
    }

    /// <summary>Each once, in order.</summary>
    private static ReadOnlySpan<ulong> Shingles(ReadOnlySpan<Word> words)
    {
        if (words.Length < Shingle)
            return [];
        var shingles = new ulong[words.Length - Shingle + 1];
        for (var i = 0; i < shingles.Length; i++)
            shingles[i] = ShingleAt(words, i);
        Array.Sort(shingles);
        var count = 1;
        for (var i = 1; i < shingles.Length; i++)
        {
            if (shingles[i] != shingles[i - 1])
                shingles[count++] = shingles[i];
        }

        return shingles.AsSpan(0, count);
    }
}
