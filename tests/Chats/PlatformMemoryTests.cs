using Notifier.Chats;
using Notifier.Tests.Support;

namespace Notifier.Tests.Chats;

public sealed class PlatformMemoryTests : IAsyncDisposable
{
    private readonly Desk _desk = new();

    private PlatformMemory Memory => new(_desk.Storage);

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_fact_is_found_again_after_a_restart_as_it_was_last_written()
    {
        Assert.Null(await Memory.ReadAsync("fake", "menu"));
        await Memory.WriteAsync("fake", "menu", "one", Desk.Token);
        await Memory.WriteAsync("fake", "menu", "two", Desk.Token);
        _desk.Restart();
        Assert.Equal("two", await Memory.ReadAsync("fake", "menu"));
    }

    [Fact]
    public async Task Facts_are_apart_by_platform_and_by_name()
    {
        await Memory.WriteAsync("fake", "menu", "mine", Desk.Token);
        await Memory.WriteAsync("other", "menu", "its", Desk.Token);
        await Memory.WriteAsync("fake", "logins", "3", Desk.Token);
        Assert.Equal(["mine", "its", "3"], [await Memory.ReadAsync("fake", "menu"), await Memory.ReadAsync("other", "menu"), await Memory.ReadAsync("fake", "logins")]);
        Assert.Null(await Memory.ReadAsync("other", "logins"));
    }
}
