using System.Diagnostics.CodeAnalysis;

namespace Notifier.Model;

/// <summary>
/// Where a chat is: <c>platform:id[/thread]</c>, e.g. <c>telegram:-100123/45</c>, <c>discord:81384788765712384</c>, <c>terminal:local</c>.
/// </summary>
public sealed record ChatAddress(string Platform, string Id, string Thread = "")
{
    public override string ToString() => Thread.Length == 0 ? $"{Platform}:{Id}" : $"{Platform}:{Id}/{Thread}";

    /// <summary>Reads the written form; false where a part is missing or has a character no platform uses.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ChatAddress? address)
    {
        address = null;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
            return false;
        var platform = text[..colon];
        var rest = text[(colon + 1)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (id, thread) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        if (!platform.All(char.IsAsciiLetterLower) || !IsId(id) || (slash >= 0 && !IsId(thread)))
            return false;
        address = new ChatAddress(platform, id, thread);
        return true;

        static bool IsId(string part) => part.Length is > 0 and <= 64 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '@');
    }
}
