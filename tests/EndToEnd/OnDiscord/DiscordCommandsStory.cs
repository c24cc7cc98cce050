using System.Text.RegularExpressions;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>What people of a guild ask about their feeds, in Discord's form.</summary>
public sealed class DiscordCommandsStory(DiscordWorld world) : IClassFixture<DiscordWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_comes_is_told_what_there_is_and_what_they_may()
    {
        var town = world.Found("Arrivals");
        Assert.StartsWith("I watch feeds (RSS, Atom, JSON Feed)", (await town.Bob.AskAsync(town.Channel, "start")).ShownText, StringComparison.Ordinal);
        Assert.Equal(
            $"You are Bob (discord:{town.Bob.Id}) in discord:{town.Channel.Id}.\n\nYou may: read and list (member).",
            (await town.Bob.AskAsync(town.Channel, "whoami")).ShownText);
        Assert.EndsWith("You may: configure this chat (admin).", (await town.AskAsync("whoami")).ShownText, StringComparison.Ordinal);

        var (his, hers) = ((await town.Bob.AskAsync(town.Channel, "help")).ShownText, (await town.AskAsync("help")).ShownText);
        Assert.StartsWith("What you can ask:", his, StringComparison.Ordinal);
        Assert.Contains("/list", his, StringComparison.Ordinal);
        Assert.DoesNotContain("/subscribe url", his, StringComparison.Ordinal);
        Assert.Contains("/subscribe url", hers, StringComparison.Ordinal);
        Assert.DoesNotContain("/admins", hers, StringComparison.Ordinal);
        var one = (await town.AskAsync("help", ("command", "unsub"))).ShownText;
        Assert.StartsWith("/unsubscribe feed – Stop getting a feed in this chat", one, StringComparison.Ordinal);
        Assert.Contains("Also: /unsub, /remove, /rm", one, StringComparison.Ordinal);
        await town.SaysAsync("There is no /nothing. /help lists what you can ask.", "help", ("command", "nothing"));
        Assert.Empty(town.Channel.Messages);
    }

    [Fact]
    public async Task An_admin_subscribes_looks_unsubscribes_and_takes_it_back()
    {
        var town = world.Found("Harbour");
        var url = town.Publish("Harbour news", "Two", "One");
        town.Publish("Port", "Ship");
        var page = world.Web.Put(
            $"/{town.Guild.Id}/page.html",
            $"""<html><head><title>A page</title><link rel="alternate" type="application/rss+xml" title="Harbour news" href="{town.Path("Harbour news")}"><link rel="alternate" type="application/rss+xml" title="Port" href="{town.Path("Port")}"></head><body>Hello</body></html>""",
            "text/html");

        await town.SaysAsync("This chat has no feeds yet. Add one: /subscribe with the address of a feed or a page, or /subscribe demo.", "list");
        var found = await town.AskAsync("subscribe", ("url", page));
        Assert.StartsWith("That is a web page. I found 2 feeds on it:", found.ShownText, StringComparison.Ordinal);
        Assert.Equal(2, found.Buttons.Count);
        var welcome = await town.Ann.ChooseAsync(found, Assert.Single(found.Buttons, button => button.Label.StartsWith("Harbour news", StringComparison.Ordinal)).Label);
        Assert.StartsWith("Subscribed to “Harbour news”, polled every second. Latest entry, as it would look here:", welcome.ShownText, StringComparison.Ordinal);
        Assert.Equal("Two", welcome.Embeds[0].GetProperty("title").GetString());
        Assert.Equal("Sending the newest entry of “Harbour news”.", (await town.Ann.ChooseAsync(welcome, "Send this one too")).ShownText);
        Assert.Equal("This chat has had that entry of “Harbour news” already.", (await town.Ann.ChooseAsync(welcome, "Send this one too")).ShownText);
        Assert.Equal(["Two"], Town.Titles(await town.Channel.WaitForMessagesAsync(1, ct: Stop)));

        await town.SaysAsync("This chat has “Harbour news” already. /list shows all its feeds.", "subscribe", ("url", url));
        await town.SaysAsync($"One feed in this chat:\n\n1\\. [Harbour news](<{url}>) · polled every second", "list");
        await town.SaysAsync(
            "The newest 2 entries of “Harbour news”:\n- [Two](<https://example.org/Two>)\n- [One](<https://example.org/One>)".Replace(":\n", ":\n\n", StringComparison.Ordinal),
            "latest",
            ("feed", "1"));
        await town.SaysAsync("“0” is no count: write a number from 1 to 20.", "latest", ("feed", "1"), ("n", "0"));
        Assert.Matches("^“Harbour news” was polled just now. Ask again in (a second|\\d+ seconds).$", (await town.AskAsync("check", ("feed", "harbour"))).ShownText);

        // Whoever asks much has to wait; somebody else does the rest.
        var cleo = town.Guild.AddMember("Cleo", DiscordPermissions.ManageGuild);
        var ended = await cleo.AskAsync(town.Channel, "unsubscribe", ("feed", "1"));
        Assert.Equal("Unsubscribed from “Harbour news”.\n[Undo]", ended.ShownText);
        Assert.Equal("Taken back: the subscription goes on, and nothing was missed.", (await cleo.ChooseAsync(ended, "Undo")).ShownText);
        Assert.Equal("That was taken back already. /history shows what was changed.", (await cleo.AskAsync(town.Channel, "undo")).ShownText);
        Assert.Equal("There is no feed number 7 here; /list shows them, up to 1.", (await cleo.AskAsync(town.Channel, "unsubscribe", ("feed", "7"))).ShownText);
    }

    [Fact]
    public async Task All_subscriptions_end_only_once_that_is_confirmed()
    {
        var town = world.Found("Fair");
        await town.SubscribeAsync(town.Publish("Bakers", "Bread"));
        await town.SubscribeAsync(town.Publish("Butchers", "Ham"));

        var sure = await town.AskAsync("unsubscribe", ("feed", "all"));
        Assert.Equal("This ends all 2 subscriptions of this chat. Are you sure?\n[Yes, end them all]", sure.ShownText);
        Assert.StartsWith("2 feeds in this chat:", (await town.AskAsync("list")).ShownText, StringComparison.Ordinal);
        Assert.Equal("Unsubscribed from all 2 feeds.\n[Undo]", (await town.Ann.ChooseAsync(sure, "Yes, end them all")).ShownText);
        await town.SaysAsync("Taken back: 2 subscriptions go on, and nothing was missed.", "undo");
    }

    [Fact]
    public async Task A_list_of_forty_feeds_comes_in_pages_and_long_pages_in_parts()
    {
        var town = world.Found("Library");
        var titles = Enumerable.Range(1, 40).Select(n => $"Shelf {n} " + string.Concat(Enumerable.Repeat("of very long names ", 12))).Select(title => title.Trim()).ToList();
        await Task.WhenAll(titles.Chunk(8).Select(async (some, n) =>
        {
            var librarian = town.Guild.AddMember($"Librarian {n}", DiscordPermissions.ManageGuild);
            foreach (var title in some)
                Assert.StartsWith("Subscribed", (await librarian.AskAsync(town.Channel, "subscribe", ("url", town.Publish(title, "Book")), ("backfill", "none"))).ShownText, StringComparison.Ordinal);
        }));

        var named = new List<string>();
        var (page, pressed) = (1, await town.Ann.CommandAsync(town.Channel, "list"));
        for (; ; page++)
        {
            var first = await pressed.AnswerAsync(ct: Stop);
            Assert.StartsWith("40 feeds in this chat:", first.ShownText, StringComparison.Ordinal);
            await world.Discord.WaitAsync(() => Said(pressed).Count == (page < 3 ? 15 : 10), $"page {page} of the list", ct: Stop);
            named.AddRange(Said(pressed));
            FakeMessage[] parts = [first, .. pressed.FollowUps];
            Assert.True(parts.Length > 1, "A long page was not split.");
            Assert.All(parts, part => Assert.True(part.IsEphemeral));
            Assert.All(parts[..^1], part => Assert.Empty(part.Buttons));
            if (page == 3)
                break;
            Assert.Equal([$"Page {page + 1} of 3"], parts[^1].Buttons.Select(button => button.Label));
            pressed = await parts[^1].PressAsync(town.Ann, $"Page {page + 1} of 3");
        }

        Assert.Equal(Enumerable.Range(1, 40).Select(n => $"{n}"), named);
        Assert.Empty(town.Channel.Messages);

        static List<string> Said(FakeInteraction asked) =>
            [.. new[] { asked.Answer! }.Concat(asked.FollowUps).SelectMany(part => Regex.Matches(part.ShownText, @"^(?<number>\d+)\\?\. \[", RegexOptions.Multiline | RegexOptions.ExplicitCapture)).Select(match => match.Groups["number"].Value)];
    }

    [Fact]
    public async Task Feeds_are_suggested_while_one_types()
    {
        var town = world.Found("Suggestions");
        Assert.Empty(await town.Ann.AutocompleteAsync(town.Channel, "unsubscribe", "feed", ""));
        await town.SubscribeAsync(town.Publish("Garden diary", "Rose"));
        await town.SubscribeAsync(town.Publish("Kitchen diary", "Soup"));
        await town.SubscribeAsync(town.Publish("Weather", "Rain"));

        Assert.Equal(["1. Garden diary=1", "2. Kitchen diary=2", "3. Weather=3"], Written(await town.Ann.AutocompleteAsync(town.Channel, "unsubscribe", "feed", "")));
        Assert.Equal(["1. Garden diary=1", "2. Kitchen diary=2"], Written(await town.Ann.AutocompleteAsync(town.Channel, "latest", "feed", "DIARY")));
        Assert.Empty(await town.Ann.AutocompleteAsync(town.Channel, "check", "feed", new string('x', 5000)));

        // Of another channel, where that is named.
        var other = town.Guild.AddChannel("other");
        Assert.Empty(await town.Ann.AutocompleteAsync(other, "check", "feed", ""));
        Assert.Equal(["3. Weather=3"], Written(await town.Ann.AutocompleteAsync(other, "check", "feed", "wea", ("chat", town.Channel))));

        static IEnumerable<string> Written(IReadOnlyList<DiscordChoice> choices) => choices.Select(choice => $"{choice.Name}={choice.Value}");
    }

    [Fact]
    public async Task Another_channel_is_configured_from_here()
    {
        var town = world.Found("Council");
        var hall = town.Guild.AddChannel("hall");
        var url = town.Publish("Minutes", "First");
        Assert.Equal("Subscribed to “Minutes”, polled every second.", (await town.AskAsync("subscribe", ("url", url), ("backfill", "none"), ("chat", hall))).ShownText);
        Assert.StartsWith("This chat has no feeds yet.", (await town.AskAsync("list")).ShownText, StringComparison.Ordinal);
        Assert.Contains("Minutes", (await town.AskAsync("list", ("chat", hall))).ShownText, StringComparison.Ordinal);

        town.Publish("Minutes", "Second", "First");
        Assert.Equal(["Second"], Town.Titles(await hall.WaitForMessagesAsync(1, ct: Stop)));
        var ended = await town.AskAsync("unsubscribe", ("feed", "1"), ("chat", hall));
        Assert.StartsWith("Taken back:", (await town.Ann.ChooseAsync(ended, "Undo")).ShownText, StringComparison.Ordinal);
        Assert.Contains("Minutes", (await town.Ann.AskAsync(hall, "list")).ShownText, StringComparison.Ordinal);
        Assert.Empty(town.Channel.Messages);
    }
}
