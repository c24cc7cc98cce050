using Notifier.Bot.Discord;
using Notifier.Bot.Telegram;
using Notifier.Feeds;
using Notifier.Feeds.Fetching;
using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Bot.Doctor;

/// <summary>Whether this machine reaches the web as Notifier does, through the same guard: asked are two feeds that went well lately, or the platforms in use.</summary>
internal static class OutboundCheck
{
    private const string Name = "outbound HTTP";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Finding>> AskAsync(Installation installation, Storage? storage, TimeProvider time, CancellationToken ct)
    {
        var feeds = Feeds(storage);
        var options = installation.Options<FetchOptions>(PollOptions.Section);
        (options.TimeLimit, options.ConnectTimeLimit) = (Patience, Patience);
        using var fetcher = new FeedFetcher(options, time);
        var results = await Task.WhenAll((feeds.Count > 0 ? feeds : Platforms(installation)).Select(async target => (Target: target, Result: await fetcher.FetchAsync(new FetchRequest(target), ct))));

        // The guard is for feeds: a Bot API server of one's own may be on a private network.
        if (feeds.Count == 0)
            results = [.. results.Where(one => one.Result is not FetchResult.Failed { Kind: FetchFailure.NotPublic })];
        if (results.Length == 0)
            return [Finding.Ok(Name, "nobody to ask yet: no feed has been polled well, and no platform on the web is set up")];
        var silent = results.Count(one => WhySilent(one.Result) is not null);
        return [.. results.Select(one => Judge(one.Target, one.Result, nothingAnswers: silent == results.Length))];
    }

    private static Finding Judge(Uri target, FetchResult result, bool nothingAnswers)
    {
        if (WhySilent(result) is not { } why)
            return Finding.Ok(Name, $"{target.IdnHost} answers");
        var cure = why.Kind switch
        {
            FetchFailure.NotPublic => "Open that network with the setting Notifier:Polling:AllowedNetworks, if that feed is wanted.",
            FetchFailure.NameNotFound => "Look at the machine's name servers (/etc/resolv.conf; of a container, its DNS setting).",
            FetchFailure.Tls => "Look at the clock, at the package ca-certificates, and whether something between opens secure connections.",
            _ => "Let this machine connect to ports 80 and 443 outside: firewall, network of the container, cable. Notifier uses no proxy.",
        };
        return nothingAnswers
            ? Finding.Fault(Name, $"Nothing that was asked answers. {Words.Said(why.Reason.Text)}", cure)
            : Finding.Warning(Name, Words.Said(why.Reason.Text), $"Others answer, so it is probably that server's trouble. Else: {cure}");
    }

    /// <summary>Null where a server answered, whatever it said.</summary>
    private static FetchResult.Failed? WhySilent(FetchResult result) => result is FetchResult.Failed
    {
        Kind: FetchFailure.NotPublic or FetchFailure.NameNotFound or FetchFailure.Refused or FetchFailure.Tls or FetchFailure.TimedOut or FetchFailure.Broken
    } failed ? failed : null;

    private static List<Uri> Feeds(Storage? storage)
    {
        if (storage is null)
            return [];
        using var db = storage.Read();

        // The demo feed is our own, and lives on this machine.
        return [.. db.Feeds.Where(feed => feed.State == FeedState.Active && feed.LastSuccess != null && feed.Credential == "" && !feed.AcceptsInsecure && !feed.Url.EndsWith(Demo.DemoEndpoints.Path))
            .OrderByDescending(feed => feed.LastSuccess).Take(20).Select(feed => feed.Url).AsEnumerable()
            .Select(url => new Uri(url)).DistinctBy(url => url.IdnHost, StringComparer.Ordinal).Take(2)];
    }

    private static List<Uri> Platforms(Installation installation)
    {
        var (discord, telegram) = (installation.Options<DiscordOptions>(DiscordOptions.Section), installation.Options<TelegramOptions>(TelegramOptions.Section));
        return [.. new[] { (discord.Token, discord.ApiUrl), (telegram.Token, telegram.ApiUrl) }.Where(platform => platform.Token.Length > 0).Select(platform => new Uri(platform.ApiUrl))];
    }
}
