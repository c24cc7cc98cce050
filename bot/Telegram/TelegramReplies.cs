using System.Globalization;
using System.Text;
using System.Text.Json;
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

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A later answer to a command helps nobody.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <param name="replyTo">The message that asked.</param>
    public async Task SendAsync(Message reply, IncomingCommand asked, int? replyTo, CancellationToken ct)
    {
        var chat = asked.Chat;
        foreach (var part in MessageParts.Split(reply, messages.Fits).SelectMany(TelegramDocument.Split))
        {
            var tokens = await actions.OfferAsync(part.Actions, asked, ct);
            var body = Body(part, tokens, replyTo);
            if (body is null)
                continue;
            var answer = await CallAsync(chat, body, part, ct);
            if (answer is TelegramAnswer<JsonElement>.Refused { MigratedTo: { } to })
            {
                // Not accepted, so this is no second try of the same; the chat is another one.
                var moved = chat with { Id = to.ToString(CultureInfo.InvariantCulture) };
                await events.MovedAsync(chat, moved, ct);
                (chat, replyTo, asked) = (moved, null, asked with { Chat = moved });
                tokens = await actions.OfferAsync(part.Actions, asked, ct);
                answer = await CallAsync(chat, Body(part, tokens, null)!, part, ct);
            }

            if (answer is not TelegramAnswer<JsonElement>.Ok)
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

    /// <summary>The body of sendMessage with the chat in it.</summary>
    public static byte[] Addressed(ChatAddress chat, ReadOnlyMemory<byte> body) =>
        Headed(chat.Thread.Length == 0 ? $"{{\"chat_id\":{chat.Id}," : $"{{\"chat_id\":{chat.Id},\"message_thread_id\":{chat.Thread},", body);

    /// <summary>The same as the body of editMessageText.</summary>
    public static byte[] Addressed(ChatAddress chat, long message, ReadOnlyMemory<byte> body) => Headed($"{{\"chat_id\":{chat.Id},\"message_id\":{message},", body);

    private static byte[] Headed(string head, ReadOnlyMemory<byte> body) => [.. Encoding.UTF8.GetBytes(head), .. body.Span[1..]];

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
            var answer = await permit.UseAsync(() => PostAsync(Addressed(chat, body), part, ct));
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

    private async Task<TelegramAnswer<JsonElement>> PostAsync(byte[] body, Message part, CancellationToken ct)
    {
        if (part.File is not { } file)
            return await client.CallAsync("sendMessage", body, Patience, ct);
        using var form = TelegramDocument.Form(body, file, hasCaption: part.Text.Count > 0);
        return await client.CallAsync("sendDocument", form, Patience, ct);
    }

    private byte[]? Body(Message part, IReadOnlyList<string> tokens, int? replyTo)
    {
        if (messages.Render(part, fallback: 0) is not { } body)
            return null;
        var extra = new StringBuilder();
        if (replyTo is { } message)
            extra.Append(CultureInfo.InvariantCulture, $",\"reply_parameters\":{{\"message_id\":{message},\"allow_sending_without_reply\":true}}");
        if (tokens.Count > 0)
            extra.Append(",\"reply_markup\":").Append(Encoding.UTF8.GetString(TelegramMessages.Keyboard([.. part.Actions.Zip(tokens, (action, token) => (action.Label, token))])));
        return [.. body.AsSpan(0, body.Length - 1), .. Encoding.UTF8.GetBytes(extra.Append('}').ToString())];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A command in {Chat} was carried out, but its answer was not taken: {Answer}")]
    private partial void LogUnanswered(ChatAddress chat, string answer);
}
