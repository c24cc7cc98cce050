using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Notifier.Bot.Discord.Gateway;
using Notifier.Bot.Discord.Messages;
using Notifier.Bot.Discord.Rest;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Bot.Discord;

/// <summary>Puts messages into channels, as posts into forums, and into people's private chats; changes and deletes them.</summary>
internal sealed class DiscordSender(DiscordRest rest, DiscordGuilds guilds, Catalogue texts)
{
    private const string Messages = "/channels/{channel}/messages";
    private const string OneMessage = "/channels/{channel}/messages/{message}";
    private const string Threads = "/channels/{channel}/threads";

    private const int TagRequired = 40067;
    private const int UnknownTag = 10087;

    /// <summary>Begins the address of a person's private chat where only the person is known: <c>discord:@80351110224678912</c>.</summary>
    private const char PersonMark = '@';

    private readonly ConcurrentDictionary<string, string> _privateChats = new(StringComparer.Ordinal);

    /// <summary>Null where the name is no person's.</summary>
    public static ChatAddress? PrivateChat(string person) => IsId(person) ? new ChatAddress(DiscordPlatform.PlatformName, PersonMark + person) : null;

    /// <summary>A place for a message to the chat. To a private chat that has to be opened first there is always one: opening it may have to wait itself.</summary>
    public Admission Admit(ChatAddress chat)
    {
        var channel = IsId(chat.Id) ? chat.Id : _privateChats.GetValueOrDefault(chat.Id.TrimStart(PersonMark));
        return channel is null ? new Admission.Granted(SendPermit.Unlimited) : rest.Admit(new DiscordRequest(HttpMethod.Post, guilds.IsForum(channel) ? Threads : Messages, channel));
    }

    /// <param name="file">Comes with the message; not in forums.</param>
    public async Task<SendResult> SendAsync(ChatAddress chat, ReadOnlyMemory<byte> body, string nonce, MessageFile? file, SendPermit permit, CancellationToken ct)
    {
        var (channel, failure) = await ChannelAsync(chat, ct);
        var result = DiscordResults.Of(channel is null ? failure! : await PostAsync(channel, body, nonce, file, permit, ct));

        // Who does not want to be told in private is not asked again and again.
        return result is SendResult.NoAccess no && chat.Id.StartsWith(PersonMark) ? new SendResult.ChatGone(no.Reason) : result;
    }

    public async Task<SendResult> EditAsync(ChatAddress chat, string messageId, ReadOnlyMemory<byte> body, CancellationToken ct) =>
        IsId(messageId) ? DiscordResults.OfEdit(await ChangeAsync(chat, messageId, HttpMethod.Patch, new RenderedMessage(body).ForEdit(), ct), messageId) : DiscordResults.NoMessage;

    /// <summary>Of a post in a forum it deletes what Notifier said, and not the thread: what people wrote below it is theirs.</summary>
    public async Task<SendResult> DeleteAsync(ChatAddress chat, string messageId, CancellationToken ct) =>
        IsId(messageId) ? DiscordResults.OfDeletion(await ChangeAsync(chat, messageId, HttpMethod.Delete, ReadOnlyMemory<byte>.Empty, ct), messageId) : DiscordResults.NoMessage;

    /// <summary>The channel of an address, or why there is none. A person's private chat has to be opened first.</summary>
    public async Task<(string? Channel, DiscordAnswer? Failure)> ChannelAsync(ChatAddress chat, CancellationToken ct)
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

    /// <summary>What a message is called, as a post in a forum.</summary>
    public string PostName(RenderedMessage message) => message.Name ?? texts.Say("entry.untitled");

    private static bool IsId(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private async Task<DiscordAnswer> PostAsync(string channel, ReadOnlyMemory<byte> body, string nonce, MessageFile? file, SendPermit permit, CancellationToken ct)
    {
        var message = new RenderedMessage(body);
        if (guilds.IsForum(channel))
            return await OpenPostAsync(channel, message, permit, ct);
        var answer = await rest.SendAsync(new DiscordRequest(HttpMethod.Post, Messages, channel) { Body = message.ForChannel(nonce), File = file }, permit, ct);
        return answer is DiscordAnswer.Refused { Code: 50008 } && await guilds.LearnForumAsync(channel, ct) ? await OpenPostAsync(channel, message, permit, ct) : answer;
    }

    /// <summary>In a forum a message is a post with a title of its own, and with those of the forum's tags that are the entry's.</summary>
    private async Task<DiscordAnswer> OpenPostAsync(string forum, RenderedMessage message, SendPermit permit, CancellationToken ct)
    {
        var answer = await TryAsync();

        // A tag is wanted, or one is no more: what was known of the forum was old.
        if (answer is not DiscordAnswer.Refused { Code: TagRequired or UnknownTag } || !await guilds.LearnForumAsync(forum, ct))
            return answer;
        var refused = (DiscordAnswer.Refused)answer;
        return guilds.NeedsUnknownTag(forum) ? refused with { Code = TagRequired, Message = Phrase.Of("discord.notag").Text } : await TryAsync();

        Task<DiscordAnswer> TryAsync() =>
            rest.SendAsync(new DiscordRequest(HttpMethod.Post, Threads, forum) { Body = message.ForForum(PostName(message), guilds.TagsOf(forum, message.Tags)) }, permit, ct);
    }

    private async Task<DiscordAnswer> ChangeAsync(ChatAddress chat, string messageId, HttpMethod method, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var (channel, failure) = await ChannelAsync(chat, ct);
        if (channel is null)
            return failure!;

        // The first message of a post stands in the post's own thread, and has its number.
        var answer = await rest.SendAsync(new DiscordRequest(method, OneMessage, guilds.IsForum(channel) ? messageId : channel, messageId) { Body = body }, ct);
        return answer is DiscordAnswer.Refused { Code: 10008 } && !guilds.IsForum(channel) && await guilds.LearnForumAsync(channel, ct)
            ? await rest.SendAsync(new DiscordRequest(method, OneMessage, messageId, messageId) { Body = body }, ct)
            : answer;
    }
}
