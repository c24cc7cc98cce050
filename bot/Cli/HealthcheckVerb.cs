using Notifier.Bot.Doctor;
using Notifier.Bot.Web;

namespace Notifier.Bot.Cli;

/// <summary><c>healthcheck</c>: asks the running service whether it lives, and says so in one line; for containers and supervisors. It opens no database.</summary>
internal static class HealthcheckVerb
{
    public static async Task<int> RunAsync(CommandArguments arguments, CancellationToken ct)
    {
        using var installation = new Installation(arguments);
        var url = installation.Options<WebOptions>(WebOptions.Section).Url;
        if (new Uri(url) is { Port: 0 })
            throw new StopException(ExitCode.Failure, "Notifier:Web:Url leaves the port to chance, so the service cannot be asked. Give it a port.");
        var address = LiveProbe.AddressOf(new Uri(url));
        if (await LiveProbe.WhyNotAliveAsync(address, ct) is not { } why)
        {
            await Console.Out.WriteLineAsync($"Notifier lives: {address} answers");
            return ExitCode.Done;
        }

        var elsewhere = url == WebOptions.Default ? " If that port was taken when the service started, it listens on another one, which is not known here: give it one in Notifier:Web:Url." : "";
        throw new StopException(ExitCode.Failure, $"Notifier does not answer at {address}: {why}.{elsewhere}");
    }
}
