using System.Text;

namespace Notifier.Messages;

/// <summary>A link as a feed wrote it, made fit for a reader: http or https, absolute, without credentials and trackers.</summary>
public static class WebLink
{
    private const int MaxLength = 2048;

    private static readonly HashSet<string> Trackers = new(StringComparer.OrdinalIgnoreCase)
    {
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid",
        "mkt_tok", "_hsenc", "_hsmi", "oly_anon_id", "oly_enc_id", "vero_id", "at_medium", "at_campaign", "xtor", "mtm_source", "mtm_medium", "mtm_campaign", "pk_source", "pk_medium", "pk_campaign",
    };

    /// <summary>The link, or null for what cannot be one: other schemes, anchors, relative without a base, more than 2,048 characters.</summary>
    public static Uri? Read(string? href, Uri? baseUri = null)
    {
        var text = CleanText.Line(href);
        if (text.Length is 0 or > MaxLength || text[0] == '#')
            return null;
        // On Unix a rooted path is an absolute file: URI unless a base is given first.
        var found = baseUri is not null && Uri.TryCreate(baseUri, text, out var resolved)
            || (Uri.TryCreate(text, UriKind.Absolute, out resolved));
        if (!found || resolved is null || resolved.Scheme is not ("http" or "https") || resolved.Host.Length == 0)
            return null;
        try
        {
            var query = WithoutTrackers(resolved.Query);
            // The host in its ASCII form: what looks like a known name must not hide another.
            return resolved.UserInfo.Length == 0 && query.Length == resolved.Query.Length && Ascii.IsValid(resolved.Host)
                ? resolved
                : new UriBuilder(resolved) { UserName = "", Password = "", Host = resolved.IdnHost, Query = query }.Uri;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    /// <summary>Whether a reader who sees <paramref name="text"/> sees where the link goes.</summary>
    public static bool Says(string text, Uri url)
    {
        var said = CleanText.Line(text);
        if (!said.Contains('.', StringComparison.Ordinal) || said.Contains(' ', StringComparison.Ordinal))
            return false;
        var read = Read(said.Contains("://", StringComparison.Ordinal) ? said : $"{url.Scheme}://{said}");
        return read is not null && Bare(read) == Bare(url);
    }

    /// <summary>
    /// The address as a platform may be given it: http or https, without credentials, its host in ASCII, at most 2,048 characters; null for any other.
    /// What <see cref="Read"/> returned is only too long at times, when its characters had to be encoded.
    /// </summary>
    public static string? Address(Uri? url)
    {
        if (url is null || !url.IsAbsoluteUri || url.Scheme is not ("http" or "https"))
            return null;
        if (url.UserInfo.Length > 0 || url.Host != url.IdnHost)
            url = Read(url.OriginalString);
        return url?.AbsoluteUri is { Length: <= MaxLength } address ? address : null;
    }

    private static string Bare(Uri url) => url.AbsoluteUri[(url.Scheme.Length + 3)..].TrimEnd('/');

    private static string WithoutTrackers(string query)
    {
        if (query.Length < 2)
            return query;
        var pairs = query.AsSpan(1);
        var isTracked = false;
        foreach (var pair in pairs.Split('&'))
            isTracked |= IsTracker(Name(pairs[pair]));
        return !isTracked ? query : string.Join('&', query[1..].Split('&').Where(pair => !IsTracker(Name(pair)))) is { Length: > 0 } rest ? "?" + rest : "";
    }

    private static ReadOnlySpan<char> Name(ReadOnlySpan<char> pair) => pair.IndexOf('=') is >= 0 and var end ? pair[..end] : pair;

    private static bool IsTracker(ReadOnlySpan<char> name) =>
        name.StartsWith("utm_", StringComparison.OrdinalIgnoreCase) || Trackers.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
}
