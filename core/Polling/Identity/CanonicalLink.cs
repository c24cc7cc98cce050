using System.Buffers;

namespace Notifier.Polling.Identity;

/// <summary>
/// The form of a link by which two spellings of one page are told to be the same: without scheme, “www.”, default port, trailing slash and tracking
/// parameters, and of an AMP copy or an AMP cache the page itself. A fragment stays, since changelogs list their entries on one page, unless it only tracks.
/// </summary>
internal static class CanonicalLink
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_.~");

    /// <summary>Parameters that say where a reader came from, and never which page it is.</summary>
    private static readonly string[] Tracking =
    [
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid", "ttclid", "igshid", "igsh", "li_fat_id", "epik", "srsltid", "_openstat",
        "mc_cid", "mc_eid", "mkt_tok", "oly_anon_id", "oly_enc_id", "vero_id", "rb_clickid", "s_cid", "ncid", "cmpid", "ocid", "icid", "ftag", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking",
        "at_medium", "at_campaign", "at_custom1", "xtor", "wt_mc", "wt.mc_id", "ns_campaign", "ns_mchannel", "ns_source", "ref_src", "ref_url", "guccounter", "amp", "outputtype",
    ];

    private static readonly string[] TrackingPrefixes = ["utm_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_", "stm_"];

    /// <summary>Fragments that feeds put behind each of their links.</summary>
    private static readonly string[] TrackingFragments = ["rss", "atom-everything"];

    private static readonly string[] TrackingFragmentPrefixes = ["xtor=", "utm_", "ref=", ":~:"];

    /// <summary>Null when there is nothing to compare. What is no web address stays as it is.</summary>
    public static string? Of(string? link)
    {
        if (string.IsNullOrEmpty(link))
            return null;
        if (Simple(link) is { } simple)
            return simple;
        if (!Uri.TryCreate(link, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            return link;
        try
        {
            return Of(Cached(uri) ?? uri);
        }
        catch (UriFormatException)
        {
            // A host that no registry would take: only asking for its IDN form finds out.
            return link;
        }
    }

    private static string Of(Uri uri)
    {
        var host = uri.IdnHost.AsSpan();
        host = Without(host, "www.");
        host = Without(host, "amp.");
        var path = uri.AbsolutePath.AsSpan().TrimEnd('/');
        if (path.EndsWith("/amp", StringComparison.OrdinalIgnoreCase))
            path = path[..^4].TrimEnd('/');
        var port = uri.IsDefaultPort ? "" : $":{uri.Port}";
        return $"{host}{port}{path}{Kept(uri.Query)}{(IsTracking(uri.Fragment) ? "" : uri.Fragment)}";
    }

    /// <summary>Most links need no more than to lose what stands before and behind: then nothing is parsed.</summary>
    private static string? Simple(string link)
    {
        var rest = link.StartsWith("https://", StringComparison.Ordinal) ? link.AsSpan(8) : link.StartsWith("http://", StringComparison.Ordinal) ? link.AsSpan(7) : [];
        rest = Without(rest, "www.").TrimEnd('/');
        var end = rest.IndexOf('/');
        var host = end < 0 ? rest : rest[..end];
        var path = end < 0 ? [] : rest[end..];
        return host.Contains('.') && !host.ContainsAnyExceptInRange('-', 'z') && !host.ContainsAnyInRange('A', 'Z') && !host.ContainsAnyInRange(':', '@') && !host.ContainsAnyInRange('[', '`')
            && !host.StartsWith("amp.", StringComparison.Ordinal) && !host.EndsWith(".ampproject.org", StringComparison.Ordinal) && !host.EndsWith('.')
            && !path.ContainsAnyExcept(Plain) && path.IndexOf("/.", StringComparison.Ordinal) < 0 && path.IndexOf("/amp", StringComparison.OrdinalIgnoreCase) < 0
            ? rest.ToString()
            : null;
    }

    /// <summary>The page behind an AMP cache's address (https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cache-urls).</summary>
    private static Uri? Cached(Uri uri)
    {
        var path = uri.AbsolutePath.AsSpan();
        if (uri.IdnHost.EndsWith(".cdn.ampproject.org", StringComparison.Ordinal))
            path = path.StartsWith("/c/", StringComparison.Ordinal) || path.StartsWith("/v/", StringComparison.Ordinal) ? path[3..] : [];
        else if (uri.IdnHost.Contains("google.", StringComparison.Ordinal) && path.StartsWith("/amp/", StringComparison.Ordinal))
            path = path[5..];
        else
            path = [];
        path = Without(path, "s/");
        return !path.IsEmpty && Uri.TryCreate($"https://{path}{uri.Query}{uri.Fragment}", UriKind.Absolute, out var page) ? page : null;
    }

    private static string Kept(string query)
    {
        if (query.Length <= 1)
            return "";
        var kept = query[1..].Split('&', StringSplitOptions.RemoveEmptyEntries).Where(pair => !IsTracking(pair.AsSpan()[..(pair.IndexOf('=', StringComparison.Ordinal) is var end && end < 0 ? pair.Length : end)], Tracking, TrackingPrefixes)).ToList();
        return kept.Count == 0 ? "" : "?" + string.Join('&', kept);
    }

    private static bool IsTracking(string fragment) => fragment.Length <= 1 || IsTracking(fragment.AsSpan(1), TrackingFragments, TrackingFragmentPrefixes);

    private static bool IsTracking(ReadOnlySpan<char> name, string[] names, string[] prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        foreach (var known in names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static ReadOnlySpan<char> Without(ReadOnlySpan<char> text, string prefix) => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? text[prefix.Length..] : text;
}
