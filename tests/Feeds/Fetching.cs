using System.Net;
using System.Security.Cryptography.X509Certificates;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;

namespace Notifier.Tests.Feeds;

/// <summary>A fetcher on a small make-believe internet: 127.0.0.1 counts as public, all other loopback addresses as private.</summary>
internal static class Fetching
{
    public static FeedFetcher Fetcher(
        TimeProvider? time = null,
        Action<FetchOptions>? change = null,
        X509ChainPolicy? trust = null,
        Func<string, IPAddress[]>? names = null)
    {
        var options = new FetchOptions { AllowedNetworks = ["127.0.0.1"] };
        change?.Invoke(options);
        return new FeedFetcher(options, time ?? TimeProvider.System, (name, _) => Task.FromResult((names ?? Names)(name)), trust);
    }

    /// <summary>public.test and other.test are public, private.test is not; no other name exists.</summary>
    public static IPAddress[] Names(string name) => name switch
    {
        "public.test" or "other.test" => [IPAddress.Loopback],
        "private.test" => [IPAddress.Parse("127.0.0.2")],
        "mixed.test" => [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("10.0.0.5"), IPAddress.IPv6Loopback, IPAddress.Loopback],
        "empty.test" => [],
        _ => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound),
    };

    public static Task<FetchResult> GetAsync(this FeedFetcher fetcher, Uri url) => fetcher.FetchAsync(new FetchRequest(url), TestContext.Current.CancellationToken);

    public static async Task<FetchResult.Failed> FailAsync(this FeedFetcher fetcher, Uri url) => Assert.IsType<FetchResult.Failed>(await fetcher.GetAsync(url));
}
