using System.Buffers;

namespace Notifier.Messages.Html;

/// <summary>The attributes of an opening tag, as written; each is looked for when it is asked for, and the first of a name counts.</summary>
internal readonly ref struct HtmlAttributes(ReadOnlySpan<char> written)
{
    private static readonly SearchValues<char> EndsName = SearchValues.Create(" \t\r\n\f/=");

    private readonly ReadOnlySpan<char> _written = written;

    /// <summary>The value with its references resolved, or null where there is no such attribute.</summary>
    public string? this[string name] => Find(name, out var value) ? HtmlReferences.Value(value) : null;

    public bool Has(string name) => Find(name, out _);

    /// <summary>Whether the class has a piece in it, in any case.</summary>
    public bool IsOfClass(string piece) => Find("class", out var names) && names.Contains(piece, StringComparison.OrdinalIgnoreCase);

    /// <summary>The class names that the tag carries, separated by white space.</summary>
    public ReadOnlySpan<char> Classes => Find("class", out var names) ? names : default;

    private bool Find(string wanted, out ReadOnlySpan<char> value)
    {
        var rest = _written;
        while (Next(ref rest, out var name, out value))
        {
            if (name.Equals(wanted, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static bool Next(scoped ref ReadOnlySpan<char> attributes, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        var rest = attributes.TrimStart(" \t\r\n\f/");
        value = default;
        var length = rest.Length == 0 ? 0 : rest[1..].IndexOfAny(EndsName);
        length = length < 0 ? rest.Length : rest.Length == 0 ? 0 : length + 1;
        name = rest[..length];
        rest = rest[length..];
        var afterSpace = rest.TrimStart(" \t\r\n\f");
        if (afterSpace.Length > 0 && afterSpace[0] == '=')
        {
            rest = afterSpace[1..].TrimStart(" \t\r\n\f");
            var quoted = rest.Length > 0 && rest[0] is '"' or '\'';
            if (quoted)
            {
                var close = rest[1..].IndexOf(rest[0]);
                value = close < 0 ? rest[1..] : rest[1..(close + 1)];
                rest = close < 0 ? default : rest[(close + 2)..];
            }
            else
            {
                var end = rest.IndexOfAny(" \t\r\n\f");
                value = end < 0 ? rest : rest[..end];
                rest = rest[value.Length..];
            }
        }

        attributes = rest;
        return length > 0;
    }
}
