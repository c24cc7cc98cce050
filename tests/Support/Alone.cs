namespace Notifier.Tests.Support;

/// <summary>Tests that measure the whole process (memory, time) and so run while no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
