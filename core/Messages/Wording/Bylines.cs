namespace Notifier.Messages.Wording;

/// <summary>Lines that say who wrote a text, and when.</summary>
internal static class Bylines
{
    private static readonly string[] Before = ["", "by", "written by", "posted by", "published by", "author", "von", "geschrieben von", "Autor", "par", "écrit par", "por", "escrito por", "di", "door", "av", "af"];

    /// <summary>“Wednesday, September 30, 2026 - 21:32”, with room for other languages.</summary>
    private const int LongestDate = 48;

    /// <summary>May be of what is told as well: “Updated for 2026”.</summary>
    private const string Updated = "updated";

    private static readonly string[] Openings = ["posted", "published", Updated, "veröffentlicht", "erstellt", "publié", "publicado", "pubblicato", "geplaatst"];

    /// <summary>Whether a line says no more than that the entry is by its author, or of which day.</summary>
    public static bool Names(string line, string? author)
    {
        if (SaysWhen(line))
            return true;
        if (string.IsNullOrWhiteSpace(author))
            return false;
        foreach (var words in Before)
        {
            if (Letters.Same(line, $"{words} {author}"))
                return true;
        }

        var at = line.LastIndexOf(author.Trim(), StringComparison.OrdinalIgnoreCase);
        return at > 0 && Letters.Same(line.AsSpan(at), author) && Array.Exists(Openings, opening => Letters.Match(line, opening) > 0);
    }

    /// <summary>“Posted on August 25, 2019”.</summary>
    private static bool SaysWhen(string line) => line.Length <= LongestDate && HasYear(line)
        && Array.Exists(Openings, opening => opening != Updated && Letters.Match(line, opening) is > 0 and var end && (end == line.Length || !char.IsLetter(line[end])));

    private static bool HasYear(ReadOnlySpan<char> line)
    {
        for (var at = 0; at + 4 <= line.Length; at++)
        {
            if (line[at..] is ['1', '9', ..] or ['2', '0', ..] && char.IsAsciiDigit(line[at + 2]) && char.IsAsciiDigit(line[at + 3]))
                return true;
        }

        return false;
    }

    /// <summary>Whether a line says no more than the title, who wrote it and perhaps when, as Drupal's feeds begin.</summary>
    public static bool FollowsTitle(string line, string? title, string? author)
    {
        var end = Letters.Match(line, title);
        if (end < 0)
            return false;
        var rest = line.AsSpan(end);
        return Letters.Match(rest, author) is > 0 and var by && rest.Length - by <= LongestDate;
    }
}
