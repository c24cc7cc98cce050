namespace Notifier.Messages.Wording;

/// <summary>Texts compared by their letters and digits alone, in any case.</summary>
internal static class Letters
{
    /// <summary>Whether both say the same; two that say nothing do not.</summary>
    public static bool Same(ReadOnlySpan<char> text, ReadOnlySpan<char> other)
    {
        var length = Match(text, other);
        return length > 0 && !HasMore(text[length..]);
    }

    /// <summary>The length of that part of <paramref name="text"/> that says all of <paramref name="start"/>; -1 where it goes on otherwise, or says nothing.</summary>
    public static int Match(ReadOnlySpan<char> text, ReadOnlySpan<char> start)
    {
        var at = 0;
        foreach (var c in start)
        {
            if (!char.IsLetterOrDigit(c))
                continue;
            while (at < text.Length && !char.IsLetterOrDigit(text[at]))
                at++;
            if (at == text.Length || char.ToLowerInvariant(text[at++]) != char.ToLowerInvariant(c))
                return -1;
        }

        return at == 0 ? -1 : at;
    }

    private static bool HasMore(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                return true;
        }

        return false;
    }
}
