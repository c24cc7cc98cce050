namespace Notifier.Commands;

/// <summary>How much two words are alike, for “did you mean”.</summary>
public static class Likeness
{
    /// <summary>The candidate within two keystrokes (one for short words), or the only one that begins so; null for none.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        if (word.Length > 64)
            return null;
        var all = candidates.ToList();
        var nearest = all.Select(c => (Word: c, Distance: Distance(word, c))).OrderBy(c => c.Distance).FirstOrDefault();
        if (nearest.Word is not null && nearest.Distance <= (word.Length < 5 ? 1 : 2))
            return nearest.Word;
        var begun = all.Where(c => word.Length >= 2 && c.StartsWith(word, StringComparison.OrdinalIgnoreCase)).ToList();
        return begun is [var only] ? only : null;
    }

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
