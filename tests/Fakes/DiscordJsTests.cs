using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.Fakes;

/// <summary>
/// The proof that the fake was not made to measure for our own client: discord.js logs in, registers commands, answers people, posts,
/// survives a cut and leaves, without a violation.
/// </summary>
public sealed class DiscordJsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Discord_js_lives_a_bots_life_against_the_fake()
    {
        await using var discord = await FakeDiscord.StartAsync(ct: Ct);
        var guild = discord.AddGuild("The guild");
        var (news, forum) = (guild.AddChannel("news"), guild.AddChannel("forum", DiscordChannelKind.Forum));
        forum.AddTag("tech");
        forum.RequiresTag = true;
        var ann = guild.AddMember("Ann", DiscordPermissions.ManageGuild);
        discord.Gateway.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
        await using var bot = NodeBot.Start("discord-bot.mjs", ("DISCORD_API", new Uri(discord.ApiUrl, ".").ToString().TrimEnd('/')), ("DISCORD_TOKEN", discord.Token));

        var choices = await ann.AutocompleteAsync(news, "subscribe", "url", "exa");
        Assert.Equal([new DiscordChoice("exa (feed)", "https://a.test/feed")], choices);
        var subscribed = await ann.CommandAsync(news, "subscribe", ("url", choices[0].Value), ("chat", forum));
        var answer = await subscribed.AnswerAsync(ct: Ct);
        Assert.Equal("Watching https://a.test/feed in forum.\n[Undo]", answer.ShownText);
        Assert.Equal((5, true), (subscribed.AcknowledgedAs, subscribed.IsEphemeral));
        var press = await answer.PressAsync(ann, "Undo");
        Assert.Equal("Undone: undo:1", (await press.AnswerAsync(ct: Ct)).ShownText);

        var published = await ann.CommandAsync(news, "publish");
        Assert.Equal("Published.", (await published.FollowUpAsync(ct: Ct)).Content);
        Assert.Equal(["Publishing.", "An entry, corrected\nIts text.", "Published."], news.Messages.Select(message => message.ShownText));
        Assert.Equal(("entry-1", 1), (news.Messages[1].Nonce, news.Messages[1].Edits));
        var post = Assert.Single(forum.Posts);
        Assert.Equal(("A post", "Its first message.", "tech"), (post.Name, post.FirstMessage.ShownText, post.Tags.Single()));

        await discord.Gateway.WaitForHeartbeatsAsync(2, ct: Ct);
        discord.Gateway.Abort();
        await discord.Gateway.WaitForResumesAsync(1, ct: Ct);
        discord.Gateway.Reconnect();
        await discord.Gateway.WaitForResumesAsync(2, ct: Ct);
        Assert.Equal("Bye.", (await (await ann.CommandAsync(news, "stop")).AnswerAsync(ct: Ct)).Content);
        var (exitCode, did) = await bot.EndAsync();
        Assert.True(exitCode == 0, string.Join('\n', did));
        Assert.Equal(
            ["logged in to The guild", "registered", "suggested", "answered a command", "pressed a button", "sent an embed once", "edited it", "posted in forum: A post", "resumed", "resumed", "stopped"],
            did);

        // discord.js has one body for all its messages, with two fields that the contract knows for new messages in channels alone.
        Assert.DoesNotContain(discord.Violations, violation => !violation.EndsWith(".tts: unknown field", StringComparison.Ordinal) && !violation.EndsWith(".enforce_nonce: unknown field", StringComparison.Ordinal));
        Assert.Empty(discord.Unexpected);
        Assert.Equal(1, discord.Gateway.Identifies);
        Assert.All(discord.Requests, request => Assert.InRange(request.Status ?? 0, 200, 299));
        foreach (var operation in new[]
        {
            "GET /gateway/bot", "PUT /applications/{application_id}/commands", "POST /channels/{channel_id}/messages", "PATCH /channels/{channel_id}/messages/{message_id}",
            "POST /channels/{channel_id}/threads", "POST /interactions/{interaction_id}/{interaction_token}/callback", "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original",
            "POST /webhooks/{webhook_id}/{webhook_token}",
        })
        {
            Assert.Contains(operation, discord.Used.Keys);
        }
    }
}
