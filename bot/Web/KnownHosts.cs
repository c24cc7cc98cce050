using System.Net;

namespace Notifier.Bot.Web;

/// <summary>
/// By which names our own pages may be asked for, so that a web page whose name was made to lead to this machine (DNS rebinding) reads nothing. While
/// the server listens on loopback these are loopback's; on every address of the machine, as in a container, also the machine's name and addresses in
/// figures, which are no names that somebody could make lead here. Whoever names one address to listen on decides who may come.
/// </summary>
internal sealed class KnownHosts(WebOptions options) : IEndpointFilter
{
    private readonly string _own = new Uri(options.Url).Host;

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => Knows(context.HttpContext.Request.Host.Host)
        ? next(context)
        : ValueTask.FromResult<object?>(Results.Text($"Notifier does not answer to this name. Ask for {options.Url}.", statusCode: StatusCodes.Status400BadRequest));

    /// <param name="host">Without a port; empty where the request named none.</param>
    public bool Knows(string host) => _own switch
    {
        "0.0.0.0" or "[::]" or "*" or "+" => IPAddress.TryParse(host, out _) || IsLoopback(host) || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase),
        _ => !IsLoopback(_own) || IsLoopback(host),
    };

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
