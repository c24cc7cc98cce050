using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Notifier.Bot.Discord.Gateway;
using Notifier.Bot.Discord.Rest;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Bot.Discord;

/// <summary>Puts messages into channels, as posts into forums, and into people's private chats.</summary>
internal sealed class DiscordSender(DiscordRest rest, DiscordGuilds guilds, Catalogue texts)
{
    /// <summary>Begins the address of a person's private chat where only the person is known: <c>discord:@80351110224678912</c>.</summary>
    private const char PersonMark = '@';

    private readonly ConcurrentDictionary<string, string> _privateChats = new(StringComparer.Ordinal);

    /// <summary>Null where the name is no person's.</summary>
    public static ChatAddress? PrivateChat(string person) => IsId(person) ? new ChatAddress(DiscordPlatform.PlatformName, PersonMark + person) : null;

    /// <param name="file">Comes with the message; not in forums.</param>
    public async Task<SendResult> SendAsync(ChatAddress chat, ReadOnlyMemory<byte> body, string nonce, MessageFile? file, CancellationToken ct)
    {
        var (channel, failure) = await ChannelAsync(chat, ct);
        var result = DiscordResults.Of(channel is null ? failure! : await PostAsync(channel, body, nonce, file, ct));

        // Who does not want to be told in private is not asked again and again.
        return result is SendResult.NoAccess no && chat.Id.StartsWith(PersonMark) ? new SendResult.ChatGone(no.Reason) : result;
    }

    private static bool IsId(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>The channel of an address, or why there is none. A person's private chat has to be opened first.</summary>
    private async Task<(string? Channel, DiscordAnswer? Failure)> ChannelAsync(ChatAddress chat, CancellationToken ct)
    {
        var person = chat.Id.TrimStart(PersonMark);
        if (!IsId(person))
            return (null, new DiscordAnswer.Refused(404, 10003, "It is no address of Discord's."));
        if (person == chat.Id)
            return (chat.Id, null);
        if (_privateChats.TryGetValue(person, out var known))
            return (known, null);
        var answer = await rest.SendAsync(new DiscordRequest(HttpMethod.Post, "/users/@me/channels") { Body = JsonSerializer.SerializeToUtf8Bytes(new { recipient_id = person }) }, ct);
        if (answer is DiscordAnswer.Ok ok && ok.Body.Text("id") is { } opened)
            return (_privateChats[person] = opened, null);

        // Opening it twice does no harm, so a lost answer is no doubt.
        return (null, answer is DiscordAnswer.Lost lost ? new DiscordAnswer.NotSent(lost.Reason) : answer);
    }

    private async Task<DiscordAnswer> PostAsync(string channel, ReadOnlyMemory<byte> body, string nonce, MessageFile? file, CancellationToken ct)
    {
        if (guilds.IsForum(channel))
            return await OpenPostAsync(channel, body, ct);
        byte[] withNonce = [.. body.Span[..^1], (byte)',', .. JsonSerializer.SerializeToUtf8Bytes(new { nonce, enforce_nonce = true }).AsSpan()[1..]];
        var answer = await rest.SendAsync(new DiscordRequest(HttpMethod.Post, "/channels/{channel}/messages", channel) { Body = withNonce, File = file }, ct);
        return answer is DiscordAnswer.Refused { Code: 50008 } && await guilds.LearnForumAsync(channel, ct) ? await OpenPostAsync(channel, body, ct) : answer;
    }

    /// <summary>In a forum a message is a post with a title of its own.</summary>
    private Task<DiscordAnswer> OpenPostAsync(string forum, ReadOnlyMemory<byte> body, CancellationToken ct) => rest.SendAsync(
        new DiscordRequest(HttpMethod.Post, "/channels/{channel}/threads", forum) { Body = DiscordPost.Body(body, texts.Say("entry.untitled")) },
        ct);
}
