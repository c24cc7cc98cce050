using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Notifier.Feeds.Fetching;
using Notifier.Model;

namespace Notifier.Polling;

/// <summary>What a feed that needs a login is fetched with.</summary>
internal static class FeedLogin
{
    /// <summary>Scheme, host and port: a login is for one such place, and is sent nowhere else.</summary>
    public static string Origin(Uri url) => url.GetLeftPart(UriPartial.Authority);

    /// <param name="key">See <see cref="Feed.Credential"/>.</param>
    /// <returns>Null for a public feed, and for one that is at another place than its login was given for.</returns>
    public static FeedCredentials? Of(NotifierDb db, string key, Uri url)
    {
        if (key.Length == 0)
            return null;
        var origin = Origin(url);
        return db.FeedCredentials.AsNoTracking().SingleOrDefault(c => c.Key == key && c.Origin == origin) is { } stored
            ? new FeedCredentials(stored.User, stored.Secret) { Headers = Read(stored.Headers) }
            : null;
    }

    public static string? Write(IReadOnlyDictionary<string, string> headers) => headers.Count == 0 ? null : JsonSerializer.Serialize(headers);

    private static Dictionary<string, string> Read(string? headers) => headers is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(headers)!;
}
