using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Notifier.Tests.Support.Fakes.Contracts;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>
/// The way of every REST request: who asks (as Cloudflare and Discord look at it), how often, whether the body keeps the contract, a planned fault, the
/// endpoint, and whether the answer keeps the contract.
/// </summary>
internal sealed class RestServer(FakeDiscord discord)
{
    public const string BasePath = "/api/v10";

    private const int MaxBody = 25 * 1024 * 1024;

    private static readonly Regex UserAgent = new(@"^DiscordBot \([^\s,()]+, [^\s,()]+\)", RegexOptions.CultureInvariant);

    private readonly Route[] _routes =
    [
        .. new ApplicationEndpoints(discord).Routes,
        .. new GuildEndpoints(discord).Routes,
        .. new MessageEndpoints(discord).Routes,
        .. new InteractionEndpoints(discord).Routes,
    ];

    public async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var below = path.StartsWith(BasePath + "/", StringComparison.Ordinal) ? path[BasePath.Length..] : "";
        var (route, values) = _routes.Select(route => (route, route.Match(http.Request.Method, below))).FirstOrDefault(found => found.Item2 is not null);
        if (route is null)
        {
            discord.NotPlayed($"{http.Request.Method} {path}");
            await SendAsync(http, 501, new JsonObject { ["message"] = "501: Not Implemented", ["code"] = 0 });
            return;
        }

