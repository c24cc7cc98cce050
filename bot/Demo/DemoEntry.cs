namespace Notifier.Bot.Demo;

/// <summary>One entry of the demo feed as it stands now.</summary>
/// <param name="Number">1 for the greeting; also the last part of the link.</param>
/// <param name="Id">The guid.</param>
/// <param name="Html">The description.</param>
internal sealed record DemoEntry(int Number, string Id, string Title, string Html, DateTimeOffset Published);
