using System.Globalization;
using System.Text.Json.Serialization;

namespace Notifier.Tests.Support.Chaos;

/// <summary>What came of a run, in figures, and which demands it did not meet.</summary>
internal sealed record ChaosReport
{
    public required int Seed { get; init; }

    public required int Kills { get; init; }

    public required int KillsAskedFor { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Published.</summary>
    public required int Entries { get; init; }

    /// <summary>That named entries, by platform; forums stand for themselves.</summary>
    public required IReadOnlyDictionary<string, int> Messages { get; init; }

    public required int Lost { get; init; }

    /// <summary>Copies too many, by platform and cause.</summary>
    public required IReadOnlyDictionary<string, int> Duplicates { get; init; }

    public required int Inversions { get; init; }

    public required IReadOnlyDictionary<string, int> Faults { get; init; }

    /// <summary>How often a platform answered 429 by its own limits.</summary>
    public required int LimitsMet { get; init; }

    /// <summary>How many kills left something in <c>sending</c>, and how many messages that were.</summary>
    public required int KillsInSending { get; init; }

    public required int MessagesInSending { get; init; }

    /// <summary>Messages with an answer that is recorded as lost.</summary>
    public required int Doubtful { get; init; }

    public required string Integrity { get; init; }

    /// <summary>Deliveries of entries by state.</summary>
    public required IReadOnlyDictionary<string, int> States { get; init; }

    public required int Unfinished { get; init; }

    /// <summary>The demands that were not met; empty where all is well.</summary>
    public required IReadOnlyList<string> Broken { get; init; }

    /// <summary>Where the data, the logs of all lives and the journal were kept; null where they were not.</summary>
    public string? Kept { get; init; }

    [JsonIgnore]
    public bool IsWell => Broken.Count == 0;

    /// <summary>All figures in one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"chaos seed {Seed}: {Kills} kills, {Entries} entries, messages {Pairs(Messages)}, lost {Lost}, duplicates {Pairs(Duplicates)}, inversions {Inversions}; {KillsInSending} kills met {MessagesInSending} messages in sending, {Doubtful} doubtful rows; faults {Pairs(Faults)}, limits met {LimitsMet}; deliveries {Pairs(States)}, unfinished {Unfinished}, integrity {Integrity}; {Seconds:0} s; {(IsWell ? "every demand is met" : $"{Broken.Count} DEMANDS ARE NOT MET")}");

    private static string Pairs(IReadOnlyDictionary<string, int> pairs) => pairs.Count == 0 ? "none" : string.Join(" + ", pairs.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {pair.Key}")));
}
