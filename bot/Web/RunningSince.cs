namespace Notifier.Bot.Web;

/// <summary>When this process was put together.</summary>
internal sealed record RunningSince(DateTimeOffset At);
