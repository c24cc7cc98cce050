using System.Text;
using Notifier.Messages;

namespace Notifier.Bot.Discord.Rest;

/// <summary>One request to Discord: a route with its values, so that it is known which requests share a rate limit before Discord says it.</summary>
internal sealed class DiscordRequest
{
    /// <param name="route">
    /// With names in braces, such as <c>/channels/{channel}/messages?limit=50</c>. <c>{channel}</c>, <c>{guild}</c> and <c>{webhook}</c> have a limit each of their own.
    /// <c>{token}</c> stands for the secret of an interaction or webhook: such a request is authorised by it and not by the bot's token.
    /// </param>
    /// <param name="values">What the names stand for, in order.</param>
    public DiscordRequest(HttpMethod method, string route, params ReadOnlySpan<string> values)
    {
        Method = method;
        var query = route.IndexOf('?', StringComparison.Ordinal);
        Group = $"{method} {(query < 0 ? route : route[..query])}";
        (var path, var shown, var major, var at) = (new StringBuilder(), new StringBuilder(), new List<string>(), 0);
        foreach (var part in Parts(route))
        {
            if (part is not ['{', .., '}'])
            {
                path.Append(part);
                shown.Append(part);
                continue;
            }

            if (at == values.Length)
                break;
            // Escaped or not, dots would climb up the path.
            if (values[at] is "" or "." or "..")
                throw new ArgumentException($"'{values[at]}' is no value for {part}.", nameof(values));
            var value = Uri.EscapeDataString(values[at++]);
            path.Append(value);
            shown.Append(part is "{token}" ? "token" : value);
            if (part is "{token}")
                Secret = value;
            if (part is "{channel}" or "{guild}" or "{webhook}" or "{interaction}" or "{token}")
                major.Add(value);
        }

        if (at != values.Length || at != route.AsSpan().Count('{'))
            throw new ArgumentException($"{route} has another number of names than there are values.", nameof(values));
        (Path, ShownPath, Major) = (path.ToString(), shown.ToString(), string.Join('/', major));
    }

    public HttpMethod Method { get; }

    /// <summary>JSON in UTF-8, or empty.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Uploaded with the body, which says nothing of it.</summary>
    public MessageFile? File { get; init; }

    /// <summary>Path and query after the API's address, with a secret if <see cref="IsByToken"/>.</summary>
    public string Path { get; }

    /// <summary>The same without the secret, for logs and traces.</summary>
    public string ShownPath { get; }

    /// <summary>What shares a limit as far as we know without having asked: method and route.</summary>
    public string Group { get; }

    /// <summary>The values that each have the limit for themselves; a secret among them, so not for logs.</summary>
    public string Major { get; }

    /// <summary>Carries its own authority in its path, and the limits of the bot's token do not hold for it.</summary>
    public bool IsByToken => Secret is not null;

    /// <summary>The value of <c>{token}</c>.</summary>
    public string? Secret { get; }

    /// <summary>Where the gateway is, and how often we may yet identify there.</summary>
    public static DiscordRequest GatewayAddress => new(HttpMethod.Get, "/gateway/bot");

    public override string ToString() => $"{Method} {ShownPath}";

    /// <summary>The names in braces, and what stands between them.</summary>
    private static IEnumerable<string> Parts(string route)
    {
        for (var at = 0; at < route.Length;)
        {
            var end = route[at] == '{' ? route.IndexOf('}', at) + 1 : route.IndexOf('{', at);
            end = end <= 0 ? route.Length : end;
            yield return route[at..end];
            at = end;
        }
    }
}
