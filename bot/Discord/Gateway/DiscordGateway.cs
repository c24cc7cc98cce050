using System.Net.WebSockets;
using System.Threading.Channels;
using Notifier.Bot.Discord.Rest;

namespace Notifier.Bot.Discord.Gateway;

/// <summary>
/// Stays connected to Discord's gateway: begins a session, resumes it after every break, and begins a new one where Discord wants that; slowly, if it goes wrong again and
/// again. See https://docs.discord.com/developers/events/gateway.
/// </summary>
internal sealed partial class DiscordGateway : IDisposable
{
    private const int QueueLength = 1000;

    /// <summary>After so many breaks in a row without a session, or connections that could not be made, something else is tried.</summary>
    private const int Patience = 3;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>Discord wants a pause between these before a new session.</summary>
    private static readonly TimeSpan ShortestNewPause = TimeSpan.FromSeconds(1), LongestNewPause = TimeSpan.FromSeconds(5);

    /// <summary>A connection that lived as long was a good one.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);

    private readonly Func<string?> _token;
    private readonly IdentifyBudget _budget;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger<DiscordGateway> _log;
    private readonly HttpMessageInvoker _http;
    private readonly Channel<GatewayEvent> _events;
    private volatile GatewayState _state = new GatewayState.Stopped();

