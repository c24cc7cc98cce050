using System.Collections.Concurrent;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Notifier.Tests.Support;

/// <summary>A web server on loopback that speaks https with a certificate of the test's choice.</summary>
internal sealed class SecureSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;

    private SecureSite(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    /// <summary>The requests, each as its path and what it brought as login.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <param name="certificate">Its own from now on.</param>
    public static async Task<SecureSite> StartAsync(X509Certificate2 certificate, RequestDelegate answer, SslProtocols protocols = SslProtocols.None)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate, https => https.SslProtocols = protocols)));
        var site = new SecureSite(builder.Build(), certificate);
        site._app.Run(http =>
        {
            site.Requests.Enqueue($"{http.Request.Path} {http.Request.Headers.Authorization}".TrimEnd());
            return answer(http);
        });
        await site._app.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    public Uri Url(string host, string path = "/") => new($"https://{host}:{new Uri(_app.Urls.Single()).Port}{path}");

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }
}
