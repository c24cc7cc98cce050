using System.Net;

namespace Notifier.Bot.Web;

/// <summary>Asks whether Notifier's own web server answers, from the same machine.</summary>
internal static class LiveProbe
{
    private const string Path = "/health/live";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Where it is asked: an address that stands for all of the machine's is taken as loopback.</summary>
    public static Uri AddressOf(Uri listens)
    {
        var host = IPAddress.TryParse(listens.Host, out var address)
            ? address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "127.0.0.1" : listens.Host
            // Kestrel listens everywhere for any other name.
            : "localhost";
        return new UriBuilder(Uri.UriSchemeHttp, host, listens.Port, Path).Uri;
    }

    /// <summary>Why it does not seem to live; null if it does. An answer within seconds, in any case.</summary>
    public static async Task<string?> WhyNotAliveAsync(Uri address, CancellationToken ct)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null };
        using var http = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = 1 << 16 };
        try
        {
            using var response = await http.GetAsync(address, ct);
            if (response.StatusCode != HttpStatusCode.OK)
                return $"it answers {(int)response.StatusCode}";
            return (await response.Content.ReadAsStringAsync(ct)).Trim().Equals("ok", StringComparison.OrdinalIgnoreCase) ? null : "something else than Notifier answers";
        }
        catch (HttpRequestException fault)
        {
            return fault.HttpRequestError == HttpRequestError.ConnectionError ? "nothing listens there" : fault.Message;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds:0} seconds";
        }
    }
}