    /// <param name="queueLength">How many events may wait to be read.</param>
    public DiscordGateway(Func<string?> token, IdentifyBudget budget, TimeProvider time, ILogger<DiscordGateway> log, Random? random = null, int queueLength = QueueLength)
    {
        (_token, _budget, _time, _log, _random) = (token, budget, time, log, random ?? Random.Shared);
        _events = Channel.CreateBounded<GatewayEvent>(new BoundedChannelOptions(queueLength) { SingleReader = true });
        _http = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null });
    }

    /// <summary>What happens, in order; for one reader, which should not dawdle. It outlives sessions and runs.</summary>
    public ChannelReader<GatewayEvent> Events => _events.Reader;

    public GatewayState State => _state;

    /// <summary>Runs until cancelled. One run at a time.</summary>
    /// <param name="ask">Sends <see cref="DiscordRequest.GatewayAddress"/>.</param>
    /// <exception cref="GatewayRefusedException">Discord will not have us; running again is of no use until somebody has changed something.</exception>
    public async Task RunAsync(Func<CancellationToken, Task<DiscordAnswer>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await StayConnectedAsync(ask, cancellationToken);
        }
        finally
        {
            _state = new GatewayState.Stopped();
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task StayConnectedAsync(Func<CancellationToken, Task<DiscordAnswer>> ask, CancellationToken ct)
    {
        var session = new GatewaySession();
        // In a row: no answer where the gateway is, no hello, no session, a session that did not last.
        var (failed, unreachable, fruitless, brief) = (0, 0, 0, 0);
        while (true)
        {
            _state = new GatewayState.Connecting();
            var url = session is { CanResume: true, ResumeUrl: { } resumeUrl } && unreachable < Patience ? resumeUrl : null;
            if (url is null)
            {
                if (await AddressAsync(ask, ct) is not { } address)
                {
                    await PauseAsync(Backoff(++failed), "Discord does not tell where its gateway is.", ct);
                    continue;
                }

                if (!session.CanResume && await WaitForSessionAsync(address, ct))
                    continue;
                url = address.Url;
            }

            var (end, greeted, lived) = await ConnectAsync(url, session, ct);
            if (end is GatewayEnd.Refused refused)
                throw new GatewayRefusedException(refused.Code, refused.Reason);

            unreachable = greeted ? 0 : unreachable + 1;
            fruitless = lived is not null ? 0 : greeted ? fruitless + 1 : fruitless;
            failed = lived is not null ? 0 : failed + 1;
            brief = lived >= Steady ? 0 : brief;
            var resumes = session.CanResume && end is not GatewayEnd.NewSession && fruitless < Patience;
            if (!resumes)
                session = new GatewaySession();
            // The first break of a session is mended at once.
            var pause = Backoff(lived is null ? failed : brief++);
            if (!resumes && greeted && pause < LongestNewPause)
                pause = ShortestNewPause + ((LongestNewPause - ShortestNewPause) * _random.NextDouble());
            LogBreak(end.Reason, resumes ? "The session is resumed" : "A new session begins", pause);
            await PauseAsync(pause, end.Reason, ct);
        }
    }

    /// <summary>One connection. How long it was ready; null if it never was.</summary>
    private async Task<(GatewayEnd End, bool Greeted, TimeSpan? Lived)> ConnectAsync(Uri url, GatewaySession session, CancellationToken ct)
    {
        if (_token()?.Trim() is not { Length: > 0 } token)
            return (new GatewayEnd.Refused(4004, "There is no token for Discord."), false, null);

        using var client = new ClientWebSocket();
        client.Options.SetRequestHeader("User-Agent", DiscordAgent.Name);
        // Discord has heartbeats of its own.
        client.Options.KeepAliveInterval = TimeSpan.Zero;
        if (await OpenAsync(client, url, ct) is { } unreachable)
            return (unreachable, false, null);

        using var socket = new GatewaySocket(client, _time);
        long? readySince = null;
        var resumed = session.CanResume;
        var connection = new GatewayConnection(socket, session, token, _budget.SpendAsync, _events.Writer, Ready, _random, _time, _log);
        var end = await connection.RunAsync(ct);
        return (end, connection.WasGreeted, readySince is { } since ? _time.GetElapsedTime(since) : null);

        void Ready()
        {
            readySince = _time.GetTimestamp();
            _state = new GatewayState.Ready(_time.GetUtcNow());
            LogReady(resumed ? "resumed" : "new");
        }
    }

    /// <returns>Null when it is open.</returns>
    private async Task<GatewayEnd.Unreachable?> OpenAsync(ClientWebSocket client, Uri url, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(ConnectLimit, _time);
        using var stopped = ct.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            await client.ConnectAsync(url, _http, limit.Token);
            return null;
        }
        catch (Exception fault) when (fault is WebSocketException or HttpRequestException or IOException or OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            return new GatewayEnd.Unreachable($"Discord's gateway at {url.Host} could not be reached.");
        }
    }

    private async Task<GatewayAddress?> AddressAsync(Func<CancellationToken, Task<DiscordAnswer>> ask, CancellationToken ct)
    {
        switch (await ask(ct))
        {
            case DiscordAnswer.Ok ok:
                return GatewayAddress.Read(ok.Body);
            case DiscordAnswer.Refused { Status: 401 }:
                throw new GatewayRefusedException(401, "Discord does not accept the bot's token.");
            case DiscordAnswer.Wait wait:
                await PauseAsync(wait.Delay, "Discord asks to wait.", ct);
                return null;
            case DiscordAnswer.Refused or DiscordAnswer.NotSent or DiscordAnswer.Lost:
                return null;
            case var other:
                throw new InvalidOperationException(other.GetType().Name);
        }
    }

    /// <summary>Waits if too many sessions began lately.</summary>
    /// <returns>Whether it waited, so that what is known of the gateway may be old.</returns>
    private async Task<bool> WaitForSessionAsync(GatewayAddress address, CancellationToken ct)
    {
        var next = await _budget.NextAsync(ct);
        var now = _time.GetUtcNow();
        // The last one stays in the purse: whoever spends more than there are loses the token.
        if (address.SessionsLeft <= 1 && now + address.ResetAfter > next)
            next = now + address.ResetAfter;
        if (next <= now)
            return false;
        if (next - now <= LongestNewPause)
        {
            await PauseAsync(next - now, "Discord takes one new session in five seconds.", ct);
            return true;
        }

        LogTooMany(next);
        await PauseAsync(next - now, "Too many sessions began lately. Discord resets the token of a bot that begins 1,000 in a day.", ct);
        return true;
    }

    private async Task PauseAsync(TimeSpan pause, string reason, CancellationToken ct)
    {
        if (pause <= TimeSpan.Zero)
            return;
        _state = new GatewayState.Waiting(_time.GetUtcNow() + pause, reason);
        // Timers count whole milliseconds: rounded down it would end too early.
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(pause.TotalMilliseconds)), _time, ct);
    }

    /// <summary>None, then 1, 2, 4 … 60 s, give or take a quarter.</summary>
    private TimeSpan Backoff(int breaks)
    {
        if (breaks == 0)
            return TimeSpan.Zero;
        var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(breaks, 10) - 1) * (0.75 + (0.5 * _random.NextDouble())));
        return pause < LongestPause ? pause : LongestPause;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Discord's gateway is connected ({Kind} session)")]
    private partial void LogReady(string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} {Next} in {Pause}")]
    private partial void LogBreak(string reason, string next, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "Too many sessions with Discord began lately; the next begins at {Next}. Discord resets the token of a bot that begins 1,000 in a day: look for what restarts Notifier")]
    private partial void LogTooMany(DateTimeOffset next);
}
