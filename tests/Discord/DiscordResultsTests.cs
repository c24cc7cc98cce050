using System.Text.Json;
using Notifier.Bot.Discord;
using Notifier.Bot.Discord.Rest;
using Notifier.Chats;

namespace Notifier.Tests.Discord;

/// <summary>Every code of Discord's that a message may be answered with (https://docs.discord.com/developers/topics/opcodes-and-status-codes).</summary>
public sealed class DiscordResultsTests
{
    [Theory]
    [InlineData(404, 10003, typeof(SendResult.ChatGone))]
    [InlineData(404, 10004, typeof(SendResult.ChatGone))]
    [InlineData(404, 10013, typeof(SendResult.ChatGone))]
    [InlineData(404, 10015, typeof(SendResult.ChatGone))]
    [InlineData(401, 50027, typeof(SendResult.ChatGone))]
    [InlineData(404, 10099, typeof(SendResult.ChatGone))]
    [InlineData(400, 50033, typeof(SendResult.ChatGone))]
    [InlineData(404, 10008, typeof(SendResult.Sent))]
    [InlineData(404, 0, typeof(SendResult.NotSent))]
    [InlineData(403, 50001, typeof(SendResult.NoAccess))]
    [InlineData(403, 50013, typeof(SendResult.NoAccess))]
    [InlineData(400, 50008, typeof(SendResult.NoAccess))]
    [InlineData(400, 50024, typeof(SendResult.NoAccess))]
    [InlineData(400, 40067, typeof(SendResult.NoAccess))]
    [InlineData(400, 160005, typeof(SendResult.NoAccess))]
    [InlineData(400, 160006, typeof(SendResult.NoAccess))]
    [InlineData(400, 50083, typeof(SendResult.NoAccess))]
    [InlineData(403, 50007, typeof(SendResult.NoAccess))]
    [InlineData(403, 50278, typeof(SendResult.NoAccess))]
    [InlineData(403, 0, typeof(SendResult.RetryAfter))]
    [InlineData(400, 50035, typeof(SendResult.Rejected))]
    [InlineData(400, 50006, typeof(SendResult.Rejected))]
    [InlineData(413, 40005, typeof(SendResult.Rejected))]
    [InlineData(400, 50109, typeof(SendResult.Rejected))]
    [InlineData(400, 240000, typeof(SendResult.Rejected))]
    [InlineData(400, 0, typeof(SendResult.NotSent))]
    [InlineData(400, 20016, typeof(SendResult.NotSent))]
    [InlineData(400, 20022, typeof(SendResult.NotSent))]
    [InlineData(400, 20028, typeof(SendResult.NotSent))]
    [InlineData(403, 40004, typeof(SendResult.NotSent))]
    [InlineData(400, 40062, typeof(SendResult.NotSent))]
    [InlineData(400, 130000, typeof(SendResult.NotSent))]
    [InlineData(401, 0, typeof(SendResult.PlatformClosed))]
    [InlineData(401, 40001, typeof(SendResult.PlatformClosed))]
    [InlineData(403, 50014, typeof(SendResult.PlatformClosed))]
    [InlineData(401, 50014, typeof(SendResult.PlatformClosed))]
    [InlineData(403, 40333, typeof(SendResult.RetryAfter))]
    public void H07_A_refusal_is_of_the_chat_of_the_message_or_of_us_by_its_code(int status, int code, Type expected) =>
        Assert.IsType(expected, DiscordResults.Of(new DiscordAnswer.Refused(status, code, "why")));

    [Theory]
    [InlineData(400, 20016)]
    [InlineData(400, 20022)]
    [InlineData(400, 20028)]
    [InlineData(403, 40004)]
    [InlineData(400, 40062)]
    [InlineData(400, 130000)]
    public void H06_What_passes_passes_when_Discord_says(int status, int code) => Assert.Equal(
        new SendResult.RetryAfter(TimeSpan.FromSeconds(12), WholeToken: false),
        DiscordResults.Of(new DiscordAnswer.Refused(status, code, "why", TimeSpan.FromSeconds(12))));

    [Theory]
    [InlineData(404, 10008, typeof(SendResult.Rejected), typeof(SendResult.Sent))]
    [InlineData(404, 10003, typeof(SendResult.Rejected), typeof(SendResult.Sent))]
    [InlineData(403, 50005, typeof(SendResult.Rejected), typeof(SendResult.Rejected))]
    [InlineData(403, 50021, typeof(SendResult.Rejected), typeof(SendResult.Rejected))]
    [InlineData(400, 50083, typeof(SendResult.Rejected), typeof(SendResult.Rejected))]
    [InlineData(400, 160005, typeof(SendResult.Rejected), typeof(SendResult.Rejected))]
    [InlineData(400, 50035, typeof(SendResult.Rejected), typeof(SendResult.Rejected))]
    [InlineData(403, 50001, typeof(SendResult.NoAccess), typeof(SendResult.NoAccess))]
    [InlineData(401, 0, typeof(SendResult.PlatformClosed), typeof(SendResult.PlatformClosed))]
    public void H07_A_message_that_is_gone_or_closed_says_nothing_of_its_chat(int status, int code, Type edited, Type deleted)
    {
        Assert.IsType(edited, DiscordResults.OfEdit(new DiscordAnswer.Refused(status, code, "why"), "5"));
        Assert.IsType(deleted, DiscordResults.OfDeletion(new DiscordAnswer.Refused(status, code, "why"), "5"));
        Assert.Equal(new SendResult.Sent("5"), DiscordResults.OfEdit(new DiscordAnswer.Ok(default), "5"));
        Assert.Equal(new SendResult.Sent("5"), DiscordResults.OfDeletion(new DiscordAnswer.Ok(default), "5"));
    }

    [Fact]
    public void A_block_by_Cloudflare_concerns_every_message() =>
        Assert.True(Assert.IsType<SendResult.RetryAfter>(DiscordResults.Of(new DiscordAnswer.Refused(403, 40333, "internal network error"))).WholeToken);

    [Fact]
    public void Other_answers_keep_their_meaning()
    {
        Assert.Equal(new SendResult.Sent("5"), DiscordResults.Of(new DiscordAnswer.Ok(JsonSerializer.Deserialize<JsonElement>("""{"id":"5"}"""))));
        Assert.IsType<SendResult.Unknown>(DiscordResults.Of(new DiscordAnswer.Ok(default)));
        Assert.Equal(new SendResult.RetryAfter(TimeSpan.FromSeconds(3), WholeToken: false), DiscordResults.Of(new DiscordAnswer.Wait(TimeSpan.FromSeconds(3), IsGlobal: false)));
        Assert.Equal(new SendResult.RetryAfter(TimeSpan.FromSeconds(3), WholeToken: true), DiscordResults.Of(new DiscordAnswer.Wait(TimeSpan.FromSeconds(3), IsGlobal: true)));
        Assert.Equal(new SendResult.NotSent("down"), DiscordResults.Of(new DiscordAnswer.NotSent("down")));
        Assert.Equal(new SendResult.Unknown("lost"), DiscordResults.Of(new DiscordAnswer.Lost("lost")));
    }
}
