using System.Net.Http.Headers;

namespace Notifier.Bot.Discord.Rest;

/// <summary>
/// Puts the secrets into a request at the last moment: what stands above sees and traces an address without them. .NET writes the path of each request to its event
/// source, and the token of an interaction is part of it.
/// </summary>
internal sealed class TokenHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public static readonly HttpRequestOptionsKey<Uri> Address = new("Notifier.Address");
    public static readonly HttpRequestOptionsKey<string> Token = new("Notifier.Token");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Options.TryGetValue(Address, out var address))
            request.RequestUri = address;
        if (request.Options.TryGetValue(Token, out var token))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bot", token);
        return base.SendAsync(request, cancellationToken);
    }
}
