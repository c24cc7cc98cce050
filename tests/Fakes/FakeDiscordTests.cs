using System.Text;
using Microsoft.Extensions.Time.Testing;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.Fakes;

/// <summary>That the fake refuses what Discord refuses, so that a test over it proves something.</summary>
public sealed class FakeDiscordTests : IAsyncLifetime
{
    private const string Create = "POST /channels/{channel_id}/messages";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private FakeDiscord _discord = null!;
    private FakeGuild _guild = null!;
    private FakeChannel _news = null!;
    private BareBot _bot = null!;

    public async ValueTask InitializeAsync()
    {
        _discord = await FakeDiscord.StartAsync(_time, ct: TestContext.Current.CancellationToken);
        _guild = _discord.AddGuild("The guild");
        _news = _guild.AddChannel("news");
        _bot = new BareBot(_discord);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.DoesNotContain(_discord.Violations, violation => violation.StartsWith("this fake", StringComparison.Ordinal));
        _bot.Dispose();
        await _discord.DisposeAsync();
    }

    [Fact]
    public async Task Every_answer_that_is_played_keeps_the_contract()
    {
        var (user, forum) = (_guild.AddMember("Ann"), _guild.AddChannel("forum", DiscordChannelKind.Forum));
        forum.AddTag("tech");
        var dm = await _bot.PostAsync("/users/@me/channels", new { recipient_id = user.Id });
        var sent = await _bot.PostAsync($"/channels/{_news.Id}/messages", new
        {
            content = "Hello",
            nonce = "n1",
            allowed_mentions = BareBot.Quiet,
            embeds = new[]
            {
                new
                {
                    title = " T ",
                    url = "https://a.test/",
                    color = 1,
                    timestamp = "2026-01-02T03:04:05Z",
                    author = new { name = "A", icon_url = "https://a.test/i.png" },
                    footer = new { text = "F" },
                    image = new { url = "https://a.test/i.png" },
                    fields = new[] { new { name = "n", value = "v" } },
                },
            },
            components = new object[]
            {
                new { type = 1, components = new object[] { new { type = 2, style = 1, label = "Undo", custom_id = "u" }, new { type = 2, style = 5, label = "Open", url = "https://a.test/" } } },
                new { type = 1, components = new object[] { new { type = 3, custom_id = "s", options = new[] { new { label = "a", value = "a" } } } } },
            },
        });
        Assert.Equal(200, sent.Status);
        var rich = await _bot.PostAsync($"/channels/{_news.Id}/messages", new
        {
            flags = 1 << 15,
            allowed_mentions = BareBot.Quiet,
            components = new object[]
            {
                new
                {
                    type = 17,
                    components = new object[]
                    {
                        new { type = 10, content = "Text" },
                        new { type = 14 },
                        new { type = 9, components = new[] { new { type = 10, content = "Beside" } }, accessory = new { type = 11, media = new { url = "https://a.test/i.png" } } },
                        new { type = 12, items = new[] { new { media = new { url = "https://a.test/i.png" } } } },
                    },
                },
            },
        });
        Assert.Equal(200, rich.Status);
        foreach (var path in new[]
        {
            "/gateway/bot", "/users/@me", "/applications/@me", "/oauth2/applications/@me", $"/applications/{_discord.ApplicationId}/commands", $"/channels/{_news.Id}", $"/channels/{forum.Id}",
            $"/channels/{dm.Text("id")}", $"/channels/{_news.Id}/messages?limit=10", $"/channels/{_news.Id}/messages/{sent.Text("id")}", $"/guilds/{_guild.Id}/members/{user.Id}",
            $"/guilds/{_guild.Id}/roles", $"/guilds/{_guild.Id}/channels",
        })
        {
            Assert.Equal(200, (await _bot.GetAsync(path)).Status);
        }

        Assert.Equal(200, (await _bot.PatchAsync($"/channels/{_news.Id}/messages/{sent.Text("id")}", new { content = "Changed", allowed_mentions = BareBot.Quiet })).Status);
        Assert.Equal(201, (await _bot.PostAsync($"/channels/{forum.Id}/threads", new { name = "P", message = new { content = "x", allowed_mentions = BareBot.Quiet } })).Status);
        Assert.Equal(204, (await _bot.SendAsync(HttpMethod.Delete, $"/channels/{_news.Id}/messages/{sent.Text("id")}")).Status);
        forum.AddThread("Archived", user).Archive();
        foreach (var path in new[] { $"/guilds/{_guild.Id}/threads/active", $"/channels/{forum.Id}/threads/archived/public?limit=2" })
            Assert.Single((await _bot.GetAsync(path)).Json!.Value.GetProperty("threads").EnumerateArray());
        forum.Deny(DiscordPermissions.ReadMessageHistory);
        Assert.Equal((403, 50013), await CodeAsync(_bot.GetAsync($"/channels/{forum.Id}/threads/archived/public")));
        Assert.Empty(_discord.Violations);
        Assert.Equal(2, _discord.Used[Create]);
    }

