using System.Globalization;
using System.Text.Json;
using Notifier.Bot.Discord.Gateway;
using Notifier.Bot.Discord.Messages;
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

    /// <summary>So many posts are looked at, with a request each.</summary>
    private const int Posts = 25;

    /// <summary>Discord knows a nonce for "the past few minutes".</summary>
    private static readonly TimeSpan NonceWindow = TimeSpan.FromMinutes(2);

    /// <summary>By so much our clock may be ahead of Discord's: more than the hour by which clocks are set wrongly. What other deliveries sent in that time, whoever asks leaves out.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(90);

    /// <summary>Our own user, whose messages are looked at; asked for when it is not known.</summary>
    public string? Self { get; set; }

    public async Task<FindResult> FindAsync(ChatAddress chat, LostMessage lost, CancellationToken ct)
    {
        var (channel, failure) = await sender.ChannelAsync(chat, ct);
        if (channel is null)
            return Not(failure!);
        if (!guilds.IsKnown(channel) && await guilds.LookAsync(channel, ct) is var looked and not DiscordAnswer.Ok)
            return Not(looked);

        // A clock that was set back tells nothing of the nonce's age.
        var forum = guilds.GuildOfForum(channel);
        var age = time.GetUtcNow() - lost.FirstAttempt;
        if (forum is null && age >= TimeSpan.Zero && age < NonceWindow)
            return new FindResult.Repeatable();

        if (Self is null)
        {
            var me = await rest.SendFirstAsync(new DiscordRequest(HttpMethod.Get, "/users/@me"), ct);
            if (me is not DiscordAnswer.Ok ok)
                return Not(me);
            Self = ok.Body.Text("id");
        }

        return forum is null ? await MessageAsync(channel, lost, ct) : await PostAsync(channel, forum, lost, ct);
    }

    /// <summary>What a question that was not answered comes to. It changes nothing and says nothing of the message: only what is certain of the chat or of the token counts.</summary>
    private static FindResult.NotNow Not(DiscordAnswer answer) => new FindResult.NotNow(answer switch
    {
        // Where only the places of this second are taken, the others need not wait for a search.
        DiscordAnswer.Wait wait => new SendResult.RetryAfter(wait.Delay, wait is { IsGlobal: true, IsCrowded: false }),
        DiscordAnswer.Refused refused when DiscordResults.IsToken(refused) => new SendResult.PlatformClosed(refused.Message),

        // The channel, the guild, the person.
        DiscordAnswer.Refused { Code: 10003 or 10004 or 10013 } gone => new SendResult.ChatGone(gone.Message),
        DiscordAnswer.Refused { Code: 50001 or 50013 } refused => new SendResult.NoAccess(refused.Message),
        DiscordAnswer.Refused refused => new SendResult.NotSent(refused.Message),
        DiscordAnswer.NotSent not => new SendResult.NotSent(not.Reason),
        DiscordAnswer.Lost lost => new SendResult.NotSent(lost.Reason),
        _ => throw new InvalidOperationException($"No such answer: {answer}"),
    });

    /// <param name="doubt">Why what is not found may be there all the same; null if it is certainly not.</param>
    private static FindResult Result(List<string> found, string? doubt) =>
        found.Count > 0 ? new FindResult.Found(found, IsAll: doubt is null) : doubt is null ? new FindResult.Repeatable() : new FindResult.Untold(doubt);

    private static string? HiddenDoubt(bool isHidden) => isHidden ? "Somebody has hidden the embeds of a message there, and it may be this one." : null;

    private static ulong Number(JsonElement thing) => DiscordSnowflake.Read(thing.Text("id"));

    /// <summary>The least number that Discord can have given to the message.</summary>
    private ulong Since(LostMessage lost)
    {
        // One that was set back since then was ahead before.
        var now = time.GetUtcNow();
        return DiscordSnowflake.At((lost.FirstAttempt < now ? lost.FirstAttempt : now) - Margin);
    }

    /// <summary>From the newest back: it may be a late attempt that arrived, behind all that was said since the first.</summary>
    private async Task<FindResult> MessageAsync(string channel, LostMessage lost, CancellationToken ct)
    {
        using var sent = JsonDocument.Parse(lost.Body);
        var (found, isHidden, since, before) = (new List<string>(), false, Since(lost), "");
        for (var page = 0; page < Pages; page++)
        {
            var answer = await rest.SendFirstAsync(new DiscordRequest(HttpMethod.Get, $"/channels/{{channel}}/messages?limit={PageLength}{before}", channel), ct);
            if (answer is not DiscordAnswer.Ok ok)
                return await UnreadAsync(channel, answer, ct);
            var messages = ok.Body.Items().OrderByDescending(Number).ToList();
            if (messages.Count == 0 && page == 0)
                return await UnlessBlindAsync(channel, since, ct);
            foreach (var message in messages.Where(message => Number(message) > since && message.Member("author").Text("id") == Self))
            {
                var says = DiscordLikeness.Says(message, sent.RootElement);
                isHidden |= says is null;
                if (says == true)
                    found.Insert(0, message.Text("id")!);
            }

            if (messages.Count < PageLength || Number(messages[^1]) <= since)
                return Result(found, HiddenDoubt(isHidden));
            before = $"&before={Number(messages[^1])}";
        }

        return Result(found, "More was said there since than Notifier looks through.");
    }

    /// <summary>Without the right to read what was said Discord shows an empty channel. A message that cannot be there tells it from one that is empty.</summary>
    private async Task<FindResult> UnlessBlindAsync(string channel, ulong nobodys, CancellationToken ct) =>
        await rest.SendFirstAsync(new DiscordRequest(HttpMethod.Get, "/channels/{channel}/messages/{message}", channel, nobodys.ToString(CultureInfo.InvariantCulture)), ct) switch
        {
            DiscordAnswer.Ok or DiscordAnswer.Refused { Code: 10008 } => new FindResult.Repeatable(),
            var other => await UnreadAsync(channel, other, ct),
        };

    /// <summary>What was said there could not be read. Whether that is all that Notifier may not do there, a look at the channel tells.</summary>
    private async Task<FindResult> UnreadAsync(string channel, DiscordAnswer answer, CancellationToken ct)
    {
        if (answer is not DiscordAnswer.Refused { Code: 50001 or 50013 })
            return Not(answer);
        var looked = await guilds.LookAsync(channel, ct);
        return looked is DiscordAnswer.Ok ? new FindResult.Untold("To look for the message Notifier needs the right Read Message History.") : Not(looked);
    }

    private async Task<FindResult> PostAsync(string forum, string guild, LostMessage lost, CancellationToken ct)
    {
        using var sent = JsonDocument.Parse(lost.Body);
        var name = sender.PostName(new RenderedMessage(lost.Body));
        var (since, first) = (Since(lost), DiscordSnowflake.At(lost.FirstAttempt));
        var threads = new List<JsonElement>();
        foreach (var request in (DiscordRequest[])
                 [
                     new DiscordRequest(HttpMethod.Get, "/guilds/{guild}/threads/active", guild),
                     // What was archived last comes first, and what was lost is not old.
                     new DiscordRequest(HttpMethod.Get, $"/channels/{{channel}}/threads/archived/public?limit={PageLength}", forum),
                 ])
        {
            var answer = await rest.SendFirstAsync(request, ct);
            if (answer is not DiscordAnswer.Ok ok)
                return await UnreadAsync(forum, answer, ct);
            threads.AddRange(ok.Body.Items("threads"));
        }

        // A moderator may have given it another name: then it is among those that came next to the first attempt.
        var ours = threads.Where(IsOurs).DistinctBy(Number).OrderByDescending(HasItsName).ThenBy(thread => Math.Max(Number(thread), first) - Math.Min(Number(thread), first)).ToList();
        var (found, isHidden) = (new List<string>(), false);
        foreach (var thread in ours.Take(Posts).TakeWhile(thread => found.Count == 0 || HasItsName(thread)))
        {
            var id = thread.Text("id")!;
            switch (await rest.SendFirstAsync(new DiscordRequest(HttpMethod.Get, "/channels/{channel}/messages/{message}", id, id), ct))
            {
                // Deleted since, it was told.
                case DiscordAnswer.Refused { Code: 10008 or 10003 }:
                    if (HasItsName(thread))
                        found.Add(id);
                    break;
                case DiscordAnswer.Ok message:
                    var says = DiscordLikeness.Says(message.Body, sent.RootElement);
                    isHidden |= says is null;
                    if (says == true)
                        found.Add(id);
                    break;
                case var other:
                    return await UnreadAsync(forum, other, ct);
            }
        }

        found.Sort((one, other) => DiscordSnowflake.Read(one).CompareTo(DiscordSnowflake.Read(other)));
        return Result(found, ours.Count > Posts ? "Notifier opened more posts there since than it looks at." : HiddenDoubt(isHidden));

        bool IsOurs(JsonElement thread) => thread.Text("parent_id") == forum && thread.Text("owner_id") == Self && Number(thread) > since;

        bool HasItsName(JsonElement thread) => thread.Text("name") == name;
    }
}
