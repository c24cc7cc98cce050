using Notifier.Commands;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Subscriptions;

/// <summary>E12: a list is taken as far as there is room.</summary>
public sealed class ImportQuotaTests : IAsyncDisposable
{
    private readonly FrontDoor _door = new(new CommandOptions { SubscriptionsPerChat = 4, SubscriptionsPerSpace = 5 });

    private Desk Desk => _door.Desk;

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task What_exceeds_the_chats_quota_is_refused_and_what_it_has_is_known()
    {
        await Desk.SubscribeAsync(new Uri("http://feed6.test/"), "a");
        var said = await ImportAsync("a", "");

        Assert.StartsWith("From my list.opml:\n3 feeds were added.", said, StringComparison.Ordinal);
        Assert.Contains("\nOne was here already and is left as it was.\n2 were not taken:\nhttp://feed4.test/: This chat has 4 feeds, and that is as many as it may have.", said, StringComparison.Ordinal);
        Assert.Equal(4, (await Desk.HasAsync("a")).Count);
        Assert.False(await Desk.ReadAsync(db => db.Feeds.Any(feed => feed.Url == "http://feed4.test/")), "What nobody wants is not kept.");
    }

    [Fact]
    public async Task The_chats_of_a_group_share_its_quota()
    {
        await ImportAsync("a", "harbour");
        var said = await ImportAsync("b", "harbour");

        Assert.Contains("5 were not taken:\nhttp://feed2.test/: The chats of this group have 5 feeds together, and that is as many as they may have.", said, StringComparison.Ordinal);
        Assert.Single(await Desk.HasAsync("b"));
        Assert.StartsWith("From my list.opml:\n4 feeds were added.", await ImportAsync("c", "family"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_is_not_bound()
    {
        await _door.MakeOperatorAsync("@ann");
        Assert.StartsWith("From my list.opml:\n6 feeds were added.", await ImportAsync("a", "harbour"), StringComparison.Ordinal);
    }

    private async Task<string> ImportAsync(string chat, string space) => OpmlDesk.Said(await _door.SendAsync(_door.AdminLine("/import", chat).With(OpmlDesk.Opml(OpmlDesk.Outlines(6))) with { Space = space }));
}