    [Fact]
    public async Task What_is_not_played_is_noted_and_answered_501()
    {
        Assert.Equal(501, (await _bot.SendAsync(HttpMethod.Delete, $"/channels/{_news.Id}")).Status);
        Assert.Single(_discord.Unexpected);
    }

    [Fact]
    public async Task Without_the_right_token_or_user_agent_nothing_is_open()
    {
        using var stranger = new BareBot(_discord, "other");
        Assert.Equal(401, (await stranger.GetAsync("/users/@me")).Status);
        Assert.Empty(_discord.Violations);
        _bot.Headers.UserAgent.Clear();
        Assert.Equal(40333, (await _bot.GetAsync("/users/@me")).Code);
        Assert.Single(_discord.Violations);
        Assert.Equal(2, _discord.InvalidRequests);
        _bot.Headers.UserAgent.ParseAdd("DiscordBot (http://a.test, 1.0)");
        _discord.Revoke();
        Assert.Equal(401, (await _bot.GetAsync("/users/@me")).Status);
    }

    [Fact]
    public async Task D01_A_message_that_could_ping_people_is_a_violation()
    {
        await _bot.PostAsync($"/channels/{_news.Id}/messages", new { content = "@everyone" });
        await _bot.PostAsync($"/channels/{_news.Id}/messages", new { content = "@everyone", allowed_mentions = new { } });
        await _bot.PostAsync($"/channels/{_news.Id}/messages", new { embeds = new[] { new { title = "x" } }, allowed_mentions = new { parse = new[] { "users" } } });
        await _bot.PostAsync($"/channels/{_news.Id}/messages", new { content = "x", allowed_mentions = new { parse = Array.Empty<string>(), users = new[] { "1" } } });
        Assert.Equal(4, _discord.Violations.Count(violation => violation.StartsWith("ping", StringComparison.Ordinal)));
        Assert.Equal(4, _discord.Violations.Count);
        await _bot.PatchAsync($"/channels/{_news.Id}/messages/{_news.Messages[0].Id}", new { content = "@here" });
        Assert.Equal(5, _discord.Violations.Count);
        await _bot.PatchAsync($"/channels/{_news.Id}/messages/{_news.Messages[0].Id}", new { flags = 4 });
        Assert.Equal(5, _discord.Violations.Count);
    }

