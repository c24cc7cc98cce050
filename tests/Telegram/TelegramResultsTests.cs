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
    [InlineData("Forbidden: bot is not a member of the channel chat")]
    public void H07_Where_Notifier_was_put_out_it_waits(string why) => Assert.Equal(new SendResult.NoAccess(why), Of(403, why));

    /// <summary>With another bot's token every chat says so: it waits for the right one.</summary>
    [Theory]
    [InlineData("Bad Request: chat not found")]
    [InlineData("Bad Request: not enough rights to send text messages to the chat")]
    [InlineData("Bad Request: have no rights to send a message")]
    [InlineData("Bad Request: need administrator rights in the channel chat")]
    [InlineData("Bad Request: TOPIC_CLOSED")]
    [InlineData("Bad Request: CHAT_WRITE_FORBIDDEN")]
    public void H07_Where_a_right_is_missing_it_waits(string why) => Assert.Equal(new SendResult.NoAccess(why), Of(400, why));

    [Theory]
    [InlineData("Bad Request: can't parse entities: Unsupported start tag \"p\" at byte offset 0")]
    [InlineData("Bad Request: message is too long")]
    [InlineData("Bad Request: message text is empty")]
    [InlineData("Bad Request: BUTTON_URL_INVALID")]
    [InlineData("Bad Request: something that Telegram says only from tomorrow on")]
    public void D10_What_Telegram_cannot_read_is_rejected(string why) => Assert.Equal(new SendResult.Rejected(why), Of(400, why));

    [Fact]
    public void H04_The_wait_is_what_Telegram_says()
    {
        Assert.Equal(new SendResult.RetryAfter(TimeSpan.FromSeconds(37), WholeToken: false), Of(429, "Too Many Requests: retry after 37", TimeSpan.FromSeconds(37)));
        Assert.Equal(TimeSpan.FromSeconds(5), Assert.IsType<SendResult.RetryAfter>(Of(429, "Too Many Requests")).Delay);
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

    static SendResult Of(TelegramAnswer<JsonElement> answer) => TelegramResults.Of(answer, Chat);

    static TelegramAnswer<JsonElement> Json(string json) => new TelegramAnswer<JsonElement>.Ok(JsonSerializer.Deserialize<JsonElement>(json));
}
