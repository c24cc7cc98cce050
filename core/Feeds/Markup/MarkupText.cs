using System.Buffers;

namespace Notifier.Feeds.Markup;

/// <summary>Turns stretches of a document into the characters they stand for.</summary>
internal static class MarkupText
{
    /// <summary>Longer texts are cut here.</summary>
    public const int MaxLength = 1024 * 1024;

    // Control characters and U+FFFE, U+FFFF are nothing that a person can read (XML 1.0 § 2.2).
    private const string Forbidden = "\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\v\f\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\uFFFE\uFFFF";
    private static readonly SearchValues<char> Unclean = SearchValues.Create("\r" + Forbidden);
    private static readonly SearchValues<char> UncleanOrEntity = SearchValues.Create("&\r" + Forbidden);
    private static readonly SearchValues<char> UncleanOrMarkup = SearchValues.Create("<&\r" + Forbidden);

    /// <summary>The text of an element's inside: entities and CDATA resolved, tags and comments left out. Null when there is nothing but white space.</summary>
    public static string? ReadTrimmed(ReadOnlySpan<char> source, int start, int end)
    {
        end = Math.Min(end, start + MaxLength);
        var raw = source[start..end];
        if (!raw.ContainsAny(UncleanOrMarkup)) return Trimmed(raw);

        var buffer = ArrayPool<char>.Shared.Rent(raw.Length);
        try
        {
            var tokens = new MarkupTokenizer(source, start, end);
            var length = 0;
            while (tokens.Read())
            {
                if (tokens.Token is not (MarkupToken.Text or MarkupToken.CData)) continue;
                length += Decode(source[tokens.ValueStart..tokens.ValueEnd], tokens.Token == MarkupToken.Text, buffer.AsSpan(length));
            }

            return Trimmed(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <summary>Null when nothing is left.</summary>
    public static string? Trimmed(ReadOnlySpan<char> text) => text.Trim() is { IsEmpty: false } trimmed ? trimmed.ToString() : null;

    /// <summary>The value of an attribute.</summary>
    public static string Read(ReadOnlySpan<char> raw)
    {
        raw = raw[..Math.Min(raw.Length, MaxLength)];
        if (!raw.ContainsAny(UncleanOrEntity)) return raw.ToString();
        var buffer = ArrayPool<char>.Shared.Rent(raw.Length);
        try
        {
            return new string(buffer, 0, Decode(raw, entities: true, buffer));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <summary>Markup as text, cleaned of what no text may hold.</summary>
    public static string WithoutForbidden(string text)
    {
        if (!text.AsSpan().ContainsAny(Unclean)) return text;
        var buffer = new char[text.Length];
        return new string(buffer, 0, Decode(text, entities: false, buffer));
    }

    /// <summary>Line ends become LF, forbidden characters go; a reference is never shorter than what it stands for, so the result fits, even over what it is made of.</summary>
    internal static int Decode(ReadOnlySpan<char> raw, bool entities, Span<char> into)
    {
        var length = 0;
        var stops = entities ? UncleanOrEntity : Unclean;
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOfAny(stops);
            if (plain < 0) plain = raw.Length;
            raw[..plain].CopyTo(into[length..]);
            length += plain;
            raw = raw[plain..];
            if (raw.IsEmpty) break;

            var taken = 1;
            if (raw[0] == '&')
            {
                length += HtmlEntities.Write(raw, bare: false, into[length..], out taken);
            }
            else if (raw[0] == '\r')
            {
                into[length++] = '\n';
                if (raw.Length > 1 && raw[1] == '\n') taken = 2;
            }

            raw = raw[taken..];
        }

        return length;
    }
}
