using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Notifier.Bench;

/// <summary>Every host of loopback as a web server on which nothing has changed: whatever is asked for is 304. It notes how often it was asked, and when first.</summary>
internal sealed class UnchangedSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;
    private long _first;

    private UnchangedSite(WebApplication app)
    {
        _app = app;
        app.Run(context =>
        {
            Interlocked.CompareExchange(ref _first, TimeProvider.System.GetTimestamp(), 0);
            Interlocked.Increment(ref _requests);
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        });
    }

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The timestamp of the first request since <see cref="Forget"/>; 0 for none.</summary>
    public long First => Interlocked.Read(ref _first);

    public static async Task<UnchangedSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();

        // All of 127.0.0.0/8 can be listened on in no other way; nobody else is answered.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, 0, endpoint => endpoint.Use(next => connection =>
        {
            if (connection.RemoteEndPoint is IPEndPoint { Address: var peer } && IPAddress.IsLoopback(peer))
                return next(connection);
            connection.Abort();
            return Task.CompletedTask;
        })));
        var site = new UnchangedSite(builder.Build());
        await site._app.StartAsync();
        return site;
    }

    public void Forget()
    {
        Interlocked.Exchange(ref _first, 0);
        Interlocked.Exchange(ref _requests, 0);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