    public static TheoryData<string, object> WrongMessages => new()
    {
        { "content", new { content = new string('x', 2001) } },
        { "embeds.0.title", new { embeds = new[] { new { title = new string('x', 257) } } } },
        { "embeds.0.description", new { embeds = new[] { new { title = " ", description = "" } } } },
        { "embeds", new { embeds = new[] { new { description = new string('x', 3001) }, new { description = new string('x', 3000) } } } },
        { "embeds.0.url", new { embeds = new[] { new { title = "x", url = "javascript:alert(1)" } } } },
        { "embeds.0.fields.0.value", new { embeds = new[] { new { fields = new[] { new { name = "x", value = " " } } } } } },
        { "flags", new { content = "x", flags = 64 } },
        { "components.0.components.0.custom_id", new { components = new[] { Row(new { type = 2, style = 1, label = "x" }) } } },
        { "components.0.components.1.custom_id", new { components = new[] { Row(new { type = 2, style = 1, label = "x", custom_id = "a" }, new { type = 2, style = 1, label = "y", custom_id = "a" }) } } },
        { "components.0", new { components = new[] { new { type = 10, content = "text" } } } },
        { "content", new { content = "x", flags = 1 << 15, components = new[] { new { type = 10, content = "text" } } } },
    };

    [Theory]
    [MemberData(nameof(WrongMessages), DisableDiscoveryEnumeration = true)]
    public async Task A_message_beyond_the_limits_is_refused_by_its_place_and_is_a_violation(string path, object body)
    {
        var answer = await _bot.PostAsync($"/channels/{_news.Id}/messages", body);
        Assert.Equal((400, 50035), (answer.Status, answer.Code));
        Assert.Empty(_news.Messages);
        Assert.Single(path.Split('.').Aggregate(answer.Json!.Value.GetProperty("errors"), (errors, step) => errors.GetProperty(step)).GetProperty("_errors").EnumerateArray());
        Assert.NotEmpty(_discord.Violations);
    }

    [Fact]
    public async Task An_empty_message_and_a_body_that_is_no_json_are_refused()
    {
        Assert.Equal(50006, (await _bot.PostAsync($"/channels/{_news.Id}/messages", new { content = "  ", allowed_mentions = BareBot.Quiet })).Code);
        Assert.Equal(50109, (await _bot.PostAsync($"/channels/{_news.Id}/messages", new StringContent("{", Encoding.UTF8, "application/json"))).Code);
        Assert.Equal(400, (await _bot.PostAsync($"/channels/{_news.Id}/messages", new StringContent("content=x"))).Status);
        Assert.Equal(40005, (await _bot.PostAsync($"/channels/{_news.Id}/messages", new { content = new string('x', 26 * 1024 * 1024) })).Code);
        Assert.Equal(4, _discord.Violations.Count);
        await _bot.SayAsync(_news, "x");
        await _bot.PatchAsync($"/channels/{_news.Id}/messages/{_news.Messages[0].Id}", new { content = (string?)null });
        Assert.Equal(5, _discord.Violations.Count);
        Assert.Equal("x", _news.Messages.Single().Content);
    }

    [Fact]
    public async Task Of_embeds_with_one_url_people_see_the_first()
    {
        await _bot.PostAsync($"/channels/{_news.Id}/messages", new
        {
            content = "Two entries",
            allowed_mentions = BareBot.Quiet,
            embeds = new[] { new { title = "First", url = "https://a.test/" }, new { title = "Hidden", url = "https://a.test/" }, new { title = "Third", url = "https://b.test/" } },
            components = new[] { Row(new { type = 2, style = 1, label = "Undo", custom_id = "u" }) },
        });
        Assert.Equal("Two entries\nFirst\nThird\n[Undo]", _news.Messages.Single().ShownText);
        Assert.Equal(3, _news.Messages.Single().Embeds.Count);
    }

    [Fact]
    public async Task A_nonce_makes_one_message_of_two_sends_until_its_window_ends()
    {
        _discord.Limits.TurnOff();
        var first = await _bot.SayAsync(_news, "once", "n1");
        Assert.Equal(first.Text("id"), (await _bot.SayAsync(_news, "once", "n1")).Text("id"));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(first.Text("id"), (await _bot.SayAsync(_news, "once", "n1")).Text("id"));
        Assert.Single(_news.Messages);
        await _bot.SayAsync(_guild.AddChannel("other"), "once", "n1");
        await _bot.PostAsync($"/channels/{_news.Id}/messages", new { content = "once", nonce = "n1", allowed_mentions = BareBot.Quiet });
        Assert.Equal(2, _news.Messages.Count);
        _time.Advance(TimeSpan.FromMinutes(3));
        await _bot.SayAsync(_news, "once", "n1");
        Assert.Equal(3, _news.Messages.Count);
        _news.Messages[^1].Delete();
        Assert.Equal(10008, (await _bot.SayAsync(_news, "once", "n1")).Code);
        Assert.Empty(_discord.Violations);
    }

