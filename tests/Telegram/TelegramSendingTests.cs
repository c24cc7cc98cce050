using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Notifier.Bot.Telegram;
using Notifier.Bot.Telegram.Messages;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.Telegram;

/// <summary>Sends, changes and deletes messages on a Telegram that keeps its limits. The clock stands still but for what a test lets pass.</summary>
public sealed class TelegramSendingTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private FakeTelegram _telegram = null!;
    private FakeTelegramChat _home = null!;
    private PlatformAlone<TelegramPlatform> _alone = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private TelegramPlatform Platform => _alone.Platform;

    public static TheoryData<string> Faults =>
        ["reset before", "reset after", "502 before", "502 after", "half an answer", "a web page", "too early", "refused", "put out", "no token"];

    public async ValueTask InitializeAsync()
    {
        _telegram = await FakeTelegram.StartAsync(clock: _time, ct: Stop);
        _home = _telegram.AddUser("Ann").Start();
        _alone = new PlatformAlone<TelegramPlatform>(_time, new TelegramOptions { Token = _telegram.Token, ApiUrl = _telegram.Url.ToString() });
    }

    public async ValueTask DisposeAsync()
    {
        await _alone.DisposeAsync();
        await _telegram.DisposeAsync();
        Assert.Empty(_telegram.Unexpected);
        Assert.Empty(_telegram.Violations);
        Assert.Equal(0, _telegram.Limits.Exceeded);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task H11_However_a_send_ends_one_request_was_made(string what)
    {
        var (fault, expected) = Fault(what);
        Assert.IsType<SendResult.Sent>(await SendAsync(Entry("First")));

        // Now on a connection that was used before, which is where clients send again by themselves.
        _telegram.Next("sendMessage", fault);
        Assert.IsType(expected, await SendAsync(Entry("Second")));
        Assert.Equal(2, _telegram.Requests.Count);
    }

    [Fact]
    public async Task H14_An_answer_that_does_not_come_is_waited_for_half_a_minute_at_most_and_nobody_else_waits()
    {
        var never = new TaskCompletionSource();
        _telegram.Next("sendMessage", new Fault.Hang(never.Task));
        var slow = SendAsync(Entry("Slow"));
        await _telegram.WaitForRequestsAsync("sendMessage", ct: Stop);
        Assert.IsType<SendResult.Sent>(await SendAsync(Entry("Quick"), _telegram.AddUser("Bob").Start()));
        Assert.False(slow.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.IsType<SendResult.Unknown>(await slow);
        never.SetResult();
    }

    [Fact]
    public async Task H20_A_place_is_taken_before_and_used_by_the_send()
    {
        for (var i = 0; i < 3; i++)
            Assert.IsType<SendResult.Sent>(await SendAsync(Entry($"{i}")));
        var wait = Assert.IsType<Admission.Wait>(Platform.Admit(Chat(_home)));
        Assert.False(wait.WholeToken);
        _time.Advance(wait.Delay);
        var soon = Assert.IsType<Admission.Granted>(Platform.Admit(Chat(_home)));
        Assert.Equal(TimeSpan.FromMilliseconds(60), soon.After);
        _time.Advance(soon.After);
        using var permit = soon.Permit;
        Assert.IsType<SendResult.Sent>(await Platform.SendAsync(Chat(_home), Entry("4"), "n", permit, Stop));
    }

    [Theory]
    [InlineData(37, true, null, 37)]
    [InlineData(37, false, 37, 37)]
    [InlineData(37, true, 37, 37)]
    [InlineData(37, true, 50, 50)]
    [InlineData(37, true, 5, 37)]
    [InlineData(37, false, null, 5)]
    public async Task H04_The_wait_is_the_longer_of_body_and_header(int seconds, bool inBody, int? header, int expected)
    {
        _telegram.Next("sendMessage", new Fault.TooManyRequests(seconds, inBody, header is not null, header));
        Assert.Equal(new SendResult.RetryAfter(TimeSpan.FromSeconds(expected), WholeToken: false), await SendAsync(Entry("One")));
        Assert.Equal(new Admission.Wait(TimeSpan.FromSeconds(expected) - TimeSpan.FromMilliseconds(60), WholeToken: false), Platform.Admit(Chat(_home)));
        Assert.IsType<Admission.Granted>(Platform.Admit(new ChatAddress("telegram", "999")));
    }

    [Fact]
    public async Task Telegram_does_not_tell_what_a_bot_has_sent() =>
        Assert.IsType<FindResult.Untold>(await Platform.FindAsync(Chat(_home), new LostMessage(Entry("Lost"), "n", _time.GetUtcNow()), Stop));

    [Fact]
    public async Task A_message_is_changed_and_takes_a_place_as_a_new_one_does()
    {
        var id = await SentAsync(Entry("Before"));
        Assert.Equal(new SendResult.Sent(id), await EditAsync(id, Entry("After")));
        Assert.StartsWith("After", Assert.Single(_home.Messages).Text, StringComparison.Ordinal);
        Assert.Equal(new SendResult.Sent(id), await EditAsync(id, Text("Only text now")));
        Assert.Equal("Only text now", _home.Messages[0].Text);
        Assert.IsType<Admission.Wait>(Platform.Admit(Chat(_home)));
    }

    [Fact]
    public async Task In_full_an_entry_is_a_rich_message_and_changed_as_one()
    {
        var id = await SentAsync(Full("Before"));
        Assert.Equal("<h1><a href=\"https://a.test/entry\">Before</a></h1><p>About it.</p><footer>A feed</footer>", _home.Messages[0].Html);
        Assert.Equal(new SendResult.Sent(id), await EditAsync(id, Full("After")));
        Assert.StartsWith("<h1><a href=\"https://a.test/entry\">After</a></h1>", _home.Messages[0].Html, StringComparison.Ordinal);
        Assert.NotNull(_home.Messages[0].Rich);
        Assert.Equal(new SendResult.Sent(id), await EditAsync(id, Full("After", fallback: 1)));
        Assert.Null(_home.Messages[0].Rich);
        Assert.Equal(["sendRichMessage", "editMessageText", "editMessageText"], _telegram.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task A_silent_message_is_sent_and_changed_without_a_sound()
    {
        var id = await SentAsync(Full("One", isSilent: true));
        Assert.True(_home.Messages[0].IsSilent);
        Assert.Equal(new SendResult.Sent(id), await EditAsync(id, Full("Two", isSilent: true)));
        Assert.IsType<SendResult.Sent>(await SendAsync(Full("Three", fallback: 1, isSilent: true)));
        Assert.All(_home.Messages, message => Assert.True(message.IsSilent));
    }

    [Theory]
    [InlineData(400, "Bad Request: can't parse rich message")]
    [InlineData(404, "Not Found: method not found")]
    [InlineData(400, "Bad Request: not enough rights to send photos to the chat")]
    [InlineData(400, "Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN")]
    public async Task A_rich_message_that_is_not_taken_is_rejected_and_nothing_else_is_closed(int code, string why)
    {
        _telegram.Next("sendRichMessage", new Fault.Refuse(code, why));
        Assert.Equal(new SendResult.Rejected(why), await SendAsync(Full("Rich")));
        Assert.IsType<SendResult.Sent>(await SendAsync(Full("Text", fallback: 1)));
    }

    [Fact]
    public async Task An_answer_with_an_entry_in_full_comes_simpler_where_Telegram_takes_no_rich_message()
    {
        using var log = new LogLines();
        using var client = Client();
        var reply = Message.Of("Here it is:") with { Card = Card("One", Style.Full), Actions = [new MessageAction("Undo", "/undo")] };
        await AnswerAsync(client, new TelegramPace(_time), log, reply);
        _telegram.Next("sendRichMessage", new Fault.Refuse(404, "Not Found: method not found"));
        _time.Advance(TimeSpan.FromSeconds(4));
        await AnswerAsync(client, new TelegramPace(_time), log, reply);
        Assert.Equal(["Here it is:", "One\nAbout it.\nA feed", "Here it is:", "One\nAbout it.\n\nA feed"], _home.Messages.Select(message => message.Text));
        Assert.Equal([0, 1, 0, 1], _home.Messages.Select(message => message.Buttons.Count));
        Assert.DoesNotContain(log.Lines, line => line.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task That_it_says_so_already_is_as_good_as_a_change()
    {
        var id = await SentAsync(Entry("Same"));
        Assert.Equal(new SendResult.Sent(id), await EditAsync(id, Entry("Same")));
        Assert.Empty(_home.Messages[0].Edits);
    }

    [Fact]
    public async Task What_can_never_be_changed_or_deleted_is_rejected_and_what_is_not_there_is_deleted()
    {
        var id = await SentAsync(Entry("Old"));
        _time.Advance(TimeSpan.FromHours(49));
        Assert.IsType<SendResult.Rejected>(await DeleteAsync(id));
        id = await SentAsync(Entry("New"));
        Assert.Equal(new SendResult.Sent(id), await DeleteAsync(id));
        Assert.Equal(new SendResult.Sent(id), await DeleteAsync(id));
        Assert.IsType<SendResult.Rejected>(await EditAsync(id, Entry("Changed")));
        var asked = _telegram.Requests.Count;
        foreach (var none in (string[])["", null!, "x", "5 "])
        {
            _time.Advance(TimeSpan.FromSeconds(4));
            Assert.IsType<SendResult.Rejected>(await EditAsync(none, Entry("Changed")));
            Assert.IsType<SendResult.Rejected>(await DeleteAsync(none));
        }

        Assert.Equal(asked, _telegram.Requests.Count);
    }

    [Fact]
    public async Task A_message_in_a_topic_is_changed_there()
    {
        var group = _telegram.AddSupergroup("The group", isForum: true);
        group.InviteBot();
        var topic = group.AddTopic("The topic");
        var chat = new ChatAddress("telegram", $"{group.Id}", $"{topic.Id}");
        var sent = Assert.IsType<SendResult.Sent>(await Platform.SendAsync(chat, Entry("Before"), "n", Place(chat), Stop));
        Assert.Equal(sent, await Platform.EditAsync(chat, sent.MessageId, Entry("After"), Place(chat), Stop));
        Assert.StartsWith("After", group.Messages.Single(message => message.Topic == topic && message.Text.Contains("About", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        Assert.Equal(sent, await Platform.DeleteAsync(chat, sent.MessageId, Stop));
    }

    [Fact]
    public async Task H16_A_success_that_is_no_message_is_a_lost_answer()
    {
        _telegram.Next("sendMessage", new Fault.Html200(Stored: true));
        Assert.IsType<SendResult.Unknown>(await SendAsync(Entry("Lost")));
        _telegram.Next("editMessageText", new Fault.OkFalse200(Stored: true));
        Assert.IsType<SendResult.Unknown>(await EditAsync($"{_home.Messages[^1].Id}", Entry("Changed")));
    }

    [Fact]
    public async Task H17_What_is_longer_than_Telegram_takes_is_refused_once_and_for_all()
    {
        var large = JsonSerializer.SerializeToUtf8Bytes(new { text = new string('x', 4097) });
        Assert.IsType<SendResult.Rejected>(await SendAsync(large));
        Assert.IsType<SendResult.Rejected>(await EditAsync(await SentAsync(Entry("Small")), large));
        _telegram.Next("sendMessage", new Fault.HtmlError(413));
        Assert.IsType<SendResult.Rejected>(await SendAsync(Entry("Next"), _telegram.AddUser("Bob").Start()));
    }

    [Fact]
    public async Task H03_What_somebody_on_the_way_refused_never_came_to_Telegram()
    {
        _telegram.Next("sendMessage", new Fault.HtmlError(403));
        Assert.IsType<SendResult.NotSent>(await SendAsync(Entry("One")));
        _telegram.Next("sendMessage", new Fault.HtmlError(408));
        Assert.IsType<SendResult.Unknown>(await SendAsync(Entry("Two")));
    }

    [Theory]
    [InlineData(12 * 60 * 60)]
    [InlineData(61)]
    public async Task H04_An_answer_that_would_come_more_than_a_minute_late_is_not_waited_for_and_the_log_says_so(int seconds)
    {
        using var log = new LogLines();
        using var client = Client();
        var pace = new TelegramPace(_time);
        pace.Refused($"{_home.Id}", TimeSpan.FromSeconds(seconds));
        await AnswerAsync(client, pace, log).WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Empty(_home.Messages);
        var line = Assert.Single(log.Lines, line => line.Level == LogLevel.Warning).Text;
        Assert.Contains("its answer was not taken", line, StringComparison.Ordinal);
        Assert.Contains($"{seconds} seconds", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task H04_An_answer_that_comes_within_a_minute_is_waited_for()
    {
        using var log = new LogLines();
        using var client = Client();
        var pace = new TelegramPace(_time);
        pace.Refused($"{_home.Id}", TimeSpan.FromSeconds(59));
        var answer = AnswerAsync(client, pace, log);
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(59));
        await answer;
        Assert.Equal("Here it is.", Assert.Single(_home.Messages).Text);
        Assert.DoesNotContain(log.Lines, line => line.Level == LogLevel.Warning);
    }

    private static ChatAddress Chat(FakeTelegramChat chat) => new("telegram", $"{chat.Id}");

    private static (Fault Fault, Type Expected) Fault(string what) => what switch
    {
        "reset before" => (new Fault.DropBefore(), typeof(SendResult.Unknown)),
        "reset after" => (new Fault.StoreThenDrop(), typeof(SendResult.Unknown)),
        "502 before" => (new Fault.HtmlError(502), typeof(SendResult.Unknown)),
        "502 after" => (new Fault.ServerErrorAfterStore(502), typeof(SendResult.Unknown)),
        "half an answer" => (new Fault.HalfAnswer(), typeof(SendResult.Unknown)),
        "a web page" => (new Fault.Html200(), typeof(SendResult.Unknown)),
        "too early" => (new Fault.TooManyRequests(1), typeof(SendResult.RetryAfter)),
        "refused" => (new Fault.Refuse(400, "Bad Request: can't parse entities"), typeof(SendResult.Rejected)),
        "put out" => (new Fault.Refuse(403, "Forbidden: bot was blocked by the user"), typeof(SendResult.NoAccess)),
        _ => (new Fault.Refuse(401, "Unauthorized"), typeof(SendResult.PlatformClosed)),
    };

    private TelegramClient Client() => new(new TelegramOptions { ApiUrl = _telegram.Url.ToString() }, () => _telegram.Token, _time);

    private Task AnswerAsync(TelegramClient client, TelegramPace pace, LogLines log, Message? answer = null) =>
        new TelegramReplies(client, pace, new TelegramMessages(new HashSet<string>()), _alone.Part<OfferedActions>(), _alone.Part<ChatEvents>(), _time, log.CreateLogger(""))
            .SendAsync(answer ?? Message.Of("Here it is."), new IncomingCommand("1", Chat(_home), new Person("1", "Ann"), "/list", IsPrivate: true), replyTo: null, Stop);

    private byte[] Entry(string title) => Platform.Render(new Message { Card = Card(title, Style.Card) }, fallback: 0)!;

    private byte[] Full(string title, int fallback = 0, bool isSilent = false) => Platform.Render(new Message { Card = Card(title, Style.Full), IsSilent = isSilent }, fallback)!;

    private static EntryCard Card(string title, Style style) => new() { Style = style, Feed = "A feed", Title = title, Link = new Uri("https://a.test/entry"), Body = Message.Of("About it.").Text };

    private byte[] Text(string text) => Platform.Render(Message.Of(text), fallback: 0)!;

    private SendPermit Place(ChatAddress chat)
    {
        var granted = Assert.IsType<Admission.Granted>(Platform.Admit(chat));
        Assert.Equal(TimeSpan.Zero, granted.After);
        return granted.Permit;
    }

    private async Task<SendResult> SendAsync(byte[] body, FakeTelegramChat? chat = null)
    {
        using var permit = Place(Chat(chat ?? _home));
        return await Platform.SendAsync(Chat(chat ?? _home), body, "n", permit, Stop);
    }

    private async Task<string> SentAsync(byte[] body) => Assert.IsType<SendResult.Sent>(await SendAsync(body)).MessageId;

    private async Task<SendResult> EditAsync(string message, byte[] body)
    {
        using var permit = Place(Chat(_home));
        return await Platform.EditAsync(Chat(_home), message, body, permit, Stop);
    }

    private Task<SendResult> DeleteAsync(string message) => Platform.DeleteAsync(Chat(_home), message, Stop);
}
