namespace Notifier.Bot.Doctor;

/// <summary>What the doctor found when looking at one thing.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Found">In plain words, for whoever runs the service.</param>
/// <param name="Cure">What to do; null where all is well.</param>
internal sealed record Finding(string Name, FindingState State, string Found, string? Cure = null)
{
    public static Finding Ok(string name, string found) => new(name, FindingState.Ok, found);

    public static Finding Warning(string name, string found, string cure) => new(name, FindingState.Warning, found, cure);

    public static Finding Fault(string name, string found, string cure) => new(name, FindingState.Fault, found, cure);
}

/// <summary>How bad it is.</summary>
internal enum FindingState
{
    Ok,

    /// <summary>Worth a look; the service runs all the same.</summary>
    Warning,

    /// <summary>The service does not start, or does not do what it is there for.</summary>
    Fault,
}
