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
        const string cure = "End the other program, or give another address in Notifier:Web:Url.";
        return serviceRuns || options.Url == WebOptions.Default
            ? Finding.Warning(Name, $"{options.Url} is taken, and not by a Notifier that lives ({why}); on the default address the service takes another port instead.", cure)
            : Finding.Fault(Name, $"Nothing can listen on {options.Url} ({taken}).", cure);
    }
}
