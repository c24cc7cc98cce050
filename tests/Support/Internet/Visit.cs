namespace Notifier.Tests.Support.Internet;

/// <summary>What came of asking for one address in the <see cref="SmallInternet"/>.</summary>
/// <param name="Round">Who asked, and how.</param>
/// <param name="Outcome">The result's name; of one that failed, its kind.</param>
/// <param name="Reached">The addresses that were connected to.</param>
/// <param name="Attempts">The connections that were begun, also those that nobody took.</param>
internal sealed record Visit(string Round, string Row, string Url, string Outcome, string Reason, string[] Reached, long Attempts);
