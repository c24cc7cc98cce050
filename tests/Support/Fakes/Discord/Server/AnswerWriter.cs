using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>Writes answers: Discord's as JSON, and the web pages of what stands before it.</summary>
internal sealed class AnswerWriter(FakeDiscord discord)
{
    public static JsonObject Limited(TimeSpan wait, bool isGlobal) => new()
    {
        ["message"] = "You are being rate limited.",
        ["retry_after"] = Math.Round(wait.TotalSeconds, 3),
        ["global"] = isGlobal,
        ["code"] = 0,
    };

    public static async Task SendAsync(HttpContext http, int status, JsonNode? body)
    {
        http.Response.StatusCode = status;
        if (body is null)
            return;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body.ToJsonString(), http.RequestAborted);
    }

    public static async Task SendPageAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=UTF-8";
        await http.Response.WriteAsync($"<!DOCTYPE html><html><head><title>{status}</title></head><body><center>cloudflare</center></body></html>", http.RequestAborted);
    }

    /// <summary>Answers, and counts what Discord counts towards a ban.</summary>
    public async Task GiveAsync(HttpContext http, DiscordRequest request, int status, JsonNode? body, int? code = null, bool isShared = false)
    {
        (request.Status, request.Code) = (status, code);
        if (!isShared)
            Count(status);
        await SendAsync(http, status, body);
    }

    public void Count(int status)
    {
        if (status is not (401 or 403 or 429))
            return;
        lock (discord.Sync)
            discord.InvalidRequests++;
    }
}
