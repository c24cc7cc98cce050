using System.Globalization;
using System.Text.Json;
using Notifier.Bot.Discord.Gateway;
using Notifier.Bot.Discord.Messages;
using Notifier.Bot.Discord.Rest;
using Notifier.Bot.Secrets;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Bot.Discord;

/// <summary>
/// Discord as a platform: channels of servers, threads, forums, private chats. Everything of Discord's own form stays in this folder, so that
/// another client could take its place.
/// </summary>
internal sealed partial class DiscordPlatform : IChatPlatform, IDisposable
{
    public const string PlatformName = "discord";

    private const string IdentifiesFact = "identifies";

    private readonly LastMade<(Message Message, int Fallback), byte[]?> _forms = new(most: 32, form => DiscordMessages.Render(form.Message, form.Fallback));
    private readonly DiscordOptions _options;
    private readonly PlatformToken _token;
    private readonly DiscordRest _rest;
    private readonly DiscordGateway _gateway;
    private readonly DiscordCommands _commands;
    private readonly DiscordInteractions _interactions;
    private readonly DiscordGuilds _guilds;
    private readonly DiscordSender _sender;
    private readonly DiscordSearch _search;
    private readonly DiscordFiles _files;
    private readonly Catalogue _texts;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _log;

    /// <summary>How it is while it has a token and no gateway says more.</summary>
    private volatile PlatformState _state = new PlatformState.Connecting();

    private volatile string _name = "";

    public DiscordPlatform(
        DiscordOptions options,
        SecretsFile file,
        KnownSecrets secrets,
        CommandRunner commands,
        OfferedActions actions,
        ChatEvents events,
        Inbox inbox,
        PlatformMemory memory,
        Catalogue texts,
        TimeProvider time,
        ILoggerFactory logs)
    {
        (_options, _texts, _time, _logs, _log) = (options, texts, time, logs, logs.CreateLogger<DiscordPlatform>());
        _token = new PlatformToken($"{DiscordOptions.Section}:{nameof(DiscordOptions.Token)}", options.Token, file, secrets);
        _rest = Rest(() => _token.Value);
        _gateway = new DiscordGateway(() => _token.Value, new IdentifyBudget(_ => LoadIdentifiesAsync(memory), SaveAsync, time), time, logs.CreateLogger<DiscordGateway>());
        _commands = new DiscordCommands(_rest, commands, memory, texts);
        _guilds = new DiscordGuilds(_rest, events, this);
        _files = new DiscordFiles(options, texts, time);
        _sender = new DiscordSender(_rest, _guilds, texts);
        _search = new DiscordSearch(_rest, _guilds, _sender, time);
        _interactions = new DiscordInteractions(_rest, new DiscordReplies(_rest, _sender, actions, texts, time, _log), _files, commands, actions, inbox, texts, this, time, _log);

        Task SaveAsync(IReadOnlyList<DateTimeOffset> times, CancellationToken ct) => memory.WriteAsync(PlatformName, IdentifiesFact, JsonSerializer.Serialize(times), ct);
    }

    public string Name => PlatformName;

    public string Title => "Discord";

    public TimeSpan SendTimeout => TimeSpan.FromSeconds(45);

    public PlatformState State => (_token, _gateway.State) switch
    {
        ({ Value: null }, _) => new PlatformState.NotSetUp(),
        ({ Refusal: { } reason }, _) => new PlatformState.Closed(reason),
        (_, GatewayState.Ready) => new PlatformState.Ready(_name),
        (_, GatewayState.Waiting waiting) => new PlatformState.Troubled(waiting.Reason),
        _ => _state,
    };

    public IReadOnlyList<string> SetupSteps =>
        [_texts.Say("discord.setup.application"), _texts.Say("discord.setup.bot"), _texts.Say("discord.setup.copy"), _texts.Say("setup.paste")];

    public void Dispose()
    {
        _gateway.Dispose();
        _rest.Dispose();
        _files.Dispose();
        _interactions.Dispose();
        _token.Dispose();
    }

    public Task UsableAsync(CancellationToken ct) => _token.UsableAsync(ct);

