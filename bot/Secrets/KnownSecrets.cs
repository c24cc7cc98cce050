using System.Text;

namespace Notifier.Bot.Secrets;

/// <summary>What must never be shown, and the last line of defence: text is scrubbed of it before it reaches a log.</summary>
internal sealed class KnownSecrets
{
    private const string Hidden = "***";

    /// <summary>Shorter ones would be found in innocent words.</summary>
    private const int LeastLength = 8;

    private readonly Lock _lock = new();
    private volatile string[] _secrets = [];

    /// <summary>Adds a token, as it is and as it is written in addresses and headers; also its second half, where it has one, since the first is no secret.</summary>
    public void Add(string? token)
    {
        if (string.IsNullOrWhiteSpace(token))
            return;
        var half = token[(token.IndexOf(':', StringComparison.Ordinal) + 1)..];
        lock (_lock)
            _secrets = [.. _secrets.Union(new[] { token, half }.Where(secret => secret.Length >= LeastLength).SelectMany(Written)).OrderByDescending(secret => secret.Length)];
    }

    /// <summary>The text without any secret; the very same text where it has none.</summary>
    public string Scrub(string text)
    {
        foreach (var secret in _secrets)
            text = text.Replace(secret, Hidden, StringComparison.Ordinal);
        return text;
    }

    private static string[] Written(string secret) => [secret, Uri.EscapeDataString(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))];
}
