namespace Notifier.Polling;

/// <summary>What a round of polling came to.</summary>
public sealed class PollCounts
{
    public int Polls { get; private set; }

    public int Unchanged { get; private set; }

    public int Changed { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Entries that were new, and deliveries that they owe.</summary>
    public int Entries { get; private set; }

    public int Deliveries { get; private set; }

    internal void Count(PollOutcome outcome)
    {
        Polls++;
        switch (outcome)
        {
            case PollOutcome.Unchanged:
                Unchanged++;
                break;
            case PollOutcome.Changed:
                Changed++;
                break;
            default:
                Failed++;
                break;
        }
    }

    internal void Add(PollRecord record)
    {
        Entries += record.Entries;
        Deliveries += record.Deliveries;
    }
}
