using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Notifier.Tests.Support.Fakes.Telegram;
using Notifier.Tests.Support.Fakes.Telegram.Api;
using Notifier.Tests.Support.Fakes.Telegram.Text;

namespace Notifier.Tests.Fakes;

/// <summary>The fake Telegram does what the Bot API does, and refuses what it refuses.</summary>
public sealed class FakeTelegramTests : IAsyncLifetime
{
    private BotUnderTest _bot = null!;

    private FakeTelegram Fake => _bot.Fake;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bot = await BotUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _bot.DisposeAsync();

    [Fact]
    public async Task A_bot_is_known_by_its_token_and_a_method_by_its_name_in_any_case()
    {
        Assert.Equal(1, (await _bot.DoAsync("GETME"))["id"]!.GetValue<long>());
        var wrong = await _bot.AnswerAsync("getMe", token: "2:other");
        Assert.Equal("""{"ok":false,"error_code":401,"description":"Unauthorized"}""", wrong.ToJsonString());
        Assert.Equal("404 Not Found: method not found", await _bot.RefusalAsync("sendPigeon"));
        Assert.Equal(["sendPigeon"], Fake.Unexpected);
        Assert.Equal(1, Fake.Used["getMe"]);
        Assert.Empty(Fake.Violations);
    }

    [Fact]
    public async Task Parameters_come_as_json_as_a_form_in_parts_or_in_the_url()
    {
        var chat = Fake.AddUser("Ada").Start();
        Fake.Limits.Enforced = false;
        await _bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "one" });
        using (await _bot.PostAsync("sendMessage", new FormUrlEncodedContent([new("chat_id", $"{chat.Id}"), new("text", "two"), new("disable_notification", "true")])))
            Assert.True(chat.Messages[1].IsSilent);
        using (await _bot.PostAsync("sendMessage", new MultipartFormDataContent { { new StringContent($"{chat.Id}"), "chat_id" }, { new StringContent("three"), "text" } }))
        using (await _bot.GetAsync($"/bot1:test/sendMessage?chat_id={chat.Id}&text=four"))
            Assert.Equal(["one", "two", "three", "four"], (await chat.WaitForMessagesAsync(3, ct: Token)).Select(message => message.Text));
        _bot.AssertClean();
    }

    [Fact]
    public async Task A_breach_of_the_contract_is_kept()
    {
        Assert.SkipWhen(Notifier.Tests.Support.Fakes.Contracts.TelegramContract.Find() is null, "The description of the Bot API is not beside this repository.");
        var chat = Fake.AddUser("Ada").Start();
        await _bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "x", colour = "red" });
        Assert.Equal(["sendMessage.colour is unknown"], Fake.Violations);
    }

    [Fact]
    public async Task Updates_stay_until_an_offset_confirms_them()
    {
        var ada = Fake.AddUser("Ada");
        var chat = ada.Start();
        ada.Say(chat, "/list");
        var first = await _bot.UpdatesAsync();
        Assert.Equal(["/start", "/list"], first.Select(update => update!["message"]!["text"]!.GetValue<string>()));
        Assert.Equal("""{"type":"bot_command","offset":0,"length":5}""", first[1]!["message"]!["entities"]![0]!.ToJsonString());
        Assert.Single(await _bot.UpdatesAsync(limit: 1));
        var last = first[1]!["update_id"]!.GetValue<long>();
        Assert.Single(await _bot.UpdatesAsync(offset: last));
        Assert.Equal(last - 1, Fake.Confirmed);
        Assert.Empty(await _bot.UpdatesAsync(offset: last + 1));
        Assert.Equal(last, Fake.Confirmed);
        _bot.AssertClean();
    }

    [Fact]
    public async Task A_long_poll_ends_with_the_next_update()
    {
        var ada = Fake.AddUser("Ada");
        var chat = ada.Start();
        var offset = (await _bot.UpdatesAsync())[0]!["update_id"]!.GetValue<long>() + 1;
        var poll = _bot.UpdatesAsync(offset, timeout: 50);
        await Fake.Updates.WaitForPollAsync(ct: Token);
        ada.Say(chat, "now");
        Assert.Equal("now", (await poll)[0]!["message"]!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_long_poll_ends_empty_when_its_time_is_over()
    {
        var clock = new FakeTimeProvider();
        await using var bot = await BotUnderTest.StartAsync(clock);
        var poll = bot.UpdatesAsync(timeout: 50);
        await bot.Fake.Updates.WaitForPollAsync(ct: Token);
        clock.Advance(TimeSpan.FromSeconds(49));
        Assert.False(poll.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await poll);
    }

    [Fact]
    public async Task Of_two_polls_the_older_one_is_ended_with_409()
    {
        var older = _bot.AnswerAsync("getUpdates", new { timeout = 50 });
        await Fake.Updates.WaitForPollAsync(ct: Token);
        var younger = _bot.UpdatesAsync(timeout: 50);
        var ended = await older;
        Assert.Equal(409, ended["error_code"]!.GetValue<int>());
        Assert.Equal("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", ended["description"]!.GetValue<string>());
        Fake.AddUser("Ada").Start();
        Assert.Single(await younger);
    }

    [Fact]
    public async Task A_repeated_offset_is_slowed_down_if_wanted()
    {
        var clock = new FakeTimeProvider();
        await using var bot = await BotUnderTest.StartAsync(clock);
        bot.Fake.Updates.SlowsRepeatedPolls = true;
        Assert.Empty(await bot.UpdatesAsync(offset: 5));
        var again = bot.UpdatesAsync(offset: 5);
        await bot.Fake.Updates.WaitForPollAsync(ct: Token);
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(await again);
    }

    [Fact]
    public async Task An_update_waits_for_24_hours()
    {
        var clock = new FakeTimeProvider();
        await using var bot = await BotUnderTest.StartAsync(clock);
        bot.Fake.AddUser("Ada").Start();
        clock.Advance(TimeSpan.FromHours(24));
        Assert.Single(await bot.UpdatesAsync());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await bot.UpdatesAsync());
    }

    [Theory]
    [InlineData("""{"entities":[{"type":"bold","offset":0,"length":1}]}""", "sendMessage with entities, which the fake does not play")]
    [InlineData("""{"reply_markup":{"force_reply":true}}""", "sendMessage with a reply_markup that is no inline keyboard, which the fake does not play")]
    [InlineData("""{"reply_markup":{"inline_keyboard":[[{"text":"a","web_app":{"url":"https://e.org/"}}]]}}""", "sendMessage with a button's web_app, which the fake does not play")]
    public async Task What_the_fake_does_not_play_it_does_not_swallow(string parameters, string unexpected)
    {
        var send = (JsonObject)JsonNode.Parse(parameters)!;
        send["chat_id"] = Fake.AddUser("Ada").Start().Id;
        send["text"] = "x";
        Assert.StartsWith("501 ", await _bot.RefusalAsync("sendMessage", send), StringComparison.Ordinal);
        Assert.Equal([unexpected], Fake.Unexpected);
    }

    [Fact]
    public async Task Only_the_kinds_that_were_asked_for_come()
    {
        var ada = Fake.AddUser("Ada");
        await _bot.UpdatesAsync(allowed: ["message", "my_chat_member"]);
        var chat = ada.Start();
        ada.Say(chat, "hi").Edit("hello");
        ada.Block();
        var updates = await _bot.UpdatesAsync();
        Assert.Equal(["message", "message", "my_chat_member"], updates.Select(update => update!.AsObject().Last().Key));
        Assert.Equal("kicked", updates[2]!["my_chat_member"]!["new_chat_member"]!["status"]!.GetValue<string>());
        _bot.AssertClean();
    }

    [Fact]
    public async Task A_server_in_trouble_repeats_skips_and_shuffles_updates()
    {
        var ada = Fake.AddUser("Ada");
        var chat = ada.Start();
        ada.Say(chat, "one");
        Fake.Updates.SkipIds(5);
        ada.Say(chat, "two");
        Fake.Updates.QueueRaw("""{"update_id":{id},"pigeon":{}}""");
        var ids = Ids(await _bot.UpdatesAsync());
        Assert.Equal([ids[0], ids[0] + 1, ids[0] + 7, ids[0] + 8], ids);

        Fake.Updates.ReversePending();
        Assert.Equal(ids.Reverse(), Ids(await _bot.UpdatesAsync()));
        Assert.Empty(await _bot.UpdatesAsync(offset: ids[^1] + 1));

        Fake.Updates.SendAgain(ids[1]);
        Assert.Equal([ids[1]], Ids(await _bot.UpdatesAsync(offset: ids[^1] + 1)));
        Assert.Empty(await _bot.UpdatesAsync(offset: ids[^1] + 1));

        Fake.Updates.QueueRaw("{not json");
        using var answer = await _bot.PostAsync("getUpdates");
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(answer.Content.ReadAsStream(Token)));
    }

    [Fact]
    public async Task Html_becomes_what_people_read()
    {
        var chat = Fake.AddUser("Ada").Start();
        var sent = await _bot.DoAsync("sendMessage", new
        {
            chat_id = chat.Id,
            text = "<b>A &amp; B</b>, says @durov <a href=\"https://e.org/\">here</a>",
            parse_mode = "Html",
            link_preview_options = new { is_disabled = true },
            disable_notification = true,
        });
        var message = Assert.Single(chat.Messages);
        Assert.Equal("A & B, says @durov here", message.Text);
        Assert.Equal(message.Text, sent["text"]!.GetValue<string>());
        Assert.Equal(["bold", "mention", "text_link"], sent["entities"]!.AsArray().Select(entity => entity!["type"]!.GetValue<string>()));
        Assert.Equal(["bold", "text_link"], message.Entities.Select(entity => entity.Type));
        Assert.Equal("here", message.Shown.Under(message.Entities[1]));
        Assert.Equal(["@durov"], message.Pings);
        Assert.StartsWith("<b>A &amp; B</b>", message.Html, StringComparison.Ordinal);
        Assert.True(message.IsSilent);
        Assert.Equal("""{"is_disabled":true}""", message.LinkPreview!.ToJsonString());
        _bot.AssertClean();
    }

    [Theory]
    [InlineData("<p>x</p>", "html", "can't parse entities: Unsupported start tag \"p\" at byte offset 0")]
    [InlineData("<b>x", "HTML", "can't parse entities: Can't find end tag corresponding to start tag \"b\"")]
    [InlineData("x", "rtf", "unsupported parse_mode")]
    [InlineData("", "html", "message text is empty")]
    [InlineData("<b> </b>", "html", "text must be non-empty")]
    public async Task A_text_that_telegram_refuses_is_refused(string text, string mode, string why)
    {
        var chat = Fake.AddUser("Ada").Start();
        Assert.Equal("400 Bad Request: " + why, await _bot.RefusalAsync("sendMessage", new { chat_id = chat.Id, text, parse_mode = mode }));
        Assert.Empty(chat.Messages);
    }

    [Fact]
    public async Task A_text_may_have_4096_units_after_parsing_and_32768_bytes_before()
    {
        var chat = Fake.AddUser("Ada").Start();
        Fake.Limits.Enforced = false;
        await _bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = $"<b>{new string('x', 4096)}</b>", parse_mode = "HTML" });
        await _bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = string.Concat(Enumerable.Repeat("&amp;", 4096)), parse_mode = "HTML" });
        Assert.Equal("400 Bad Request: message is too long", await _bot.RefusalAsync("sendMessage", new { chat_id = chat.Id, text = new string('x', 4097) }));
        Assert.Equal("400 Bad Request: message is too long", await _bot.RefusalAsync("sendMessage", new { chat_id = chat.Id, text = string.Concat(Enumerable.Repeat("😀", 2049)) }));
        Assert.Equal("400 Bad Request: text is too long", await _bot.RefusalAsync("sendMessage", new { chat_id = chat.Id, text = string.Concat(Enumerable.Repeat("<b>x</b>", 4097)), parse_mode = "HTML" }));
    }

    [Fact]
    public async Task A_quote_in_a_quote_is_taken_but_told_as_a_breach()
    {
        var chat = Fake.AddUser("Ada").Start();
        await _bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "<blockquote>a<blockquote>b</blockquote></blockquote>", parse_mode = "HTML" });
        Assert.Contains("blockquote", Assert.Single(Fake.Violations), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"text":"a","callback_data":"12345678901234567890123456789012345678901234567890123456789012ü"}""", null)]
    [InlineData("""{"text":"a","callback_data":"123456789012345678901234567890123456789012345678901234567890123ü"}""", "BUTTON_DATA_INVALID")]
    [InlineData("""{"text":"a","url":"https://e.org/"}""", null)]
    [InlineData("""{"text":"a","url":"tg://resolve?domain=x"}""", null)]
    [InlineData("""{"text":"a","url":"https://localhost/"}""", "inline keyboard button URL 'https://localhost/' is invalid: Wrong HTTP URL")]
    [InlineData("""{"text":"a","url":"javascript://e.org/"}""", "inline keyboard button URL 'javascript://e.org/' is invalid: Unsupported URL protocol")]
    [InlineData("""{"text":"a"}""", "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")]
    public async Task A_button_has_short_data_or_a_good_url(string button, string? why)
    {
        var chat = Fake.AddUser("Ada").Start();
        var send = new { chat_id = chat.Id, text = "x", reply_markup = new { inline_keyboard = new[] { new[] { JsonNode.Parse(button) } } } };
        if (why is null)
            await _bot.DoAsync("sendMessage", send);
        else
            Assert.Equal("400 Bad Request: " + why, await _bot.RefusalAsync("sendMessage", send));
    }

    [Fact]
    public async Task A_hundred_and_one_buttons_are_too_many()
    {
        var chat = Fake.AddUser("Ada").Start();
        object Send(int count) => new { chat_id = chat.Id, text = "x", reply_markup = new { inline_keyboard = new[] { Enumerable.Range(0, count).Select(i => new { text = $"{i}", callback_data = "x" }) } } };
        await _bot.DoAsync("sendMessage", Send(100));
        Assert.Equal("400 Bad Request: reply markup is too long", await _bot.RefusalAsync("sendMessage", Send(101)));
    }

    [Fact]
    public async Task A_pressed_button_is_answered_once_and_in_time()
    {
        var clock = new FakeTimeProvider();
        await using var bot = await BotUnderTest.StartAsync(clock);
        var ada = bot.Fake.AddUser("Ada");
        var chat = ada.Start();
        await bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "x", reply_markup = new { inline_keyboard = new[] { new[] { new { text = "Go", callback_data = "go:1" } } } } });
        var pressed = chat.Messages[0].PressAsync(ada, "Go", Token);
        var query = (await bot.UpdatesAsync())[^1]!["callback_query"]!;
        Assert.Equal("go:1", query["data"]!.GetValue<string>());
        Assert.Equal(chat.Messages[0].Id, query["message"]!["message_id"]!.GetValue<int>());
        var answer = new { callback_query_id = query["id"]!.GetValue<string>(), text = "done", show_alert = true };
        Assert.Equal("400 Bad Request: MESSAGE_TOO_LONG", await bot.RefusalAsync("answerCallbackQuery", answer with { text = new string('x', 201) }));
        await bot.DoAsync("answerCallbackQuery", answer);
        Assert.Equal("done", await pressed);
        Assert.Equal([new("done", true, null)], bot.Fake.Callbacks.Answers);
        const string TooOld = "400 Bad Request: query is too old and response timeout expired or query ID is invalid";
        Assert.Equal(TooOld, await bot.RefusalAsync("answerCallbackQuery", answer));

        var forged = chat.Messages[0].PressDataAsync(ada, "forged", Token);
        query = (await bot.UpdatesAsync())[^1]!["callback_query"]!;
        clock.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(TooOld, await bot.RefusalAsync("answerCallbackQuery", new { callback_query_id = query["id"]!.GetValue<string>() }));
        Assert.False(forged.IsCompleted);
        bot.AssertClean();
    }

    [Fact]
    public async Task A_message_is_edited_and_deleted()
    {
        var ada = Fake.AddUser("Ada");
        var chat = ada.Start();
        await _bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "one" });
        var message = chat.Messages[0];
        Assert.StartsWith("400 Bad Request: message is not modified", await _bot.RefusalAsync("editMessageText", new { chat_id = chat.Id, message_id = message.Id, text = "one" }), StringComparison.Ordinal);
        await _bot.DoAsync("editMessageText", new { chat_id = chat.Id, message_id = message.Id, text = "two" });
        await _bot.DoAsync("editMessageReplyMarkup", new { chat_id = chat.Id, message_id = message.Id, reply_markup = new { inline_keyboard = new[] { new[] { new { text = "Go", callback_data = "x" } } } } });
        Assert.Equal(("two", "one", "Go"), (message.Text, Assert.Single(message.Edits), Assert.Single(message.Buttons).Label));
        Assert.Equal("400 Bad Request: message to edit not found", await _bot.RefusalAsync("editMessageText", new { chat_id = chat.Id, message_id = 99, text = "two" }));
        Assert.Equal("400 Bad Request: message can't be edited", await _bot.RefusalAsync("editMessageText", new { chat_id = chat.Id, message_id = chat.History[0].Id, text = "two" }));
        await _bot.DoAsync("deleteMessage", new { chat_id = chat.Id, message_id = message.Id });
        Assert.Empty(chat.Messages);
        Assert.Equal("400 Bad Request: message to delete not found", await _bot.RefusalAsync("deleteMessage", new { chat_id = chat.Id, message_id = message.Id }));
        _bot.AssertClean();
    }

    [Fact]
    public async Task Who_is_not_there_is_not_written_to()
    {
        var ada = Fake.AddUser("Ada");
        Task<string> Write(object chat) => _bot.RefusalAsync("sendMessage", new { chat_id = chat, text = "x" });
        Assert.Equal("400 Bad Request: chat not found", await Write(ada.Id));
        var group = Fake.AddGroup("The group");
        Assert.Equal("400 Bad Request: chat not found", await Write(group.Id));
        group.InviteBot(ada);
        Assert.Equal("403 Forbidden: bot can't initiate conversation with a user", await Write(ada.Id));
        ada.Start();
        ada.Block();
        Assert.Equal("403 Forbidden: bot was blocked by the user", await Write(ada.Id));
        ada.Start();
        await _bot.DoAsync("sendMessage", new { chat_id = ada.Id, text = "x" });
        ada.IsDeactivated = true;
        Assert.Equal("403 Forbidden: user is deactivated", await Write(ada.Id));

        group.Kick(Fake.Bot, ada);
        Assert.Equal("403 Forbidden: bot was kicked from the group chat", await Write(group.Id));
        group.Join(Fake.Bot, ada);
        group.Leave(Fake.Bot);
        Assert.Equal("403 Forbidden: bot is not a member of the group chat", await Write(group.Id));
        group.IsDeleted = true;
        Assert.Equal("403 Forbidden: the group chat was deleted", await Write(group.Id));

        var channel = Fake.AddChannel("The channel", "thechannel");
        Assert.Equal("403 Forbidden: bot is not a member of the channel chat", await Write("@TheChannel"));
        channel.Promote(Fake.Bot, Membership.Member with { CanPostMessages = false });
        Assert.Equal("400 Bad Request: need administrator rights in the channel chat", await Write("@thechannel"));
        channel.Promote(Fake.Bot);
        await _bot.DoAsync("sendMessage", new { chat_id = "@thechannel", text = "x" });
        Assert.Null(channel.Messages[0].From);
        channel.Kick(Fake.Bot);
        Assert.Equal("403 Forbidden: bot was kicked from the channel chat", await Write(channel.Id));

        var supergroup = Fake.AddSupergroup("The supergroup");
        supergroup.InviteBot();
        supergroup.MembersMayWrite = false;
        Assert.Equal("400 Bad Request: not enough rights to send text messages to the chat", await Write(supergroup.Id));
        supergroup.MembersMayWrite = true;
        supergroup.Restrict(Fake.Bot);
        Assert.Equal("400 Bad Request: not enough rights to send text messages to the chat", await Write(supergroup.Id));
        supergroup.Kick(Fake.Bot);
        Assert.Equal("403 Forbidden: bot was kicked from the supergroup chat", await Write(supergroup.Id));
        _bot.AssertClean();
    }

    [Fact]
    public async Task A_topic_is_open_closed_or_gone()
    {
        var forum = Fake.AddSupergroup("The forum", isForum: true);
        forum.InviteBot();
        var topic = forum.AddTopic("News");
        Fake.Limits.Enforced = false;
        var sent = await _bot.DoAsync("sendMessage", new { chat_id = forum.Id, message_thread_id = topic.Id, text = "in" });
        Assert.Equal(topic.Id, sent["message_thread_id"]!.GetValue<int>());
        Assert.Same(topic, forum.Messages[0].Topic);
        Assert.Equal("400 Bad Request: message thread not found", await _bot.RefusalAsync("sendMessage", new { chat_id = forum.Id, message_thread_id = 1, text = "General has no number" }));
        await _bot.DoAsync("sendMessage", new { chat_id = forum.Id, text = "to General" });
        topic.IsClosed = true;
        Assert.Equal("400 Bad Request: TOPIC_CLOSED", await _bot.RefusalAsync("sendMessage", new { chat_id = forum.Id, message_thread_id = topic.Id, text = "x" }));
        forum.Promote(Fake.Bot, Membership.Member with { CanManageTopics = true });
        await _bot.DoAsync("sendMessage", new { chat_id = forum.Id, message_thread_id = topic.Id, text = "x" });
        topic.IsDeleted = true;
        Assert.Equal("400 Bad Request: message thread not found", await _bot.RefusalAsync("sendMessage", new { chat_id = forum.Id, message_thread_id = topic.Id, text = "x" }));
        _bot.AssertClean();
    }

    [Theory]
    [InlineData(false, "migrate_to_chat_id, migrate_from_chat_id")]
    [InlineData(true, "migrate_from_chat_id, migrate_to_chat_id")]
    public async Task A_group_becomes_a_supergroup(bool newFirst, string order)
    {
        var group = Fake.AddGroup("The group");
        group.InviteBot();
        var before = (await _bot.UpdatesAsync()).Count;
        var supergroup = group.Upgrade(newFirst);
        var updates = (await _bot.UpdatesAsync()).Skip(before).Select(update => update!["message"]!.AsObject()).ToList();
        Assert.Equal(order, string.Join(", ", updates.Select(message => message.Last().Key)));
        Assert.Equal(supergroup.Id, updates[newFirst ? 1 : 0]["migrate_to_chat_id"]!.GetValue<long>());
        var refused = await _bot.AnswerAsync("sendMessage", new { chat_id = group.Id, text = "x" });
        Assert.Equal("Bad Request: group chat was upgraded to a supergroup chat", refused["description"]!.GetValue<string>());
        Assert.Equal(supergroup.Id, refused["parameters"]!["migrate_to_chat_id"]!.GetValue<long>());
        await _bot.DoAsync("sendMessage", new { chat_id = supergroup.Id, text = "x" });
        Assert.StartsWith("-100", $"{supergroup.Id}", StringComparison.Ordinal);
        _bot.AssertClean();
    }

    [Fact]
    public async Task Who_is_who_in_a_chat()
    {
        var (ada, bob, eve) = (Fake.AddUser("Ada", "ada"), Fake.AddUser("Bob"), Fake.AddUser("Eve"));
        var group = Fake.AddSupergroup("The group", username: "thegroup");
        group.Own(ada);
        group.Join(bob);
        group.InviteBot(ada);
        async Task<string> Status(FakeTelegramUser user) => (await _bot.DoAsync("getChatMember", new { chat_id = group.Id, user_id = user.Id }))["status"]!.GetValue<string>();
        Assert.Equal(("creator", "member", "left", "member"), (await Status(ada), await Status(bob), await Status(eve), await Status(Fake.Bot)));
        group.Promote(bob, Membership.Member with { IsAnonymous = true });
        group.Restrict(eve);
        Assert.Equal(("administrator", "restricted"), (await Status(bob), await Status(eve)));
        group.Demote(bob);
        group.Kick(eve);
        Assert.Equal(("member", "kicked"), (await Status(bob), await Status(eve)));
        Assert.Equal([ada.Id], (await _bot.DoAsync("getChatAdministrators", new { chat_id = "@thegroup" })).AsArray().Select(member => member!["user"]!["id"]!.GetValue<long>()));
        Assert.Equal("The group", (await _bot.DoAsync("getChat", new { chat_id = "@thegroup" }))["title"]!.GetValue<string>());
        Assert.Equal("400 Bad Request: PARTICIPANT_ID_INVALID", await _bot.RefusalAsync("getChatMember", new { chat_id = group.Id, user_id = 5 }));
        group.HidesMembers = true;
        Assert.Equal("400 Bad Request: CHAT_ADMIN_REQUIRED", await _bot.RefusalAsync("getChatMember", new { chat_id = group.Id, user_id = bob.Id }));
        await _bot.DoAsync("leaveChat", new { chat_id = group.Id });
        Assert.Equal("left", (await _bot.UpdatesAsync())[^1]!["my_chat_member"]!["new_chat_member"]!["status"]!.GetValue<string>());
        _bot.AssertClean();
    }

    [Fact]
    public async Task In_a_group_the_bot_hears_what_is_meant_for_it()
    {
        var ada = Fake.AddUser("Ada");
        var group = Fake.AddSupergroup("The group");
        group.Join(ada);
        group.InviteBot(ada);
        await _bot.DoAsync("sendMessage", new { chat_id = group.Id, text = "hello" });
        var before = (await _bot.UpdatesAsync()).Count;
        ada.Say(group, "small talk");
        ada.Say(group, "/list@another_bot");
        ada.Say(group, "/list");
        ada.Say(group, $"/list@{Fake.Bot.Username}");
        ada.Say(group, "to you", replyTo: group.Messages[0], quote: "ell");
        group.SayAnonymously("/pause");
        var heard = (await _bot.UpdatesAsync()).Skip(before).Select(update => update!["message"]!).ToList();
        Assert.Equal(["/list", "/list@NotifierTestBot", "to you", "/pause"], heard.Select(message => message["text"]!.GetValue<string>()));
        Assert.Equal((1, "ell"), (heard[2]["quote"]!["position"]!.GetValue<int>(), heard[2]["quote"]!["text"]!.GetValue<string>()));
        Assert.Equal((group.Id, 1087968824), (heard[3]["sender_chat"]!["id"]!.GetValue<long>(), heard[3]["from"]!["id"]!.GetValue<long>()));
        Fake.PrivacyMode = false;
        ada.Forward(group, ada.Say(group, "small talk"));
        var last = (await _bot.UpdatesAsync())[^1]!["message"]!;
        Assert.Equal(("small talk", "user"), (last["text"]!.GetValue<string>(), last["forward_origin"]!["type"]!.GetValue<string>()));
        _bot.AssertClean();
    }

    [Fact]
    public async Task A_channel_speaks_in_its_own_name()
    {
        var channel = Fake.AddChannel("The channel");
        channel.Promote(Fake.Bot);
        channel.Post("/list").Edit("/list all");
        var updates = await _bot.UpdatesAsync();
        Assert.Equal(["my_chat_member", "channel_post", "edited_channel_post"], updates.Select(update => update!.AsObject().Last().Key));
        Assert.Equal(channel.Id, updates[1]!["channel_post"]!["sender_chat"]!["id"]!.GetValue<long>());
        _bot.AssertClean();
    }

    [Fact]
    public async Task A_question_is_answered()
    {
        var ada = Fake.AddUser("Ada");
        var chat = ada.Start();
        var asked = ada.AskAsync(chat, "/list", ct: Token);
        var update = (await _bot.UpdatesAsync())[^1]!["message"]!;
        await _bot.DoAsync("sendMessage", new { chat_id = update["chat"]!["id"]!.GetValue<long>(), text = "Nothing yet." });
        Assert.Equal("Nothing yet.", (await asked).Text);
        var late = ada.AskAsync(chat, "/list", timeout: TimeSpan.FromMilliseconds(50), ct: Token);
        Assert.Contains("Nothing yet.", (await Assert.ThrowsAsync<TimeoutException>(() => late)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_are_kept_by_scope_and_language()
    {
        var chat = Fake.AddUser("Ada").Start();
        await _bot.DoAsync("setMyCommands", new { commands = new[] { new { command = "list", description = "Lists" } } });
        await _bot.DoAsync("setMyCommands", new { commands = new[] { new { command = "liste", description = "Listet" } }, language_code = "de", scope = new { type = "chat", chat_id = chat.Id } });
        Assert.Equal([("list", "Lists")], Fake.Commands.Of());
        Assert.Equal([("liste", "Listet")], Fake.Commands.Of($"chat:{chat.Id}", "de"));
        Assert.Equal("list", (await _bot.DoAsync("getMyCommands"))[0]!["command"]!.GetValue<string>());
        await _bot.DoAsync("deleteMyCommands");
        Assert.Empty(Fake.Commands.Of());
        Task<string> Set(params (string, string)[] list) => _bot.RefusalAsync("setMyCommands", new { commands = list.Select(item => new { command = item.Item1, description = item.Item2 }) });
        Assert.Equal("400 Bad Request: BOT_COMMAND_INVALID", await Set(("List", "x")));
        Assert.Equal("400 Bad Request: BOT_COMMAND_INVALID", await Set((new string('x', 33), "x")));
        Assert.Equal("400 Bad Request: BOT_COMMAND_DESCRIPTION_INVALID", await Set(("list", new string('x', 257))));
        Assert.Equal("400 Bad Request: BOT_COMMANDS_TOO_MUCH", await Set([.. Enumerable.Range(0, 101).Select(i => ($"c{i}", "x"))]));
        Assert.Equal("400 Bad Request: chat not found", await _bot.RefusalAsync("setMyCommands", new { commands = Array.Empty<object>(), scope = new { type = "chat", chat_id = -5 } }));
        _bot.AssertClean();
    }

    [Fact]
    public async Task A_rich_message_is_taken_if_it_is_well_formed()
    {
        var chat = Fake.AddUser("Ada").Start();
        await _bot.DoAsync("sendRichMessage", new { chat_id = chat.Id, rich_message = new { html = "<h1>Title</h1><p>a&nbsp;b<br>c</p>", skip_entity_detection = true } });
        Assert.Equal("Title\na\u00a0b\nc", chat.Messages[0].Text);
        Assert.StartsWith("400 ", await _bot.RefusalAsync("sendRichMessage", new { chat_id = chat.Id, rich_message = new { html = "<p>a<b>b</p></b>" } }), StringComparison.Ordinal);
        Assert.StartsWith("400 ", await _bot.RefusalAsync("sendRichMessage", new { chat_id = chat.Id, rich_message = new { html = "<script>a</script>" } }), StringComparison.Ordinal);
        _bot.AssertClean();
    }

    [Theory]
    [InlineData("<p>a</p>b <b>c</b><br>d", true)]
    [InlineData("<table bordered><tr><th>a</th><td></td></tr></table><details open><summary>s</summary><p>t</p></details>", true)]
    [InlineData("<ul><li><input type=\"checkbox\" checked>a<ol start=\"3\"><li>b</li></ol></li></ul><blockquote>a<br>b<cite>c</cite></blockquote>", true)]
    [InlineData("<figure><img src=\"https://e.org/i.png\" tg-spoiler/><figcaption>a</figcaption></figure><pre><code class=\"language-c\">a\nb</code></pre>", true)]
    [InlineData("<footer>a <tg-time unix=\"1728000000\" format=\"r\">b</tg-time></footer><p><a href=\"https://e.org/?a=1&amp;b=2\">c</a>&rdquo;&#39;</p>", true)]
    [InlineData("<p>a & b</p>", false)]
    [InlineData("<p>a &copy; b</p>", false)]
    [InlineData("<p>a > b</p>", false)]
    [InlineData("<p>a <img src=\"https://e.org/i.png\"/></p>", false)]
    [InlineData("<ul><li><img src=\"https://e.org/i.png\"/></li></ul>", false)]
    [InlineData("<img src=\"tg://photo?id=1\"/>", false)]
    [InlineData("<img src=\"https://e.org/i.png\" alt=\"a\"/>", false)]
    [InlineData("<p>a<p>b</p></p>", false)]
    [InlineData("<ul>a</ul>", false)]
    [InlineData("<a href=\"https://e.org/\">a<a href=\"https://e.org/\">b</a></a>", false)]
    [InlineData("<a href=\"javascript:x\">a</a>", false)]
    [InlineData("<a href=\"https://e.org/?a=1&b=2\">a</a>", false)]
    [InlineData("<details><p>a</p><summary>s</summary></details>", false)]
    [InlineData("<figure><figcaption>a</figcaption></figure>", false)]
    [InlineData("<pre><b>a</b></pre>", false)]
    [InlineData("<blink>a</blink>", false)]
    public void A_rich_message_is_read_strictly(string html, bool isTaken)
    {
        var refusal = Record.Exception(() => RichHtml.Read(html));

        Assert.True(isTaken ? refusal is null : refusal is Refusal, refusal?.Message);
    }

    [Theory]
    [InlineData("<p>", "a", "</p>", 32_768)]
    [InlineData("", "<p>a</p>", "", 500)]
    [InlineData("", "<img src=\"https://e.org/i.png\"/>", "", 50)]
    [InlineData("<table><tr>", "<td>a</td>", "</tr></table>", 20)]
    public void A_rich_message_has_limits(string before, string piece, string after, int most)
    {
        string Html(int count) => before + string.Concat(Enumerable.Repeat(piece, count)) + after;

        RichHtml.Read(Html(most));
        Assert.Throws<Refusal>(() => RichHtml.Read(Html(most + 1)));
    }

    [Fact]
    public async Task Who_sends_too_fast_must_wait()
    {
        var clock = new FakeTimeProvider();
        await using var bot = await BotUnderTest.StartAsync(clock);
        var chat = bot.Fake.AddUser("Ada").Start();
        for (var i = 0; i < 3; i++)
            await bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "x" });
        using (var answer = await bot.PostAsync("sendMessage", new { chat_id = chat.Id, text = "x" }))
        {
            Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (answer.StatusCode, answer.Headers.RetryAfter!.Delta));
            Assert.Equal("""{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}""", await answer.Content.ReadAsStringAsync(Token));
        }

        Assert.Equal(1, bot.Fake.Limits.Exceeded);
        clock.Advance(TimeSpan.FromSeconds(1));
        await bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "x" });
        bot.Fake.Limits.Enforced = false;
        await bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "x" });
    }

    [Fact]
    public async Task A_group_takes_20_messages_a_minute_and_a_bot_sends_30_a_second()
    {
        var clock = new FakeTimeProvider();
        await using var bot = await BotUnderTest.StartAsync(clock);
        bot.Fake.Limits.Burst = 1000;
        var group = bot.Fake.AddGroup("The group");
        group.InviteBot();
        var chat = bot.Fake.AddUser("Ada").Start();
        for (var i = 0; i < 20; i++)
            await bot.DoAsync("sendMessage", new { chat_id = group.Id, text = "x" });
        Assert.Equal("429 Too Many Requests: retry after 60", await bot.RefusalAsync("sendMessage", new { chat_id = group.Id, text = "x" }));
        for (var i = 0; i < 10; i++)
            await bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "x" });
        Assert.Equal("429 Too Many Requests: retry after 1", await bot.RefusalAsync("sendMessage", new { chat_id = chat.Id, text = "x" }));
        clock.Advance(TimeSpan.FromMinutes(1));
        await bot.DoAsync("sendMessage", new { chat_id = group.Id, text = "x" });
    }

    [Fact]
    public async Task Faults_are_played_once_each_and_in_order()
    {
        var chat = Fake.AddUser("Ada").Start();
        Fake.Limits.Enforced = false;
        Task<HttpResponseMessage> SendAsync(string text) => _bot.PostAsync("sendMessage", new { chat_id = chat.Id, text });

        Fake.Next("sendMessage", new Fault.Refuse(400, "Bad Request: CHAT_RESTRICTED"));
        Fake.Next("sendMessage", new Fault.TooManyRequests(7, InBody: false));
        Fake.Next("sendMessage", new Fault.HtmlError(502));
        Fake.Next("sendMessage", new Fault.Html200());
        Fake.Next("sendMessage", new Fault.OkFalse200(), times: 2);
        Assert.Equal("400 Bad Request: CHAT_RESTRICTED", await _bot.RefusalAsync("sendMessage", new { chat_id = chat.Id, text = "1" }));
        using (var answer = await SendAsync("2"))
        {
            Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter!.Delta);
            Assert.DoesNotContain("parameters", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        using (var answer = await SendAsync("3"))
            Assert.Equal((HttpStatusCode.BadGateway, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        using (var answer = await SendAsync("4"))
            Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal("500 Internal Server Error", await _bot.RefusalAsync("sendMessage", new { chat_id = chat.Id, text = "5" }));
        Assert.Equal("500 Internal Server Error", await _bot.RefusalAsync("sendMessage", new { chat_id = chat.Id, text = "6" }));
        Fake.Next("*", new Fault.DropBefore());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync("7"));
        Assert.Empty(chat.Messages);

        Fake.Next("sendMessage", new Fault.StoreThenDrop());
        Fake.Next("sendMessage", new Fault.HalfAnswer());
        Fake.Next("sendMessage", new Fault.ServerErrorAfterStore(500));
        Fake.Next("sendMessage", new Fault.ServerErrorAfterStore(504));
        Fake.Next("sendMessage", new Fault.Html200(Stored: true));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync("a"));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync("b"));
        Assert.Equal("500 Internal Server Error", await _bot.RefusalAsync("sendMessage", new { chat_id = chat.Id, text = "c" }));
        using (var answer = await SendAsync("d"))
            Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        using (await SendAsync("e"))
            Assert.Equal(["a", "b", "c", "d", "e"], chat.Messages.Select(message => message.Text));
        await _bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "f" });
        Assert.Equal([400, 429, 502, 200, 200, 200, 0, 0, 0, 500, 504, 200, 200], Fake.Requests.Select(request => request.Status));
        Assert.Equal(new Fault.StoreThenDrop(), Fake.Requests[7].Fault);
        _bot.AssertClean();
    }

    [Fact]
    public async Task An_answer_hangs_until_it_is_released_and_a_slow_one_comes_later()
    {
        var clock = new FakeTimeProvider();
        await using var bot = await BotUnderTest.StartAsync(clock);
        var chat = bot.Fake.AddUser("Ada").Start();
        var (before, after) = (new TaskCompletionSource(), new TaskCompletionSource());
        bot.Fake.Next("sendMessage", new Fault.Hang(before.Task));
        bot.Fake.Next("sendMessage", new Fault.Hang(after.Task, StoredFirst: true));
        var first = bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "one" });
        await bot.Fake.WaitForRequestsAsync("sendMessage", ct: Token);
        Assert.Empty(chat.Messages);
        var second = bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "two" });
        await chat.WaitForMessagesAsync(1, ct: Token);
        Assert.False(second.IsCompleted);
        before.SetResult();
        after.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal(["two", "one"], chat.Messages.Select(message => message.Text));

        bot.Fake.Next("sendMessage", new Fault.Delay(TimeSpan.FromSeconds(1)));
        bot.Fake.Next("sendMessage", new Fault.Delay(TimeSpan.FromSeconds(1), StoredFirst: true));
        first = bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "three" });
        await bot.Fake.WaitForRequestsAsync("sendMessage", 3, ct: Token);
        second = bot.DoAsync("sendMessage", new { chat_id = chat.Id, text = "four" });
        await chat.WaitForMessagesAsync(3, ct: Token);
        while (!first.IsCompleted || !second.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(["two", "one", "four", "three"], chat.Messages.Select(message => message.Text));
    }

    [Fact]
    public async Task A_revoked_token_is_worth_nothing_until_another_is_used()
    {
        var poll = _bot.AnswerAsync("getUpdates", new { timeout = 50 });
        await Fake.Updates.WaitForPollAsync(ct: Token);
        Fake.Revoke();
        Assert.Equal(401, (await poll)["error_code"]!.GetValue<int>());
        Assert.Equal(401, (await _bot.AnswerAsync("getMe", token: "1:test"))["error_code"]!.GetValue<int>());
        Assert.Equal(1, Fake.Unauthorized);
        Fake.UseToken("1:new");
        await _bot.DoAsync("getMe");
    }

    private static long[] Ids(JsonArray updates) => [.. updates.Select(update => update!["update_id"]!.GetValue<long>())];
}
