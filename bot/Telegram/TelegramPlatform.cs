using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Notifier.Bot.Secrets;
using Notifier.Bot.Telegram.Messages;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;
using Message = Notifier.Messages.Message;

namespace Notifier.Bot.Telegram;

/// <summary>
/// Telegram as a platform: private chats, groups and their topics, channels. Updates are stored before Telegram is told that they arrived, and
/// each is acted on once; messages are HTML of Telegram's kinds.
/// </summary>
internal sealed partial class TelegramPlatform : IChatPlatform, IDisposable
{
    public const string PlatformName = "telegram";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>So that two clocks that tell the same second a little apart do no harm.</summary>
    private static readonly TimeSpan Edge = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan ConflictPause = TimeSpan.FromSeconds(6);

    private readonly TelegramOptions _options;
    private readonly PlatformToken _token;
    private readonly TelegramClient _client;
    private readonly TelegramPace _pace;
    private readonly TelegramMessages _messages;
    private readonly LastMade<(Message Message, int Fallback), byte[]?> _forms;
    private readonly TelegramRights _rights;
    private readonly TelegramCommands _commands;
    private readonly TelegramUpdates _updates;
    private readonly TelegramInbox _inbox;
    private readonly Catalogue _texts;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    /// <summary>Set while Telegram is to call us.</summary>
    private volatile Called? _called;

    /// <summary>How it is while it has a token that is not refused.</summary>
    private volatile PlatformState _state = new PlatformState.Connecting();

    public TelegramPlatform(
        TelegramOptions options,
        SecretsFile file,
        KnownSecrets secrets,
        CommandRunner commands,
        OfferedActions actions,
        ChatEvents events,
        Inbox inbox,
        PlatformMemory memory,
        Catalogue texts,
        TimeProvider time,
        ILogger<TelegramPlatform> log)
    {
        (_options, _texts, _time, _log) = (options, texts, time, log);
        _token = new PlatformToken($"{TelegramOptions.Section}:{nameof(TelegramOptions.Token)}", options.Token, file, secrets);
        _client = new TelegramClient(options, () => _token.Value, time);
        _pace = new TelegramPace(time);
        _messages = new TelegramMessages(commands.Catalog.SelectMany(c => (string[])[c.Name, .. c.Aliases]).ToHashSet(StringComparer.Ordinal));
        _forms = new(most: 32, form => _messages.Render(form.Message, form.Fallback));
        _rights = new TelegramRights(_client);
        _commands = new TelegramCommands(_client, commands, memory, texts);
        _updates = new TelegramUpdates(_client, _rights, new TelegramFiles(_client, texts), new TelegramReplies(_client, _pace, _messages, actions, events, time, log), commands, actions, events, texts, this, log);
        _inbox = new TelegramInbox(inbox, _updates, time, log);
    }

    public string Name => PlatformName;

    public string Title => "Telegram";

    public TimeSpan SendTimeout => TimeSpan.FromSeconds(30);

    public PlatformState State => _token switch
    {
        { Value: null } => new PlatformState.NotSetUp(),
        { Refusal: { } reason } => new PlatformState.Closed(reason),
        _ => _state,
    };

    public IReadOnlyList<string> SetupSteps =>
        [_texts.Say("telegram.setup.botfather"), _texts.Say("telegram.setup.newbot"), _texts.Say("telegram.setup.copy"), _texts.Say("setup.paste")];

    public void Dispose()
    {
        _client.Dispose();
        _inbox.Dispose();
        _token.Dispose();
    }

    public Task UsableAsync(CancellationToken ct) => _token.UsableAsync(ct);

