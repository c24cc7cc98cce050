namespace Notifier.Bot.Cli;

/// <summary>What the process ends with; the numbers are those of sysexits.h.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failure = 1;
    public const int Usage = 64;

    /// <summary>Something it needs cannot be used: a damaged or locked database, a full disk.</summary>
    public const int Unavailable = 69;

    /// <summary>Another process holds the lock.</summary>
    public const int Held = 75;
    public const int Configuration = 78;
}
