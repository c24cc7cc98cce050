using System.Globalization;
using System.Text;
using System.Text.Json;
using Notifier.Bot.Telegram.Messages;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;
using Telegram.Bot.Requests;

namespace Notifier.Bot.Telegram;

/// <summary>Answers in a chat of Telegram's: in as many messages as it takes, the actions as buttons below the last.</summary>
internal sealed partial class TelegramReplies(TelegramClient client, TelegramPace pace, TelegramMessages messages, OfferedActions actions, ChatEvents events, TimeProvider time, ILogger log)
{
    private const int LongestToast = 200;

    /// <summary>The last fallback: title and link.</summary>
    private const int SimplestForm = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A later answer to a command helps nobody.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <param name="replyTo">The message that asked.</param>
    public async Task SendAsync(Message reply, IncomingCommand asked, int? replyTo, CancellationToken ct)
    {
        var chat = asked.Chat;
        foreach (var part in MessageParts.Split(reply, messages.Fits).SelectMany(TelegramDocument.Split))
        {
            var answer = await SendAsync(await OfferedAsync(part, asked, ct), chat, replyTo, ct);
            if (answer is TelegramAnswer<JsonElement>.Refused { MigratedTo: { } to })
            {
                // Not accepted, so this is no second try of the same; the chat is another one.
                var moved = chat with { Id = to.ToString(CultureInfo.InvariantCulture) };
                await events.MovedAsync(chat, moved, ct);
                (chat, replyTo, asked) = (moved, null, asked with { Chat = moved });
                answer = await SendAsync(await OfferedAsync(part, asked, ct), chat, replyTo, ct);
            }

            if (answer is not null and not TelegramAnswer<JsonElement>.Ok)
            {
                LogUnanswered(asked.Chat, answer.ToString());
                return;
            }
        }
    }

    /// <summary>Takes the waiting sign off a pressed button, perhaps with a word to whoever pressed it.</summary>
    public async Task AnswerPressAsync(string id, string? text, CancellationToken ct) => await client.CallAsync(
        new AnswerCallbackQueryRequest { CallbackQueryId = id, Text = text is null ? null : CleanText.Cut(text, LongestToast), ShowAlert = text is not null },
        Patience,
        ct);

    private async Task<Message> OfferedAsync(Message part, IncomingCommand asked, CancellationToken ct)
    {
        var tokens = await actions.OfferAsync(part.Actions, asked, ct);
        return part with { Actions = [.. part.Actions.Zip(tokens, (action, token) => action with { Token = token })] };
    }

    /// <summary>Sends a message; one with an entry in simpler forms too, as long as Telegram takes none. Null for what has no form.</summary>
    private async Task<TelegramAnswer<JsonElement>?> SendAsync(Message part, ChatAddress chat, int? replyTo, CancellationToken ct)
    {
        for (var fallback = 0; ; fallback++)
        {
            if (Body(part, fallback, replyTo) is not { } body)
                return null;
            var answer = await CallAsync(chat, body, part, ct);
            if (part.Card is null || fallback == SimplestForm || TelegramResults.Of(answer, chat) is not SendResult.Rejected)
                return answer;
        }
    }

    /// <summary>Sends at the pace that Telegram allows; asked to wait, which is certainly no yes, it waits if that is not for long.</summary>
    private async Task<TelegramAnswer<JsonElement>> CallAsync(ChatAddress chat, byte[] body, Message part, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var (permit, wait) = await PlaceAsync(chat, began, ct);
            if (permit is null)
                return new TelegramAnswer<JsonElement>.NotSent($"The chat, or all of Telegram, has to wait {Math.Ceiling(wait.TotalSeconds):0} seconds more.");
            using var place = permit;
            var answer = await permit.UseAsync(() => PostAsync(chat, body, part, ct));
            if (answer is not TelegramAnswer<JsonElement>.Refused refused || TelegramResults.Wait(refused) is not { } asked)
                return answer;
            pace.Refused(chat.Id, asked);
            if (time.GetElapsedTime(began) + asked > LongestWait)
                return answer;
        }
    }

    /// <summary>A place at Telegram's pace; or, where there is none in time, how long it would take.</summary>
    private async Task<(TelegramPermit? Permit, TimeSpan Wait)> PlaceAsync(ChatAddress chat, long began, CancellationToken ct)
    {
        while (true)
        {
            switch (pace.AdmitAnswer(chat.Id))
            {
                case Admission.Granted { Permit: TelegramPermit permit } granted:
                    try
                    {
                        await granted.BeginsAsync(time, time.GetTimestamp(), ct);
                        return (permit, TimeSpan.Zero);
                    }
                    catch (OperationCanceledException)
                    {
                        permit.Dispose();
                        throw;
                    }

                case Admission.Wait wait when time.GetElapsedTime(began) + wait.Delay > LongestWait:
                    return (null, wait.Delay);
                case Admission.Wait wait:
                    await Task.Delay(wait.Delay, time, ct);
                    break;
            }
        }
    }

    private async Task<TelegramAnswer<JsonElement>> PostAsync(ChatAddress chat, byte[] body, Message part, CancellationToken ct)
    {
        var addressed = TelegramBody.Addressed(chat, body);
        if (part.File is not { } file)
            return await client.CallAsync(TelegramBody.Method(body), addressed, Patience, ct);
        using var form = TelegramDocument.Form(addressed, file, hasCaption: part.Text.Count > 0);
        return await client.CallAsync("sendDocument", form, Patience, ct);
    }

    private byte[]? Body(Message part, int fallback, int? replyTo)
    {
        var body = messages.Render(part, fallback);
        if (body is null || replyTo is not { } message)
            return body;
        var reply = string.Create(CultureInfo.InvariantCulture, $",\"reply_parameters\":{{\"message_id\":{message},\"allow_sending_without_reply\":true}}}}");
        return [.. body.AsSpan(0, body.Length - 1), .. Encoding.UTF8.GetBytes(reply)];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A command in {Chat} was carried out, but its answer was not taken: {Answer}")]
    private partial void LogUnanswered(ChatAddress chat, string answer);
}
