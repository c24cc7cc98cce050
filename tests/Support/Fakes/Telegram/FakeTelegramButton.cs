namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>A button under a message: it either calls back with data or opens a URL.</summary>
internal sealed record FakeTelegramButton(string Label, string? Data, string? Url);
