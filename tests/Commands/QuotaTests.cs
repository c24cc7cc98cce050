using Notifier.Chats;
using Notifier.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Commands;

/// <summary>E12: how many feeds a chat may have, and all chats of a server or group together.</summary>
public sealed class QuotaTests : IAsyncLifetime
{
    private const string ChatIsFull = "This chat has 2 feeds, and that is as many as it may have. End one first, or ask the operator for more room.";
    private const string GroupIsFull = "The chats of this group have 3 feeds together, and that is as many as they may have. End one first, or ask the operator for more room.";

    private readonly FrontDoor _door = new(new CommandOptions { SubscriptionsPerChat = 2, SubscriptionsPerSpace = 3 });
    private FeedServer _web = null!;
    private string _url = "";

    public async ValueTask InitializeAsync()
    {
        _web = await FeedServer.StartAsync(Desk.Token);
        _url = _web.Put("/feed.xml", SampleFeed.Rss("Harbour news", "One"));
        await _door.Desk.SubscribeAsync(new Uri("http://one.test/"), "a", "b");
        await _door.Desk.SubscribeAsync(new Uri("http://two.test/"), "a");
        foreach (var chat in new[] { "a", "b" })
            await _door.Desk.ChangeChatAsync(chat, row => row.Space = "harbour");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _web.DisposeAsync();
    }

    [Fact]
    public async Task A_chat_that_is_full_gets_no_more_and_an_operator_is_not_bound()
    {
        Assert.Equal(ChatIsFull, await SubscribeAsync("a", "harbour"));
        Assert.Equal(0, _web.Requests("/feed.xml"));
        await _door.MakeOperatorAsync("@ann");
        Assert.StartsWith("Subscribed to “Harbour news”", await SubscribeAsync("a", "harbour"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_is_full_gets_no_more_in_any_of_its_chats()
    {
        Assert.Equal(GroupIsFull, await SubscribeAsync("b", "harbour"));
        Assert.Equal(GroupIsFull, await SubscribeAsync("new", "harbour"));
        Assert.StartsWith("Subscribed to “Harbour news”", await SubscribeAsync("new", "family"), StringComparison.Ordinal);
        Assert.StartsWith("Subscribed to “Harbour news”", await SubscribeAsync("private", ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_full_also_for_who_asks_from_elsewhere_or_for_another_of_its_threads()
    {
        _door.Desk.Platform.RightsOf = (_, _) => Rights.ChatAdmin;
        Assert.Equal(GroupIsFull, await _door.AskAsync(_door.Line($"/subscribe chat:fake:b {_url} none", chat: "@ann") with { Space = "" }));
        Assert.Equal(GroupIsFull, await _door.AskAsync(_door.Line($"/subscribe chat:fake:b/77 {_url} none", chat: "@ann") with { Space = "" }));
    }

    [Fact]
    public async Task A_thread_named_from_elsewhere_counts_as_its_groups()
    {
        _door.Desk.Platform.RightsOf = (_, _) => Rights.ChatAdmin;
        await _door.AskAsync("/unsubscribe 1");
        Assert.StartsWith("Subscribed", await _door.AskAsync(_door.Line($"/subscribe chat:fake:b/77 {_url} none", chat: "@ann") with { Space = "" }), StringComparison.Ordinal);
        Assert.Equal(GroupIsFull, await SubscribeAsync("b", "harbour"));
    }

    [Fact]
    public async Task What_has_ended_makes_room()
    {
        await _door.AskAsync("/unsubscribe 1");
        Assert.StartsWith("Subscribed to “Harbour news”", await SubscribeAsync("a", "harbour"), StringComparison.Ordinal);
    }

    private Task<string?> SubscribeAsync(string chat, string space) => _door.AskAsync(_door.AdminLine($"/subscribe {_url} none", chat) with { Space = space });
}
