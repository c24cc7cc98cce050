using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Notifier.Bot.Cli;

namespace Notifier.Bot.Web;

/// <summary>Where the process's own web server listens, once it does.</summary>
internal sealed class OwnAddress(WebOptions options, IServer server)
{
    /// <exception cref="InvalidOperationException">The server has not been started.</exception>
    public Uri Root => new((server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? throw new InvalidOperationException("The web server has not been started."))
        .Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal));

    /// <summary>What to listen on: the setting, or, where that is the default and its port is taken, a free port.</summary>
    /// <exception cref="StopException">Nothing can listen there: the port is in use, or the address is another machine's.</exception>
    public string Choose()
    {
        if (WhyNotFree(new Uri(options.Url)) is not { } why)
            return options.Url;
        return options.Url == WebOptions.Default
            ? "http://127.0.0.1:0"
            : throw new StopException(ExitCode.Configuration, $"Nothing can listen on {options.Url} ({why}). Give another address in Notifier:Web:Url.");
    }

    /// <summary>Why nothing can listen there; null if something can.</summary>
    public static string? WhyNotFree(Uri address)
    {
        if (address.Port == 0)
            return null;
        try
        {
            using var probe = new TcpListener(IPAddress.TryParse(address.Host, out var ip) ? ip : IPAddress.Loopback, address.Port);
            probe.Start();
            return null;
        }
        catch (SocketException fault)
        {
            return fault.Message;
        }
    }
}
