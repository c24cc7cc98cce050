namespace Notifier.Bot.Cli;

/// <summary>The program cannot go on: one line for whoever started it, and the code to end with.</summary>
internal sealed class StopException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
