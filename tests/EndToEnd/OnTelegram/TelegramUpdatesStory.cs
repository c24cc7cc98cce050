using System.Globalization;
using System.Text;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>What Telegram sends and how: repeated, late, in disorder, unreadable, or not at all. Each update is acted on once, and none stops the next.</summary>
public sealed class TelegramUpdatesStory(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeTelegram Telegram => shared.World.Telegram;

    [Fact]
    public async Task N06_Another_program_with_the_same_token_is_named_and_outlasted()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        Telegram.Next("getUpdates", new Fault.Refuse(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"));
        await ann.AskAsync(home, "/whoami", ct: Stop);

        await shared.World.Notifier.WaitForLogAsync("Somebody else receives this bot's updates", Stop);
        Assert.Contains("Telegram: cannot be reached for now; I keep trying: Somebody else receives", RunningNotifier.OneLine(await shared.World.Notifier.AskAsync("/setup", Stop)), StringComparison.Ordinal);
        Assert.StartsWith("This chat has no feeds yet.", (await ann.AskAsync(home, "/list", ct: Stop)).Text, StringComparison.Ordinal);
        var conflict = Telegram.Requests.Last(request => request is { Method: "getUpdates", Status: 409 });
        var next = Telegram.Requests.First(request => request.Method == "getUpdates" && request.Number > conflict.Number);
        Assert.True(next.At - conflict.At >= TimeSpan.FromSeconds(4.9), $"{conflict.At:O} {next.At:O}");
    }

    [Fact]
    public async Task N06_Whatever_a_question_for_updates_comes_to_the_next_one_is_asked()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        foreach (var fault in new Fault[] { new Fault.HtmlError(502), new Fault.Html200(), new Fault.OkFalse200(), new Fault.DropBefore(), new Fault.HalfAnswer() })
        {
            Telegram.Next("getUpdates", fault);
            await ann.AskAsync(home, "/whoami", ct: Stop);
        }

        Assert.StartsWith("This chat has no feeds yet.", (await ann.AskAsync(home, "/list", ct: Stop)).Text, StringComparison.Ordinal);
        Assert.Equal(5, home.Messages.Count(message => message.Text.StartsWith("You are Ann", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task N06_A_hundred_updates_at_once_and_gaps_between_them()
    {
        var people = new List<(FakeTelegramUser User, FakeTelegramChat Chat)>();
        var release = await Telegram.HoldUpdatesAsync(Stop);
        for (var i = 0; i < 130; i++)
        {
            if (i % 10 == 0)
            {
                var user = Telegram.AddUser($"Person {i}");
                people.Add((user, user.Start()));
                Telegram.Updates.SkipIds(i);
            }

            Telegram.Updates.QueueRaw("""{"update_id":{id},"poll":{"id":"1"}}""");
        }

        release.SetResult();
        foreach (var (_, chat) in people)
            await chat.HearAsync("I watch feeds", Stop);
        await Telegram.Updates.WaitForConfirmedAsync(ct: Stop);
        Assert.All(people, person => Assert.Single(person.Chat.Messages));
    }

    [Fact]
    public async Task N07_E16_An_update_that_comes_again_out_of_order_or_late_is_acted_on_once()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        ann.Say(home, "/whoami", sentAt: TimeProvider.System.GetUtcNow().AddHours(-24));
        var first = Telegram.Updates.LastId;
        await home.HearAsync("You are Ann", Stop);
        await Telegram.Updates.WaitForConfirmedAsync(first, ct: Stop);

        var release = await Telegram.HoldUpdatesAsync(Stop);
        Telegram.Updates.SendAgain(first);
        ann.Say(home, "/list");
        ann.Say(home, "/help");
        Telegram.Updates.SendAgain(first);
        Telegram.Updates.ReversePending();
        release.SetResult();
        await home.HearAsync("This chat has no feeds yet.", Stop);
        await home.HearAsync("What you can ask:", Stop);
        await Telegram.Updates.WaitForConfirmedAsync(ct: Stop);
        Telegram.Updates.SendAgain(first);
        Assert.StartsWith("Only whoever runs this Notifier", (await ann.AskAsync(home, "/admins", ct: Stop)).Text, StringComparison.Ordinal);
        Assert.Equal(5, home.Messages.Count);
    }

    [Fact]
    public async Task E16_After_a_restart_nothing_is_acted_on_a_second_time()
    {
        await using var world = await PlatformWorld.StartAsync();
        var url = world.Web.Publish("/feed.xml", 1);
        var (ann, home) = await world.Telegram.SomebodyAsync("Ann", Stop);
        await ann.SubscribeAsync(home, url, Stop);
        var subscribed = world.Telegram.Updates.LastId;
        await world.Telegram.Updates.WaitForConfirmedAsync(subscribed, ct: Stop);
        Assert.StartsWith("Unsubscribed", (await ann.AskAsync(home, "/unsubscribe 1", ct: Stop)).Text, StringComparison.Ordinal);

        await world.KillAndRestartAsync();
        world.Telegram.Updates.SendAgain(subscribed);
        world.Telegram.Updates.SendAgain(subscribed + 1);
        Assert.StartsWith("This chat has no feeds yet.", (await ann.AskAsync(home, "/list", ct: Stop)).Text, StringComparison.Ordinal);
        Assert.Equal(4, home.Messages.Count);
    }

    [Fact]
    public async Task N08_Asked_to_wait_it_waits()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        Telegram.Next("getUpdates", new Fault.TooManyRequests(3));
        await ann.AskAsync(home, "/whoami", ct: Stop);
        await ann.AskAsync(home, "/list", ct: Stop);

        var refused = Telegram.Requests.Last(request => request is { Method: "getUpdates", Status: 429 });
        var next = Telegram.Requests.First(request => request.Method == "getUpdates" && request.Number > refused.Number);
        Assert.True(next.At - refused.At >= TimeSpan.FromSeconds(2.9), $"{refused.At:O} {next.At:O}");
    }

    [Fact]
    public async Task N08_A_webhook_that_somebody_else_set_is_left_alone()
    {
        await using var world = await PlatformWorld.StartAsync();
        await world.Telegram.Updates.WaitForPollAsync(ct: Stop);
        await PostAsync(world, "setWebhook", $$"""{"url":"{{world.Web.Url("/hook")}}"}""");
        await world.Notifier.WaitForLogAsync("Somebody else receives this bot's updates: another program with the same token, or a webhook.", Stop);

        var ann = world.Telegram.AddUser("Ann");
        var home = ann.Start();
        await world.Telegram.WaitForRequestsAsync("getUpdates", world.Telegram.Used["getUpdates"] + 1, ct: Stop);
        Assert.False(world.Telegram.Used.ContainsKey("deleteWebhook"));
        await PostAsync(world, "deleteWebhook", "{}");
        await home.HearAsync("I watch feeds", Stop);
    }

    [Fact]
    public async Task What_cannot_be_read_is_passed_over_and_the_next_update_is_heard()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var chat = $$"""{"id":{{ann.Id}},"type":"private"}""";
        var from = $$"""{"id":{{ann.Id}},"is_bot":false,"first_name":"Ann"}""";
        var release = await Telegram.HoldUpdatesAsync(Stop);
        foreach (var json in new[]
        {
            """{"update_id":{id},"message":null}""",
            """{"update_id":{id},"message":5}""",
            """{"update_id":{id},"message":[]}""",
            """{"update_id":{id},"message":{}}""",
            """{"update_id":{id},"message":{"message_id":"x","date":"y","chat":7,"text":{} }}""",
            """{"update_id":{id},"message":{"message_id":1,"date":1,"chat":CHAT,"from":null,"text":"/list"}}""",
            """{"update_id":{id},"message":{"message_id":1,"date":-99999999999999,"chat":CHAT,"from":FROM,"text":"/list"}}""",
            """{"update_id":{id},"message":{"message_id":1,"date":1,"chat":{"id":ANN,"type":"galaxy"},"from":FROM,"text":"\ud800"}}""",
            """{"update_id":{id},"message":{"message_id":1,"date":1,"chat":{"id":1e400,"type":"private"},"from":FROM,"text":"/list"}}""",
            """{"update_id":{id},"message":{"message_id":1,"date":1,"chat":CHAT,"from":{"id":1,"is_bot":true,"first_name":"Bot"},"text":"/list"}}""",
            """{"update_id":{id},"message":{"message_id":1,"date":1,"chat":CHAT,"from":FROM,"via_bot":{"id":1,"is_bot":true,"first_name":"Bot"},"text":"/list"}}""",
            """{"update_id":{id},"message":{"message_id":1,"date":1,"from":FROM,"text":"/list"}}""",
            """{"update_id":{id},"callback_query":{}}""",
            """{"update_id":{id},"callback_query":{"id":"1","chat_instance":"1","data":"x","message":{"message_id":1,"date":0}}}""",
            """{"update_id":{id},"callback_query":{"id":"1","chat_instance":"1","data":"x","message":{"message_id":1,"date":0,"chat":CHAT}}}""",
            """{"update_id":{id},"callback_query":{"id":"1","from":FROM,"chat_instance":"1","data":null}}""",
            """{"update_id":{id},"callback_query":{"id":"1","from":FROM,"chat_instance":"1","inline_message_id":"2","data":"x"}}""",
            """{"update_id":{id},"my_chat_member":{"chat":CHAT,"from":FROM,"date":1,"old_chat_member":{"status":"x"},"new_chat_member":{"status":"y"}}}""",
            """{"update_id":{id},"my_chat_member":{}}""",
            """{"update_id":{id},"my_chat_member":{"chat":CHAT,"from":FROM,"date":1}}""",
            """{"update_id":{id},"something_of_tomorrow":{"chat":{"id":"a"},"message":{"chat":{}}}}""",
            """{"update_id":{id},"update_id":{id},"message":{"message":{"message":{}}}}""",
            """{"update_id":{id},"message":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""",
            """{"update_id":99999999999999999999}""",
            """{"update_id":"7"}""",
            "{}",
            "7",
            "null",
            "\"text\"",
        })
        {
            Telegram.Updates.QueueRaw(json.Replace("CHAT", chat, StringComparison.Ordinal).Replace("FROM", from, StringComparison.Ordinal).Replace("ANN", $"{ann.Id}", StringComparison.Ordinal));
        }

        release.SetResult();
        Assert.StartsWith("You are Ann", (await ann.AskAsync(home, "/whoami", ct: Stop)).Text, StringComparison.Ordinal);
        Assert.Equal(2, home.Messages.Count);
        Assert.DoesNotContain("met a bug", shared.World.Notifier.Everything(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Updates_without_a_number_are_not_asked_for_in_a_loop()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        await Telegram.Updates.WaitForPollAsync(ct: Stop);
        var asked = Telegram.Used["getUpdates"];
        Telegram.Updates.QueueRaw("{}");
        await shared.World.Notifier.WaitForLogAsync("It sent updates that have no number", Stop);
        Assert.InRange(Telegram.Used["getUpdates"] - asked, 0, 3);
        Assert.StartsWith("You are Ann", (await ann.AskAsync(home, "/whoami", ct: Stop)).Text, StringComparison.Ordinal);
    }

    /// <summary>What another program does that has the token.</summary>
    private static async Task PostAsync(PlatformWorld world, string method, string json)
    {
        using var http = new HttpClient();
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(world.Telegram.Url, string.Create(CultureInfo.InvariantCulture, $"/bot{world.Telegram.Token}/{method}")), body, Stop);
        answer.EnsureSuccessStatusCode();
    }
}