    [Fact]
    public async Task Rights_are_those_of_the_roles_and_the_channel()
    {
        _news.Deny(DiscordPermissions.SendMessages);
        Assert.Equal((403, 50013), await CodeAsync(_bot.SayAsync(_news, "x")));
        _news.Deny(DiscordPermissions.ViewChannel);
        Assert.Equal((403, 50001), await CodeAsync(_bot.SayAsync(_news, "x")));
        Assert.Equal((403, 50001), await CodeAsync(_bot.GetAsync($"/channels/{_news.Id}")));
        _news.Allow(DiscordPermissions.ViewChannel | DiscordPermissions.SendMessages);
        _news.Deny(DiscordPermissions.EmbedLinks | DiscordPermissions.ReadMessageHistory);
        Assert.Equal((200, null), await CodeAsync(_bot.SayAsync(_news, "x")));
        Assert.Equal((403, 50013), await CodeAsync(_bot.PostAsync($"/channels/{_news.Id}/messages", new { embeds = new[] { new { title = "x" } }, allowed_mentions = BareBot.Quiet })));
        Assert.Equal(0, (await _bot.GetAsync($"/channels/{_news.Id}/messages")).Json!.Value.GetArrayLength());

        var secret = _guild.AddChannel("secret");
        secret.OverrideEveryone(DiscordPermissions.None, DiscordPermissions.ViewChannel);
        Assert.Equal((403, 50001), await CodeAsync(_bot.SayAsync(secret, "x")));
        _guild.Grant(_discord.Bot, DiscordPermissions.Administrator);
        Assert.Equal((200, null), await CodeAsync(_bot.SayAsync(secret, "x")));
        Assert.Equal(DiscordPermissions.None, secret.RightsOf(_guild.AddMember("Ann")) & DiscordPermissions.ViewChannel);
        _guild.RemoveBot();
        Assert.Equal((403, 50001), await CodeAsync(_bot.SayAsync(_news, "x")));
        Assert.Empty(_discord.Violations);
    }

    [Fact]
    public async Task Places_that_are_gone_closed_or_of_another_kind_say_so()
    {
        var (forum, thread, ann) = (_guild.AddChannel("forum", DiscordChannelKind.Forum), _news.AddThread("thread"), _discord.AddUser("Ann"));
        Assert.Equal((400, 50008), await CodeAsync(_bot.SayAsync(forum, "x")));
        thread.Archive();
        Assert.Equal((200, null), await CodeAsync(_bot.SayAsync(thread, "wakes it")));
        Assert.False(thread.IsArchived);
        thread.Archive();
        Assert.Equal((400, 50083), await CodeAsync(_bot.PatchAsync($"/channels/{thread.Id}/messages/{thread.Messages[0].Id}", new { content = "x", allowed_mentions = BareBot.Quiet })));
        thread.Archive(locked: true);
        Assert.Equal((400, 160005), await CodeAsync(_bot.SayAsync(thread, "x")));
        ann.AcceptsMessages = false;
        Assert.Equal((403, 50007), await CodeAsync(_bot.SayAsync(ann.OpenDm(), "x")));
        Assert.Equal((404, 10008), await CodeAsync(_bot.PatchAsync($"/channels/{_news.Id}/messages/1", new { flags = 4 })));
        var said = ann.Say(_news, "Hello");
        Assert.Equal((403, 50005), await CodeAsync(_bot.PatchAsync($"/channels/{_news.Id}/messages/{said.Id}", new { content = "x", allowed_mentions = BareBot.Quiet })));
        _news.Delete();
        Assert.Equal((404, 10003), await CodeAsync(_bot.SayAsync(_news, "x")));
        Assert.Equal((404, 10003), await CodeAsync(_bot.SayAsync(thread, "x")));
        Assert.Empty(_discord.Violations);
    }

