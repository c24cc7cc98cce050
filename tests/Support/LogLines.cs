using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Notifier.Tests.Support;

/// <summary>A log that keeps everything that any kind of log would write: the text, the exception, the values beside the text, the scopes.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<Line> _lines = new();

    public IReadOnlyList<Line> Lines => [.. _lines];

    public IEnumerable<Line> Errors => _lines.Where(line => line.Level >= LogLevel.Error);

    /// <summary>All of it.</summary>
    public string Everything => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => new Log(this);

    public void Dispose()
    {
    }

    internal sealed record Line(LogLevel Level, string Text, string Values, Exception? Exception);

    private sealed class Log(LogLines lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines._lines.Enqueue(new Line(LogLevel.Trace, $"scope: {state}", Values(state), null));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines._lines.Enqueue(new Line(logLevel, formatter(state, exception), Values(state), exception));

        private static string Values(object? state) =>
            state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values.Select(value => $"{value.Key}={Convert.ToString(value.Value, CultureInfo.InvariantCulture)}")) : "";
    }
}
