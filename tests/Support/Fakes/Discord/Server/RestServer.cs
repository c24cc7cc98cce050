using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Notifier.Tests.Support.Fakes.Contracts;
using Notifier.Tests.Support.Fakes.Discord.Server.Checks;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>
/// The way of every REST request: who asks (as Cloudflare and Discord look at it), how often, whether the body keeps the contract, a planned fault, the
/// endpoint, and whether the answer keeps the contract.
/// </summary>
internal sealed class RestServer(FakeDiscord discord)
{
    public const string BasePath = "/api/v10";

    private readonly AnswerWriter _answers = new(discord);
    private readonly FaultPlayer _faults = new(discord);
    private readonly RequestChecks _checks = new(discord);
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
            await AnswerWriter.SendAsync(http, 501, new JsonObject { ["message"] = "501: Not Implemented", ["code"] = 0 });
            return;
        }

        var request = await ReadAsync(http, route.Operation, values!);
        discord.Record(request);
        await AnswerAsync(http, route, request);
        discord.Changed();
    }

    private async Task<DiscordRequest> ReadAsync(HttpContext http, string operation, IReadOnlyDictionary<string, string> values)
    {
        var (body, files) = await BodyAsync(http);
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
            Files = files,
            At = discord.Time.GetUtcNow(),
        };
    }

    /// <summary>The JSON, which in a form stands in a part of its own beside the files.</summary>
    private static async Task<(string Body, IReadOnlyList<DiscordUpload>? Files)> BodyAsync(HttpContext http)
    {
        if (http.Request.HasFormContentType)
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var files = new List<DiscordUpload>();
            foreach (var file in form.Files)
            {
                using var content = new MemoryStream();
                await file.CopyToAsync(content, http.RequestAborted);
                files.Add(new DiscordUpload(file.FileName, content.ToArray(), file.ContentType, file.Name));
            }

            return (form.Count == 1 ? form["payload_json"].ToString() : $"a form with {string.Join(", ", form.Keys)}", files);
        }

        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        return (await reader.ReadToEndAsync(http.RequestAborted), null);
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

    private async Task AnswerAsync(HttpContext http, Route route, DiscordRequest request)
    {
        try
        {
            _checks.DemandSender(route, request);
            var verdict = discord.Limits.Take(request, isExempt: route.HasTokenInPath);
            foreach (var (name, value) in verdict.Headers)
                http.Response.Headers[name] = value;
            if (verdict.Wait is { } wait)
            {
                await _answers.GiveAsync(http, request, 429, AnswerWriter.Limited(wait, verdict.IsGlobal));
                return;
            }

            _checks.DemandBody(request);
        }
        catch (RefusalException no)
        {
            await _answers.GiveAsync(http, request, no.Status, no.ToJson(), no.Code);
            return;
        }

        var fault = request.Fault = discord.Faults.Take(request);
        if (fault is not null && await _faults.BeforeAsync(http, request, fault))
            return;
        var (status, body, code) = Do(route, request);
        foreach (var problem in DiscordContract.Find()?.CheckAnswer(request.Operation, status, body is null ? null : JsonSerializer.SerializeToElement(body)) ?? [])
            discord.Violate($"this fake: {request.Operation}: {problem}");
        if (fault is null || await _faults.AfterAsync(http, request, fault, status, body))
            await _answers.GiveAsync(http, request, status, body, code);
    }

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
        catch (Exception odd) when (odd is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // The contract, if it is here, has refused such a body before.
            discord.Violate($"{request.Operation}: the body has another shape: {odd.Message}");
            return (400, Refusals.Form(new FormError("", "SHAPE", odd.Message)).ToJson(), 50035);
        }
        finally
        {
            discord.Changed();
        }
    }
}
