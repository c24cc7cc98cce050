using System.Text.Json;
using Notifier.Feeds.Fetching;

namespace Notifier.Feeds.Discovery;

/// <summary>
/// Apple's directory of podcasts, whose pages name everything but the feed; its look-up does
/// (https://developer.apple.com/library/archive/documentation/AudioVideo/Conceptual/iTuneSearchAPI/).
/// </summary>
public sealed class ApplePodcasts(FeedFetcher fetcher)
{
    /// <summary>Where the look-up is.</summary>
    internal Uri Lookup { get; init; } = new("https://itunes.apple.com/lookup");

    /// <summary>Whether it is the page of a podcast there.</summary>
    public static bool IsPage(Uri page) => IdOf(page) is not null;

    /// <summary>The publisher's own feed of the podcast on that page; null where Apple knows none or does not answer.</summary>
    public async Task<Uri?> FeedOfAsync(Uri page, CancellationToken cancellationToken)
    {
        if (IdOf(page) is not { } id || await fetcher.FetchAsync(new FetchRequest(new Uri(Lookup, $"?id={id}&entity=podcast")), cancellationToken) is not FetchResult.Fetched answer) return null;
        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            return json.RootElement.TryGetProperty("results", out var results) && results is { ValueKind: JsonValueKind.Array }
                && results.EnumerateArray().Select(FeedUrlOf).FirstOrDefault(url => url is not null) is { } found
                ? found : null;
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            // Not what Apple promises: as if it did not know.
            return null;
        }
    }

    private static Uri? FeedUrlOf(JsonElement result) =>
        result.TryGetProperty("feedUrl", out var stated) && Uri.TryCreate(stated.GetString(), UriKind.Absolute, out var url) && FeedUrl.IsHttp(url) ? FeedUrl.Canonical(url) : null;

    /// <summary>The number in …/podcast/some-name/id123456.</summary>
    private static string? IdOf(Uri page)
    {
        if (page.IdnHost is not ("podcasts.apple.com" or "itunes.apple.com")) return null;
        var last = page.AbsolutePath.TrimEnd('/').Split('/')[^1];
        return last.StartsWith("id", StringComparison.Ordinal) && last.Length is > 2 and < 20 && !last.AsSpan(2).ContainsAnyExceptInRange('0', '9') ? last[2..] : null;
    }
}
