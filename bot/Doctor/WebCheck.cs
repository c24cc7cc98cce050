using Notifier.Bot.Web;

namespace Notifier.Bot.Doctor;

/// <summary>The address of our own web server: free for the service, or answered by it.</summary>
internal static class WebCheck
{
    private const string Name = "web address";

    public static async Task<Finding> AskAsync(WebOptions options, bool serviceRuns, CancellationToken ct)
    {
        var address = new Uri(options.Url);
        if (address.Port == 0)
            return Finding.Ok(Name, $"{options.Url}: any port that is free at the start");
        if (OwnAddress.WhyNotFree(address) is not { } taken)
        {
            return serviceRuns
                ? Finding.Warning(Name, $"The service runs, but nothing listens on {options.Url}.", "It was started with another Notifier:Web:Url, or that port was taken at its start: its log tells where it listens. Restart it to have it there.")
                : Finding.Ok(Name, $"{options.Url}, free");
        }

        if (await LiveProbe.WhyNotAliveAsync(LiveProbe.AddressOf(address), ct) is not { } why)
            return Finding.Ok(Name, $"{options.Url}, answered by the service");
        if (serviceRuns)
            return Finding.Warning(Name, $"The service runs, but what listens on {options.Url} does not answer as Notifier ({why}).", "If that is the service, look into its log and restart it; if it is another program, end it, or give another address in Notifier:Web:Url.");
        const string cure = "End the other program, or give another address in Notifier:Web:Url.";
        return options.Url == WebOptions.Default
            ? Finding.Warning(Name, $"{options.Url} is taken by another program; the service would take another port.", cure)
            : Finding.Fault(Name, $"Nothing can listen on {options.Url} ({taken}).", cure);
    }
}
