namespace Notifier.Feeds;

/// <summary>Who we say we are to publishers, and where they can read about it.</summary>
internal static class UserAgent
{
    public const string ProductUrl = "https://github.com/notifier-bot/notifier";

    private static readonly string Product = $"Notifier/{typeof(UserAgent).Assembly.GetName().Version?.ToString(2)} (+{ProductUrl}";

    public static string For(int subscribers) => subscribers switch
    {
        <= 0 => Product + ")",
        1 => Product + "; 1 subscriber)",
        _ => $"{Product}; {subscribers} subscribers)",
    };
}