    [Fact]
    public async Task A_forum_takes_posts_with_a_tag_if_it_must_be()
    {
        var forum = _guild.AddChannel("forum", DiscordChannelKind.Forum);
        var tag = forum.AddTag("tech");
        forum.RequiresTag = true;
        var message = new { content = "Text", allowed_mentions = BareBot.Quiet };
        Assert.Equal((400, 40067), await CodeAsync(_bot.PostAsync($"/channels/{forum.Id}/threads", new { name = "Title", message })));
        Assert.Equal((201, null), await CodeAsync(_bot.PostAsync($"/channels/{forum.Id}/threads", new { name = "Title", message, applied_tags = new[] { tag } })));
        var post = forum.Posts.Single();
        Assert.Equal(("Title", "Text", "tech"), (post.Name, post.FirstMessage.ShownText, post.Tags.Single()));
        Assert.Equal(post.Id, post.FirstMessage.Id);
        Assert.Empty(_discord.Violations);
        Assert.Equal((400, 50035), await CodeAsync(_bot.PostAsync($"/channels/{forum.Id}/threads", new { name = new string('x', 101), message, applied_tags = new[] { tag } })));
        Assert.NotEmpty(_discord.Violations);
    }

    [Fact]
    public async Task Messages_are_listed_newest_first_around_an_id()
    {
        _discord.Limits.TurnOff();
        for (var i = 0; i < 5; i++)
            await _bot.SayAsync(_news, $"{i}");
        var ids = _news.Messages.Select(message => message.Id).ToList();
        Assert.Equal("43210", await ListAsync(""));
        Assert.Equal("43", await ListAsync("?limit=2"));
        Assert.Equal("43", await ListAsync($"?after={ids[2]}"));
        Assert.Equal("10", await ListAsync($"?before={ids[2]}"));
        Assert.Equal("32", await ListAsync($"?around={ids[3]}&limit=2"));

        async Task<string> ListAsync(string query) =>
            string.Concat((await _bot.GetAsync($"/channels/{_news.Id}/messages{query}")).Json!.Value.EnumerateArray().Select(message => message.GetProperty("content").GetString()));
    }

