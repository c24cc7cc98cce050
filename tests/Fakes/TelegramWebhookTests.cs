using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Notifier.Tests.Support;

namespace Notifier.Tests.Fakes;

/// <summary>The fake sends updates to a webhook as Telegram does.</summary>
public sealed class TelegramWebhookTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Updates_go_to_the_webhook_in_order_until_they_are_taken()
    {
        await using var bot = await BotUnderTest.StartAsync();
        await using var site = await FeedSite.StartAsync();
        var got = new ConcurrentQueue<string>();
        var refusals = 2;
        site.Answer("/hook", async http =>
        {
            if (Interlocked.Decrement(ref refusals) >= 0)
            {
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return;
            }

            var update = (await JsonNode.ParseAsync(http.Request.Body))!;
            got.Enqueue($"{http.Request.Headers["X-Telegram-Bot-Api-Secret-Token"]} {update["message"]!["text"]}");
        });
        bot.Fake.Webhook.Again = TimeSpan.FromMilliseconds(1);
        var ada = bot.Fake.AddUser("Ada");
        var chat = ada.Start();
        var poll = bot.AnswerAsync("getUpdates", new { offset = bot.Fake.Updates.LastId + 1, timeout = 50 });
        await bot.Fake.Updates.WaitForPollAsync(ct: Token);
        await bot.DoAsync("setWebhook", new { url = site.Url("/hook", "127.0.0.1"), secret_token = "s3cret", allowed_updates = new[] { "message" } });
        Assert.Equal("Conflict: terminated by setWebhook request", (await poll)["description"]!.GetValue<string>());
        ada.Say(chat, "one");
        ada.Say(chat, "two");
        await bot.Fake.Updates.WaitForConfirmedAsync(ct: Token);
        Assert.Equal(["s3cret one", "s3cret two"], got);
        Assert.Equal(4, site.RequestsFor("/hook"));
        Assert.StartsWith("409 Conflict: can't use getUpdates method while webhook is active", await bot.RefusalAsync("getUpdates"), StringComparison.Ordinal);
        var info = await bot.DoAsync("getWebhookInfo");
        Assert.Equal(("Wrong response from the webhook: 500 Internal Server Error", 0), (info["last_error_message"]!.GetValue<string>(), info["pending_update_count"]!.GetValue<int>()));

        await bot.DoAsync("deleteWebhook");
        ada.Say(chat, "three");
        Assert.Single(await bot.UpdatesAsync());
        bot.AssertClean();
    }

    [Theory]
    [InlineData("http://example.org/hook", "bad webhook: An HTTPS URL must be provided for webhook")]
    [InlineData("https://example.org:8080/hook", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")]
    public async Task A_webhook_is_https_on_few_ports(string url, string why)
    {
        await using var bot = await BotUnderTest.StartAsync();
        Assert.Equal("400 Bad Request: " + why, await bot.RefusalAsync("setWebhook", new { url }));
        Assert.Equal("400 Bad Request: secret token contains unallowed characters", await bot.RefusalAsync("setWebhook", new { url = "http://127.0.0.1:9/", secret_token = "a b" }));
    }
}
