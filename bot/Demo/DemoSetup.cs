using Microsoft.EntityFrameworkCore;
using Notifier.Bot.Web;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Subscriptions;

namespace Notifier.Bot.Demo;

/// <summary>Makes the demo feed known: by the name “demo”, to the guard as the one loopback URL that may be fetched, and under its address of today.</summary>
internal sealed class DemoSetup(NamedFeed demo, FetchOptions fetch, Storage storage) : IHostedLifecycleService
{
    /// <summary>The web server listens now, perhaps on another port than last time, and nothing has been polled yet.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var address = demo.Address();
        fetch.AllowedUrls = [address];
        var url = address.AbsoluteUri;
        await storage.Writer.RunAsync(
            db => db.Feeds
                .Where(f => f.Url.StartsWith("http://127.0.0.1:") && f.Url.EndsWith(DemoEndpoints.Path) && !db.Feeds.Any(other => other.Url == url))
                .ExecuteUpdate(set => set.SetProperty(f => f.Url, url)),
            cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Adds the demo to the process.</summary>
internal static class DemoServices
{
    /// <param name="interval">How often it publishes; null for its own rhythm.</param>
    public static IServiceCollection AddDemo(this IServiceCollection services, TimeSpan? interval)
    {
        var every = interval ?? DemoFeed.DefaultInterval;
        return services
            .AddSingleton(provider => new NamedFeed("demo", () => new Uri(provider.GetRequiredService<OwnAddress>().Root, DemoEndpoints.Path), every))
            .AddSingleton(provider => new DemoFeed(
                () => provider.GetRequiredService<OwnAddress>().Root,
                every,
                provider.GetRequiredService<TimeProvider>(),
                ct => provider.GetRequiredService<Poller>().NudgeAsync(provider.GetRequiredService<NamedFeed>().Address(), ct),
                provider.GetRequiredService<ILogger<DemoFeed>>()))
            .AddHostedService(provider => provider.GetRequiredService<DemoFeed>())
            .AddHostedService<DemoSetup>();
    }
}
