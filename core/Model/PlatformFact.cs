namespace Notifier.Model;

/// <summary>Something that a platform wants to find again after a restart.</summary>
public sealed class PlatformFact
{
    public required string Platform { get; set; }

    public required string Name { get; set; }

    public required string Value { get; set; }
}
