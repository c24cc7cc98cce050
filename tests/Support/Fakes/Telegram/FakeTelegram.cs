using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Notifier.Tests.Support.Fakes.Contracts;
using Notifier.Tests.Support.Fakes.Telegram.Api;

namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>
/// Telegram on loopback: the Bot API over HTTP for one bot, and the people and chats behind it, who act when the test says so. It refuses what Telegram
/// refuses, in Telegram's words. What it was asked and does not play stands in <see cref="Unexpected"/>, what breaks the contract (by the bot or by the fake
/// itself) in <see cref="Violations"/>: a test that ends asserts that both are empty.
/// </summary>
internal sealed partial class FakeTelegram : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly BotApi _api;
    private readonly TelegramContract? _contract = TelegramContract.Find();
    private readonly List<FakeTelegramUser> _users = [];
    private readonly List<FakeTelegramChat> _chats = [];
    private readonly List<FakeTelegramRequest> _requests = [];
    private readonly List<(string Method, Fault Fault, int Times, Func<FakeTelegramRequest, bool>? Where)> _faults = [];
    private readonly ConcurrentDictionary<string, int> _used = new(StringComparer.Ordinal);
    private long _lastUserId = 100_000_000;
    private long _lastGroupId = 4_000_000_000;
    private long _lastSupergroupId = 1_000_001_500_000_000;
    private int _lastAccountMessageId;
    private int _unauthorized;

    private FakeTelegram(string token, TimeProvider clock)
    {
        Token = token;
        Clock = clock;
        Limits = new(clock);
        Callbacks = new(this);
        Updates = new(this);
        Webhook = new(this);
        Bot = new(this, long.Parse(token.Split(':')[0], CultureInfo.InvariantCulture), "Notifier", "NotifierTestBot", isBot: true);
        GroupAnonymousBot = new(this, 1087968824, "Group", "GroupAnonymousBot", isBot: true);
        Somebody = new(this, 99_999_999, "Somebody", "somebody", isBot: false);
        _users.AddRange([Bot, GroupAnonymousBot, Somebody]);
        _api = new(this);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Where it listens: scheme, address and port.</summary>
    public Uri Url => new(_app.Urls.Single());

    /// <summary>The bot's token, until it is revoked; empty then.</summary>
    public string Token { get; private set; }

    public FakeTelegramUser Bot { get; }

    /// <summary>In whose name anonymous administrators write.</summary>
    public FakeTelegramUser GroupAnonymousBot { get; }

    /// <summary>Who does what the test lets nobody else do, such as bringing the bot into a group.</summary>
    public FakeTelegramUser Somebody { get; }

    /// <summary>Bots hear only what is meant for them in groups, as is the default.</summary>
    public bool PrivacyMode { get; set; } = true;

    /// <summary>How long the waiting members wait unless told otherwise.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    public RateLimits Limits { get; }

    public UpdateQueue Updates { get; }

    public Webhook Webhook { get; }

    public Callbacks Callbacks { get; }

    public CommandMenu Commands => _api.Commands;

    /// <summary>The highest update that the bot has confirmed.</summary>
    public long Confirmed => Updates.Confirmed;

    /// <summary>What was asked that the fake does not play or Telegram does not know.</summary>
    public ConcurrentQueue<string> Unexpected { get; } = new();

    /// <summary>Where a request or an answer breaks the Bot API's contract.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>How often each method was called.</summary>
    public IReadOnlyDictionary<string, int> Used => _used;

    /// <summary>How many requests came with a token that is not, or no longer, the bot's; they are not in the ledger.</summary>
    public int Unauthorized => Volatile.Read(ref _unauthorized);

    /// <summary>Every request, in the order of arrival.</summary>
    public IReadOnlyList<FakeTelegramRequest> Requests
    {
        get
        {
            lock (Lock)
                return [.. _requests];
        }
    }

    public IReadOnlyList<FakeTelegramUser> Users
    {
        get
        {
            lock (Lock)
                return [.. _users];
        }
    }

    public IReadOnlyList<FakeTelegramChat> Chats
    {
        get
        {
            lock (Lock)
                return [.. _chats];
        }
    }

    internal TimeProvider Clock { get; }

    /// <summary>Guards the whole world: people, chats, queue and ledger.</summary>
    internal Lock Lock { get; } = new();

    /// <summary>Rings at every change of the world.</summary>
    internal Signal Changed { get; } = new();

    /// <summary>Starts it for a bot of that token, whose part before the colon is the bot's id.</summary>
    public static async Task<FakeTelegram> StartAsync(string token = "1:test", TimeProvider? clock = null, CancellationToken ct = default)
    {
        var fake = new FakeTelegram(token, clock ?? TimeProvider.System);
        await fake._app.StartAsync(ct);
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        await Webhook.DisposeAsync();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }

    public FakeTelegramUser AddUser(string firstName, string? username = null) => Keep(_users, new(this, Interlocked.Increment(ref _lastUserId), firstName, username, isBot: false));

    public FakeTelegramChat AddGroup(string title) => Keep(_chats, new(this, -Interlocked.Increment(ref _lastGroupId), FakeChatType.Group, title, null));

    public FakeTelegramChat AddSupergroup(string title, bool isForum = false, string? username = null) =>
        Keep(_chats, new(this, -Interlocked.Increment(ref _lastSupergroupId), FakeChatType.Supergroup, title, username) { IsForum = isForum });

    /// <summary>A channel; with a username (without <c>@</c>) it is public.</summary>
    public FakeTelegramChat AddChannel(string title, string? username = null) =>
        Keep(_chats, new(this, -Interlocked.Increment(ref _lastSupergroupId), FakeChatType.Channel, title, username));

    /// <summary>Plays a fault at the next calls of a method (<c>*</c>: of any); earlier faults of it come first. <paramref name="where"/> picks calls, such as those to one chat.</summary>
    public void Next(string method, Fault fault, int times = 1, Func<FakeTelegramRequest, bool>? where = null)
    {
        lock (Lock)
            _faults.Add((method, fault, times, where));
    }

    /// <summary>Forgets the faults that were not played yet.</summary>
    public void NoMoreFaults()
    {
        lock (Lock)
            _faults.Clear();
    }

    /// <summary>The token is worth nothing from now on: 401, and a poll that waits ends.</summary>
    public void Revoke() => UseToken("");

    /// <summary>Another token is the bot's from now on.</summary>
    public void UseToken(string token)
    {
        lock (Lock)
        {
            Token = token;
            Updates.EndPoll("terminated by a new token");
        }
    }

    /// <summary>Waits until a method has been called that often.</summary>
    public async Task WaitForRequestsAsync(string method, int count = 1, TimeSpan? timeout = null, CancellationToken ct = default) =>
        await Changed.UntilAsync(() => Used.GetValueOrDefault(method) >= count ? this : null, timeout ?? Patience, () => $"{method} was called {Used.GetValueOrDefault(method)} times. {Scene()}", ct);

    /// <summary>What a failed wait tells: the last requests and whatever was wrong.</summary>
    internal string Scene() =>
        $"Last requests:{string.Concat(Requests.TakeLast(8).Select(request => $"\n  {request}"))}\nUnexpected: {string.Join("; ", Unexpected)}\nViolations: {string.Join("; ", Violations)}";

    internal JsonObject Me()
    {
        var json = Bot.ToJson();
        json["can_join_groups"] = true;
        json["can_read_all_group_messages"] = !PrivacyMode;
        foreach (var can in (string[])["supports_inline_queries", "can_connect_to_business", "has_main_web_app", "has_topics_enabled", "allows_users_to_create_topics", "can_manage_bots"])
            json[can] = false;
        return json;
    }

    internal JsonObject UserJson(long id) => Users.First(user => user.Id == id).ToJson();

    internal FakeTelegramChat OpenPrivateChat(FakeTelegramUser user) => Keep(_chats, new(this, user.Id, FakeChatType.Private, null, null) { Partner = user, IsKnown = true });

    internal FakeTelegramChat NewSupergroup(string title) => AddSupergroup(title);

    internal int NextAccountMessageId() => ++_lastAccountMessageId;

    /// <summary>Checks what the fake itself is about to say.</summary>
    internal void CheckValue(string type, JsonNode value)
    {
        foreach (var problem in _contract?.Value(type, value) ?? [])
            Violations.Enqueue("the fake: " + problem);
    }

    [GeneratedRegex("^/file/bot(?<token>[^/]+)/(?<path>.+)$")]
    private static partial Regex FilePaths();

    [GeneratedRegex("^/bot(?<token>[^/]+)/(?<method>[^/]+)$")]
    private static partial Regex Paths();

    private T Keep<T>(List<T> list, T added)
    {
        lock (Lock)
            list.Add(added);
        return added;
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (FilePaths().Match(http.Request.Path.Value!) is { Success: true } file)
        {
            await SendFileAsync(http, file.Groups["token"].Value, file.Groups["path"].Value);
            return;
        }

        if (Paths().Match(http.Request.Path.Value!) is not { Success: true } path)
        {
            Unexpected.Enqueue(http.Request.Path);
            await Answers.RefuseAsync(http, new(404, "Not Found"));
            return;
        }

        if (path.Groups["token"].Value != Token)
        {
            Interlocked.Increment(ref _unauthorized);
            Changed.Ring();
            await Answers.RefuseAsync(http, new(401, "Unauthorized"));
            return;
        }

        var method = path.Groups["method"].Value;
        if (_api.NameOf(method) is not { } name)
        {
            Unexpected.Enqueue(method);
            await Answers.RefuseAsync(http, new(404, "Not Found: method not found"));
            return;
        }

        try
        {
            await PlayAsync(http, await ApiCall.ReadAsync(http, name));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The bot hung up; there is nobody to answer.
        }
        catch (Refusal refusal)
        {
            Violations.Enqueue($"{name}: {refusal.Message}");
            await Answers.RefuseAsync(http, refusal);
        }
    }

    private async Task SendFileAsync(HttpContext http, string token, string path)
    {
        _used.AddOrUpdate("file", 1, (_, count) => count + 1);
        if (token != Token || _api.Files.At(path) is not { } file)
        {
            await Answers.RefuseAsync(http, token == Token ? new(404, "Not Found") : new(401, "Unauthorized"));
            return;
        }

        try
        {
            foreach (var piece in file.Content.Chunk(64 * 1024))
            {
                await http.Response.Body.WriteAsync(piece, http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The bot has had enough.
            Changed.Ring();
        }
    }

    private async Task PlayAsync(HttpContext http, ApiCall call)
    {
        var (request, fault) = Record(call);
        foreach (var problem in _contract?.Request(call) ?? [])
            Violations.Enqueue(problem);
        Changed.Ring();
        var answers = new Answers(http, request, Clock);
        if (fault is not null && await answers.InsteadAsync(fault))
            return;
        string result;
        try
        {
            result = await _api.RunAsync(call, http.RequestAborted);
        }
        catch (Refusal refusal)
        {
            if (refusal.Code == 501)
                Unexpected.Enqueue($"{call.Method} with {refusal.Message}");
            request.Description = refusal.Message;
            request.Status = refusal.Code;
            await Answers.RefuseAsync(http, Token.Length == 0 ? new(401, "Unauthorized") : refusal);
            return;
        }

        // Updates were checked one by one as they were queued, and a test may have queued what is none.
        if (call.Method != "getUpdates")
        {
            foreach (var problem in _contract?.Result(call.Method, JsonNode.Parse(result)!) ?? [])
                Violations.Enqueue("the fake: " + problem);
        }

        await answers.GiveAsync(result, fault);
        Changed.Ring();
    }

    private (FakeTelegramRequest Request, Fault? Fault) Record(ApiCall call)
    {
        lock (Lock)
        {
            var request = new FakeTelegramRequest(_requests.Count + 1, call.Method, (JsonObject)call.Parameters.DeepClone(), Clock.GetUtcNow());
            _requests.Add(request);
            _used.AddOrUpdate(call.Method, 1, (_, count) => count + 1);
            var index = _faults.FindIndex(fault => (fault.Method == "*" || fault.Method.Equals(call.Method, StringComparison.OrdinalIgnoreCase)) && fault.Where?.Invoke(request) != false);
            if (index < 0)
                return (request, null);
            var (method, fault, times, where) = _faults[index];
            if (times <= 1)
                _faults.RemoveAt(index);
            else
                _faults[index] = (method, fault, times - 1, where);
            request.Fault = fault;
            return (request, fault);
        }
    }
}
