using System.Text.Json;
using Notifier.Bot.Telegram;
using Notifier.Chats;
using Notifier.Model;

namespace Notifier.Tests.Telegram;

/// <summary>What each of Telegram's answers means for a delivery. The words are those of Telegram's server.</summary>
public sealed class TelegramResultsTests
{
    static readonly ChatAddress Chat = new("telegram", "-1001", "7");

    [Theory]
    [InlineData("Forbidden: user is deactivated")]
    [InlineData("Forbidden: the group chat was deleted")]
    [InlineData("Forbidden: bot can't initiate conversation with a user")]
    [InlineData("Forbidden: bot can't send messages to bots")]
    [InlineData("Forbidden: INPUT_USER_DEACTIVATED")]
    public void H07_A_chat_that_is_no_more_ends(string why) => Assert.Equal(new SendResult.ChatGone(why), Of(403, why));

    [Theory]
    [InlineData("Bad Request: message thread not found")]
    [InlineData("Bad Request: TOPIC_DELETED")]
    public void H07_A_topic_that_is_not_found_ends(string why) => Assert.Equal(new SendResult.ChatGone(why), Of(400, why));

    [Theory]
    [InlineData("Forbidden: bot was blocked by the user")]
    [InlineData("Forbidden: bot was kicked from the group chat")]
    [InlineData("Forbidden: bot was kicked from the supergroup chat")]
    [InlineData("Forbidden: bot was kicked from the channel chat")]
    [InlineData("Forbidden: bot is not a member of the supergroup chat")]
    [InlineData("Forbidden: bot is not a member of the group chat")]
    [InlineData("Forbidden: bot is not a member of the channel chat")]
    [InlineData("Forbidden: something that Telegram says only from tomorrow on")]
    public void H07_Where_Notifier_was_put_out_it_waits(string why) => Assert.Equal(new SendResult.NoAccess(why), Of(403, why));

    /// <summary>With another bot's token every chat says so: it waits for the right one.</summary>
    [Theory]
    [InlineData("Bad Request: chat not found")]
    [InlineData("Bad Request: not enough rights to send text messages to the chat")]
    [InlineData("Bad Request: have no rights to send a message")]
    [InlineData("Bad Request: need administrator rights in the channel chat")]
    [InlineData("Bad Request: TOPIC_CLOSED")]
    [InlineData("Bad Request: CHAT_WRITE_FORBIDDEN")]
    [InlineData("Bad Request: CHAT_RESTRICTED")]
    [InlineData("Bad Request: CHAT_SEND_PLAIN_FORBIDDEN")]
    [InlineData("Bad Request: CHAT_ADMIN_REQUIRED")]
    [InlineData("Bad Request: CHANNEL_PRIVATE")]
    [InlineData("Bad Request: PEER_ID_INVALID")]
    [InlineData("Bad Request: group chat was upgraded to a supergroup chat")]
    public void H07_Where_a_right_is_missing_it_waits(string why) => Assert.Equal(new SendResult.NoAccess(why), Of(400, why));

    [Theory]
    [InlineData("Bad Request: can't parse entities: Unsupported start tag \"p\" at byte offset 0")]
    [InlineData("Bad Request: message is too long")]
    [InlineData("Bad Request: text is too long")]
    [InlineData("Bad Request: message text is empty")]
    [InlineData("Bad Request: Wrong HTTP URL specified")]
    [InlineData("Bad Request: Failed to get HTTP URL content")]
    [InlineData("Bad Request: WEBPAGE_URL_INVALID")]
    [InlineData("Bad Request: BUTTON_URL_INVALID")]
    [InlineData("Bad Request: something that Telegram says only from tomorrow on")]
    public void D10_What_Telegram_cannot_read_is_rejected(string why) => Assert.Equal(new SendResult.Rejected(why), Of(400, why));

    [Fact]
    public void H04_The_wait_is_what_Telegram_says()
    {
        Assert.Equal(new SendResult.RetryAfter(TimeSpan.FromSeconds(37), WholeToken: false), Of(429, "Too Many Requests: retry after 37", TimeSpan.FromSeconds(37)));
        Assert.Equal(TimeSpan.FromSeconds(5), Assert.IsType<SendResult.RetryAfter>(Of(429, "Too Many Requests")).Delay);
    }

