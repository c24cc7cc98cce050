namespace Notifier.Subscriptions;

/// <summary>A feed that people can name by a word instead of its address: the built-in demo.</summary>
/// <param name="Address">Where it is now; it may be known only once the process listens.</param>
/// <param name="Every">How often it publishes, and is polled.</param>
public sealed record NamedFeed(string Name, Func<Uri> Address, TimeSpan Every);
