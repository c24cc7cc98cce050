using System.Net.Http.Headers;
using System.Text.Json;
using Telegram.Bot.Requests;

namespace Notifier.Bot.Telegram;

/// <summary>A request whose body is already JSON, and whose answer is taken as it comes.</summary>
internal sealed class TelegramCall(string method, ReadOnlyMemory<byte> body) : RequestBase<JsonElement>(method)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public override HttpContent ToHttpContent()
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = Json;
        return content;
    }
}
