using System.Globalization;
using System.Text.Json;
using Notifier.Bot.Discord.Gateway;
using Notifier.Bot.Discord.Rest;
using Notifier.Chats;
using Notifier.Model;

namespace Notifier.Bot.Discord;

/// <summary>
/// Looks for messages whose answers were lost. As long as Discord knows the nonce there is nothing to look for: the same message is no second one.
/// Afterwards, and in forums, which know none, it looks for what Notifier itself wrote since and what says the same.
/// </summary>
internal sealed class DiscordSearch(DiscordRest rest, DiscordGuilds guilds, DiscordSender sender, TimeProvider time)
{
    private const int Pages = 5;
    private const int PageLength = 100;

    /// <summary>Discord knows a nonce for "the past few minutes".</summary>
    private static readonly TimeSpan NonceWindow = TimeSpan.FromMinutes(2);

    /// <summary>By so much our clock may be ahead of Discord's.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>Our own user, whose messages are looked at; asked for when it is not known.</summary>
    public string? Self { get; set; }

    public async Task<FindResult> FindAsync(ChatAddress chat, LostMessage lost, CancellationToken ct)
    {
        var (channel, failure) = await sender.ChannelAsync(chat, ct);
        if (channel is null)
            return Not(failure!);
        if (!guilds.IsForum(channel))
        {
            var looked = await guilds.LookAsync(channel, ct);
            if (looked is not DiscordAnswer.Ok)
                return Not(looked);
        }

        // A clock that was set back tells nothing of the nonce's age.
        var forum = guilds.GuildOfForum(channel);
        var age = time.GetUtcNow() - lost.FirstAttempt;
        if (forum is null && age >= TimeSpan.Zero && age < NonceWindow)
            return new FindResult.Repeatable();

        if (Self is null)
        {
            var me = await rest.SendAsync(new DiscordRequest(HttpMethod.Get, "/users/@me"), ct);
            if (me is not DiscordAnswer.Ok ok)
                return Not(me);
            Self = ok.Body.Text("id");
        }

        return forum is null ? await MessageAsync(channel, lost, ct) : await PostAsync(channel, forum, lost, ct);
    }

    /// <summary>The least number that Discord can have given to anything of that time, less the margin.</summary>
    private static ulong Since(LostMessage lost) => DiscordSnowflake.At(lost.FirstAttempt - Margin);

    /// <summary>What a question that was not answered comes to. A question changes nothing, so that a lost answer is no doubt.</summary>
    private static FindResult Not(DiscordAnswer answer) => answer switch
    {
        DiscordAnswer.Refused { Code: 50001 or 50013 } => new FindResult.Untold("To look for the message Notifier needs the right Read Message History."),
        DiscordAnswer.Lost lost => new FindResult.NotNow(new SendResult.NotSent(lost.Reason)),
        _ => new FindResult.NotNow(DiscordResults.Of(answer)),
    };

    private static FindResult Result(List<string> found) => found.Count > 0 ? new FindResult.Found(found) : new FindResult.Repeatable();

    private async Task<FindResult> MessageAsync(string channel, LostMessage lost, CancellationToken ct)
    {
        using var sent = JsonDocument.Parse(lost.Body);
        var found = new List<string>();
        var after = Since(lost);
        for (var page = 0; page < Pages; page++)
        {
            var request = new DiscordRequest(HttpMethod.Get, $"/channels/{{channel}}/messages?limit={PageLength}&after={after}", channel);
            var answer = await rest.SendAsync(request, ct);
            if (answer is not DiscordAnswer.Ok ok)
                return Not(answer);
            var messages = ok.Body.Items().OrderBy(message => DiscordSnowflake.Read(message.Text("id"))).ToList();
            found.AddRange(messages.Where(message => message.Member("author").Text("id") == Self && DiscordLikeness.Says(message, sent.RootElement)).Select(message => message.Text("id")!));
            if (messages.Count == 0 && page == 0)
                return await UnlessBlindAsync(channel, after, ct);
            if (messages.Count < PageLength)
                return Result(found);
            after = DiscordSnowflake.Read(messages[^1].Text("id"));
        }

        return found.Count > 0 ? Result(found) : new FindResult.Untold("More was said there since than Notifier looks through.");
    }

    /// <summary>Without the right to read what was said Discord shows an empty channel. A message that cannot be there tells it from one that is empty.</summary>
    private async Task<FindResult> UnlessBlindAsync(string channel, ulong nobodys, CancellationToken ct) =>
        await rest.SendAsync(new DiscordRequest(HttpMethod.Get, "/channels/{channel}/messages/{message}", channel, nobodys.ToString(CultureInfo.InvariantCulture)), ct) switch
        {
            DiscordAnswer.Ok or DiscordAnswer.Refused { Code: 10008 } => new FindResult.Repeatable(),
            var other => Not(other),
        };

    private async Task<FindResult> PostAsync(string forum, string guild, LostMessage lost, CancellationToken ct)
    {
        using var post = JsonDocument.Parse(sender.Post(lost.Body));
        var since = Since(lost);
        var threads = new List<JsonElement>();
        foreach (var request in (DiscordRequest[])
                 [
                     new DiscordRequest(HttpMethod.Get, "/guilds/{guild}/threads/active", guild),
                     // What was archived last comes first, and what was lost is not old.
                     new DiscordRequest(HttpMethod.Get, $"/channels/{{channel}}/threads/archived/public?limit={PageLength}", forum),
                 ])
        {
            var answer = await rest.SendAsync(request, ct);
            if (answer is not DiscordAnswer.Ok ok)
                return Not(answer);
            threads.AddRange(ok.Body.Items("threads"));
        }

        var found = new List<string>();
        foreach (var thread in threads.Where(IsOurs).Select(thread => thread.Text("id")!).Distinct().OrderBy(DiscordSnowflake.Read))
        {
            switch (await rest.SendAsync(new DiscordRequest(HttpMethod.Get, "/channels/{channel}/messages/{message}", thread, thread), ct))
            {
                // Deleted since, it was told.
                case DiscordAnswer.Refused { Code: 10008 }:
                case DiscordAnswer.Ok first when DiscordLikeness.Says(first.Body, post.RootElement.GetProperty("message")):
                    found.Add(thread);
                    break;
                case DiscordAnswer.Ok:
                    break;
                case var other:
                    return Not(other);
            }
        }

        return Result(found);

        bool IsOurs(JsonElement thread) => thread.Text("parent_id") == forum && thread.Text("owner_id") == Self && DiscordSnowflake.Read(thread.Text("id")) > since
            && thread.Text("name") == post.RootElement.Text("name");
    }
}
