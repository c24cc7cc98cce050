using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>Sends to Telegram that go wrong: what certainly did not arrive comes once, what may have arrived comes again with the same bytes, what is refused comes simpler.</summary>
public sealed class TelegramFaultsStory(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeTelegram Telegram => shared.World.Telegram;

    private FeedServer Web => shared.World.Web;

    public static TheoryData<string> Doubtful => ["H02 cut after it was stored", "H03 half an answer", "H03 500 after it was stored", "H03 502 after it was stored", "H16 a page after it was stored"];

    public static TheoryData<string> NotStored => ["H03 502", "H16 a page", "H16 not ok", "H02 cut before it was stored"];

    [Theory]
    [MemberData(nameof(Doubtful))]
    public async Task H02_H03_H16_A_lost_answer_sends_the_same_bytes_again(string what)
    {
        var home = await SubscribedAsync($"/{what.Replace(' ', '-')}.xml", Of(what));
        Assert.Equal(["Entry 02", "Entry 02", "Entry 03"], home.Told());
        var twice = home.Messages.Where(message => message.Text.StartsWith("Entry 02", StringComparison.Ordinal)).ToList();
        Assert.Equal(twice[0].Raw!.ToJsonString(), twice[1].Raw!.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(NotStored))]
    public async Task H02_H03_H16_What_was_not_stored_comes_once(string what)
    {
        var home = await SubscribedAsync($"/{what.Replace(' ', '-')}.xml", Of(what));
        Assert.Equal(["Entry 02", "Entry 03"], home.Told());
    }

    [Fact]
    public async Task H04_A_chat_that_is_asked_to_wait_waits_as_long_and_others_do_not()
    {
        var url = Web.Publish("/wait.xml", 1);
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        await ann.SubscribeAsync(home, url, Stop);
        Telegram.Next("sendMessage", new Fault.TooManyRequests(3));
        Web.Publish("/wait.xml", 2);
        await home.ToldAsync("Entry 02", Stop);

        var sends = Telegram.Requests.Where(request => request.Method == "sendMessage" && request.Parameters["chat_id"]!.ToString() == $"{ann.Id}").TakeLast(2).ToList();
        Assert.Equal(429, sends[0].Status);
        Assert.True(sends[1].At - sends[0].At >= TimeSpan.FromSeconds(2.9), $"{sends[0].At:O} {sends[1].At:O}");
        Assert.Equal(["Entry 02"], home.Told());
    }

    [Fact]
    public async Task H04_The_answer_to_a_command_waits_as_long_too()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        Telegram.Next("sendMessage", new Fault.TooManyRequests(2));
        Assert.StartsWith("This chat has no feeds yet.", (await ann.AskAsync(home, "/list", ct: Stop)).Text, StringComparison.Ordinal);
        Assert.Equal(2, home.Messages.Count);
    }

    [Fact]
    public async Task D10_What_Telegram_cannot_parse_comes_as_plain_text()
    {
        var home = await SubscribedAsync("/plain.xml", Unparsed);
        Assert.Equal(["Entry 02", "Entry 03"], home.Told());
        var message = home.Messages.Single(message => message.Text.StartsWith("Entry 02", StringComparison.Ordinal));
        Assert.False(message.Raw!.ContainsKey("parse_mode"));
        Assert.Contains("What Entry 02 is about.", message.Text, StringComparison.Ordinal);
        Assert.True(home.Messages[^1].Raw!.ContainsKey("parse_mode"));
    }

    [Fact]
    public async Task H12_A_message_that_is_refused_in_every_form_is_put_aside_and_the_next_one_comes()
    {
        var home = await SubscribedAsync("/poison.xml", Unparsed, times: 3);
        var notice = await home.HearAsync("“Entry 02” of “News of poison” could not be shown here: ", Stop);
        Assert.Contains("can't parse entities", notice.Text, StringComparison.Ordinal);
        Assert.Equal(["Entry 03"], home.Told());
        Assert.Equal(1, await shared.World.QueryAsync<long>("SELECT COUNT(*) FROM Deliveries WHERE State='Quarantined'"));
    }

    [Fact]
    public async Task H07_Somebody_whose_account_is_gone_is_not_written_to_again()
    {
        var url = Web.Publish("/gone.xml", 1);
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var (bob, other) = await Telegram.SomebodyAsync("Bob", Stop);
        await ann.SubscribeAsync(home, url, Stop);
        await bob.SubscribeAsync(other, url, Stop);
        ann.IsDeactivated = true;
        Web.Publish("/gone.xml", 2);
        await other.ToldAsync("Entry 02", Stop);
        Web.Publish("/gone.xml", 3);
        await other.ToldAsync("Entry 03", Stop);
        Assert.Single(Telegram.Requests, request => request is { Method: "sendMessage", Description: "Forbidden: user is deactivated" });
        Assert.Equal("Cancelled", await shared.World.QueryAsync<string>($"SELECT State FROM Deliveries d JOIN Chats c ON c.Id=d.ChatId WHERE c.Address='{ann.Id}' ORDER BY d.Id DESC"));
    }

    private static Fault Unparsed => new Fault.Refuse(400, "Bad Request: can't parse entities: Unsupported start tag \"p\" at byte offset 0");

    private static Fault Of(string what) => what switch
    {
        "H02 cut after it was stored" => new Fault.StoreThenDrop(),
        "H02 cut before it was stored" => new Fault.DropBefore(),
        "H03 half an answer" => new Fault.HalfAnswer(),
        "H03 500 after it was stored" => new Fault.ServerErrorAfterStore(500),
        "H03 502 after it was stored" => new Fault.ServerErrorAfterStore(502),
        "H16 a page after it was stored" => new Fault.Html200(Stored: true),
        "H03 502" => new Fault.HtmlError(502),
        "H16 a page" => new Fault.Html200(),
        _ => new Fault.OkFalse200(),
    };

    /// <summary>A chat with a feed of which it is told Entry 02, whose first sends fail so, and then Entry 03.</summary>
    private async Task<FakeTelegramChat> SubscribedAsync(string path, Fault fault, int times = 1)
    {
        var url = Web.Publish(path, 1);
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        await ann.SubscribeAsync(home, url, Stop);
        Telegram.Next("sendMessage", fault, times);
        Web.Publish(path, 3);
        await home.ToldAsync("Entry 03", Stop);
        return home;
    }
}
