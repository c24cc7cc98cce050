using System.Runtime.InteropServices;
using Notifier.Stories;

namespace Notifier.Polling;

/// <summary>
/// Tells an edit that readers should see from one that they would not notice: another title, or more than a tenth of the words of the text. Markup,
/// punctuation, letter case, the order of paragraphs, and a counter or a date in a long text are none. Pure.
/// </summary>
internal static class MaterialEdit
{
    /// <summary>One word in so many may differ.</summary>
    private const int Part = 10;

    /// <param name="title">Plain text; of before and after.</param>
    /// <param name="html">The content, else the summary.</param>
    public static bool Is((string? Title, string? Html) before, (string? Title, string? Html) after) =>
        !SameTitle(before.Title, after.Title) || (before.Html != after.Html && Differing(before.Html, after.Html));

    private static bool SameTitle(string? before, string? after) => WithoutSpaces(before).SequenceEqual(WithoutSpaces(after));

    private static IEnumerable<char> WithoutSpaces(string? title) => (title ?? "").Where(c => !char.IsWhiteSpace(c));

    private static bool Differing(string? before, string? after)
    {
        var (was, now) = (Telling.Of(null, before).Text, Telling.Of(null, after).Text);
        var left = new Dictionary<ulong, int>(was.Length);
        foreach (var word in was)
            CollectionsMarshal.GetValueRefOrAddDefault(left, word.Print, out _)++;
        var common = 0;
        foreach (var word in now)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(left, word.Print);
            if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref count) || count == 0)
                continue;
            count--;
            common++;
        }

        var all = Math.Max(was.Length, now.Length);
        return (all - common) * Part > all;
    }
}
