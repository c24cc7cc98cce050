using System.Globalization;

namespace Notifier.Tests.Support.Fakes.Telegram.Text;

/// <summary>Which URLs Telegram takes: http and https with a dot in the host, and its own <c>tg:</c> and <c>ton:</c> links.</summary>
internal static class Links
{
    /// <summary>The user whom <c>tg://user?id=1</c> mentions; null for any other link.</summary>
    public static long? MentionedUser(string url)
    {
        if (!url.StartsWith("tg:", StringComparison.OrdinalIgnoreCase))
            return null;
        var rest = url[3..].TrimStart('/').ToLowerInvariant();
        if (!rest.StartsWith("user", StringComparison.Ordinal))
            return null;
        rest = rest["user".Length..].TrimStart('/');
        if (!rest.StartsWith('?'))
            return null;
        var id = rest[1..].Split('#')[0].Split('&').Select(part => part.Split('=', 2)).FirstOrDefault(part => part[0] == "id");
        return id is [_, var value] && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var user) && user > 0 ? user : null;
    }

    /// <summary>The URL as Telegram keeps it, or why it does not take it.</summary>
    public static (string? Url, string? Error) Check(string url)
    {
        var trimmed = url.Trim();
        foreach (var scheme in (string[])["tg", "ton"])
        {
            if (trimmed.StartsWith(scheme + ":", StringComparison.OrdinalIgnoreCase))
            {
                var rest = trimmed[(scheme.Length + 1)..];
                rest = rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest;
                var host = rest.Split('/', '?', '#')[0];
                return host.Length > 0 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? ($"{scheme}://{rest}", null) : (null, $"Wrong {scheme} URL");
            }
        }

        var absolute = trimmed.Contains("://", StringComparison.Ordinal) ? trimmed : "http://" + trimmed;
        if (!Uri.TryCreate(absolute, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || trimmed.Any(c => c is ' ' or '\n' or '\t'))
            return (null, "Wrong HTTP URL");
        if (uri.Scheme is not ("http" or "https"))
            return (null, "Unsupported URL protocol");
        if (uri.HostNameType != UriHostNameType.IPv6 && !uri.Host.Contains('.', StringComparison.Ordinal))
            return (null, "Wrong HTTP URL");
        return (uri.AbsolutePath == "/" && !absolute.EndsWith('/') && uri.Query.Length == 0 && uri.Fragment.Length == 0 ? absolute + "/" : absolute, null);
    }
}
