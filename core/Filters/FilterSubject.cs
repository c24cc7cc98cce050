using System.Text;

namespace Notifier.Filters;

/// <summary>
/// What filters see of an entry: plain text, field by field. Of each field the first 8,192 characters count, so that no entry, however long,
/// makes matching slow. Letters are compared as people read them: composed alike, full width and ligatures as plain ones.
/// </summary>
/// <param name="title">Plain text, like all of them; white space collapsed.</param>
/// <param name="text">What the entry says: its content, or its summary.</param>
/// <param name="more">What it says besides.</param>
/// <param name="isPart">It says more than is known here: what is not found in the text may be in the rest.</param>
internal sealed class FilterSubject(string? title, string? author, string? link, IReadOnlyList<string> categories, string? text, string? more = null, bool isPart = false)
{
    /// <summary>Characters of a field that count; of all categories together as well.</summary>
    public const int Longest = 8 * 1024;

    /// <summary>Characters that are there but not seen: a soft hyphen, blanks of no width.</summary>
    private const string Unseen = "\u00AD\u200B\u2060\uFEFF";

    private readonly string[] _title = [Folded(title)];
    private readonly string[] _author = [Folded(author)];
    private readonly string[] _link = [Folded(link)];
    private readonly string[] _text = more is null ? [Folded(text)] : [Folded(text), Folded(more)];
    private readonly string[] _categories = [.. Within(categories.Select(Folded))];

    /// <summary>The answer to what was looked for in all of a field and not found; null where that is not known.</summary>
    public bool? Lacks(FilterField field) => isPart && field == FilterField.Any ? null : false;

    /// <summary>The texts that a field consists of.</summary>
    public IEnumerable<string> In(FilterField field) => field switch
    {
        FilterField.Title => _title,
        FilterField.Author => _author,
        FilterField.Category => _categories,
        FilterField.Link => _link,
        _ => [.. _title, .. _text, .. _author, .. _categories],
    };

    /// <summary>The text as it is compared: cut, and each character in its plain form.</summary>
    public static string Folded(string? text)
    {
        if (text is null)
            return "";
        text = Cut(text);
        if (Ascii.IsValid(text))
            return text;

        // Half a surrogate pair is no text and cannot be normalised: as UTF-8 it becomes a mark of replacement.
        return Cut(Seen(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Normalize(NormalizationForm.FormKC)));
    }

    /// <summary>The text without what nobody sees.</summary>
    public static string Seen(string text) =>
        text.AsSpan().ContainsAny(Unseen) ? string.Concat(text.Where(c => !Unseen.Contains(c, StringComparison.Ordinal))) : text;

    private static string Cut(string text) => text.Length > Longest ? text[..Longest] : text;

    private static IEnumerable<string> Within(IEnumerable<string> categories)
    {
        var left = Longest;
        return categories.TakeWhile(category => (left -= category.Length) >= 0);
    }
}
