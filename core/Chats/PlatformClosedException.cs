namespace Notifier.Chats;

/// <summary>The platform refuses the token; the operator has to replace it.</summary>
public sealed class PlatformClosedException(string platform, string reason) : Exception($"{platform} refuses Notifier: {reason}");
