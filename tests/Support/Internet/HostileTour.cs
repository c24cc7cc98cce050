using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Notifier.Feeds;
using Notifier.Feeds.Fetching;

namespace Notifier.Tests.Support.Internet;

/// <summary>Asks for every hostile address in the <see cref="SmallInternet"/>: with the product's own fetcher as it is, and as control without any guard.</summary>
internal sealed class HostileTour(SmallInternet internet, TextWriter report)
{
    public const string Verb = "hostile-tour";
    public const string End = "end";
    public const int Rebindings = 200;

    public static readonly int[] Statuses = [302, 303, 307, 308];

    /// <summary>Addresses that may be reached, and where each one leads.</summary>
    public static IReadOnlyList<(string Row, string Url, string Address)> Open { get; } =
    [
        ("A01", "http://public.test/", "93.184.216.34"),
        ("A01", "http://93.184.216.34/", "93.184.216.34"),
        ("A06", "http://public6.test/", "2606:2800:220:1::34"),
        ("A06", "http://[2606:2800:220:1::34]/", "2606:2800:220:1::34"),
        ("A08", "http://[64:ff9b::93.184.216.34]/", "64:ff9b::5db8:d822"),
        ("A13", "http://mixed.test/", "93.184.216.34"),
        ("A25", "http://public.test:8080/", "93.184.216.34"),
    ];

    public static IReadOnlyList<(string Row, string Url)> Own { get; } =
    [
        ("A24", $"http://{SmallInternet.OwnAddress}:8080/"),
        ("A24", $"http://[{SmallInternet.OwnAddress6}]:8080/"),
    ];

    public static IReadOnlyList<(string Row, string Url)> Ports { get; } =
        [.. new[] { 22, 25, 6379, 11211 }.Select(port => ("A25", string.Create(CultureInfo.InvariantCulture, $"http://public.test:{port}/")))];

    /// <summary>Private targets that are open, closed and filtered, known by name or not.</summary>
    public static IReadOnlyList<(string Row, string Url)> Private { get; } =
    [
        ("A26", "http://10.0.0.5/"),
        ("A26", "http://10.0.0.5:9999/"),
        ("A26", "http://10.0.0.5:22/"),
        ("A26", $"http://{SmallInternet.Filtered}/"),
        ("A26", "http://private.test:9999/"),
    ];

    public static async Task<int> RunAsync(string file)
    {
        var internet = SmallInternet.Start();
        await using var report = new StreamWriter(file);
        await new HostileTour(internet, report).GoAsync();
        await report.WriteLineAsync(End);
        return 0;
    }

    private async Task GoAsync()
    {
        using var guarded = new FeedFetcher(new FetchOptions(), TimeProvider.System);
        using var lan = new FeedFetcher(new FetchOptions { AllowPrivateNetworks = true }, TimeProvider.System);
        using var naive = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        (string, string)[] odd = [("A14", "http://cname.test/"), ("A14", "http://many.test:9999/"), ("A14", "http://empty.test/"), ("A14", "http://nowhere.test/"), ("A14", "http://failing.test/")];
        foreach (var (row, url) in HostileAddresses.All.Concat(Own).Concat(Ports).Concat(Private).Concat(odd).Concat(Open.Select(open => (open.Row, open.Url))))
            await VisitAsync("guarded", row, url, () => FetchAsync(guarded, url));
        foreach (var (row, url) in HostileAddresses.All.Concat(Own).Concat(Ports))
            await VisitAsync("naive", row, url, () => GetAsync(naive, url));
        foreach (var (row, url) in HostileAddresses.All)
        {
            await VisitAsync("lan", row, url, () => FetchAsync(lan, url));
            foreach (var status in Statuses)
                await VisitAsync("redirected", row, url, () => FetchAsync(guarded, SmallInternet.Redirecting("public.test", status, url)));
            await VisitAsync("naive redirected", row, url, () => GetAsync(naive, SmallInternet.Redirecting("public.test", 302, url)));
        }

        for (var i = 0; i < Rebindings; i++)
            await VisitAsync("rebinding", "A12", "http://rebinding.test/", () => FetchAsync(guarded, "http://rebinding.test/"));
        for (var i = 0; i < Rebindings; i++)
            await VisitAsync("naive rebinding", "A12", "http://rebinding.test/", () => LookAndGetAsync(naive, "rebinding.test"));
        await GoSilentAsync();
    }

    private async Task VisitAsync(string round, string row, string url, Func<Task<(string Outcome, string Reason)>> ask)
    {
        var before = SmallInternet.Attempts();
        var (outcome, reason) = await ask();
        await WriteAsync(new Visit(round, row, url, outcome, reason, internet.TakeReached(), SmallInternet.Attempts() - before));
    }

    private Task WriteAsync(Visit visit) => report.WriteLineAsync(JsonSerializer.Serialize(visit));

    /// <summary>As a person's address goes: first read, then fetched. One that is refused by the first look is given to the second all the same.</summary>
    private static async Task<(string Outcome, string Reason)> FetchAsync(FeedFetcher fetcher, string typed)
    {
        if (!FeedUrl.TryParse(typed, out var address, out var error) && !Uri.TryCreate(typed, UriKind.Absolute, out _))
            return (nameof(FetchFailure.BadAddress), error.Said());
        return await fetcher.FetchAsync(new FetchRequest(address?.Url ?? new Uri(typed)), CancellationToken.None) switch
        {
            FetchResult.Failed failed => (failed.Kind.ToString(), failed.Reason.Said()),
            var other => (other.GetType().Name, ""),
        };
    }

    private static async Task<(string Outcome, string Reason)> GetAsync(HttpClient http, string url)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(url));
            return (response.StatusCode.ToString(), "");
        }
        catch (Exception fault) when (fault is HttpRequestException or UriFormatException or OperationCanceledException)
        {
            return (fault.GetType().Name, fault.Message);
        }
    }

    /// <summary>What looks safe and is not: the name is looked up and judged, and then looked up again by whoever connects.</summary>
    private static async Task<(string Outcome, string Reason)> LookAndGetAsync(HttpClient http, string host)
    {
        var addresses = await Dns.GetHostAddressesAsync(host);
        return addresses.All(address => Addresses.KindOf(address) == AddressKind.Public) ? await GetAsync(http, $"http://{host}/") : (nameof(FetchFailure.NotPublic), "");
    }

    /// <summary>Many names that no server ever answers for, and a good one while they hang.</summary>
    private async Task GoSilentAsync()
    {
        var time = new FakeTimeProvider();
        using var fetcher = new FeedFetcher(new FetchOptions { ConnectTimeLimit = TimeSpan.FromMinutes(1) }, time);
        var hanging = Enumerable.Range(0, NameServer.SilentNames).Select(i => FetchAsync(fetcher, $"http://n{i}.silent.test/")).ToArray();
        await internet.Names.AllSilentAsked;
        await VisitAsync("beside silence", "A30", "http://public.test/", () => FetchAsync(fetcher, "http://public.test/"));
        var all = !Array.Exists(hanging, fetch => fetch.IsCompleted);
        var apart = ThreadPool.ThreadCount < NameServer.SilentNames;
        time.Advance(TimeSpan.FromSeconds(20));
        foreach (var (outcome, reason) in await Task.WhenAll(hanging))
            await WriteAsync(new Visit("silence", "A30", "", !all ? "ended before the good one" : !apart ? "held the threads of all others" : outcome, reason, [], 0));
    }
}
