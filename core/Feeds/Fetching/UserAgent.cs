namespace Notifier.Feeds.Fetching;

/// <summary>Who we say we are to publishers, and for how many.</summary>
internal static class UserAgent
{
    private static readonly string Product = $"Notifier/{typeof(UserAgent).Assembly.GetName().Version?.ToString(2)} (feed watcher";

    public static string For(int subscribers) => subscribers switch
    {
        <= 0 => Product + ")",
        1 => Product + "; 1 subscriber)",
        _ => $"{Product}; {subscribers} subscribers)",
    };
}