    public async Task RunAsync(CancellationToken ct)
    {
        var replaced = _token.Replaced;
        var token = _token.Value!;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, replaced);
        _state = new PlatformState.Connecting();
        try
        {
            var me = await MeAsync(token, either.Token);
            if (await _commands.OfferAsync(me, either.Token) is { } reason)
                LogMenu(reason);
            await _inbox.ResumeAsync(me, either.Token);
            if (_options.WebhookUrl.Length > 0)
                await BeCalledAsync(me, token, either.Token);
            else
                await AskAsync(me, token, either.Token);
        }
        catch (OperationCanceledException) when (replaced.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            LogReplaced();
        }
        finally
        {
            _state = new PlatformState.Connecting();
            await _inbox.FinishAsync();
        }
    }

    public byte[]? Render(Message message, int fallback) => message.Card is null ? _messages.Render(message, fallback) : _forms.Of((message, fallback));

    public Admission Admit(ChatAddress chat) => _pace.Admit(chat.Id);

    public Task<FindResult> FindAsync(ChatAddress chat, LostMessage lost, CancellationToken ct) =>
        Task.FromResult<FindResult>(new FindResult.Untold("Telegram does not tell a bot what it has sent."));

    public Task<SendResult> SendAsync(ChatAddress chat, ReadOnlyMemory<byte> body, string nonce, SendPermit permit, CancellationToken ct) => AskAsync(
        chat,
        async () => TelegramResults.Of(await AtPaceAsync(permit, () => _client.CallAsync(TelegramBody.Method(body.Span), TelegramBody.Addressed(chat, body.Span), Patience, ct)), chat));

    public Task<SendResult> EditAsync(ChatAddress chat, string messageId, ReadOnlyMemory<byte> body, SendPermit permit, CancellationToken ct) => AskAsync(
        chat,
        async () => TryNumber(messageId, out var message)
            ? TelegramResults.OfEdit(await AtPaceAsync(permit, () => _client.CallAsync("editMessageText", TelegramBody.Addressed(chat, message, body.Span), Patience, ct)), chat, messageId)
            : TelegramResults.NoMessage);

    /// <summary>Takes no place: the pace is that of messages, and a deletion is none. Asked to wait, the chat waits as after any other request.</summary>
    public Task<SendResult> DeleteAsync(ChatAddress chat, string messageId, CancellationToken ct) => AskAsync(
        chat,
        async () => TryNumber(messageId, out var message)
            ? TelegramResults.OfDeletion(await _client.CallAsync("deleteMessage", JsonSerializer.SerializeToUtf8Bytes(new { chat_id = long.Parse(chat.Id, CultureInfo.InvariantCulture), message_id = message }), Patience, ct), chat, messageId)
            : TelegramResults.NoMessage);

    public Task<Rights?> RightsAsync(ChatAddress chat, string person, CancellationToken ct) => _rights.OfAsync(chat, person, ct);

    public ChatAddress? PrivateChat(string person) => IsNumber(person) && !person.StartsWith('-') ? new ChatAddress(Name, person) : null;

    public async Task<SetupResult> SetUpAsync(string token, CancellationToken ct)
    {
        if (!TelegramOptions.IsToken(token))
            return new SetupResult.Refused(_texts.Say("telegram.notoken"));
        using var client = new TelegramClient(_options, () => token, _time);
        switch (await client.CallAsync(new GetMeRequest(), Patience, ct))
        {
            case TelegramAnswer<User>.Ok { Value: var me }:
                try
                {
                    _token.Replace(token);
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
                {
                    return new SetupResult.Refused(_texts.Say("setup.notstored", ("reason", fault.Message)));
                }

                return new SetupResult.Accepted("@" + me.Username, new Uri($"https://t.me/{me.Username}?startgroup=true"));
            case TelegramAnswer<User>.Refused { IsToken: true }:
                return new SetupResult.Refused(_texts.Say("telegram.wrongtoken"));
            case var other:
                return new SetupResult.Refused(_texts.Say("telegram.noanswer", ("reason", Reason(other))));
        }
    }

    /// <summary>Whether whoever calls our own address is Telegram, by the secret that only it was told.</summary>
    public bool IsCalledWith(string secret) => _called is { } called && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(called.Secret));

    /// <summary>Takes what Telegram sent to our own address. It is on disk when this returns true.</summary>
    public async Task<bool> ReceiveAsync(string secret, byte[] body)
    {
        if (_called is not { } called || !IsCalledWith(secret))
            return false;
        // Acted on for as long as Notifier listens, not for as long as Telegram keeps this connection.
        await _inbox.TakeAsync([body], called.Me, called.Stop);
        return true;
    }

    private static bool IsNumber(string text) => TryNumber(text, out _);

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    /// <summary>A request takes the place that was given for it; one that needs none goes without.</summary>
    private static Task<TelegramAnswer<JsonElement>> AtPaceAsync(SendPermit permit, Func<Task<TelegramAnswer<JsonElement>>> request) =>
        permit is TelegramPermit place ? place.UseAsync(request) : request();

    /// <summary>Asks Telegram for something in a chat, if there is anybody to ask; what it says of the token and of waiting holds for what comes after.</summary>
    private async Task<SendResult> AskAsync(ChatAddress chat, Func<Task<SendResult>> ask)
    {
        if (!IsNumber(chat.Id) || (chat.Thread.Length > 0 && !IsNumber(chat.Thread)))
            return new SendResult.ChatGone("It is no address of Telegram's.");
        var token = _token.Value;
        // Asking once more with a refused token would be one more refusal.
        if (_token.Refusal is { } refusal)
            return new SendResult.PlatformClosed(refusal);
        var result = await ask();
        if (result is SendResult.PlatformClosed closed && token is not null)
            _token.Refuse(token, _texts.SayToOperator(Phrase.Of("telegram.refused", ("reason", closed.Reason))));
        return result is SendResult.RetryAfter wait ? wait with { WholeToken = _pace.Refused(chat.Id, wait.Delay) } : result;
    }

    private static string Reason<T>(TelegramAnswer<T> answer) => answer switch
    {
        TelegramAnswer<T>.Refused refused => $"{refused.Code} {refused.Description}",
        TelegramAnswer<T>.NotSent not => not.Reason,
        TelegramAnswer<T>.Lost lost => lost.Reason,
        _ => "",
    };

    /// <summary>Who the bot is; asked until Telegram answers.</summary>
    /// <exception cref="PlatformClosedException">The token is refused.</exception>
    private async Task<User> MeAsync(string token, CancellationToken ct)
    {
        for (var failures = 1; ; failures++)
        {
            switch (await _client.CallAsync(new GetMeRequest(), Patience, ct))
            {
                case TelegramAnswer<User>.Ok ok:
                    return ok.Value;
                case TelegramAnswer<User>.Refused { IsToken: true } refused:
                    throw Close(token, refused.Description);
                case var other:
                    await TroubledAsync(Reason(other), failures, (other as TelegramAnswer<User>.Refused)?.RetryAfter, ct);
                    break;
            }
        }
    }

    /// <summary>Asks Telegram for what is new, again and again. What came is stored before the next question confirms it.</summary>
    private async Task AskAsync(User me, string token, CancellationToken ct)
    {
        long? next = null;
        try
        {
            for (var failures = 0; ;)
            {
                // The first question is answered at once, so that it shows whether there is anybody to listen to.
                var patience = _state is PlatformState.Ready ? TelegramInbox.LongestPoll : TimeSpan.Zero;
                switch (await _client.CallAsync("getUpdates", TelegramInbox.Ask(next, patience), TelegramInbox.PollPatience, ct))
                {
                    case TelegramAnswer<JsonElement>.Ok { Value.ValueKind: JsonValueKind.Array } ok:
                        var after = await _inbox.TakeAsync([.. ok.Value.EnumerateArray().Select(update => Encoding.UTF8.GetBytes(update.GetRawText()))], me, ct);
                        next = after ?? next;
                        if (after is null && ok.Value.GetArrayLength() > 0)
                        {
                            // Without a number nothing of it can be confirmed: it would come again at once, and again.
                            await TroubledAsync(_texts.SayToOperator(Phrase.Of("telegram.nonumber")), ++failures, null, ct);
                            break;
                        }

                        failures = 0;
                        Listens(me);
                        break;
                    case TelegramAnswer<JsonElement>.Refused { IsToken: true } refused:
                        throw Close(token, refused.Description);
                    case TelegramAnswer<JsonElement>.Refused { Code: 409 } conflict:
                        // Two programs with one token, or a webhook that somebody set: it is theirs to end, not ours.
                        await TroubledAsync(_texts.SayToOperator(Phrase.Of("telegram.conflict", ("reason", conflict.Description))), ++failures, ConflictPause, ct);
                        break;
                    case var other:
                        await TroubledAsync(Reason(other), ++failures, (other as TelegramAnswer<JsonElement>.Refused)?.RetryAfter, ct);
                        break;
                }
            }
        }
        finally
        {
            // What has been stored need not come again at the next start. Of another token's bot it would confirm what was never seen.
            if (next is not null && _token.Value == token && State is PlatformState.Ready)
                await _client.CallAsync("getUpdates", TelegramInbox.Ask(next, TimeSpan.Zero), TimeSpan.FromSeconds(3), CancellationToken.None);
        }
    }

    /// <summary>Has Telegram call our own address, until cancelled.</summary>
    private async Task BeCalledAsync(User me, string token, CancellationToken ct)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _called = new Called(secret, me, ct);
        try
        {
            for (var failures = 1; ; failures++)
            {
                var hook = new SetWebhookRequest { Url = _options.WebhookUrl.TrimEnd('/') + TelegramWebhook.Path, MaxConnections = 1, SecretToken = secret, AllowedUpdates = TelegramUpdates.Kinds };
                var answer = await _client.CallAsync(hook, Patience, ct);
                if (answer is TelegramAnswer<bool>.Ok)
                    break;
                if (answer is TelegramAnswer<bool>.Refused { IsToken: true } refused)
                    throw Close(token, refused.Description);
                await TroubledAsync(Reason(answer), failures, (answer as TelegramAnswer<bool>.Refused)?.RetryAfter, ct);
            }

            Listens(me);
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, ct);
        }
        finally
        {
            _called = null;
        }
    }

    private void Listens(User me)
    {
        if (_state is PlatformState.Ready)
            return;
        _state = new PlatformState.Ready("@" + me.Username);
        LogListens(me.Username ?? me.FirstName);
    }

    private PlatformClosedException Close(string token, string reason)
    {
        var said = _texts.SayToOperator(Phrase.Of("telegram.refused", ("reason", reason)));
        _token.Refuse(token, said);
        return new PlatformClosedException("Telegram", said);
    }

    private async Task TroubledAsync(string reason, int failures, TimeSpan? told, CancellationToken ct)
    {
        if (_state is not PlatformState.Troubled { Reason: var before } || before != reason)
            LogTroubled(reason);
        _state = new PlatformState.Troubled(reason);
        var pause = TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, failures - 1)));
        await Task.Delay((told > pause ? told.Value : pause) + Edge, _time, ct);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Telegram: listening as @{Name}")]
    private partial void LogListens(string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telegram cannot be reached, and is tried again: {Reason}")]
    private partial void LogTroubled(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telegram did not take the menu of commands; it is told again at the next start: {Reason}")]
    private partial void LogMenu(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Telegram: another token takes the place of the former one")]
    private partial void LogReplaced();

    private sealed record Called(string Secret, User Me, CancellationToken Stop);
}