    public async Task RunAsync(CancellationToken ct)
    {
        var replaced = _token.Replaced;
        var token = _token.Value!;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, replaced);
        var (gateway, listening) = (Task.CompletedTask, Task.CompletedTask);
        try
        {
            await CheckTokenAsync(token, either.Token);
            await _interactions.ResumeAsync(either.Token);
            gateway = _gateway.RunAsync(stop => _rest.SendAsync(DiscordRequest.GatewayAddress, stop), either.Token);
            listening = ListenAsync(either.Token);
            await await Task.WhenAny(gateway, listening);
        }
        catch (GatewayRefusedException refused)
        {
            throw Close(token, refused.Message);
        }
        catch (OperationCanceledException) when (replaced.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            LogReplaced();
        }
        finally
        {
            // Nothing of this run may go on beside the next one.
            await either.CancelAsync();
            await Task.WhenAll(gateway, listening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _interactions.FinishAsync();
            _state = new PlatformState.Connecting();
        }
    }

    public byte[]? Render(Message message, int fallback) => message.Card is null ? DiscordMessages.Render(message, fallback) : _forms.Of((message, fallback));

    public Admission Admit(ChatAddress chat) => _sender.Admit(chat);

    public Task<SendResult> SendAsync(ChatAddress chat, ReadOnlyMemory<byte> body, string nonce, SendPermit permit, CancellationToken ct) =>
        AskAsync(() => _sender.SendAsync(chat, body, nonce, file: null, permit, ct));

    public Task<SendResult> EditAsync(ChatAddress chat, string messageId, ReadOnlyMemory<byte> body, SendPermit permit, CancellationToken ct)
    {
        // Changes have a limit of their own; only the place within the limit of all is the same one.
        permit.Dispose();
        return AskAsync(() => _sender.EditAsync(chat, messageId, body, ct));
    }

    public Task<SendResult> DeleteAsync(ChatAddress chat, string messageId, CancellationToken ct) => AskAsync(() => _sender.DeleteAsync(chat, messageId, ct));

    public async Task<FindResult> FindAsync(ChatAddress chat, LostMessage lost, CancellationToken ct)
    {
        FindResult found = new FindResult.Repeatable();
        var result = await AskAsync(async () =>
        {
            found = await _search.FindAsync(chat, lost, ct);
            return found is FindResult.NotNow not ? not.Result : new SendResult.Sent("");
        });
        return result is SendResult.Sent ? found : new FindResult.NotNow(result);
    }

    /// <summary>Discord says what a person may do with each interaction; without one, nothing is allowed.</summary>
    public Task<Rights?> RightsAsync(ChatAddress chat, string person, CancellationToken ct) => Task.FromResult<Rights?>(Rights.None);

    public ChatAddress? PrivateChat(string person) => DiscordSender.PrivateChat(person);