    [Theory]
    [InlineData(400, "Bad Request: SLOWMODE_WAIT_12", 12)]
    [InlineData(429, "Too Many Requests: FLOOD_WAIT_43200", 43_200)]
    [InlineData(429, "Too Many Requests: FLOOD_PREMIUM_WAIT_7", 7)]
    [InlineData(400, "Bad Request: slow mode is enabled in this chat", 60)]
    public void H06_Slow_mode_and_floods_hold_the_chat_as_long_as_Telegram_says(int code, string why, int seconds) =>
        Assert.Equal(new SendResult.RetryAfter(TimeSpan.FromSeconds(seconds), WholeToken: false), Of(code, why));

    [Fact]
    public void H17_What_is_too_large_is_rejected() => Assert.Equal(new SendResult.Rejected("Request Entity Too Large"), Of(413, "Request Entity Too Large"));

    [Fact]
    public void A_change_is_made_when_the_message_says_so_and_can_never_be_where_it_is_not()
    {
        Assert.Equal(new SendResult.Sent("5"), TelegramResults.OfEdit(Json("true"), Chat, "5"));
        Assert.Equal(new SendResult.Sent("5"), TelegramResults.OfEdit(No(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"), Chat, "5"));
        foreach (var why in (string[])["Bad Request: message to edit not found", "Bad Request: message can't be edited", "Bad Request: MESSAGE_ID_INVALID", "Bad Request: message is too long"])
            Assert.Equal(new SendResult.Rejected(why), TelegramResults.OfEdit(No(400, why), Chat, "5"));
        Assert.IsType<SendResult.NoAccess>(TelegramResults.OfEdit(No(403, "Forbidden: bot was kicked from the channel chat"), Chat, "5"));
    }

    [Fact]
    public void A_deletion_is_done_when_the_message_is_not_there()
    {
        Assert.Equal(new SendResult.Sent("5"), TelegramResults.OfDeletion(Json("true"), Chat, "5"));
        Assert.Equal(new SendResult.Sent("5"), TelegramResults.OfDeletion(No(400, "Bad Request: message to delete not found"), Chat, "5"));
        Assert.Equal(new SendResult.Rejected("Bad Request: message can't be deleted"), TelegramResults.OfDeletion(No(400, "Bad Request: message can't be deleted"), Chat, "5"));
    }

    [Fact]
    public void E06_A_group_that_became_a_supergroup_keeps_its_topic() =>
        Assert.Equal(new SendResult.ChatMoved(new ChatAddress("telegram", "-1009", "7")), Of(400, "Bad Request: group chat was upgraded to a supergroup chat", to: -1009));

    [Theory]
    [InlineData(401, "Unauthorized")]
    [InlineData(404, "Not Found")]
    public void A_token_that_is_refused_closes_the_platform(int code, string why) => Assert.Equal(new SendResult.PlatformClosed(why), Of(code, why));

    [Fact]
    public void Any_other_no_was_not_sent() => Assert.Equal(new SendResult.NotSent("Conflict: no"), Of(409, "Conflict: no"));

    [Fact]
    public void H16_Only_an_answer_that_names_a_message_is_a_success()
    {
        Assert.Equal(new SendResult.Sent("12"), Of(Json("""{"message_id":12,"date":1}""")));
        Assert.IsType<SendResult.Unknown>(Of(Json("{}")));
        Assert.IsType<SendResult.Unknown>(Of(Json("true")));
        Assert.IsType<SendResult.Unknown>(Of(new TelegramAnswer<JsonElement>.Ok(default)));
    }

    [Fact]
    public void H01_H02_What_never_left_is_not_sent_and_what_was_not_answered_is_unknown()
    {
        Assert.Equal(new SendResult.NotSent("refused"), Of(new TelegramAnswer<JsonElement>.NotSent("refused")));
        Assert.Equal(new SendResult.Unknown("cut"), Of(new TelegramAnswer<JsonElement>.Lost("cut")));
    }

    static SendResult Of(int code, string why, TimeSpan? wait = null, long? to = null) => Of(new TelegramAnswer<JsonElement>.Refused(code, why, wait, to));

    static TelegramAnswer<JsonElement>.Refused No(int code, string why) => new(code, why, null, null);

    static SendResult Of(TelegramAnswer<JsonElement> answer) => TelegramResults.Of(answer, Chat);

    static TelegramAnswer<JsonElement> Json(string json) => new TelegramAnswer<JsonElement>.Ok(JsonSerializer.Deserialize<JsonElement>(json));
}
