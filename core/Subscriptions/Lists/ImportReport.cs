namespace Notifier.Subscriptions.Lists;

/// <summary>What an import came to.</summary>
/// <param name="Known">What the chat had already; it is left as it was.</param>
/// <param name="Incomplete">Those of the added that lack something that the list has for them.</param>
public sealed record ImportReport(int Added, int Known, IReadOnlyList<ImportFault> Refused, IReadOnlyList<ImportFault> Incomplete);

/// <summary>What is wrong with a feed of a list.</summary>
/// <param name="Feed">Its address as it may be shown: without user name, password and query.</param>
/// <param name="Reason">In words.</param>
public sealed record ImportFault(string Feed, string Reason)
{
    public override string ToString() => $"{Feed}: {Reason}";
}
