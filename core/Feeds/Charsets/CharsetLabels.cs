using System.Globalization;
using System.Text;

namespace Notifier.Feeds.Charsets;

/// <summary>The names by which documents and servers call a charset, read as browsers read them (https://encoding.spec.whatwg.org/#names-and-labels).</summary>
internal static class CharsetLabels
{
    /// <summary>The numbers of ISO 8859 that are called Latin 1 to Latin 10.</summary>
    private static readonly int[] Latin = [1, 2, 3, 4, 9, 10, 13, 14, 15, 16];

    /// <summary>Null for a charset that nobody knows.</summary>
    public static Encoding? Find(string? label)
    {
        if (label is null || label.Trim().ToLowerInvariant().Replace('_', '-').Replace("iso2022", "iso-2022", StringComparison.Ordinal) is not { Length: > 0 and <= 40 } name) return null;
        if (name is "utf-8" or "utf8" or "unicode-1-1-utf-8" or "unicode11utf8") return Encoding.UTF8;
        if (Iso8859(name) is { } part) return OfIso8859(part);
        var codePage = name switch
        {
            "us-ascii" or "ascii" or "ansi-x3.4-1968" => 1252,
            "gb2312" or "gb-2312" or "gbk" or "gb-2312-80" or "x-gbk" or "gb18030" or "chinese" or "euc-cn" => 54936,
            "tis-620" or "dos-874" => 874,
            "euc-kr" or "ks-c-5601-1987" or "ks-c-5601-1989" or "korean" or "ksc5601" or "ksc-5601" or "uhc" => 949,
            "shift-jis" or "shiftjis" or "sjis" or "x-sjis" or "ms-kanji" or "windows-31j" => 932,
            "x-euc-jp" or "eucjp" => 51932,
            "big5" or "big5-hkscs" or "cn-big5" or "x-x-big5" or "big5hkscs" => 950,
            "hz" or "hz-gb-2312" => 52936,
            "macintosh" or "mac" or "mac-roman" or "macroman" or "x-mac-roman" or "csmacintosh" => 10000,
            "mac-cyrillic" or "maccyrillic" or "x-mac-cyrillic" or "x-mac-ukrainian" => 10007,
            "koi8" or "koi" or "koi8r" or "koi8-r" => 20866,
            "koi8-u" or "koi8u" or "koi8-ru" => 21866,
            _ => Numbered(name),
        };
        return (codePage == 0 ? null : CodePagesEncodingProvider.Instance.GetEncoding(codePage)) ?? CodePagesEncodingProvider.Instance.GetEncoding(name);
    }

    /// <summary>cp1251, windows-1251, x-cp1251, ibm866 …; 0 where it is not so called.</summary>
    private static int Numbered(string name)
    {
        var digits = name.AsSpan().TrimStart("abcdefghijklmnopqrstuvwxyz-");
        return name[..^digits.Length] is "cp" or "cp-" or "x-cp" or "windows" or "windows-" or "win" or "ibm" or "ibm-" or "ms" or "ms-"
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    /// <summary>The number behind iso-8859-5, iso8859-5, 8859-5, latin5, l5 …; null where it is not so called.</summary>
    private static int? Iso8859(string name)
    {
        var digits = name.AsSpan();
        foreach (var prefix in (ReadOnlySpan<string>)["iso-8859-", "iso8859-", "iso8859", "8859-", "iso-ir-8859-", "csiso8859"])
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            digits = digits[prefix.Length..];

            // Order of Hebrew and Arabic (-8-i), or the year of the standard (-1:1987).
            if (digits.IndexOfAny('-', ':') is var more and > 0) digits = digits[..more];
            return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var part) && part is >= 1 and <= 16 ? part : null;
        }

        digits = name.StartsWith("latin", StringComparison.Ordinal) ? digits[5..].TrimStart('-') : name[0] == 'l' ? digits[1..] : [];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var latin) && latin >= 1 && latin <= Latin.Length ? Latin[latin - 1] : null;
    }

    private static Encoding? OfIso8859(int part) => part switch
    {
        1 => CodePagesEncodingProvider.Instance.GetEncoding(1252),
        9 => CodePagesEncodingProvider.Instance.GetEncoding(1254),
        11 => CodePagesEncodingProvider.Instance.GetEncoding(874),
        10 => SingleByteEncoding.Nordic,
        14 => SingleByteEncoding.Celtic,
        16 => SingleByteEncoding.Romanian,
        _ => CodePagesEncodingProvider.Instance.GetEncoding(28590 + part),
    };
}
