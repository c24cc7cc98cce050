namespace Notifier.Bot.Telegram;

/// <summary>Puts the token into a request's address at the last moment. Traces of the connection itself are off, since Telegram's addresses carry the token in their path.</summary>
internal sealed class TokenHandler(Func<string?> token) : DelegatingHandler(new SocketsHttpHandler
{
    ActivityHeadersPropagator = null,
    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    ConnectTimeout = TimeSpan.FromSeconds(10),
    UseCookies = false,
    AllowAutoRedirect = false,
})
{
    /// <summary>Stands for the token everywhere else.</summary>
    public const string Placeholder = "0:hidden";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var shown = request.RequestUri!;
        request.RequestUri = new Uri(shown.AbsoluteUri.Replace($"/bot{Placeholder}/", $"/bot{token()}/", StringComparison.Ordinal));
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            request.RequestUri = shown;
        }
    }
}
