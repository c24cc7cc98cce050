using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>Plays a planned fault, before or after the request is carried out.</summary>
internal sealed class FaultPlayer(FakeDiscord discord)
{
    private readonly AnswerWriter _answers = new(discord);

    /// <summary>Whether the fault was the whole answer.</summary>
    public async Task<bool> BeforeAsync(HttpContext http, DiscordRequest request, DiscordFault fault)
    {
        switch (fault)
        {
            case DiscordFault.Refuse refuse:
                foreach (var (name, value) in refuse.Headers)
                    http.Response.Headers[name] = value;
                await _answers.GiveAsync(http, request, refuse.Status, new JsonObject { ["message"] = refuse.Message, ["code"] = refuse.Code }, refuse.Code);
                return true;
            case DiscordFault.RateLimited limited:
                await LimitAsync(http, request, limited);
                return true;
            case DiscordFault.DropBefore:
                http.Abort();
                return true;
            case DiscordFault.ServerError error:
                request.Status = error.Status;
                await AnswerWriter.SendPageAsync(http, error.Status);
                return true;
            case DiscordFault.Hang { Stores: false } hang:
                await hang.Until.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return http.RequestAborted.IsCancellationRequested;
            case DiscordFault.Delay { StoresFirst: false } delay:
                await Task.Delay(delay.By, discord.Time, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return http.RequestAborted.IsCancellationRequested;
            default:
                return false;
        }
    }

    /// <summary>Whether the right answer is still to be given.</summary>
    public async Task<bool> AfterAsync(HttpContext http, DiscordRequest request, DiscordFault fault, int status, JsonNode? body)
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
                await AnswerWriter.SendPageAsync(http, 200);
                return false;
            case DiscordFault.ServerErrorAfterStore error:
                request.Status = error.Status;
                await AnswerWriter.SendPageAsync(http, error.Status);
                return false;
            case DiscordFault.Hang hang:
                await hang.Until.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return !http.RequestAborted.IsCancellationRequested;
            case DiscordFault.Delay { StoresFirst: true } delay:
                await Task.Delay(delay.By, discord.Time, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            _answers.Count(429);
            request.Status = 429;
            await AnswerWriter.SendPageAsync(http, 429);
            return;
        }

        http.Response.Headers["X-RateLimit-Scope"] = limited.Scope;
        if (limited.Scope == "global")
        {
            http.Response.Headers["X-RateLimit-Global"] = "true";
        }
        else
        {
            http.Response.Headers["X-RateLimit-Remaining"] = "0";
            http.Response.Headers["X-RateLimit-Reset-After"] = limited.RetryAfter.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
        }

        await _answers.GiveAsync(http, request, 429, AnswerWriter.Limited(limited.RetryAfter, limited.Scope == "global"), isShared: limited.Scope == "shared");
    }
}