    [Fact]
    public async Task Commands_are_held_against_the_limits()
    {
        object Command(string name, params object[] options) => new { name, description = "D", options };
        object Option(string name, bool required) => new { type = 3, name, description = "D", required };
        Assert.Equal(200, (await _bot.RegisterAsync(Command("one", Option("a", true), Option("b", false)))).Status);
        var id = _discord.Commands!.Single().GetProperty("id").GetString();
        Assert.Equal(id, (await _bot.RegisterAsync(Command("one"))).Json!.Value[0].GetProperty("id").GetString());
        Assert.Empty(_discord.Violations);
        foreach (var wrong in new[]
        {
            Command("One"), Command("one two"), Command("one", Option("a", false), Option("b", true)), Command("one", Option("a", true), Option("a", true)),
            Command("one", Enumerable.Range(0, 26).Select(n => Option($"o{n}", false)).ToArray()), new { name = "one", description = "" }, new { name = "one", description = new string('x', 101) },
            Command("one", new { type = 3, name = "a", description = "D", autocomplete = true, choices = new[] { new { name = "x", value = "x" } } }),
            Command("one", Enumerable.Range(0, 3).Select(n => (object)new
            {
                type = 3, name = $"o{n}", description = new string('x', 100), choices = Enumerable.Range(0, 25).Select(c => new { name = $"{c}" + new string('x', 50), value = $"{c}" + new string('x', 60) }),
            }).ToArray()),
        })
        {
            Assert.Equal(50035, (await _bot.RegisterAsync(wrong)).Code);
        }

        Assert.Equal(50035, (await _bot.RegisterAsync(Command("one"), Command("one"))).Code);
        Assert.Equal("one", _discord.Commands!.Single().GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_bucket_refuses_what_comes_too_early_and_tells_when()
    {
        for (var left = 4; left >= 0; left--)
        {
            var answer = await _bot.SayAsync(_news, "x");
            Assert.Equal((200, "5", $"{left}", "5.000"), (answer.Status, answer.Headers["X-RateLimit-Limit"], answer.Headers["X-RateLimit-Remaining"], answer.Headers["X-RateLimit-Reset-After"]));
        }

        _time.Advance(TimeSpan.FromSeconds(1.5));
        var refused = await _bot.SayAsync(_news, "x");
        Assert.Equal((429, "user", "4"), (refused.Status, refused.Headers["X-RateLimit-Scope"], refused.Headers["Retry-After"]));
        Assert.Equal(3.5, refused.Json!.Value.GetProperty("retry_after").GetDouble());
        Assert.Equal(200, (await _bot.SayAsync(_guild.AddChannel("other"), "x")).Status);
        _time.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal(200, (await _bot.SayAsync(_news, "x")).Status);
        Assert.Equal((1, 1), (_discord.Limits.Refused, _discord.InvalidRequests));
        Assert.Empty(_discord.Violations);
    }

    [Fact]
    public async Task Fifty_requests_a_second_are_the_limit_of_all()
    {
        for (var i = 0; i < 50; i++)
            Assert.Equal(200, (await _bot.GetAsync("/users/@me")).Status);
        var refused = await _bot.GetAsync("/gateway/bot");
        Assert.Equal((429, "true", "global"), (refused.Status, refused.Headers["X-RateLimit-Global"], refused.Headers["X-RateLimit-Scope"]));
        Assert.True(refused.Json!.Value.GetProperty("global").GetBoolean());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await _bot.GetAsync("/gateway/bot")).Status);
    }

    [Fact]
    public async Task Planned_faults_come_in_their_order_where_they_were_planned_and_are_over()
    {
        var other = _guild.AddChannel("other");
        _discord.Limits.TurnOff();
        _discord.Next(Create, new DiscordFault.Refuse(403, 50013, "Missing Permissions"), where: request => request.Values["channel_id"] == other.Id);
        _discord.Next(Create, new DiscordFault.RateLimited(TimeSpan.FromSeconds(1.5), "shared"));
        _discord.Next(Create, new DiscordFault.RateLimited(TimeSpan.FromSeconds(7), Html: true));
        _discord.Next(Create, new DiscordFault.ServerError(), times: 2);
        var limited = await _bot.SayAsync(_news, "a");
        Assert.Equal((429, "shared", 1.5), (limited.Status, limited.Headers["X-RateLimit-Scope"], limited.Json!.Value.GetProperty("retry_after").GetDouble()));
        var html = await _bot.SayAsync(_news, "a");
        Assert.Equal((429, null, "7"), (html.Status, html.Json, html.Headers["Retry-After"]));
        Assert.Equal(502, (await _bot.SayAsync(_news, "a")).Status);
        Assert.Equal(502, (await _bot.SayAsync(_news, "a")).Status);
        Assert.Equal(200, (await _bot.SayAsync(_news, "a")).Status);
        Assert.Equal(50013, (await _bot.SayAsync(other, "a")).Code);
        Assert.Single(_news.Messages);
        Assert.Equal(2, _discord.InvalidRequests);
    }

