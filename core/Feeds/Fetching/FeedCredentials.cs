using System.Text;

namespace Notifier.Feeds.Fetching;

/// <summary>The user name and password that a feed asks for. Never shown: its text form says nothing.</summary>
public sealed record FeedCredentials(string User, string Password)
{
    /// <summary>The value of an Authorization header (RFC 7617).</summary>
    internal string ToBasic() => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));

    public override string ToString() => "(credentials)";
}
