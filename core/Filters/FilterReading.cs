namespace Notifier.Filters;

/// <summary>What came of reading a filter that somebody typed.</summary>
internal abstract record FilterReading
{
    public sealed record Understood(Filter Filter) : FilterReading;

    /// <summary>It is no filter: which of Notifier's texts says where it goes wrong and what would be right, and the values in it.</summary>
    public sealed record Refused(string Key, params (string Name, object Value)[] Values) : FilterReading
    {
        public string InWords(Wording say) => say(Key, Values);
    }
}
