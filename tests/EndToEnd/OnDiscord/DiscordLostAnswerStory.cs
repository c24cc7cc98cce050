using Microsoft.Data.Sqlite;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>An answer of Discord's is lost for longer than it knows a nonce, or where it knows none: the message is looked for, and comes once.</summary>
public sealed class DiscordLostAnswerStory(DiscordWorld world) : IClassFixture<DiscordWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task H10_After_a_crash_and_longer_than_the_nonce_is_known_the_message_is_found_and_not_sent_again()
    {
        var town = world.Found("Late");
        await town.SubscribeAsync(town.Publish("Late news", "One"));
        var never = new TaskCompletionSource();
        world.Discord.Next("POST /channels/{channel_id}/messages", new DiscordFault.Hang(never.Task));
        town.Publish("Late news", "Two", "One");
        await town.Channel.WaitForMessagesAsync(1, ct: Stop);

        // As if it had been down for ten minutes: neither Notifier nor Discord may rely on the nonce.
        await world.World.Notifier.KillAsync(Stop);
        await using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(world.World.Data, "notifier.db"), Pooling = false }.ToString()))
        {
            await connection.OpenAsync(Stop);
            await using var command = connection.CreateCommand();
            command.CommandText = $"UPDATE Sendings SET FirstAttempt=FirstAttempt-{TimeSpan.FromMinutes(10).Ticks} WHERE ChatId=(SELECT Id FROM Chats WHERE Address='{town.Channel.Id}')";
            Assert.Equal(1, await command.ExecuteNonQueryAsync(Stop));
        }

        world.Discord.NonceWindow = TimeSpan.Zero;
        await world.World.KillAndRestartAsync();
        town.Publish("Late news", "Three", "Two", "One");

        Assert.Equal(["Two", "Three"], Town.Titles(await town.Channel.WaitForMessagesAsync(2, ct: Stop)));
        Assert.Equal(0, await town.OwedAsync(town.Channel));
        Assert.Equal(2, town.Channel.Messages.Count);
        never.SetResult();
        world.Discord.NonceWindow = TimeSpan.FromMinutes(3);

        // Nothing that anybody asks next reaches a program that has not logged in again; the session of the one that was killed is still there to come back to.
        await world.Discord.WaitAsync(() => world.Discord.Gateway.Connections > 0, "the program to log in again", ct: Stop);
    }

    [Fact]
    public async Task In_a_forum_a_post_whose_answer_is_lost_is_looked_for_at_once()
    {
        var town = world.Found("Agora");
        var forum = town.Guild.AddChannel("talk", DiscordChannelKind.Forum);
        await town.SubscribeAsync(town.Publish("Speeches", "One"), forum);
        world.Discord.Next("POST /channels/{channel_id}/threads", new DiscordFault.StoreThenDrop());
        town.Publish("Speeches", "Two", "One");
        await forum.WaitForPostsAsync(1, ct: Stop);
        town.Publish("Speeches", "Three", "Two", "One");

        // What is behind it in its feed goes only once it is known what became of it.
        await forum.WaitForPostsAsync(2, ct: Stop);
        Assert.Equal(["Two", "Three"], forum.Posts.Select(post => post.Name));
    }
}
