namespace Notifier.Model;

/// <summary>A person who runs this Notifier and may do anything from any chat. The first one claims with a code that only the process's console shows.</summary>
public sealed class Operator
{
    public required string Platform { get; set; }

    /// <summary>The platform's id of the person.</summary>
    public required string Person { get; set; }

    public string? Name { get; set; }

    public DateTimeOffset Since { get; set; }
}
