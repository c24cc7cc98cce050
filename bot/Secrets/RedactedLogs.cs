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
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!inner.IsEnabled(logLevel))
                return;
            var text = formatter(state, exception);
            var thrown = exception?.ToString() ?? "";
            var (cleanText, cleanThrown) = (secrets.Scrub(text), secrets.Scrub(thrown));
            if (cleanText == text && cleanThrown == thrown)
                inner.Log(logLevel, eventId, state, exception, formatter);
            else
                inner.Log(logLevel, eventId, thrown.Length == 0 ? cleanText : $"{cleanText}\n{cleanThrown}", null, static (line, _) => line);
        }
    }
}
