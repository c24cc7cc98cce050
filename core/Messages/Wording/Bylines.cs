namespace Notifier.Messages.Wording;

/// <summary>Lines that say who wrote a text, and when.</summary>
internal static class Bylines
{
    private static readonly string[] Before = ["", "by", "written by", "posted by", "published by", "author", "von", "geschrieben von", "Autor", "par", "écrit par", "por", "escrito por", "di", "door", "av", "af"];

    /// <summary>“Wednesday, September 30, 2026 - 21:32”, with room for other languages.</summary>
    private const int LongestDate = 48;

    private static readonly string[] Openings = ["posted", "published", "updated", "veröffentlicht", "erstellt", "publié", "publicado", "pubblicato", "geplaatst"];

    /// <summary>Whether a line says no more than that the entry is by its author.</summary>
    public static bool Names(string line, string? author)
    {
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
