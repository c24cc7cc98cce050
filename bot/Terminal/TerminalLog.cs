using Notifier.Messages;

namespace Notifier.Bot.Terminal;

/// <summary>Shows warnings and worse to the person at the Terminal, between the messages and without tearing the line they type.</summary>
internal sealed class TerminalLog(TerminalScreen screen) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
        // The screen is not ours.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            screen.Print($"log> {CleanText.Of(formatter(state, exception))}{(exception is null ? "" : $": {CleanText.Of(exception.Message)}")}");
    }
}