    public async Task<SetupResult> SetUpAsync(string token, CancellationToken ct)
    {
        using var rest = Rest(() => token);
        switch (await rest.SendAsync(new DiscordRequest(HttpMethod.Get, "/applications/@me"), ct))
        {
            case DiscordAnswer.Ok { Body: var application } when application.Text("id") is { } id:
                try
                {
                    _token.Replace(token);
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
                {
                    return new SetupResult.Refused(_texts.Say("setup.notstored", ("reason", fault.Message)));
                }

                return new SetupResult.Accepted(application.Text("name") ?? id, Invitation(id));
            case DiscordAnswer.Refused refused when DiscordResults.IsToken(refused):
                return new SetupResult.Refused(_texts.Say("discord.wrongtoken"));
            case var other:
                return new SetupResult.Refused(_texts.Say("discord.noanswer", ("reason", Reason(other))));
        }
    }

    /// <summary>Asks Discord for something, if there is anybody to ask; what it says of the token holds for what comes after.</summary>
    private async Task<SendResult> AskAsync(Func<Task<SendResult>> ask)
    {
        if (_token.Refusal is { } refusal)
            return new SendResult.PlatformClosed(refusal);
        var token = _token.Value;
        var result = await ask();
        if (result is SendResult.PlatformClosed closed && token is not null)
            _token.Refuse(token, _texts.SayToOperator(Phrase.Of("discord.refused", ("reason", closed.Reason))));
        return result;
    }

    private static Uri Invitation(string application) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={DiscordPermissions.Wanted}"));

    private static string Reason(DiscordAnswer answer) => answer switch
    {
        DiscordAnswer.Refused refused => refused.Message,
        DiscordAnswer.NotSent not => not.Reason,
        DiscordAnswer.Lost lost => lost.Reason,
        DiscordAnswer.Wait wait => $"Wait {wait.Delay.TotalSeconds:0} seconds.",
        _ => "",
    };

    private static async Task<IReadOnlyList<DateTimeOffset>> LoadIdentifiesAsync(PlatformMemory memory) =>
        await memory.ReadAsync(PlatformName, IdentifiesFact) is { } json ? JsonSerializer.Deserialize<List<DateTimeOffset>>(json) ?? [] : [];

    private DiscordRest Rest(Func<string?> token) => new(new Uri(_options.ApiUrl), token, new RateLimits(_time), _time, _logs.CreateLogger<DiscordRest>());

    /// <summary>Whether Discord takes the token; asked until it answers.</summary>
    /// <exception cref="PlatformClosedException">It does not.</exception>
    private async Task CheckTokenAsync(string token, CancellationToken ct)
    {
        for (var failures = 1; ; failures++)
        {
            switch (await _rest.SendAsync(new DiscordRequest(HttpMethod.Get, "/users/@me"), ct))
            {
                case DiscordAnswer.Ok ok:
                    _name = ok.Body.Text("global_name") ?? ok.Body.Text("username") ?? "";
                    _search.Self = ok.Body.Text("id");
                    _state = new PlatformState.Connecting();
                    return;
                case DiscordAnswer.Refused refused when DiscordResults.IsToken(refused):
                    throw Close(token, refused.Message);
                case var other:
                    var pause = TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, failures)));
                    if (other is DiscordAnswer.Wait wait && wait.Delay > pause)
                        pause = wait.Delay;
                    LogTroubled(Reason(other));
                    _state = new PlatformState.Troubled(Reason(other));
                    await Task.Delay(pause, _time, ct);
                    break;
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await foreach (var happened in _gateway.Events.ReadAllAsync(ct))
        {
            try
            {
                await TakeAsync(happened, ct);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // A bug, or a database that cannot be written, met by one event: the others go on.
                LogBroke(fault, happened.Name);
            }
        }
    }

    private async Task TakeAsync(GatewayEvent happened, CancellationToken ct)
    {
        if (happened.Name == "INTERACTION_CREATE")
        {
            await _interactions.TakeAsync(happened.Body, ct);
            return;
        }

        if (happened.Name == "READY" && happened.Body.Member("application").Text("id") is { } application)
        {
            LogListens(_name);

            // Only where they have changed does anybody wait for it.
            await RegisterAsync(application, ct);
        }

        await _guilds.TakeAsync(happened, ct);
    }

    private async Task RegisterAsync(string application, CancellationToken ct)
    {
        try
        {
            if (await _commands.RegisterAsync(application, ct) is { } reason)
                LogCommands(reason);
        }
        catch (StorageException fault)
        {
            LogCommands(fault.Message);
        }
    }

    /// <param name="token">The one that was refused; another may have taken its place.</param>
    private PlatformClosedException Close(string token, string reason)
    {
        var said = _texts.SayToOperator(Phrase.Of("discord.refused", ("reason", reason)));
        _token.Refuse(token, said);
        return new PlatformClosedException("Discord", said);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Discord: listening as {Name}")]
    private partial void LogListens(string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Discord cannot be reached, and is tried again: {Reason}")]
    private partial void LogTroubled(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Discord did not take the commands; they are registered at the next start: {Reason}")]
    private partial void LogCommands(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Discord: another token takes the place of the former one")]
    private partial void LogReplaced();

    [LoggerMessage(Level = LogLevel.Error, Message = "Discord's event {Name} met a bug")]
    private partial void LogBroke(Exception fault, string name);
}
