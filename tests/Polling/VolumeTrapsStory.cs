using System.Globalization;
using Notifier.Model;
using static Notifier.Tests.Polling.IdentityTrapsStory;
using static Notifier.Tests.Polling.SimulatedPublisher;

namespace Notifier.Tests.Polling;

/// <summary>Publishers that list much, nothing, or all of it anew: no flood, and nothing lost.</summary>
public sealed class VolumeTrapsStory
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task C15_Two_hundred_new_at_once_are_all_named_in_lists_and_in_order()
    {
        await using var publisher = await StartAsync([.. Item.Window(1, 20)]);

        await publisher.PollAllAsync(p => p < 25 ? Item.Window(1, 20) : Item.Window(1, 220));

        Assert.Equal(Titles(21, 220), publisher.Entries);
        Assert.Equal(8, publisher.Messages);
        Assert.Empty(publisher.Notices);
    }

    /// <summary>Now and then one at the top is taken back: what is listed further down does not become new by that.</summary>
    [Fact]
    public async Task Five_thousand_entries_of_which_one_is_new_at_each_poll()
    {
        await using var publisher = await StartAsync([.. Listed(0)]);

        await publisher.PollAllAsync(Listed);

        Assert.Equal(Titles(5001, 5000 + Polls), publisher.Entries);
        Assert.Empty(publisher.Notices);

        static IEnumerable<Item> Listed(int p) => Item.Window(1, 5000 + p, n => Item.Number(n) with { Text = null, Published = Noon.AddMinutes((n - 5000) * 15) }).Where((_, i) => p % 10 != 9 || i is 0 or > 20);
    }

    [Fact]
    public async Task C17_A_document_that_is_empty_for_a_while_and_then_full_again()
    {
        await using var publisher = await StartAsync([.. Item.Window(1, 100)]);

        await publisher.PollAllAsync(p => p % 10 is > 2 and < 7 ? [] : Item.Window(1 + (p / 10), 100 + (p / 10)));

        Assert.Equal(Titles(101, 105), publisher.Entries);
        Assert.Empty(publisher.Notices);
    }

    /// <summary>Ids, links, titles and texts of a hundred entries at once: nothing is left to know them by, but what is dated before cannot be new.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_feed_that_renames_everything_is_held_and_asked_about_once(bool dated)
    {
        await using var publisher = await StartAsync([.. Item.Window(1, 100, n => Written(n, 0))]);

        // What is published in the very moment can be told from the rest by its date alone.
        await publisher.PollAllAsync(p => Item.Window(p < 25 ? p + 1 : 25, p < 25 ? p + 100 : 124, n => Written(n, p < 25 ? 0 : 1)).Concat(p >= 30 ? [Written(p + 100, 0)] : []));

        Assert.Equal([.. Titles(101, 124), .. Titles(130, 150)], publisher.Entries);
        Assert.StartsWith("Nearly all of “The feed” looks new at once", Assert.Single(publisher.Notices), StringComparison.Ordinal);
        Assert.Equal(100, (await publisher.Desk.DeliveriesAsync()).Count(d => d.State == DeliveryState.Held));

        Item Written(int n, int edition) => new(edition == 0 ? $"e{n}" : $"{edition}renamed{n}")
        {
            Id = $"{edition}-{n}",
            Link = $"http://a.test/{edition}/{n}",
            Text = $"What {edition} {n} tells.",
            Published = dated ? Noon.AddMinutes((n - 100) * 15) : null,
        };
    }

    [Fact]
    public async Task What_is_new_in_a_renamed_feed_is_told_and_not_held()
    {
        await using var publisher = await StartAsync([.. Item.Window(1, 100, n => Written(n, 0))]);
        publisher.Publish([.. Item.Window(4, 103, n => Written(n, 1))]);

        await publisher.PollAsync();

        Assert.Equal(["1-101", "1-102", "1-103"], publisher.Entries);
        Assert.Equal(97, (await publisher.Desk.DeliveriesAsync()).Count(d => d.State == DeliveryState.Held));

        Item Written(int n, int edition) => new($"{edition}-{n}") { Id = $"{edition}-{n}", Link = $"http://{edition}.test/{n}", Published = Noon.AddMinutes((n - 100) * 15) };
    }

    /// <summary>A publisher that writes all of it anew for each fetch can be held back, but not be told from news; it does not fill the database.</summary>
    [Fact]
    public async Task A_feed_that_renames_everything_all_the_time_is_asked_about_once_and_bounded()
    {
        await using var publisher = await StartAsync([.. Written(0)]);

        await publisher.PollAllAsync(Written);

        Assert.Empty(publisher.Entries);
        Assert.Single(publisher.Notices);
        var deliveries = await publisher.Desk.DeliveriesAsync();
        Assert.Equal(1000, deliveries.Count(d => d.State == DeliveryState.Held));
        Assert.Equal(Polls * 40, deliveries.Count(d => d.EntryId is not null));

        static IEnumerable<Item> Written(int p) => Item.Window(1, 40, n => new Item($"{p}-{n}") { Id = $"{p}-{n}", Link = $"http://a.test/{p}/{n}" });
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(10, false)]
    [InlineData(400, true)]
    public async Task C20_A_window_that_overflowed_while_nobody_looked_is_told_and_what_is_left_of_it_comes(int window, bool dated)
    {
        await using var publisher = await StartAsync([.. Item.Window(1, window, Written)]);

        // Nobody looks between the polls 24 and 25, in which three windows are filled; and again later, which is not worth a second word.
        await publisher.PollAllAsync(p => Item.Window(First(p), First(p) + window - 1, Written));

        var expected = Enumerable.Range(1, Polls).SelectMany(p => Enumerable.Range(First(p), window)).Distinct().Where(n => n > window).Select(n => string.Create(CultureInfo.InvariantCulture, $"e{n}"));
        Assert.Equal(expected, publisher.Entries);
        Assert.Contains("some entries may have been missed", Assert.Single(publisher.Notices), StringComparison.Ordinal);

        int First(int p) => p + 1 + (p >= 25 ? 3 * window : 0) + (p >= 40 ? 3 * window : 0);

        Item Written(int n) => Item.Number(n) with { Published = dated ? Noon.AddSeconds(n) : null };
    }

    /// <summary>Of a document that lists one or two entries nothing is ever left, and that is no news.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_document_that_lists_only_the_latest_has_no_gaps(int window)
    {
        await using var publisher = await StartAsync([.. Item.Window(1, window)]);

        await publisher.PollAllAsync(p => Item.Window((p * window) + 1, (p + 1) * window));

        Assert.Equal(Titles(window + 1, (Polls + 1) * window), publisher.Entries);
        Assert.Empty(publisher.Notices);
    }

    [Fact]
    public async Task C19_The_first_poll_of_five_hundred_old_entries_tells_nothing()
    {
        await using var publisher = await StartAsync([.. Item.Window(1, 500)]);

        await publisher.PollAllAsync(_ => Item.Window(1, 500));

        Assert.Empty(publisher.Entries);
        Assert.Empty(await publisher.Desk.DeliveriesAsync());
    }
}
