namespace Notifier.Bot.Telegram;

/// <summary>The address that Telegram calls where the setting <c>Notifier:Telegram:WebhookUrl</c> asks for it. An update is on disk before it is answered.</summary>
internal static class TelegramWebhook
{
    public const string Path = "/telegram/webhook";

    private const int LongestBody = 1 << 20;
    private const string SecretHeader = "X-Telegram-Bot-Api-Secret-Token";

    public static void MapTelegramWebhook(this WebApplication app) => app.MapPost(Path, async (HttpContext http, TelegramPlatform telegram) =>
    {
        // Strangers are turned away before anything of theirs is read.
        var secret = http.Request.Headers[SecretHeader].ToString();
        if (!telegram.IsCalledWith(secret))
            return Results.NotFound();
        if (http.Request.ContentLength is null or > LongestBody)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        var body = new byte[(int)http.Request.ContentLength.Value];
        await http.Request.Body.ReadExactlyAsync(body, http.RequestAborted);
        return await telegram.ReceiveAsync(secret, body) ? Results.Ok() : Results.NotFound();
    });
}
