namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>A person tried what Discord's app does not offer: a command that is not registered or not shown, a button that is not there.</summary>
internal sealed class NotOfferedException(string message) : Exception(message);
