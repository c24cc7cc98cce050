using System.Text.Json.Nodes;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>People try what they may not, and programs what people cannot: refused with the reason, or passed over.</summary>
public sealed class DiscordAbuseStory(DiscordWorld world) : IClassFixture<DiscordWorld>
{
    private const string Refusal = "Only an administrator of this chat can use /subscribe. Ask one of them.";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("subscribe", "url")]
    [InlineData("unsubscribe", "feed")]
    [InlineData("check", "feed")]
    [InlineData("undo", null)]
    public async Task E01_An_ordinary_member_is_refused_even_where_the_app_shows_the_command(string command, string? option)
    {
        var town = world.Found("Members");
        await Assert.ThrowsAsync<NotOfferedException>(() => option is null ? town.Bob.CommandAsync(town.Channel, command) : town.Bob.CommandAsync(town.Channel, command, (option, "1")));
        var answer = await InteractAsync(town.Bob, town.Channel, command, option is null ? [] : [Option(option, "1")]);
        Assert.Equal($"Only an administrator of this chat can use /{command}. Ask one of them.", answer.ShownText);
    }

    [Fact]
    public async Task E02_Who_is_demoted_between_the_command_and_the_button_is_refused()
    {
        var town = world.Found("Demoted");
        var url = town.Publish("Demoted news", "One");
        var welcome = await town.AskAsync("subscribe", ("url", url));
        town.Guild.Grant(town.Ann, DiscordPermissions.None);
        Assert.Equal(Refusal, (await town.Ann.ChooseAsync(welcome, "Send this one too")).ShownText);
        Assert.Equal(Refusal, (await InteractAsync(town.Ann, town.Channel, "subscribe", [Option("url", url)])).ShownText);
        Assert.Empty(town.Channel.Messages);
        town.Guild.Grant(town.Ann, DiscordPermissions.ManageGuild);
        Assert.StartsWith("Sending", (await town.Ann.ChooseAsync(welcome, "Send this one too")).ShownText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E03_D11_What_people_or_feeds_write_is_no_command()
    {
        var town = world.Found("Chatter");
        await town.SubscribeAsync(town.Publish("Chatter news", "One"));
        foreach (var name in new[] { "MESSAGE_CREATE", "MESSAGE_UPDATE" })
        {
            foreach (var author in new[] { world.Discord.Bot, town.Ann })
            {
                world.Discord.Gateway.Dispatch(name, new JsonObject
                {
                    ["id"] = "1",
                    ["channel_id"] = town.Channel.Id,
                    ["guild_id"] = town.Guild.Id,
                    ["content"] = "/unsubscribe all yes",
                    ["author"] = new JsonObject { ["id"] = author.Id, ["bot"] = author.IsBot },
                });
            }
        }

        town.Publish("Chatter news", "/unsubscribe all yes", "One");
        Assert.Equal(["/unsubscribe all yes"], Town.Titles(await town.Channel.WaitForMessagesAsync(1, ct: Stop)));
        Assert.StartsWith("One feed in this chat:", (await town.AskAsync("list")).ShownText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E04_Another_channels_feed_is_as_unknown_as_one_that_there_is_not()
    {
        var (here, there) = (world.Found("Here"), world.Found("There"));
        await here.SubscribeAsync(here.Publish("Mine", "One"));
        for (var n = 1; n <= 3; n++)
            await there.SubscribeAsync(there.Publish($"Theirs {n}", "One"));
        foreach (var number in new[] { "3", "17" })
            Assert.Equal($"There is no feed number {number} here; /list shows them, up to 1.", (await here.AskAsync("unsubscribe", ("feed", number))).ShownText);

        // A channel of another guild, or of any guild from a private chat, whatever a changed client sends.
        var option = new JsonObject { ["name"] = "chat", ["type"] = 7, ["value"] = there.Channel.Id };
        Assert.StartsWith("Only an administrator", (await InteractAsync(here.Ann, here.Channel, "unsubscribe", [Option("feed", "1"), option])).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("Only an administrator", (await InteractAsync(here.Ann, here.Ann.OpenDm(), "unsubscribe", [Option("feed", "1"), option.DeepClone()])).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("Only members", (await InteractAsync(here.Ann, here.Ann.OpenDm(), "list", [option.DeepClone()])).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("3 feeds", (await there.AskAsync("list")).ShownText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E05_Forged_borrowed_and_foreign_buttons_do_nothing()
    {
        var town = world.Found("Buttons");
        var eve = town.Guild.AddMember("Eve", DiscordPermissions.ManageGuild);
        await town.SubscribeAsync(town.Publish("Buttons news", "One"));
        var sure = await town.AskAsync("unsubscribe", ("feed", "all"));
        Assert.Equal("Only whoever asked can choose here.", (await eve.ChooseAsync(sure, "Yes, end them all")).ShownText);
        foreach (var forged in new[] { "/unsubscribe all yes", "x", "AAAAAAAAAAAAAAAAAAAAAA", new string('é', 100), "'; DROP TABLE Subscriptions; --" })
            Assert.Equal("That button is too old. Ask once more.", (await Asking.AnswerAsync(town.Ann.Forge(sure, forged))).ShownText);

        // The right button, but in another channel.
        var other = town.Guild.AddChannel("other");
        var elsewhere = await town.Ann.AskAsync(other, "list");
        Assert.Equal("That button is too old. Ask once more.", (await Asking.AnswerAsync(town.Ann.Forge(elsewhere, sure.Buttons[0].CustomId!))).ShownText);
        Assert.StartsWith("One feed", (await town.AskAsync("list")).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("Unsubscribed", (await town.Ann.ChooseAsync(sure, "Yes, end them all")).ShownText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task E08_Where_Discord_does_not_say_what_somebody_may_nothing_is_allowed()
    {
        var town = world.Found("Unsure");
        var room = town.Guild.AddChannel("room");
        var option = new JsonObject { ["name"] = "chat", ["type"] = 7, ["value"] = room.Id };
        var resolved = new JsonObject { ["channels"] = new JsonObject { [room.Id] = new JsonObject { ["id"] = room.Id, ["name"] = "room", ["type"] = 0, ["app_permissions"] = "8" } } };
        Assert.Equal(Refusal, (await InteractAsync(town.Ann, town.Channel, "subscribe", [Option("url", town.Publish("Unsure news", "One")), option], resolved)).ShownText);
        resolved["channels"]![room.Id]!["permissions"] = "many";
        Assert.Equal(Refusal, (await InteractAsync(town.Ann, town.Channel, "subscribe", [Option("url", town.Publish("Unsure news", "One")), option.DeepClone()], resolved)).ShownText);
    }

    [Fact]
    public async Task E16_A_replayed_interaction_is_carried_out_once()
    {
        var town = world.Found("Replayed");
        await town.SubscribeAsync(town.Publish("Replayed news", "One"));
        var asked = await town.Ann.CommandAsync(town.Channel, "unsubscribe", ("feed", "1"));
        asked.Replay();
        var ended = await Asking.AnswerAsync(asked);
        asked.Replay();
        var undo = await ended.PressAsync(town.Ann, "Undo");
        undo.Replay();
        Assert.StartsWith("Taken back", (await Asking.AnswerAsync(undo)).ShownText, StringComparison.Ordinal);
        asked.Replay();
        Assert.StartsWith("One feed", (await town.AskAsync("list")).ShownText, StringComparison.Ordinal);
        Assert.Equal(1, await world.World.QueryAsync<long>($"SELECT COUNT(*) FROM AuditLines a JOIN Chats c ON c.Id=a.ChatId WHERE c.Address='{town.Channel.Id}' AND a.Command='unsubscribe'"));
        Assert.Equal(0, ended.Edits - 1);
    }

    [Fact]
    public async Task Ten_thousand_characters_and_values_of_other_kinds_are_refused_in_words()
    {
        var town = world.Found("Odd");
        const string TooLong = "That line is too long: 4096 characters is the most.";
        await town.SaysAsync(TooLong, "subscribe", ("url", new string('x', 10_000)));
        await town.SaysAsync(TooLong, "subscribe", ("url", "http://127.0.0.1/"), ("backfill", new string('9', 10_000)));
        foreach (var value in new JsonNode?[] { 17, 1.5, true, null, new JsonObject { ["a"] = 1 }, new JsonArray("b") })
            Assert.NotEqual("", (await InteractAsync(town.Ann, town.Channel, "unsubscribe", [new JsonObject { ["name"] = "feed", ["type"] = 3, ["value"] = value }])).ShownText);

        // Ten at once are all that one person may ask: Bob asks what anybody may.
        Assert.StartsWith("That is more than the command takes.", (await InteractAsync(town.Bob, town.Channel, "list", [Option("surplus", "1")])).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("The url is missing", (await InteractAsync(town.Ann, town.Channel, "subscribe", [1, null, "text", new JsonObject { ["name"] = 5 }])).ShownText, StringComparison.Ordinal);
        Assert.StartsWith("There is no /nonsense", (await InteractAsync(town.Bob, town.Channel, "nonsense", [])).ShownText, StringComparison.Ordinal);

        // What lacks what every interaction has is passed over.
        foreach (var body in new JsonNode?[] { new JsonObject(), new JsonObject { ["id"] = "1", ["token"] = "t", ["type"] = 2, ["channel_id"] = "c", ["application_id"] = "a" }, new JsonObject { ["id"] = 1, ["type"] = "2" } })
            world.Discord.Gateway.Dispatch("INTERACTION_CREATE", body);
        foreach (var kind in new[] { 1, 5, 99 })
            world.Discord.Interact(town.Ann, town.Channel, (DiscordInteractionKind)kind, new JsonObject { ["name"] = "list" });
        Assert.StartsWith("This chat has no feeds yet.", (await town.AskAsync("list")).ShownText, StringComparison.Ordinal);
    }

    private static JsonObject Option(string name, string value) => new() { ["name"] = name, ["type"] = 3, ["value"] = value };

    /// <summary>A command that Discord's app would not let this person send.</summary>
    private async Task<FakeMessage> InteractAsync(FakeUser who, FakeChannel where, string command, JsonNode?[] options, JsonObject? resolved = null)
    {
        await world.Discord.WaitUntilServingAsync(ct: Stop);
        var data = new JsonObject { ["id"] = "1", ["name"] = command, ["type"] = 1, ["options"] = new JsonArray(options) };
        if (resolved is not null)
            data["resolved"] = resolved.DeepClone();
        return await Asking.AnswerAsync(world.Discord.Interact(who, where, DiscordInteractionKind.Command, data));
    }
}
