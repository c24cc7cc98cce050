using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.Fakes;

/// <summary>That people and a bot meet in the fake as on Discord: commands, buttons, suggestions, and the deadlines of answers.</summary>
public sealed class FakeDiscordInteractionTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private FakeDiscord _discord = null!;
    private FakeGuild _guild = null!;
    private FakeChannel _news = null!;
    private FakeUser _ann = null!;
    private BareBot _bot = null!;

    public async ValueTask InitializeAsync()
    {
        _discord = await FakeDiscord.StartAsync(_time, ct: TestContext.Current.CancellationToken);
        _guild = _discord.AddGuild("The guild");
        _news = _guild.AddChannel("news");
        _ann = _guild.AddMember("Ann", DiscordPermissions.ManageGuild);
        _bot = new BareBot(_discord);
        await _bot.RegisterAsync(
            new
            {
                name = "subscribe",
                description = "D",
                options = new object[]
                {
                    new { type = 3, name = "url", description = "D", required = true, autocomplete = true },
                    new { type = 7, name = "chat", description = "D", channel_types = new[] { 0, 15 } },
                    new { type = 4, name = "many", description = "D", min_value = 1, max_value = 9 },
                    new { type = 3, name = "style", description = "D", choices = new[] { new { name = "Plain", value = "plain" } } },
                },
            },
            new { name = "admin", description = "D", default_member_permissions = "32", contexts = new[] { 0 } },
            new { name = "feed", description = "D", options = new[] { new { type = 1, name = "add", description = "D", options = new[] { new { type = 3, name = "url", description = "D" } } } } });
        await _bot.LogInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Assert.DoesNotContain(_discord.Violations, violation => violation.StartsWith("this fake", StringComparison.Ordinal));
        _bot.Dispose();
        await _discord.DisposeAsync();
    }

    [Fact]
    public async Task A_command_comes_with_who_asks_where_and_what_each_may_do()
    {
        var other = _guild.AddChannel("other");
        other.Deny(DiscordPermissions.SendMessages);
        await _ann.CommandAsync(_news, "subscribe", ("url", "https://a.test/"), ("chat", other), ("many", 3));
        var got = await _bot.ReadEventAsync("INTERACTION_CREATE");
        Assert.Equal((2, _news.Id, _guild.Id, 0), (got.GetProperty("type").GetInt32(), got.GetProperty("channel_id").GetString(), got.GetProperty("guild_id").GetString(), got.GetProperty("context").GetInt32()));
        Assert.True(Rights(got.GetProperty("member").GetProperty("permissions")).HasFlag(DiscordPermissions.ManageGuild));
        Assert.True(Rights(got.GetProperty("app_permissions")).HasFlag(DiscordPermissions.SendMessages));
        var channel = got.GetProperty("data").GetProperty("resolved").GetProperty("channels").GetProperty(other.Id);
        Assert.False(Rights(channel.GetProperty("app_permissions")).HasFlag(DiscordPermissions.SendMessages));
        Assert.True(Rights(channel.GetProperty("permissions")).HasFlag(DiscordPermissions.SendMessages));
        Assert.Equal(["url=https://a.test/", $"chat={other.Id}", "many=3"], got.GetProperty("data").GetProperty("options").EnumerateArray().Select(o => $"{o.GetProperty("name")}={o.GetProperty("value")}"));
        await _ann.CommandAsync(_ann.OpenDm(), "feed add", ("url", "x"));
        got = await _bot.ReadEventAsync("INTERACTION_CREATE");
        Assert.Equal((1, _ann.Id), (got.GetProperty("context").GetInt32(), got.GetProperty("user").GetProperty("id").GetString()));
        Assert.Equal("add", got.GetProperty("data").GetProperty("options")[0].GetProperty("name").GetString());

        static DiscordPermissions Rights(JsonElement bits) => (DiscordPermissions)ulong.Parse(bits.GetString()!, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task People_cannot_type_what_the_app_does_not_offer()
    {
        var bob = _guild.AddMember("Bob");
        foreach (var attempt in new Func<Task>[]
        {
            () => _ann.CommandAsync(_news, "unknown"),
            () => _ann.CommandAsync(_news, "subscribe"),
            () => _ann.CommandAsync(_news, "subscribe", ("link", "x")),
            () => _ann.CommandAsync(_news, "subscribe", ("url", 5)),
            () => _ann.CommandAsync(_news, "subscribe", ("url", "x"), ("many", 10)),
            () => _ann.CommandAsync(_news, "subscribe", ("url", "x"), ("style", "fancy")),
            () => _ann.CommandAsync(_news, "subscribe", ("url", "x"), ("chat", _guild.AddChannel("voice", DiscordChannelKind.Voice))),
            () => _ann.CommandAsync(_news, "feed"),
            () => _ann.CommandAsync(_ann.OpenDm(), "admin"),
            () => bob.CommandAsync(_news, "admin"),
            () => _discord.AddUser("Stranger").CommandAsync(_news, "subscribe", ("url", "x")),
            () => _ann.AutocompleteAsync(_news, "subscribe", "style", "p"),
        })
        {
            await Assert.ThrowsAsync<NotOfferedException>(attempt);
        }

        Assert.Equal(0, _discord.Requests.Count(request => request.Path.Contains("callback", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_answer_at_once_is_seen_at_once_and_only_by_one_if_it_is_ephemeral()
    {
        var open = await _ann.CommandAsync(_news, "subscribe", ("url", "x"));
        Assert.Equal(204, (await CallBackAsync(open, 4, Says("Done"))).Status);
        Assert.Equal("Done", (await open.AnswerAsync()).Content);
        var secret = await _ann.CommandAsync(_news, "subscribe", ("url", "x"));
        Assert.Equal(200, (await CallBackAsync(secret, 4, new { content = "For you", flags = 64, allowed_mentions = BareBot.Quiet }, "?with_response=true")).Status);
        Assert.Equal((true, "For you"), (secret.IsEphemeral, (await secret.AnswerAsync()).Content));
        Assert.Equal(["Done"], _news.Messages.Select(message => message.Content));
        Assert.Empty(_discord.Violations);
    }

    [Fact]
    public async Task After_a_deferral_the_edit_is_the_answer_and_follow_ups_come_after_it()
    {
        var asked = await _ann.CommandAsync(_news, "subscribe", ("url", "x"));
        Assert.Equal(404, (await _bot.PatchAsync(Webhook(asked, "/messages/@original"), Says("early"))).Status);
        await CallBackAsync(asked, 5, new { flags = 64 });
        Assert.Null(asked.Answer);
        Assert.Equal(200, (await _bot.PatchAsync(Webhook(asked, "/messages/@original"), Says("Done"))).Status);
        Assert.Equal((true, "Done", 64), ((await asked.AnswerAsync()).IsEphemeral, asked.Answer!.Content, asked.Answer.Flags));
        var more = await _bot.PostAsync(Webhook(asked), Says("More"));
        Assert.Equal("More", (await asked.FollowUpAsync()).Content);
        Assert.Equal(200, (await _bot.PatchAsync(Webhook(asked, $"/messages/{more.Text("id")}"), Says("Most"))).Status);
        Assert.Equal(200, (await _bot.GetAsync(Webhook(asked, "/messages/@original"))).Status);
        Assert.Equal(204, (await _bot.SendAsync(HttpMethod.Delete, Webhook(asked, "/messages/@original"))).Status);
        Assert.Equal(10008, (await _bot.GetAsync(Webhook(asked, "/messages/@original"))).Code);
        Assert.Equal(["Most"], _news.Messages.Select(message => message.Content));

        var again = await _ann.CommandAsync(_news, "subscribe", ("url", "x"));
        await CallBackAsync(again, 5, null);
        await _bot.PostAsync(Webhook(again), Says("Takes its place"));
        Assert.Equal("Takes its place", (await again.AnswerAsync()).Content);
        Assert.Empty(again.FollowUps);
        Assert.Empty(_discord.Violations);
    }

    [Fact]
    public async Task An_interaction_is_acknowledged_once_within_3_s_and_dead_after_15_min()
    {
        var late = await _ann.CommandAsync(_news, "subscribe", ("url", "x"));
        var good = await _ann.CommandAsync(_news, "subscribe", ("url", "x"));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(204, (await CallBackAsync(good, 5, null)).Status);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(10062, (await CallBackAsync(late, 5, null)).Code);
        Assert.Equal(10015, (await _bot.PostAsync(Webhook(late), Says("x"))).Code);
        Assert.Equal(40060, (await CallBackAsync(good, 4, Says("x"))).Code);
        _time.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(200, (await _bot.PatchAsync(Webhook(good, "/messages/@original"), Says("x"))).Status);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(50027, (await _bot.PatchAsync(Webhook(good, "/messages/@original"), Says("y"))).Code);
        Assert.Empty(_discord.Violations);
    }

    [Fact]
    public async Task A_callback_must_fit_and_its_messages_keep_the_limits()
    {
        var asked = await _ann.CommandAsync(_news, "subscribe", ("url", "x"));
        Assert.Equal(50035, (await CallBackAsync(asked, 7, Says("x"))).Code);
        Assert.Equal(50035, (await CallBackAsync(asked, 8, new { choices = Array.Empty<object>() })).Code);
        Assert.Equal(50035, (await CallBackAsync(asked, 5, new { flags = 4 })).Code);
        Assert.Equal(50035, (await CallBackAsync(asked, 4, new { content = new string('x', 2001), allowed_mentions = BareBot.Quiet })).Code);
        Assert.Equal(4, _discord.Violations.Count);
        Assert.Equal(204, (await CallBackAsync(asked, 4, new { content = "x" })).Status);
        Assert.StartsWith("ping", _discord.Violations.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suggestions_reach_the_person_and_are_25_at_most()
    {
        var typing = _ann.AutocompleteAsync(_news, "subscribe", "url", "ex");
        var got = await _bot.ReadEventAsync("INTERACTION_CREATE");
        var option = got.GetProperty("data").GetProperty("options")[0];
        Assert.Equal((4, "ex", true), (got.GetProperty("type").GetInt32(), option.GetProperty("value").GetString(), option.GetProperty("focused").GetBoolean()));
        var path = $"/interactions/{got.GetProperty("id")}/{got.GetProperty("token")}/callback";
        Assert.Equal(50035, (await _bot.PostAsync(path, new { type = 8, data = new { choices = Enumerable.Range(0, 26).Select(n => new { name = $"{n}", value = $"{n}" }) } })).Code);
        Assert.Equal(204, (await _bot.PostAsync(path, new { type = 8, data = new { choices = new[] { new { name = "Example", value = "https://example.test/" } } } })).Status);
        Assert.Equal([new DiscordChoice("Example", "https://example.test/")], await typing);
    }

    [Fact]
    public async Task A_button_can_be_pressed_forged_and_replayed()
    {
        await _bot.PostAsync($"/channels/{_news.Id}/messages", new
        {
            content = "Undo?",
            allowed_mentions = BareBot.Quiet,
            components = new[] { new { type = 1, components = new object[] { new { type = 2, style = 4, label = "Undo", custom_id = "undo:1" }, new { type = 2, style = 5, label = "Open", url = "https://a.test/" } } } },
        });
        var message = _news.Messages.Single();
        await Assert.ThrowsAsync<NotOfferedException>(() => message.PressAsync(_ann, "Redo"));
        await Assert.ThrowsAsync<NotOfferedException>(() => message.PressAsync(_ann, "Open"));
        var press = await message.PressAsync(_ann, "Undo");
        var got = await _bot.ReadEventAsync("INTERACTION_CREATE");
        Assert.Equal((3, "undo:1", message.Id), (got.GetProperty("type").GetInt32(), got.GetProperty("data").GetProperty("custom_id").GetString(), got.GetProperty("message").GetProperty("id").GetString()));
        Assert.Equal(204, (await CallBackAsync(press, 7, new { content = "Undone", components = Array.Empty<object>(), allowed_mentions = BareBot.Quiet })).Status);
        Assert.Equal("Undone", (await press.AnswerAsync()).ShownText);
        Assert.Equal(("Undo?", 1), (message.Versions[0].GetProperty("content").GetString(), message.Edits));
        press.Replay();
        Assert.Equal(got.GetProperty("id").GetString(), (await _bot.ReadEventAsync("INTERACTION_CREATE")).GetProperty("id").GetString());
        var silent = _ann.Forge(message, "undo:2");
        Assert.Equal("undo:2", (await _bot.ReadEventAsync("INTERACTION_CREATE")).GetProperty("data").GetProperty("custom_id").GetString());
        await CallBackAsync(silent, 6, null);
        await _bot.PatchAsync(Webhook(silent, "/messages/@original"), Says("Later"));
        Assert.Equal("Later", message.Content);
        Assert.Empty(_discord.Violations);
    }

    private static object Says(string text) => new { content = text, allowed_mentions = BareBot.Quiet };

    private Task<BotAnswer> CallBackAsync(FakeInteraction interaction, int type, object? data, string query = "") =>
        _bot.PostAsync($"/interactions/{interaction.Id}/{interaction.Token}/callback{query}", data is null ? new { type } : new { type, data });

    private string Webhook(FakeInteraction interaction, string below = "") => $"/webhooks/{_discord.ApplicationId}/{interaction.Token}{below}";
}
