using System.Security.Cryptography;
using Notifier.Bot.Discord.Messages;
using Notifier.Bot.Discord.Rest;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Bot.Discord;

/// <summary>
/// Answers commands and buttons, for the asker's eyes only: where Discord shows “thinking”, in as many messages as it takes, the actions as buttons below the
/// last. An entry that Discord does not take comes in a simpler form; whatever happens, something is said.
/// </summary>
internal sealed partial class DiscordReplies(DiscordRest rest, DiscordSender sender, OfferedActions actions, Catalogue texts, TimeProvider time, ILogger log)
{
    /// <summary>Marks a message that only the asker sees.</summary>
    public const int Ephemeral = 1 << 6;

    /// <summary>The last fallback: title and link.</summary>
    private const int SimplestForm = 2;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Answers; with nothing to say it takes “thinking” away.</summary>
    public async Task AnswerAsync(DiscordInteraction interaction, Message? reply, IncomingCommand asked, CancellationToken ct)
    {
        if (reply is null)
        {
            await rest.SendAsync(new DiscordRequest(HttpMethod.Delete, "/webhooks/{webhook}/{token}/messages/@original", interaction.Application, interaction.Token), ct);
            return;
        }

        var isFirst = true;
        foreach (var part in MessageParts.Split(reply, DiscordMessages.Fits))
        {
            if (await SayAsync(interaction, part, asked, isFirst, ct) is not { } answer)
                continue;
            if (answer is DiscordAnswer.Refused { Code: 10015 or 50027 })
            {
                await SayLateAsync(interaction, part, ct);
            }
            else if (answer is not DiscordAnswer.Ok)
            {
                LogUnanswered(interaction.Chat, answer.ToString());
                if (answer is DiscordAnswer.Refused)
                    await SayAsync(interaction, Message.Of(texts.Say("command.broke")), asked, isFirst, ct);
            }

            isFirst = false;
        }
    }

    /// <summary>Says a part; one with an entry in simpler forms too, as long as Discord takes none. Null for what has no form.</summary>
    private async Task<DiscordAnswer?> SayAsync(DiscordInteraction interaction, Message part, IncomingCommand asked, bool isFirst, CancellationToken ct)
    {
        var tokens = await actions.OfferAsync(part.Actions, asked, ct);
        List<(string Label, string Token)> buttons = [.. part.Actions.Zip(tokens, (action, token) => (action.Label, token))];
        for (var fallback = 0; ; fallback++)
        {
            // Whoever asked looks at it already.
            if (DiscordMessages.Render(part with { IsSilent = false }, fallback) is not { } rendered)
                return null;
            var body = new RenderedMessage(rendered).ForReply(buttons, isFirst ? 0 : Ephemeral);
            var answer = await SendAsync(interaction, body, part.File, isFirst, ct);
            if (part.Card is null || fallback == SimplestForm || DiscordResults.Of(answer) is not SendResult.Rejected)
                return answer;
        }
    }

    private async Task<DiscordAnswer> SendAsync(DiscordInteraction interaction, byte[] body, MessageFile? file, bool isFirst, CancellationToken ct)
    {
        string[] names = [interaction.Application, interaction.Token];
        var request = isFirst
            ? new DiscordRequest(HttpMethod.Patch, "/webhooks/{webhook}/{token}/messages/@original", names) { Body = body, File = file }
            : new DiscordRequest(HttpMethod.Post, "/webhooks/{webhook}/{token}", names) { Body = body, File = file };
        var answer = await rest.SendAsync(request, ct);

        // It came too early and was certainly not taken: it is said when its time has come.
        if (answer is not DiscordAnswer.Wait { Delay: var delay } || delay >= LongestWait)
            return answer;
        await Task.Delay(delay, time, ct);
        return await rest.SendAsync(request, ct);
    }

    /// <summary>The token's time is over: said late is better than not at all, but in private, since nobody else was to read it. Buttons would be for another chat.</summary>
    private async Task SayLateAsync(DiscordInteraction interaction, Message part, CancellationToken ct)
    {
        if (DiscordSender.PrivateChat(interaction.Person.Id) is not { } chat || DiscordMessages.Render(part, fallback: 0) is not { } body)
            return;
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        var until = time.GetUtcNow() + LongestWait;
        var result = await sender.SendAsync(chat, body, nonce, part.File, SendPermit.Unlimited, ct);

        // Opening the private chat or writing there may come too early, and was certainly not taken: it is said when its time has come.
        while (result is SendResult.RetryAfter { Delay: var delay } && time.GetUtcNow() + delay < until)
        {
            await Task.Delay(delay, time, ct);
            result = await sender.SendAsync(chat, body, nonce, part.File, SendPermit.Unlimited, ct);
        }

        if (result is not SendResult.Sent)
            LogUnanswered(interaction.Chat, result.ToString());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A command in {Chat} was carried out, but its answer was not taken: {Answer}")]
    private partial void LogUnanswered(ChatAddress chat, string answer);
}
