using Microsoft.AspNetCore.Http;
using Notifier.Model;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;
using static Notifier.Tests.Polling.IdentityTrapsStory;
using static Notifier.Tests.Polling.SimulatedPublisher;

namespace Notifier.Tests.Polling;

/// <summary>Documents that break off inside an entry: on their way, or because their publisher writes them so.</summary>
public sealed class CutDocumentStory
{
    /// <summary>What the publisher never closes is believed once it comes the same a second time.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task A_publisher_who_never_closes_the_last_entry_is_read_all_the_same(int window)
    {
        await using var publisher = await StartAsync();
        publisher.Publish(Unclosed(Item.Window(1, window)));
        await publisher.PollAsync();
        await publisher.PollAsync();
        var before = publisher.Entries.Count;

        for (var poll = 2; poll <= Polls; poll++)
        {
            // The oldest first, so that what is never closed is the newest.
            publisher.Publish(Unclosed(Item.Window(poll, poll + window - 1).Reverse()));
            await publisher.PollAsync();
            await publisher.PollAsync();
        }

        Assert.Equal(Titles(window + 1, window + Polls - 1), publisher.Entries.Skip(before));
        Assert.Empty(publisher.Notices);
    }

    [Fact]
    public async Task What_was_cut_at_the_first_poll_is_no_baseline()
    {
        await using var publisher = await StartAsync();
        await publisher.Desk.ExecuteAsync("DELETE FROM FeedMemories");
        publisher.Publish(Unclosed(Item.Window(48, 50)));
        await publisher.PollAsync();
        Assert.Equal(FeedState.Broken, (await publisher.Desk.FeedAsync(publisher.Feed)).State);

        publisher.Publish([.. Item.Window(1, 50)]);
        await publisher.PollAsync();
        publisher.Publish([.. Item.Window(2, 51)]);
        await publisher.PollAsync();

        Assert.Equal(["e51"], publisher.Entries);
    }

    [Fact]
    public async Task What_is_cut_each_time_at_another_place_is_read_as_far_as_it_goes()
    {
        await using var publisher = await StartAsync([.. Item.Window(1, 10)]);
        var newest = 10;
        publisher.Answer(async http =>
        {
            var document = Document(Item.Window(newest - 9, newest));
            await http.Response.WriteAsync(document[..^(100 + (newest * 37 % 200))]);
        });

        for (var poll = 1; poll <= Polls; poll++)
        {
            newest++;
            await publisher.PollAsync();
        }

        Assert.Equal(Titles(11, 10 + Polls), publisher.Entries);
    }

    [Theory]
    [InlineData(false, "Subscribed to “The feed”")]
    [InlineData(true, "a.test broke off before its answer was complete, and differently each time. Try again later.")]
    public async Task Whoever_subscribes_gets_all_as_past_or_a_word_of_it(bool differs, string reply)
    {
        await using var door = new FrontDoor();
        await using var site = await FeedSite.StartAsync();
        var asked = 0;
        site.Answer("/feed", http => http.Response.WriteAsync(Unclosed(Item.Window(1, differs ? 10 + asked++ : 10))));

        Assert.StartsWith(reply, await door.AskAsync($"/subscribe {site.Url("/feed")} none"), StringComparison.Ordinal);
        door.Desk.Time.Advance(TimeSpan.FromHours(1));
        await door.Desk.PollAsync();

        Assert.Empty(await door.Desk.DeliveriesAsync());
        Assert.Empty(site.Unexpected);
    }

    private static string Unclosed(IEnumerable<Item> items) => Document(items).Replace("</item></channel></rss>", "", StringComparison.Ordinal);
}
