using Notifier.Tests.Commands;
using Notifier.Tests.Polling.Pages;
using Notifier.Tests.Support;

namespace Notifier.Tests.Operating;

/// <summary>Which feeds' pages are read, as the operator says.</summary>
public sealed class FeedTextTests : IAsyncLifetime
{
    private readonly FrontDoor _door = new();
    private FeedSite _site = null!;

    private Desk Home => _door.Desk;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        _site.Publish("/feed", "old");
        await Home.SubscribeAsync(_site.Url("/feed"), "a");
        await Home.PollAsync();
        await _door.MakeOperatorAsync("@op");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact]
    public async Task The_operator_switches_it_on_and_off_and_what_is_new_in_between_has_its_pages_text()
    {
        Assert.Equal("Of “The feed”, #1, I now read the page that each new entry links to, and take its text. Where that cannot be read, the feed's own text stays.", await AskAsync("/feed fulltext the feed ON"));
        Assert.Contains("The pages of its new entries are read for their text", await AskAsync("/feed health #1"), StringComparison.Ordinal);
        _site.Answer("/page", http => PageReading.SendAsync(http, PageReading.Page("drawbridge")));
        await PollAsync("one");
        Assert.Equal("Of “The feed”, #1, new entries have the feed's own text.", await AskAsync("/feed fulltext #1 off"));
        await PollAsync("two");

        Assert.DoesNotContain("are read for their text", await AskAsync("/feed health #1"), StringComparison.Ordinal);
        Assert.Equal([("one", true), ("two", false)], await Home.ReadAsync(db => db.Entries.OrderBy(e => e.Id).Select(e => new ValueTuple<string?, bool>(e.Title, e.Content != null)).ToList()));
    }

    [Fact]
    public async Task Both_are_audited()
    {
        await AskAsync("/feed fulltext #1 on");
        await AskAsync("/feed fulltext #1 off");

        var lines = await Home.ReadAsync(db => db.AuditLines.Where(a => a.Command == "feed").OrderBy(a => a.Id).ToList());
        Assert.Equal(["feed:1", "feed:1"], lines.Select(line => line.Subject));
        Assert.Contains("\"FullText\":true", lines[0].After, StringComparison.Ordinal);
        Assert.Equal((lines[0].After, lines[0].Before), (lines[1].Before, lines[1].After));
    }

    [Fact]
    public async Task Nobody_else_may() =>
        Assert.Equal("Only whoever runs this Notifier can use /feed.", await _door.AskAsync("/feed fulltext #1 on"));

    [Theory]
    [InlineData("/feed fulltext")]
    [InlineData("/feed fulltext #1")]
    [InlineData("/feed fulltext on")]
    [InlineData("/feed fulltext #1 perhaps")]
    public async Task What_is_not_complete_is_explained(string line) =>
        Assert.Equal("Write the feed's #id, address or a piece of its title, then on or off: /feed fulltext #12 on", await AskAsync(line));

    private async Task PollAsync(string id)
    {
        _site.Answer("/feed", http => FeedSite.SendAsync(http, $"<rss><channel><title>The feed</title><item><guid>{id}</guid><title>{id}</title><link>{_site.Url("/page")}</link></item></channel></rss>"));
        Home.Time.Advance(TimeSpan.FromHours(1));
        await Home.PollAsync();
    }

    private Task<string?> AskAsync(string line) => _door.AskAsync(_door.Line(line, person: "@op"));
}
