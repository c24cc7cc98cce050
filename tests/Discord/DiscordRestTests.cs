using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Notifier.Bot.Discord.Rest;
using Notifier.Tests.Support;

namespace Notifier.Tests.Discord;

/// <summary>What each answer of Discord, and each fault on the way, is taken for.</summary>
public sealed class DiscordRestTests
{
    private const string Secret = "interaction-secret";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DiscordRequest Message => new(HttpMethod.Post, "/channels/{channel}/messages", "42") { Body = """{"content":"x"}"""u8.ToArray() };

    [Fact]
    public async Task A_request_carries_the_token_the_name_and_the_bytes()
    {
        await using var server = await ScriptedRest.StartAsync(200, """{"id":"1"}""");
        using var rest = Rest(server.Url);

        var ok = Assert.IsType<DiscordAnswer.Ok>(await rest.SendAsync(Message, Token));
        Assert.Equal("1", ok.Body.GetProperty("id").GetString());
        var asked = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/api/v10/channels/42/messages", """{"content":"x"}"""), (asked.Method, asked.Path, asked.Body));
        Assert.Equal("Bot test", asked.Headers["Authorization"]);
        Assert.Equal("application/json", asked.Headers["Content-Type"]);
        Assert.Matches(@"^DiscordBot \(https://[^ ]+, \d+\.\d+\.\d+\)$", asked.Headers["User-Agent"]);
        Assert.False(asked.Headers.ContainsKey("traceparent"));
    }

    [Fact]
    public async Task A_request_that_cannot_even_be_made_leaves_no_place_taken()
    {
        await using var server = await ScriptedRest.StartAsync(200, "{}");
        using var rest = Rest(server.Url);
        var broken = new DiscordRequest(HttpMethod.Post, "/channels/{channel}/messages", "42") { Body = Message.Body, File = new Notifier.Messages.MessageFile("a.txt", "no type", "x"u8.ToArray()) };
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<FormatException>(() => rest.SendAsync(broken, Token));
        Assert.IsType<DiscordAnswer.Ok>(await rest.SendAsync(Message, Token));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task G12_A_replaced_token_is_used_from_the_next_request_on()
    {
        await using var server = await ScriptedRest.StartAsync(200, "{}");
        var token = "test";
        using var rest = Rest(server.Url, token: () => token);

        await rest.SendAsync(Message, Token);
        token = "test2";
        await rest.SendAsync(Message, Token);
        token = null;
        Assert.IsType<DiscordAnswer.NotSent>(await rest.SendAsync(Message, Token));
        Assert.Equal(["Bot test", "Bot test2"], server.Requests.Select(asked => asked.Headers["Authorization"]));
    }

    [Fact]
    public async Task An_interaction_is_answered_by_its_own_token_alone()
    {
        await using var server = await ScriptedRest.StartAsync(204, "");
        using var rest = Rest(server.Url, token: () => null);

        var ok = Assert.IsType<DiscordAnswer.Ok>(await rest.SendAsync(new DiscordRequest(HttpMethod.Post, "/interactions/{interaction}/{token}/callback", "7", Secret), Token));
        Assert.Equal(System.Text.Json.JsonValueKind.Undefined, ok.Body.ValueKind);
        var asked = Assert.Single(server.Requests);
        Assert.Equal($"/api/v10/interactions/7/{Secret}/callback", asked.Path);
        Assert.False(asked.Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData(400, """{"code":50035,"message":"Invalid Form Body","errors":{"embeds":{"0":{"title":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"secret words"}]}}}}}""", 50035, "Invalid Form Body (embeds.0.title: BASE_TYPE_MAX_LENGTH)")]
    [InlineData(403, """{"code":50001,"message":"Missing Access"}""", 50001, "Missing Access")]
    [InlineData(403, """{"code":50013,"message":"Missing Permissions"}""", 50013, "Missing Permissions")]
    [InlineData(404, """{"code":10003,"message":"Unknown Channel"}""", 10003, "Unknown Channel")]
    [InlineData(401, """{"code":0,"message":"401: Unauthorized"}""", 0, "401: Unauthorized")]
    [InlineData(400, """{"code":"x","message":5,"errors":[1]}""", 0, "HTTP 400")]
    [InlineData(403, "<html>no</html>", 0, "HTTP 403, and not in Discord's form.")]
    [InlineData(404, "", 0, "HTTP 404, and not in Discord's form.")]
    public async Task H07_A_refusal_comes_with_Discords_code(int status, string body, int code, string message)
    {
        await using var server = await ScriptedRest.StartAsync(status, body);
        using var rest = Rest(server.Url);
        Assert.Equal(new DiscordAnswer.Refused(status, code, message), await rest.SendAsync(Message, Token));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task G05_What_Discord_quotes_of_our_secrets_is_hidden()
    {
        await using var server = await ScriptedRest.StartAsync(context => ScriptedRest.SendAsync(context, 404, $$"""{"code":10015,"message":"No {{context.Request.Path}}"}"""));
        using var rest = Rest(server.Url);
        var refused = Assert.IsType<DiscordAnswer.Refused>(await rest.SendAsync(FollowUp, Token));
        Assert.Equal("No /api/v10/webhooks/7/***/messages/@original", refused.Message);
    }

    [Fact]
    public async Task H01_Nobody_listening_is_certainly_not_sent()
    {
        var server = await ScriptedRest.StartAsync(200, "{}");
        var url = server.Url;
        await server.DisposeAsync();
        using var rest = Rest(url);
        Assert.IsType<DiscordAnswer.NotSent>(await rest.SendAsync(Message, Token));
    }

    [Fact]
    public async Task H01_A_name_that_does_not_exist_is_certainly_not_sent()
    {
        using var rest = Rest(new Uri("http://discord.invalid/api/v10"));
        Assert.IsType<DiscordAnswer.NotSent>(await rest.SendAsync(Message, Token));
    }

    [Fact]
    public async Task H01_A_failed_handshake_is_certainly_not_sent()
    {
        await using var server = await ScriptedRest.StartAsync(200, "{}");
        using var rest = Rest(new UriBuilder(server.Url) { Scheme = "https" }.Uri);
        Assert.IsType<DiscordAnswer.NotSent>(await rest.SendAsync(Message, Token));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var server = await ScriptedRest.StartAsync(302, "", ("Location", "/elsewhere"));
        using var rest = Rest(server.Url);
        Assert.IsType<DiscordAnswer.NotSent>(await rest.SendAsync(Message, Token));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task H02_A_reset_after_the_request_leaves_it_open_whether_it_was_done()
    {
        await using var server = new RawServer(exchange =>
        {
            exchange.Reset();
            return Task.CompletedTask;
        });
        using var rest = Rest(server.Url("127.0.0.1"));
        Assert.IsType<DiscordAnswer.Lost>(await rest.SendAsync(Message, Token));
        // H11: there is no retry, of ours or of the library's.
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(504)]
    [InlineData(408)]
    public async Task H03_A_fault_of_the_server_leaves_it_open(int status)
    {
        await using var server = await ScriptedRest.StartAsync(status, "<html>");
        using var rest = Rest(server.Url);
        Assert.IsType<DiscordAnswer.Lost>(await rest.SendAsync(Message, Token));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("not even HTTP\r\n\r\n")]
    public async Task H03_Half_an_answer_leaves_it_open(string answer)
    {
        await using var server = new RawServer(async exchange =>
        {
            await exchange.SendAsync(answer);
            exchange.Closes = true;
        });
        using var rest = Rest(server.Url("127.0.0.1"));
        Assert.IsType<DiscordAnswer.Lost>(await rest.SendAsync(Message, Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")]
    public async Task H03_Silence_ends_after_fifteen_seconds(string beginning)
    {
        var time = new WatchedTime();
        var gate = new Gate();
        await using var server = new RawServer(async exchange =>
        {
            await exchange.SendAsync(beginning);
            await gate.PassAsync();
            exchange.Closes = true;
        });
        using var rest = Rest(server.Url("127.0.0.1"), time);

        var sending = rest.SendAsync(Message, Token);
        await gate.Arrived;
        time.Advance(DiscordRest.TimeLimit - TimeSpan.FromMilliseconds(1));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsType<DiscordAnswer.Lost>(await sending);
        gate.Open();
    }

    [Theory]
    [InlineData("<html>welcome</html>")]
    [InlineData("")]
    [InlineData("true")]
    [InlineData("{\"id\":\"1\"")]
    public async Task H16_A_success_that_cannot_be_read_is_none(string body)
    {
        await using var server = await ScriptedRest.StartAsync(200, body);
        using var rest = Rest(server.Url);
        Assert.IsType<DiscordAnswer.Lost>(await rest.SendAsync(Message, Token));
    }

    [Theory]
    // Header and body: the larger of both.
    [InlineData("""{"retry_after":1.5,"global":false}""", "4", "user", 4, false)]
    [InlineData("""{"retry_after":64.57,"global":false}""", "1", "user", 64.57, false)]
    [InlineData("""{"retry_after":3600,"global":false}""", null, "user", 3600, false)]
    [InlineData("""{"message":"?"}""", "7", "shared", 7, false)]
    [InlineData("""{"retry_after":2,"global":true}""", null, null, 2, true)]
    [InlineData("""{"retry_after":2}""", null, "global", 2, true)]
    [InlineData("""{"retry_after":-5}""", null, "user", 60, false)]
    [InlineData("""{"retry_after":1e300}""", null, "user", 86400, false)]
    // A page of Cloudflare's.
    [InlineData("<html>1015</html>", "30", null, 30, true)]
    [InlineData("<html>1015</html>", null, null, 60, true)]
    public async Task H04_Too_early_says_how_long_and_for_what(string body, string? header, string? scope, double seconds, bool isGlobal)
    {
        (string Name, string Value)[] headers = [.. new[] { ("Retry-After", header), ("X-RateLimit-Scope", scope) }.Where(pair => pair.Item2 is not null).Select(pair => (pair.Item1, pair.Item2!))];
        await using var server = await ScriptedRest.StartAsync(429, body, headers);
        var time = new WatchedTime();
        using var rest = Rest(server.Url, time);

        Assert.Equal(new DiscordAnswer.Wait(TimeSpan.FromSeconds(seconds), isGlobal), await rest.SendAsync(Message, Token));
        // Nothing is sent too early, and in time it is.
        time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.IsType<DiscordAnswer.Wait>(await rest.SendAsync(Message, Token));
        Assert.Single(server.Requests);
        time.Advance(TimeSpan.FromMilliseconds(101));
        await rest.SendAsync(Message, Token);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Cancelled_is_cancelled_and_the_place_in_the_bucket_is_free_again()
    {
        var gate = new Gate();
        await using var server = await ScriptedRest.StartAsync(async context =>
        {
            await gate.PassAsync();
            await ScriptedRest.SendAsync(context, 200, "{}");
        });
        using var rest = Rest(server.Url);
        using var cancel = new CancellationTokenSource();
        var sending = rest.SendAsync(Message, cancel.Token);
        await gate.Arrived;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        gate.Open();
        Assert.IsType<DiscordAnswer.Ok>(await rest.SendAsync(Message, Token));
    }

    [Fact]
    public async Task H05_Concurrent_requests_of_one_channel_are_never_refused()
    {
        var (lck, left) = (new Lock(), 5);
        await using var server = await ScriptedRest.StartAsync(context =>
        {
            lock (lck)
            {
                if (--left < 0)
                    return ScriptedRest.SendAsync(context, 429, """{"retry_after":9}""");
                return ScriptedRest.SendAsync(context, 200, "{}", ("X-RateLimit-Bucket", "b"), ("X-RateLimit-Limit", "5"), ("X-RateLimit-Remaining", $"{left}"), ("X-RateLimit-Reset-After", "5"));
            }
        });
        var time = new WatchedTime();
        using var rest = Rest(server.Url, time);
        var done = 0;
        for (var round = 0; round < 12 && done < 15; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => rest.SendAsync(Message, Token)));
            done += answers.Count(answer => answer is DiscordAnswer.Ok);
            Assert.All(answers, answer => Assert.True(answer is DiscordAnswer.Ok or DiscordAnswer.Wait { IsGlobal: false } || answer is DiscordAnswer.Wait { IsGlobal: true, Delay.TotalSeconds: < 1 }));
            if (answers.All(answer => answer is DiscordAnswer.Wait))
            {
                lock (lck)
                    left = 5;
                time.Advance(TimeSpan.FromSeconds(5.075));
            }
            else
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
            }
        }

        Assert.Equal(15, done);
        Assert.Equal(15, server.Requests.Count);
    }

    [Fact]
    public async Task G03_Nothing_that_listens_to_the_runtime_sees_a_token()
    {
        await using var server = await ScriptedRest.StartAsync(200, "{}");
        using var listener = new NetworkListener();
        var lines = new ConcurrentQueue<string>();
        using var logging = new LoggerFactory([new QueueLogger(lines)], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        using var rest = new DiscordRest(server.Url, () => "test-of-the-bot", new RateLimits(TimeProvider.System), TimeProvider.System, logging.CreateLogger<DiscordRest>());

        await rest.SendAsync(Message, Token);
        await rest.SendAsync(FollowUp, Token);
        Assert.Equal("Bot test-of-the-bot", server.Requests.First().Headers["Authorization"]);

        // The control: what goes past our client is seen in full.
        using var plain = new HttpClient();
        await plain.GetAsync(new Uri($"{server.Url}/control/{Secret}2"), Token);
        Assert.Contains(listener.Seen, seen => seen.Contains($"/control/{Secret}2", StringComparison.Ordinal));
        Assert.Contains(listener.Seen, seen => seen.Contains("/webhooks/7/token/messages/@original", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("/webhooks/7/token/messages/@original", StringComparison.Ordinal));
        Assert.DoesNotContain(listener.Seen.Concat(lines), seen => seen.Contains(Secret, StringComparison.Ordinal) && !seen.Contains(Secret + "2", StringComparison.Ordinal));
        Assert.DoesNotContain(listener.Seen.Concat(lines), seen => seen.Contains("test-of-the-bot", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/channels/{channel}/messages")]
    [InlineData("/channels/1")]
    public void A_route_and_its_values_must_match(string route) =>
        Assert.Throws<ArgumentException>(() => new DiscordRequest(HttpMethod.Get, route, route.Contains('{', StringComparison.Ordinal) ? [] : ["1"]));

    [Fact]
    public void A_value_cannot_leave_its_place_in_the_route()
    {
        var request = new DiscordRequest(HttpMethod.Get, "/channels/{channel}/messages/{message}?limit=50", "1/../2", "3?x");
        Assert.Equal("/channels/1%2F..%2F2/messages/3%3Fx?limit=50", request.Path);
        Assert.Equal("GET /channels/{channel}/messages/{message}", request.Group);
        Assert.Equal("1%2F..%2F2", request.Major);
        Assert.All([".", "..", ""], value => Assert.Throws<ArgumentException>(() => new DiscordRequest(HttpMethod.Get, "/channels/{channel}", value)));
    }

    private static DiscordRequest FollowUp => new(HttpMethod.Patch, "/webhooks/{webhook}/{token}/messages/@original", "7", Secret) { Body = Encoding.UTF8.GetBytes("{}") };

    private static DiscordRest Rest(Uri url, TimeProvider? time = null, Func<string?>? token = null) =>
        new(url, token ?? (() => "test"), new RateLimits(time ?? TimeProvider.System), time ?? TimeProvider.System, NullLogger<DiscordRest>.Instance);

    /// <summary>Everything that .NET tells of its network: activities with their tags, and events.</summary>
    private sealed class NetworkListener : EventListener
    {
        private readonly ActivityListener _activities;

        public NetworkListener()
        {
            _activities = new ActivityListener
            {
                ShouldListenTo = _ => true,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity => Seen.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)}"),
            };
            ActivitySource.AddActivityListener(_activities);
        }

        // Made before the constructor runs: the base class calls back from its own.
        public ConcurrentQueue<string> Seen { get; } = new();

        public override void Dispose()
        {
            _activities.Dispose();
            base.Dispose();
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name is "System.Net.Http" or "System.Net.Security" or "System.Net.Sockets" or "System.Net.NameResolution")
                EnableEvents(eventSource, EventLevel.LogAlways, EventKeywords.All);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            Seen.Enqueue($"{eventData.EventName} {string.Join(' ', eventData.Payload ?? new([]))}");
    }

    private sealed class QueueLogger(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {state} {exception}");

        public void Dispose()
        {
        }
    }
}
