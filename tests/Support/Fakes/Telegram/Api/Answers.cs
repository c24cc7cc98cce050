using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Notifier.Tests.Support.Fakes.Telegram.Api;

/// <summary>The answer to one request, as Telegram gives it or as a fault spoils it.</summary>
internal sealed class Answers(HttpContext http, FakeTelegramRequest request, TimeProvider clock)
{
    private const string Json = "application/json";
    private const string Html = "text/html";
    private const string Page = "<html>\r\n<head><title>nginx</title></head>\r\n<body><center><h1>nginx</h1></center></body>\r\n</html>\r\n";

    /// <summary>Telegram's form of a no.</summary>
    public static Task RefuseAsync(HttpContext http, Refusal refusal) => RefuseAsync(http, refusal, inBody: true, inHeader: true);

    /// <summary>Answers instead of Telegram, if the fault wants nothing stored; false means: go on.</summary>
    public async Task<bool> InsteadAsync(Fault fault)
    {
        switch (fault)
        {
            case Fault.Refuse refuse:
                await RefuseAsync(new(refuse.Code, refuse.Description, refuse.RetryAfter, refuse.MigrateToChatId));
                return true;
            case Fault.TooManyRequests { InBody: var inBody, InHeader: var inHeader } tooMany:
                await RefuseAsync(Refusal.TooManyRequests(tooMany.RetryAfter), inBody, inHeader, tooMany.HeaderAfter);
                return true;
            case Fault.DropBefore:
                http.Abort();
                return true;
            case Fault.Html200 { Stored: false }:
                await WriteAsync(200, Html, Page);
                return true;
            case Fault.OkFalse200 { Stored: false } no:
                await WriteAsync(200, Json, Body(new(500, no.Description), parameters: true));
                return true;
            case Fault.HtmlError { Status: var status }:
                await WriteAsync(status, Html, Page);
                return true;
            case Fault.Hang { StoredFirst: false } hang:
                await hang.Release.WaitAsync(http.RequestAborted);
                return false;
            case Fault.Delay { By: var by, StoredFirst: false }:
                await Task.Delay(by, clock, http.RequestAborted);
                return false;
            default:
                return false;
        }
    }

    /// <summary>Gives the result of what was done, or spoils it.</summary>
    public async Task GiveAsync(string result, Fault? fault)
    {
        var body = $$"""{"ok":true,"result":{{result}}}""";
        switch (fault)
        {
            case Fault.StoreThenDrop:
                http.Abort();
                break;
            case Fault.HalfAnswer:
                http.Response.ContentType = Json;
                http.Response.ContentLength = Encoding.UTF8.GetByteCount(body);
                await http.Response.WriteAsync(body[..(body.Length / 2)]);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                http.Abort();
                break;
            case Fault.Html200:
                await WriteAsync(200, Html, Page);
                break;
            case Fault.OkFalse200 no:
                await WriteAsync(200, Json, Body(new(500, no.Description), parameters: true));
                break;
            case Fault.ServerErrorAfterStore { Status: 500 }:
                await RefuseAsync(new(500, "Internal Server Error"));
                break;
            case Fault.ServerErrorAfterStore error:
                await WriteAsync(error.Status, Html, Page);
                break;
            case Fault.Hang { StoredFirst: true } hang:
                await hang.Release.WaitAsync(http.RequestAborted);
                await WriteAsync(200, Json, body);
                break;
            case Fault.Delay { By: var by, StoredFirst: true }:
                await Task.Delay(by, clock, http.RequestAborted);
                await WriteAsync(200, Json, body);
                break;
            default:
                await WriteAsync(200, Json, body);
                break;
        }
    }

    private static string Body(Refusal refusal, bool parameters)
    {
        var json = new JsonObject { ["ok"] = false, ["error_code"] = refusal.Code, ["description"] = refusal.Message };
        if (parameters && refusal.RetryAfter is { } seconds)
            json["parameters"] = new JsonObject { ["retry_after"] = seconds };
        if (parameters && refusal.MigrateToChatId is { } chat)
            json["parameters"] = new JsonObject { ["migrate_to_chat_id"] = chat };
        return json.ToJsonString();
    }

    private static async Task RefuseAsync(HttpContext http, Refusal refusal, bool inBody, bool inHeader, int? headerAfter = null)
    {
        http.Response.StatusCode = refusal.Code;
        http.Response.ContentType = Json;
        if (inHeader && (headerAfter ?? refusal.RetryAfter) is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await http.Response.WriteAsync(Body(refusal, inBody));
    }

    private Task RefuseAsync(Refusal refusal, bool inBody = true, bool inHeader = true, int? headerAfter = null)
    {
        request.Status = refusal.Code;
        request.Description = refusal.Message;
        return RefuseAsync(http, refusal, inBody, inHeader, headerAfter);
    }

    private async Task WriteAsync(int status, string type, string body)
    {
        request.Status = status;
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        await http.Response.WriteAsync(body);
    }
}