    [Fact]
    public async Task H02_H03_An_answer_can_be_lost_after_the_message_was_stored()
    {
        _discord.Limits.TurnOff();
        _discord.Next(Create, new DiscordFault.DropBefore());
        await Assert.ThrowsAsync<HttpRequestException>(() => _bot.SayAsync(_news, "never"));
        Assert.Empty(_news.Messages);
        _discord.Next(Create, new DiscordFault.StoreThenDrop());
        await Assert.ThrowsAsync<HttpRequestException>(() => _bot.SayAsync(_news, "1"));
        _discord.Next(Create, new DiscordFault.HalfAnswer(Cut: true));
        await Assert.ThrowsAsync<HttpRequestException>(() => _bot.SayAsync(_news, "2"));
        _discord.Next(Create, new DiscordFault.HalfAnswer());
        await Assert.ThrowsAnyAsync<System.Text.Json.JsonException>(() => _bot.SayAsync(_news, "3"));
        _discord.Next(Create, new DiscordFault.Html200());
        Assert.Equal((200, null), await CodeAsync(_bot.SayAsync(_news, "4")));
        _discord.Next(Create, new DiscordFault.ServerErrorAfterStore(504));
        Assert.Equal(504, (await _bot.SayAsync(_news, "5")).Status);
        Assert.Equal(["1", "2", "3", "4", "5"], _news.Messages.Select(message => message.Content));
    }

    [Fact]
    public async Task An_answer_can_hang_until_it_is_let_go()
    {
        var until = new TaskCompletionSource();
        _discord.Next(Create, new DiscordFault.Hang(until.Task));
        var hanging = _bot.SayAsync(_news, "x");
        await _news.WaitForMessagesAsync();
        Assert.False(hanging.IsCompleted);
        until.SetResult();
        Assert.Equal(200, (await hanging).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_can_come_late(bool storesFirst)
    {
        var (by, clock) = (TimeSpan.FromMilliseconds(50), TimeProvider.System);
        await using var discord = await FakeDiscord.StartAsync(ct: TestContext.Current.CancellationToken);
        using var bot = new BareBot(discord);
        discord.Next("GET /users/@me", new DiscordFault.Delay(by, storesFirst));
        var start = clock.GetTimestamp();
        Assert.Equal(200, (await bot.GetAsync("/users/@me")).Status);
        Assert.True(clock.GetElapsedTime(start) >= by);
    }

    [Fact]
    public async Task H01_Discord_can_be_down_and_come_back_as_it_was()
    {
        await _bot.SayAsync(_news, "before");
        await _discord.GoDownAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => _bot.SayAsync(_news, "never"));
        await _discord.ComeBackAsync(TestContext.Current.CancellationToken);
        await _bot.SayAsync(_news, "after");
        Assert.Equal(["before", "after"], _news.Messages.Select(message => message.Content));
    }

    [Fact]
    public async Task Thousands_of_messages_are_no_burden()
    {
        _discord.Limits.TurnOff();
        var waiting = _news.WaitForMessagesAsync(2000);
        await Parallel.ForAsync(0, 2000, TestContext.Current.CancellationToken, async (n, _) => await _bot.PostAsync($"/channels/{_news.Id}/messages", new
        {
            nonce = $"{n}",
            enforce_nonce = true,
            allowed_mentions = BareBot.Quiet,
            embeds = new[] { new { title = $"Entry {n}", url = $"https://a.test/{n}", description = new string('x', 300), footer = new { text = "a.test" } } },
        }));
        Assert.Equal(2000, (await waiting).Count);
        Assert.Empty(_discord.Violations);
    }

    [Fact]
    public async Task Waiting_in_vain_ends_with_what_was_seen()
    {
        _discord.Patience = TimeSpan.FromMilliseconds(1);
        await _bot.GetAsync("/users/@me");
        var late = await Assert.ThrowsAsync<TimeoutException>(() => _news.WaitForMessagesAsync());
        Assert.Contains("GET /api/v10/users/@me → 200", late.Message, StringComparison.Ordinal);
    }

    private static async Task<(int, int?)> CodeAsync(Task<BotAnswer> answer) => ((await answer).Status, (await answer).Code);

    private static object Row(params object[] components) => new { type = 1, components };
}
