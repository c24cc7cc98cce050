using System.Collections.Frozen;
using System.Text;

namespace Notifier.Feeds.Fetching;

/// <summary>What a feed asks for before it is read: a user name and password, or headers of its own. Never shown: its text form says nothing.</summary>
public sealed record FeedCredentials(string? User, string? Password)
{
    /// <summary>Further request headers, by name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The value of an Authorization header (RFC 7617); null without a user name.</summary>
    internal string? ToBasic() => User is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));

    public override string ToString() => "(credentials)";
}
