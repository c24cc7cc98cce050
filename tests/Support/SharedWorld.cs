namespace Notifier.Tests.Support;

/// <summary>One <see cref="PlatformWorld"/> for all tests of a class; each brings people and chats of its own.</summary>
public sealed class SharedWorld : IAsyncLifetime
{
    internal PlatformWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await PlatformWorld.StartAsync();

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
