using System.Diagnostics.CodeAnalysis;
using Notifier.Feeds.Fetching;
using Notifier.Texts;

namespace Notifier.Feeds;

/// <summary>The canonical address of a feed, made from what a person typed; credentials in it are split off.</summary>
/// <param name="Url">Absolute, http or https, punycode host in lower case, without user name, default port and fragment.</param>
public sealed record FeedUrl(Uri Url, FeedCredentials? Credentials)
{
    public const int MaxLength = 2048;

    internal static Phrase NotAnAddress { get; } = Phrase.Of("fetch.notaddress");

    /// <summary>Reads what a person typed. <paramref name="error"/> is for that person.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FeedUrl? url, [NotNullWhen(false)] out Phrase? error)
    {
        url = null;
        text = text.Trim();
        // Discord shows no preview of <https://…>.
        if (text is ['<', .., '>'])
            text = text[1..^1].Trim();
        error = Problem(text);
        if (error is not null)
            return false;

        var typed = text;
        if (text.StartsWith("feed:", StringComparison.OrdinalIgnoreCase))
            text = text.StartsWith("feed://", StringComparison.OrdinalIgnoreCase) ? "http" + text[4..] : text[5..];
        if (!text.Contains("://", StringComparison.Ordinal) && !HasScheme(text))
            text = "https://" + text.TrimStart('/');

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
            error = NotAnAddress;
        else if (!IsHttp(uri))
            error = Phrase.Of("fetch.nothttp");
        else if (Canonical(uri) is not { } canonical || ((IsBareWord(canonical) || IsNumber(typed)) && !typed.Contains("://", StringComparison.Ordinal)))
            error = NotAnAddress;
        else if (canonical.AbsoluteUri.Length > MaxLength)
            error = TooLong;
        else
            url = new FeedUrl(canonical, CredentialsOf(uri));
        return url is not null;
    }

    /// <summary>The address for people: without user name and password; with <paramref name="hideQuery"/> also without what may be a private key.</summary>
    public static string Display(Uri url, bool hideQuery = false)
    {
        var shown = url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return url.Query.Length <= 1 ? shown : shown + (hideQuery ? "?…" : url.Query);
    }

    /// <summary>Null when the host is not one that can be asked.</summary>
    internal static Uri? Canonical(Uri uri)
    {
        try
        {
            var host = uri.IdnHost.TrimEnd('.');
            if (host.Length is 0 or > 253 || host.Contains('%'))
                return null;
            if (uri.UserInfo.Length == 0 && uri.Fragment.Length == 0 && host == uri.Host)
                return uri;
            // The punycode label is what is asked for and shown, so a look-alike host is seen for what it is.
            var builder = new UriBuilder(uri) { Host = host.ToLowerInvariant(), UserName = "", Password = "", Fragment = "" };
            return builder.Uri;
        }
        catch (Exception fault) when (fault is UriFormatException or ArgumentException)
        {
            return null;
        }
    }

    internal static bool IsHttp(Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;

    private static Phrase TooLong => Phrase.Of("fetch.toolong", ("limit", MaxLength));

    private static Phrase? Problem(string text)
    {
        if (text.Length == 0)
            return NotAnAddress;
        if (text.Length > MaxLength)
            return TooLong;
        foreach (var c in text)
        {
            // A backslash is a slash to some readers and part of the user name to others.
            if (char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\')
                return NotAnAddress;
        }

        return null;
    }

    /// <summary>Whether it begins with a scheme; <c>example.org:8080</c> begins with a host.</summary>
    private static bool HasScheme(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(text[0]) && text.IndexOfAny(['/', '?', '#', '[']) is var end && (end < 0 || colon < end)
            && !(colon + 1 < text.Length && char.IsAsciiDigit(text[colon + 1]));
    }

    private static bool IsBareWord(Uri url) => url.HostNameType == UriHostNameType.Dns && !url.Host.Contains('.') && url.Host != "localhost";

    /// <summary>A number alone is a feed's number, not the address that it could be read as (RFC 3986 knows no such hosts).</summary>
    private static bool IsNumber(string text) => text.All(char.IsAsciiDigit);

    private static FeedCredentials? CredentialsOf(Uri uri)
    {
        if (uri.UserInfo.Length == 0)
            return null;
        var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? new FeedCredentials(Uri.UnescapeDataString(uri.UserInfo), "")
            : new FeedCredentials(Uri.UnescapeDataString(uri.UserInfo[..colon]), Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]));
    }
}
