using System.Buffers;

namespace Notifier.Feeds;

/// <summary>Reads the addresses that feeds write.</summary>
internal static class WebAddress
{
    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

    /// <summary>
    /// An absolute address as its author wrote it, a relative one resolved against <paramref name="baseUrl"/>;
    /// null for an empty one. One that cannot be resolved stays as it is.
    /// </summary>
    public static string? Resolve(string? reference, Uri baseUrl)
    {
        if (reference is null) return null;
        reference = reference.Trim();

        // Browsers drop line ends inside an address (https://url.spec.whatwg.org/#concept-basic-url-parser), and feeds wrap them.
        if (reference.AsSpan().ContainsAny('\n', '\t')) reference = reference.Replace("\n", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal);
        if (reference.Length == 0) return null;
        if (HasScheme(reference)) return reference;
        return Uri.TryCreate(baseUrl, reference, out var resolved) ? resolved.AbsoluteUri : reference;
    }

    public static bool IsWeb(string? address) =>
        address is not null && (address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("https://", StringComparison.OrdinalIgnoreCase));

    private static bool HasScheme(string reference)
    {
        if (!char.IsAsciiLetter(reference[0])) return false;
        var end = reference.AsSpan().IndexOfAnyExcept(SchemeCharacters);
        return end > 0 && reference[end] == ':';
    }
}