        var request = await ReadAsync(http, route.Operation, values!);
        discord.Record(request);
        await AnswerAsync(http, route, request);
        discord.Changed();
    }

    private async Task<DiscordRequest> ReadAsync(HttpContext http, string operation, IReadOnlyDictionary<string, string> values)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        return new DiscordRequest
        {
            Method = http.Request.Method,
            Path = http.Request.Path.Value!,
            Operation = operation,
            Values = values,
            Query = http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
            Headers = http.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Body = body,
            Json = Parse(body),
            At = discord.Time.GetUtcNow(),
        };
    }

    private static JsonElement? Parse(string body)
    {
        if (body.Length == 0)
            return null;
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task SendAsync(HttpContext http, int status, JsonNode? body)
    {
        http.Response.StatusCode = status;
        if (body is null)
            return;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body.ToJsonString(), http.RequestAborted);
    }

    private static async Task SendPageAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=UTF-8";
        await http.Response.WriteAsync($"<!DOCTYPE html><html><head><title>{status}</title></head><body><center>cloudflare</center></body></html>", http.RequestAborted);
    }

    private async Task AnswerAsync(HttpContext http, Route route, DiscordRequest request)
    {
        var verdict = new RateLimits.Verdict(null, false, []);
        try
        {
            CheckSender(route, request);
            verdict = discord.Limits.Take(request, isExempt: route.HasTokenInPath);
            foreach (var (name, value) in verdict.Headers)
                http.Response.Headers[name] = value;
            if (verdict.Wait is { } wait)
            {
                await GiveAsync(http, request, 429, Limited(wait, verdict.IsGlobal));
                return;
            }

            CheckBody(request);
        }
        catch (RefusalException no)
        {
            await GiveAsync(http, request, no.Status, no.ToJson(), no.Code);
            return;
        }

        var fault = discord.Faults.Take(request);
        if (fault is not null && await FailBeforeAsync(http, request, fault))
            return;
        var (status, body, code) = Do(route, request);
        foreach (var problem in Contract?.CheckAnswer(request.Operation, status, body is null ? null : JsonSerializer.SerializeToElement(body)) ?? [])
            discord.Violate($"this fake: {request.Operation}: {problem}");
        if (fault is null || await FailAfterAsync(http, request, fault, status, body))
            await GiveAsync(http, request, status, body, code);
    }

    private static DiscordContract? Contract => DiscordContract.Find();

    /// <summary>The contract's <c>body.embeds[0].title: …</c> as Discord says it: at <c>embeds.0.title</c>.</summary>
    private static FormError ToError(string problem)
    {
        var parts = problem.Split(": ", 2);
        return new FormError(parts[0].Replace("body", "", StringComparison.Ordinal).Replace('[', '.').Replace("]", "", StringComparison.Ordinal).Trim('.'), "CONTRACT", parts[1]);
    }

    private static JsonObject Limited(TimeSpan wait, bool isGlobal) => new()
    {
        ["message"] = "You are being rate limited.",
        ["retry_after"] = Math.Round(wait.TotalSeconds, 3),
        ["global"] = isGlobal,
        ["code"] = 0,
    };

    private (int Status, JsonNode? Body, int? Code) Do(Route route, DiscordRequest request)
    {
        try
        {
            lock (discord.Sync)
            {
                var answer = route.Answer(request);
                return (answer.Status, answer.Body, null);
            }
        }
        catch (RefusalException no)
        {
            foreach (var error in no.Errors)
                discord.Violate($"{request.Operation}: {error.Path}: {error.Message}");
            if (no.Code == 50006)
                discord.Violate($"{request.Operation}: {no.Message}");
            return (no.Status, no.ToJson(), no.Code);
        }
        finally
        {
            discord.Changed();
        }
    }

    private void CheckSender(Route route, DiscordRequest request)
    {
        if (!UserAgent.IsMatch(request.Headers.GetValueOrDefault("User-Agent", "")))
        {
            discord.Violate($"{request.Operation}: the User-Agent is not DiscordBot (url, version)");
            throw new RefusalException(403, 40333, "internal network error");
        }

        if (!route.HasTokenInPath && request.Headers.GetValueOrDefault("Authorization") != $"Bot {discord.Token}")
            throw new RefusalException(401, 0, "401: Unauthorized");
    }

    private void CheckBody(DiscordRequest request)
    {
        if (Encoding.UTF8.GetByteCount(request.Body) > MaxBody)
        {
            discord.Violate($"{request.Operation}: the request is larger than 25 MiB");
            throw new RefusalException(413, 40005, "Request entity too large");
        }

        if (request.Body.Length > 0 && !request.Headers.GetValueOrDefault("Content-Type", "").StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            discord.Violate($"{request.Operation}: the content type is not application/json");
            throw new RefusalException(400, 50035, "Expected \"Content-Type\" header to be one of {'application/json'}.");
        }

        if (request.Body.Length > 0 && request.Json is null)
        {
            discord.Violate($"{request.Operation}: the body is no JSON");
            throw new RefusalException(400, 50109, "The request body contains invalid JSON.");
        }

        IReadOnlyList<string> problems = [.. Contract?.CheckRequest(request.Operation, request.Json) ?? [], .. Contract?.CheckQuery(request.Operation, request.Query) ?? []];
        foreach (var problem in problems)
            discord.Violate($"{request.Operation}: {problem}");
        // Discord overlooks fields that it does not know; a test does not.
        if (problems.FirstOrDefault(problem => !problem.EndsWith("unknown field", StringComparison.Ordinal) && !problem.EndsWith("unknown parameter", StringComparison.Ordinal)) is { } wrong)
            throw Refusals.Form(ToError(wrong));
    }

    /// <summary>Whether the fault was the whole answer.</summary>
    private async Task<bool> FailBeforeAsync(HttpContext http, DiscordRequest request, DiscordFault fault)
    {
        switch (fault)
        {
            case DiscordFault.Refuse refuse:
                foreach (var (name, value) in refuse.Headers)
                    http.Response.Headers[name] = value;
                await GiveAsync(http, request, refuse.Status, new JsonObject { ["message"] = refuse.Message, ["code"] = refuse.Code }, refuse.Code);
                return true;
            case DiscordFault.RateLimited limited:
                await LimitAsync(http, request, limited);
                return true;
            case DiscordFault.DropBefore:
                http.Abort();
                return true;
            case DiscordFault.ServerError error:
                request.Status = error.Status;
                await SendPageAsync(http, error.Status);
                return true;
            case DiscordFault.Hang { Stores: false } hang:
                await hang.Until.WaitAsync(http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return http.RequestAborted.IsCancellationRequested;
            case DiscordFault.Delay delay:
                await Task.Delay(delay.By, discord.Time, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return http.RequestAborted.IsCancellationRequested;
            default:
                return false;
        }
    }

    /// <summary>Whether the right answer is still to be given.</summary>
    private static async Task<bool> FailAfterAsync(HttpContext http, DiscordRequest request, DiscordFault fault, int status, JsonNode? body)
    {
        switch (fault)
        {
            case DiscordFault.StoreThenDrop:
                http.Abort();
                return false;
            case DiscordFault.HalfAnswer half:
                var text = Encoding.UTF8.GetBytes(body?.ToJsonString() ?? "{}");
                request.Status = status;
                http.Response.StatusCode = status;
                http.Response.ContentType = "application/json";
                http.Response.ContentLength = half.Cut ? text.Length : text.Length / 2;
                await http.Response.Body.WriteAsync(text.AsMemory(0, text.Length / 2), http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                if (half.Cut)
                    http.Abort();
                return false;
            case DiscordFault.Html200:
                request.Status = 200;
                await SendPageAsync(http, 200);
                return false;
            case DiscordFault.ServerErrorAfterStore error:
                request.Status = error.Status;
                await SendPageAsync(http, error.Status);
                return false;
            case DiscordFault.Hang hang:
                await hang.Until.WaitAsync(http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return !http.RequestAborted.IsCancellationRequested;
            default:
                return true;
        }
    }

    private async Task LimitAsync(HttpContext http, DiscordRequest request, DiscordFault.RateLimited limited)
    {
        var header = Math.Ceiling((limited.HeaderAfter ?? limited.RetryAfter).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.RetryAfter = header;
        if (limited.Html)
        {
            request.Status = 429;
            discord.InvalidRequests++;
            await SendPageAsync(http, 429);
            return;
        }

        http.Response.Headers["X-RateLimit-Scope"] = limited.Scope;
        if (limited.Scope == "global")
            http.Response.Headers["X-RateLimit-Global"] = "true";
        else
            http.Response.Headers["X-RateLimit-Remaining"] = "0";
        await GiveAsync(http, request, 429, Limited(limited.RetryAfter, limited.Scope == "global"), isShared: limited.Scope == "shared");
    }

    private async Task GiveAsync(HttpContext http, DiscordRequest request, int status, JsonNode? body, int? code = null, bool isShared = false)
    {
        (request.Status, request.Code) = (status, code);
        if (status is 401 or 403 or 429 && !isShared)
        {
            lock (discord.Sync)
                discord.InvalidRequests++;
        }

        await SendAsync(http, status, body);
    }
}
