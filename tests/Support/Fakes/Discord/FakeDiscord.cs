using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Notifier.Tests.Support.Fakes.Discord.Server;

namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>
/// Discord on loopback: REST and gateway v10 on one server, with guilds, channels and people that a test moves. It refuses what Discord
/// refuses. What a bot does wrong stands in <see cref="Violations"/>, what nobody plays here in <see cref="Unexpected"/>; a test that is
/// well finds both empty.
/// </summary>
internal sealed class FakeDiscord : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentQueue<string> _unexpected = new();
    private readonly ConcurrentDictionary<string, int> _used = new(StringComparer.Ordinal);
    private readonly List<DiscordRequest> _requests = [];
    private readonly List<FakeGuild> _guilds = [];
    private readonly Dictionary<string, FakeUser> _users = [];
    private readonly Dictionary<string, FakeChannel> _channels = [];
    private readonly Dictionary<string, FakeInteraction> _interactions = [];
    private readonly RestServer _rest;
    private WebApplication? _app;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _lastId;

    private FakeDiscord(TimeProvider time, string token)
    {
        (Time, Token) = (time, token);
        Bot = AddUser("Notifier", isBot: true);
        ApplicationId = NextId();
        Limits = new RateLimits(time);
        Gateway = new DiscordGateway(this);
        Files = new FileStore(this);
        _rest = new RestServer(this);
    }

    /// <summary>What a bot's setting of the API's address must be; without a slash at the end.</summary>
    public Uri ApiUrl { get; private set; } = new("http://127.0.0.1:0");

    public string Token { get; private set; }

    public string ApplicationId { get; }

    /// <summary>The bot's own user.</summary>
    public FakeUser Bot { get; }

    public DiscordGateway Gateway { get; }

    public RateLimits Limits { get; }

    public FileStore Files { get; }

    /// <summary>How long a message's nonce is known; a message with it is then not stored again if the bot asks for that.</summary>
    public TimeSpan NonceWindow { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How long the waiting methods wait before they give up, by the clock on the wall.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What the bot did that Discord forbids, or that pings people.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>What the bot asked that is not played here; it was answered 501.</summary>
    public IReadOnlyCollection<string> Unexpected => _unexpected;

    /// <summary>How often each operation of the contract was used.</summary>
    public IReadOnlyDictionary<string, int> Used => _used;

    /// <summary>Requests that Discord counts towards a ban: 401, 403 and 429, unless that is of a shared limit.</summary>
    public int InvalidRequests { get; internal set; }

    /// <summary>Every request, in the order they came.</summary>
    public IReadOnlyList<DiscordRequest> Requests
    {
        get
        {
            lock (Sync)
                return [.. _requests];
        }
    }

    /// <summary>The registered commands; null before the first registration.</summary>
    public IReadOnlyList<JsonElement>? Commands { get; internal set; }

    internal Lock Sync { get; } = new();

    internal TimeProvider Time { get; }

    internal FaultPlan Faults { get; } = new();

    /// <summary>The guilds that the bot is in.</summary>
    internal IReadOnlyList<FakeGuild> BotsGuilds => [.. _guilds.Where(guild => guild.HasBot)];

    /// <summary>Starts Discord; the bot's token is <paramref name="token"/>. The clock decides on windows, deadlines and limits.</summary>
    public static async Task<FakeDiscord> StartAsync(TimeProvider? time = null, string token = "test", CancellationToken ct = default)
    {
        var discord = new FakeDiscord(time ?? TimeProvider.System, token);
        await discord.ComeBackAsync(ct);
        return discord;
    }

    /// <summary>Cuts all connections and refuses new ones, as when the whole of Discord is down. What was stored stays.</summary>
    public async Task GoDownAsync()
    {
        if (_app is not { } app)
            return;
        _app = null;
        Gateway.Abort();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    /// <summary>Is there (again), at the same address.</summary>
    public async Task ComeBackAsync(CancellationToken ct = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{ApiUrl.Port}").ConfigureKestrel(server => server.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(http => http.Request.Path.Value switch
        {
            DiscordGateway.Path or DiscordGateway.ResumePath => Gateway.AcceptAsync(http),
            { } path when path.StartsWith(FileStore.Path, StringComparison.Ordinal) => Files.SendAsync(http),
            _ => _rest.AnswerAsync(http),
        });
        await _app.StartAsync(ct);
        ApiUrl = new Uri(_app.Urls.Single() + RestServer.BasePath);
    }

    /// <summary>A guild with the bot in it; its channels are still to be added.</summary>
    public FakeGuild AddGuild(string name)
    {
        lock (Sync)
        {
            var guild = new FakeGuild(this, NextId(), name, AddUser($"Owner of {name}"));
            _guilds.Add(guild);
            guild.Tell("GUILD_CREATE", guild.ToCreateJson());
            return guild;
        }
    }

    /// <summary>A person who is in no guild yet.</summary>
    public FakeUser AddUser(string name) => AddUser(name, isBot: false);

    /// <summary>
    /// Plans a fault for the next requests of an operation, written as in the contract (<c>POST /channels/{channel_id}/messages</c>). Faults of one
    /// operation come in the order they were planned; <paramref name="where"/> picks requests, such as those of one channel.
    /// </summary>
    public void Next(string operation, DiscordFault fault, int times = 1, Func<DiscordRequest, bool>? where = null) => Faults.Add(operation, fault, times, where);

    /// <summary>Drops the faults that did not happen yet.</summary>
    public void ClearFaults() => Faults.Clear();

    /// <summary>The token is worth nothing any more: REST answers 401, the gateway closes with 4004.</summary>
    public void Revoke()
    {
        UseToken($"revoked-{NextId()}");
        Gateway.CloseAll(4004, "Authentication failed.");
    }

    /// <summary>From now on this is the bot's token.</summary>
    public void UseToken(string token)
    {
        lock (Sync)
            Token = token;
    }

    /// <summary>Completes when the bot has a session and has registered commands.</summary>
    public Task WaitUntilServingAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
        WaitAsync(() => Gateway.HasSession && Commands is { Count: > 0 }, "the bot to log in and register commands", timeout, ct);

    /// <summary>Completes when so many requests of an operation have come (and, unless told otherwise, were answered).</summary>
    public Task WaitForRequestsAsync(string operation, int count = 1, bool answered = true, TimeSpan? timeout = null, CancellationToken ct = default) =>
        WaitAsync(() => Requests.Count(request => request.Operation == operation && (!answered || request.Status is not null)) >= count, $"{count} × {operation}", timeout, ct);

    /// <summary>Completes when the condition holds; it is looked at after everything that happens here.</summary>
    public async Task WaitAsync(Func<bool> condition, string what, TimeSpan? timeout = null, CancellationToken ct = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout ?? Patience);
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (condition())
                return;
            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"Waited in vain for {what}. Violations: {string.Join("; ", Violations.DefaultIfEmpty("none"))}. Unexpected: {string.Join("; ", Unexpected.DefaultIfEmpty("none"))}. "
                    + $"Last requests: {string.Join("; ", Requests.TakeLast(5).Select(request => request.ToString()).DefaultIfEmpty("none"))}.", late);
            }
        }
    }

    public async ValueTask DisposeAsync() => await GoDownAsync();

    internal void Changed() => Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    internal void Violate(string what)
    {
        _violations.Enqueue(what);
        Changed();
    }

    internal void NotPlayed(string what)
    {
        _unexpected.Enqueue(what);
        Changed();
    }

    internal void Record(DiscordRequest request)
    {
        _used.AddOrUpdate(request.Operation, 1, (_, count) => count + 1);
        lock (Sync)
            _requests.Add(request);
        Changed();
    }

    /// <summary>An id that is greater than all before it and tells the time, as Discord's do.</summary>
    internal string NextId()
    {
        var now = (ulong)(Time.GetUtcNow() - new DateTimeOffset(2015, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalMilliseconds << 22;
        lock (Sync)
        {
            _lastId = Math.Max(now, _lastId + 1);
            return _lastId.ToString(CultureInfo.InvariantCulture);
        }
    }

    internal FakeUser? User(string id) => _users.GetValueOrDefault(id);

    internal FakeChannel? Channel(string id) => _channels.GetValueOrDefault(id);

    internal FakeGuild? Guild(string id) => _guilds.Find(guild => guild.Id == id);

    internal FakeInteraction? InteractionByToken(string token) => _interactions.GetValueOrDefault(token);

    internal FakeChannel Add(FakeChannel channel) => _channels[channel.Id] = channel;

    internal void Forget(FakeChannel channel) => _channels.Remove(channel.Id);

    internal FakeChannel AddDm(FakeUser user) => Add(new FakeChannel(this, NextId(), user.Name, DiscordChannelKind.Dm, other: user));

    internal FakeMessage Say(FakeUser user, FakeChannel channel, string text)
    {
        lock (Sync)
        {
            var message = new FakeMessage(this, channel, user, NextId(), MessageBody.OfText(text));
            channel.Add(message);
            return message;
        }
    }

    /// <summary>Tells the bot what a person did.</summary>
    internal FakeInteraction Interact(FakeUser user, FakeChannel channel, DiscordInteractionKind kind, JsonObject data, FakeMessage? message = null)
    {
        lock (Sync)
        {
            var interaction = new FakeInteraction(this, user, channel, kind, Wire.Interaction(this, user, channel, kind, data, message), message);
            _interactions[interaction.Token] = interaction;
            interaction.Replay();
            return interaction;
        }
    }

    private FakeUser AddUser(string name, bool isBot)
    {
        lock (Sync)
        {
            var user = new FakeUser(this, NextId(), name, isBot);
            _users[user.Id] = user;
            return user;
        }
    }
}
