using System.Text.Json;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Tests.Support;

namespace Notifier.Tests.Commands;

/// <summary>/filter: shown, set, tried, taken away and refused.</summary>
public sealed class FilterCommandTests : IAsyncLifetime
{
    private readonly FrontDoor _door = new();
    private FeedSite _site = null!;

    private Desk Desk => _door.Desk;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        _site.Publish("/feed", "Rust 2", "Go 2", "Rust beta");
        await Desk.SubscribeAsync(_site.Url("/feed"), "a", "b");
        await Desk.PollAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact]
    public async Task Without_a_filter_it_says_how_to_make_one()
    {
        const string None = "“The feed” has no filter here: every new entry comes.\nTo get only some: /filter 1 rust or \"new release\" -beta";
        Assert.Equal(None, await _door.AskAsync("/filter 1"));
        Assert.Equal(None, await _door.AskAsync("/filter 1 off"));
        Assert.Equal(1, _site.RequestsFor("/feed"));
        Assert.Equal(0, await Desk.ReadAsync(db => db.AuditLines.Count()));
    }

    [Fact]
    public async Task A_filter_is_set_in_this_chat_alone_and_tried_on_the_newest_entries()
    {
        var reply = await _door.SendAsync(_door.AdminLine("/filter \"The feed\" rust -beta"));
        Assert.Equal(
            """
            From now on, from “The feed” comes what has “rust” and no “beta”.
            Of the newest 3 entries, 1 would come:
            ✓ Rust 2
            – Go 2
            – Rust beta
            """,
            Spans.Text(reply!.Text));
        Assert.Equal(["rust -beta", null], await FiltersAsync());
        Assert.Empty(await Desk.DeliveriesAsync());

        Assert.Equal(
            """
            From “The feed” comes what has “rust” and no “beta”.
            The filter: rust -beta
            Of the newest 3 entries, 1 would come:
            ✓ Rust 2
            – Go 2
            – Rust beta
            """,
            await _door.AskAsync("/filter 1"));
    }

    [Fact]
    public async Task What_was_before_and_after_is_written_down_and_can_be_taken_back()
    {
        await _door.AskAsync("/filter 1 rust");
        var reply = await _door.SendAsync(_door.AdminLine("/filter 1 go"));
        var lines = await Desk.ReadAsync(db => db.AuditLines.OrderBy(line => line.Id).ToList());
        Assert.Equal([(null, "rust"), ("rust", "go")], lines.Select(line => (FilterIn(line.Before), FilterIn(line.After))));
        Assert.All(lines, line => Assert.Equal(("filter", "subscription:1", "@ann"), (line.Command, line.Subject, line.Person)));
        Assert.Equal([new MessageAction("Undo", $"/undo {lines[1].Id}")], reply!.Actions);

        var off = await _door.SendAsync(_door.AdminLine("/filter 1 off"));
        Assert.Equal("The filter of “The feed” is off: every new entry comes from now on. What it kept away does not come later.", Spans.Text(off!.Text));
        var last = await Desk.ReadAsync(db => db.AuditLines.OrderBy(line => line.Id).Last());
        Assert.Equal(("go", null), (FilterIn(last.Before), FilterIn(last.After)));
        Assert.Equal($"/undo {last.Id}", Assert.Single(off.Actions).CommandLine);
        Assert.Equal([null, null], await FiltersAsync());
    }

    [Fact]
    public async Task The_same_filter_again_changes_nothing()
    {
        await _door.AskAsync("/filter 1 rust");
        var reply = await _door.SendAsync(_door.AdminLine("/filter 1 rust"));
        Assert.StartsWith("From now on, from “The feed” comes what has “rust”.", Spans.Text(reply!.Text), StringComparison.Ordinal);
        Assert.Empty(reply.Actions);
        Assert.Equal(1, await Desk.ReadAsync(db => db.AuditLines.Count()));
    }

    [Theory]
    [InlineData("\"new release", "The quote \"new release (character 1) does not end. Put \" behind its last word.")]
    [InlineData("/(a{1000}){1000}/", "The pattern /(a{1000}){1000}/ is too large: with its repetitions written out it has more than 1000 places. Repeat less, or with * or +.")]
    [InlineData("/a(?=b)/", "The pattern /a(?=b)/ looks ahead, behind or back at what it found before, and that can take for ever. Say it with several terms instead, such as /one/ -/other/.")]
    [InlineData("rust or", "“or” (character 6) needs something on both sides. To look for the word itself, write \"or\".")]
    public async Task What_is_no_filter_is_refused_and_changes_nothing(string expression, string answer)
    {
        await _door.AskAsync("/filter 1 go");
        var requests = _site.RequestsFor("/feed");
        Assert.Equal(answer, await _door.AskAsync($"/filter 1 {expression}"));
        Assert.Equal(["go", null], await FiltersAsync());
        Assert.Equal(1, await Desk.ReadAsync(db => db.AuditLines.Count()));
        Assert.Equal(requests, _site.RequestsFor("/feed"));
    }

    [Fact]
    public async Task A_filter_that_takes_too_long_on_the_newest_entries_is_refused_and_changes_nothing()
    {
        await _door.AskAsync("/filter 1 go");
        var random = new Random(1);
        _site.Publish("/feed", new string([.. Enumerable.Range(0, 8192).Select(_ => random.Next(2) == 0 ? 'a' : 'x')]));
        Assert.StartsWith("That filter takes too long on the newest entries of “The feed”, so I leave all as it was. Words are always quick;", await _door.AskAsync("/filter 1 /(.{0,50}a){19}c/"), StringComparison.Ordinal);
        Assert.Equal(["go", null], await FiltersAsync());
        Assert.Equal(1, await Desk.ReadAsync(db => db.AuditLines.Count()));
    }

    [Fact]
    public async Task A_feed_that_cannot_be_had_now_keeps_no_filter_from_being_set()
    {
        _site.Answer("/feed", 503);
        var reply = await _door.AskAsync("/filter 1 rust");
        Assert.StartsWith("From now on, from “The feed” comes what has “rust”.\nWhat it would do with the newest entries I cannot show just now: ", reply, StringComparison.Ordinal);
        Assert.Contains("a.test", reply, StringComparison.Ordinal);
        Assert.Equal(["rust", null], await FiltersAsync());

        _site.Publish("/feed");
        Assert.EndsWith("“The feed” has no entries at the moment.", await _door.AskAsync("/filter 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_than_ten_entries_are_tried()
    {
        _site.Publish("/feed", [.. Enumerable.Range(1, 12).Select(n => $"Rust {n}")]);
        var reply = await _door.AskAsync("/filter 1 /rust \\d$/");
        Assert.Contains("Of the newest 10 entries, 9 would come:\n✓ Rust 1\n", reply, StringComparison.Ordinal);
        Assert.EndsWith("– Rust 10", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_already_comes_all_the_same_and_that_is_said()
    {
        await Desk.ExecuteAsync("UPDATE Subscriptions SET PausedSince=1");
        _site.Publish("/feed", "Zig 2", "Rust 2", "Go 2", "Rust beta");
        await Desk.Poller.PollNowAsync(1, whole: true, Desk.Token);
        Assert.Contains("One entry that waits already will come all the same.\n", await _door.AskAsync("/filter 1 rust"), StringComparison.Ordinal);
        Assert.Equal(["Zig 2"], await Desk.OwedAsync("a"));
    }

    [Fact]
    public async Task A_filter_of_another_version_is_shown_and_can_be_replaced()
    {
        await Desk.ExecuteAsync("UPDATE Subscriptions SET Filter='newer:rust'");
        Assert.Equal(
            "I do not understand the filter of “The feed” any more, so every new entry comes: newer:rust\n" +
            "There is no field newer: (character 1). There are title:, author:, category: and link:. To look for the words, put quotes around them.",
            await _door.AskAsync("/filter 1"));
        Assert.StartsWith("The filter of “The feed” is off", await _door.AskAsync("/filter 1 NONE"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_must_choose_the_feed_need_not_type_the_filter_again()
    {
        await Desk.SubscribeAsync(_site.Url("/other"), "a");
        await Desk.ExecuteAsync("UPDATE Feeds SET Title='Feed of others' WHERE Id=2");
        var choice = await _door.SendAsync(_door.AdminLine("/filter feed rust or \"new release\""));
        Assert.Equal("“feed” fits 2 feeds. Which one?", Spans.Text(choice!.Text));
        Assert.Equal(["/filter 1 rust or \"new release\"", "/filter 2 rust or \"new release\""], choice.Actions.Select(action => action.CommandLine));
        Assert.Equal([null, null, null], await FiltersAsync());
        Assert.Equal(["/filter 1", "/filter 2"], (await _door.SendAsync(_door.AdminLine("/filter feed")))!.Actions.Select(action => action.CommandLine));
    }

    [Fact]
    public async Task Only_administrators_set_filters() => Assert.Equal(
        "Only an administrator of this chat can use /filter. Ask one of them.",
        await _door.AskAsync(_door.Line("/filter 1 rust") with { Rights = Rights.Member }));

    [Fact]
    public async Task An_unknown_feed_is_refused()
    {
        Assert.Equal("There is no feed number 7 here; /list shows them, up to 1.", await _door.AskAsync("/filter 7 rust"));
        Assert.Equal("No feed here is called “garden”. /list shows them all.", await _door.AskAsync("/filter garden rust"));
        Assert.Equal("The feed is missing: its number in /list, its address, or a piece of its title.\nUsage: /filter feed [expression]", await _door.AskAsync("/filter"));
    }

    /// <summary>Where the platform has the arguments apart, as Discord does.</summary>
    [Fact]
    public async Task Arguments_that_come_apart_are_read_alike()
    {
        var line = _door.AdminLine("/filter") with { Arguments = new Dictionary<string, string>(StringComparer.Ordinal) { ["feed"] = "the feed", ["expression"] = " go or \"rust 2\" " } };
        Assert.Contains("Of the newest 3 entries, 2 would come:", await _door.AskAsync(line), StringComparison.Ordinal);
        Assert.Equal(["go or \"rust 2\"", null], await FiltersAsync());
    }

    private Task<List<string?>> FiltersAsync() => Desk.ReadAsync(db => db.Subscriptions.OrderBy(s => s.Id).Select(s => s.Filter).ToList());

    private static string? FilterIn(string? json) => JsonDocument.Parse(json!).RootElement.GetProperty("Filter").GetString();
}
