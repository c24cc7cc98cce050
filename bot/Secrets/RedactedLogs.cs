using System.Globalization;

namespace Notifier.Bot.Secrets;

/// <summary>The process's loggers with a scrubber before them: whatever is logged, by whom and at whatever level, no token gets through.</summary>
internal sealed class RedactedLogs(ILoggerFactory inner, KnownSecrets secrets) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new RedactedLog(inner.CreateLogger(categoryName), secrets);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    private sealed class RedactedLog(ILogger inner, KnownSecrets secrets) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            var text = state.ToString() ?? "";
            return IsClean(text) && HasCleanValues(state) ? inner.BeginScope(state) : inner.BeginScope(secrets.Scrub(text));
        }

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!inner.IsEnabled(logLevel))
                return;
            var text = formatter(state, exception);
            var thrown = exception?.ToString() ?? "";
            if (IsClean(text) && IsClean(thrown) && HasCleanValues(state))
                inner.Log(logLevel, eventId, state, exception, formatter);
            else
                inner.Log(logLevel, eventId, secrets.Scrub(thrown.Length == 0 ? text : $"{text}\n{thrown}"), null, static (line, _) => line);
        }

        private bool IsClean(string text) => secrets.Scrub(text) == text;

        /// <summary>The values beside the text, which some logs write as well.</summary>
        private bool HasCleanValues(object? state) => state is not IEnumerable<KeyValuePair<string, object?>> values
            || values.All(value => IsClean(Convert.ToString(value.Value, CultureInfo.InvariantCulture) ?? ""));
    }
}
