using System.Net;

namespace Notifier.Bot.Web;

/// <summary>
/// By which names our own pages may be asked for. While the server listens on loopback these are loopback's and the setting's, so that a web page
/// whose name was made to lead to this machine (DNS rebinding) reads nothing. Whoever has it listen elsewhere decides who may come.
/// </summary>
internal sealed class KnownHosts(WebOptions options) : IEndpointFilter
{
    private readonly string _own = new Uri(options.Url).Host;

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => Knows(context.HttpContext.Request.Host.Host)
        ? next(context)
        : ValueTask.FromResult<object?>(Results.Text($"Notifier does not answer to this name. Ask for {options.Url}.", statusCode: StatusCodes.Status400BadRequest));

    /// <param name="host">Without a port; empty where the request named none.</param>
    public bool Knows(string host) => !IsLoopback(_own) || IsLoopback(host);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
