using Notifier.Chats;
using Notifier.Commands;
using Notifier.Model;
using Notifier.Texts;
using Notifier.Tests.Support;

namespace Notifier.Tests.Commands;

/// <summary>Platforms deliver an update again when they are not sure that it was taken; what it asked for happens once.</summary>
public sealed class ProcessedUpdateTests : IAsyncDisposable
{
    private readonly Desk _desk = new();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task An_update_that_comes_again_is_acted_on_once()
    {
        await RunAsync("7");
        await Assert.ThrowsAsync<AlreadyProcessedException>(() => RunAsync("7"));
        await RunAsync("8");
        _desk.Restart();
        await Assert.ThrowsAsync<AlreadyProcessedException>(() => RunAsync("8"));

        Assert.Equal(2, await _desk.ReadAsync(db => db.AuditLines.Count()));
    }

    [Fact]
    public async Task Many_at_once_are_acted_on_once()
    {
        var runs = Enumerable.Range(0, 20).Select(_ => RunAsync("7")).ToList();
        await Task.WhenAll(runs).ContinueWith(_ => { }, Desk.Token, TaskContinuationOptions.None, TaskScheduler.Default);

        Assert.Equal(1, runs.Count(run => run.IsCompletedSuccessfully));
        Assert.Equal(1, await _desk.ReadAsync(db => db.AuditLines.Count()));
    }

    [Fact]
    public async Task An_update_whose_command_failed_may_come_again()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("7", fails: true));
        Assert.Equal(0, await _desk.ReadAsync(db => db.AuditLines.Count() + db.ProcessedUpdates.Count() + db.Chats.Count()));
        await RunAsync("7");
    }

    private Task<long> RunAsync(string update, bool fails = false)
    {
        var call = new CommandCall(
            new IncomingCommand(update, new ChatAddress("fake", "a"), new Person("1", null), "/test", IsPrivate: true),
            Rights.Operator,
            new Dictionary<Parameter, object>(),
            _desk.Storage,
            Catalogue.Load("en"),
            _desk.Time);
        return call.CommitAsync(
            (db, chat) =>
            {
                var line = call.Audit(db, chat, "test", "x:1", null, null);
                return fails ? throw new InvalidOperationException("on purpose") : line.Id;
            },
            Desk.Token);
    }
}
