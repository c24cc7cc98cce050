using Microsoft.AspNetCore.Http;
using Notifier.Model;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Operating;

/// <summary>Feeds whose connections prove nothing: read only where the operator has said so.</summary>
public sealed class FeedTrustTests : IAsyncLifetime
{
    private readonly FrontDoor _door = new();
    private string _feed = FeedSite.Rss(("one", "one", "one"));
    private SecureSite _site = null!;

    private Desk Home => _door.Desk;

    private Uri Url => _site.Url("a.test", "/feed");

    public async ValueTask InitializeAsync()
    {
        _site = await SecureSite.StartAsync(Authority.SelfMade("a.test"), http => FeedSite.SendAsync(http, _feed));
        await _door.MakeOperatorAsync("@op");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A29_Who_subscribes_is_told_the_reason_and_who_can_allow_it()
    {
        Assert.Equal(
            $"The certificate of a.test comes from an authority that is not known here. If you trust it all the same, the operator can let me read it: /feed insecure {Url} on",
            await _door.AskAsync($"/subscribe {Url}"));
        Assert.Equal("Only whoever runs this Notifier can use /feed.", await _door.AskAsync($"/feed insecure {Url} on"));
        Assert.Empty(_site.Requests);
    }

    [Fact]
    public async Task A29_Once_the_operator_accepts_it_it_is_subscribed_to_polled_and_read()
    {
        Assert.StartsWith("“The feed”, #1, may now be read over connections that prove nothing", await AskAsync($"/feed insecure {Url} on"), StringComparison.Ordinal);
        Assert.Equal(("feed", "feed:1"), await Home.ReadAsync(db => db.AuditLines.OrderBy(a => a.Id).Select(a => new ValueTuple<string, string>(a.Command, a.Subject)).Last()));
        Assert.StartsWith("Subscribed to “The feed”", await _door.AskAsync($"/subscribe {Url} none"), StringComparison.Ordinal);
        _feed = FeedSite.Rss(("two", "two", "two"), ("one", "one", "one"));
        await LaterAsync();

        Assert.Equal(["two"], await Home.OwedAsync("a"));
        Assert.Contains("two", await _door.AskAsync("/latest 1"), StringComparison.Ordinal);
        Assert.Contains("Its connections are not checked", await AskAsync("/feed health #1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A29_What_was_accepted_can_be_taken_back()
    {
        await AskAsync($"/feed insecure {Url} on");
        await _door.AskAsync($"/subscribe {Url} none");
        Assert.Equal("“The feed”, #1, is read over connections that are checked.", await AskAsync("/feed insecure #1 off"));
        await Home.PollAsync();

        Assert.Equal(FeedState.Broken, (await Home.FeedAsync(1)).State);
        Assert.DoesNotContain("not checked", await AskAsync("/feed health #1"), StringComparison.Ordinal);
        Assert.StartsWith("“The feed”, #1, may now", await AskAsync("/feed insecure the feed on"), StringComparison.Ordinal);
        await Home.PollAsync();
        Assert.Equal(FeedState.Active, (await Home.FeedAsync(1)).State);
    }

    [Fact]
    public async Task A29_A_feed_with_a_login_is_always_checked()
    {
        await Home.SubscribeAsync(Url, "a");
        await Home.ExecuteAsync("UPDATE Feeds SET Credential='key', Title='Mine'");

        Assert.Equal("“Mine” has a login, and I send that only over connections that are checked.", await AskAsync("/feed insecure #1 on"));
        Assert.False((await Home.FeedAsync(1)).AcceptsInsecure);
    }

    [Fact]
    public async Task A29_Another_address_has_to_be_accepted_anew()
    {
        await using var other = await FeedSite.StartAsync();
        other.Publish("/feed", "one");
        await AskAsync($"/feed insecure {Url} on");

        Assert.StartsWith("“The feed” is now at", await AskAsync($"/feed edit #1 {other.Url("/feed")}"), StringComparison.Ordinal);

        Assert.False((await Home.FeedAsync(1)).AcceptsInsecure);
    }

    [Theory]
    [InlineData("/feed insecure")]
    [InlineData("/feed insecure #1")]
    [InlineData("/feed insecure on")]
    [InlineData("/feed insecure #1 perhaps")]
    public async Task What_is_not_complete_is_explained(string line) =>
        Assert.Equal("Write the feed's #id or address, then on or off: /feed insecure #12 on", await AskAsync(line));

    private async Task LaterAsync()
    {
        Home.Time.Advance(TimeSpan.FromHours(1));
        await Home.PollAsync();
    }

    private Task<string?> AskAsync(string line) => _door.AskAsync(_door.Line(line, person: "@op"));
}
