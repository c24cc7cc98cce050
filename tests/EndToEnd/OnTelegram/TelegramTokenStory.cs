using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>The token of Telegram's bot is refused and replaced; Telegram calls instead of being asked; the program dies between an effect and its answer.</summary>
public sealed class TelegramTokenStory
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task G10_G12_A_token_revoked_while_running_stops_Telegram_alone_and_its_successor_delivers_all_that_is_owed()
    {
        await using var world = await PlatformWorld.StartAsync();
        var url = world.Web.Publish("/feed.xml", 1);
        var (ann, home) = await world.Telegram.SomebodyAsync("Ann", Stop);
        await ann.SubscribeAsync(home, url, Stop);
        await world.Notifier.AskAsync($"/subscribe {url} none", Stop);

        world.Telegram.Revoke();
        await world.Notifier.WaitForLogAsync("telegram is closed until it has another token: Telegram refuses Notifier", Stop);
        world.Web.Publish("/feed.xml", 3);
        await world.Notifier.WaitForAsync("Entry 03", Stop);
        await world.Notifier.WaitForLogAsync("Nothing is sent on telegram until it has another token", Stop);
        Assert.Contains("Telegram: closed: Telegram refuses the token", await world.Notifier.AskAsync("/setup", Stop), StringComparison.Ordinal);
        // The question that was open met the refusal; after it not one more was asked.
        Assert.Equal(0, world.Telegram.Unauthorized);
        Assert.Empty(home.Told());

        world.Telegram.UseToken("1:another-token");
        Assert.Contains("Paste it here", await SetUpAsync(world, "1:wrong-token", "Telegram does not know that token."), StringComparison.Ordinal);
        Assert.Equal(1, world.Telegram.Unauthorized);
        await SetUpAsync(world, "1:another-token", "Telegram is connected: I am @NotifierTestBot there.");
        Assert.Contains("https://t.me/NotifierTestBot?startgroup=true", world.Notifier.Output.Text, StringComparison.Ordinal);
        await home.ToldAsync("Entry 03", Stop);
        Assert.Equal(["Entry 02", "Entry 03"], home.Told());
        Assert.StartsWith("One feed", (await ann.AskAsync(home, "/list", ct: Stop)).Text, StringComparison.Ordinal);

        var secrets = Path.Combine(world.Data, "secrets.json");
        Assert.Contains("1:another-token", await File.ReadAllTextAsync(secrets, Stop), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secrets));
        Assert.DoesNotContain("another-token", world.Notifier.Everything(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task G10_A_wrong_token_at_the_start_is_asked_about_once()
    {
        await using var world = await PlatformWorld.StartAsync("--Notifier:Telegram:Token=1:wrong-token");
        await world.Notifier.WaitForLogAsync("telegram is closed until it has another token: Telegram refuses Notifier", Stop);

        Assert.Contains("Telegram: closed: Telegram refuses the token (Unauthorized).", await world.Notifier.AskAsync("/setup", Stop), StringComparison.Ordinal);
        Assert.Equal(1, world.Telegram.Unauthorized);
        await SetUpAsync(world, "1:test", "Telegram is connected: I am @NotifierTestBot there.");
        await world.Telegram.SomebodyAsync("Ann", Stop);
        Assert.DoesNotContain("wrong-token", world.Notifier.Everything(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task E18_Killed_between_an_effect_and_its_answer_the_effect_stays_whole()
    {
        await using var world = await PlatformWorld.StartAsync();
        var url = world.Web.Publish("/feed.xml", 1);
        var (ann, home) = await world.Telegram.SomebodyAsync("Ann", Stop);

        var never = new TaskCompletionSource();
        var asked = world.Telegram.Used["sendMessage"];
        world.Telegram.Next("sendMessage", new Fault.Hang(never.Task));
        ann.Say(home, $"/subscribe {url} none");
        await world.Telegram.WaitForRequestsAsync("sendMessage", asked + 1, ct: Stop);
        await world.KillAndRestartAsync();

        Assert.StartsWith("One feed in this chat:", (await AskAgainAsync(ann, home, "/list", "One feed")).Text, StringComparison.Ordinal);
        Assert.Equal(1, await world.QueryAsync<long>("SELECT COUNT(*) FROM Subscriptions"));
        world.Web.Publish("/feed.xml", 2);
        await home.ToldAsync("Entry 02", Stop);
        Assert.Equal(["Entry 02"], home.Told());
    }

    [Fact]
    public async Task Killed_while_it_sends_it_sends_the_same_once_more_and_goes_on_in_order()
    {
        await using var world = await PlatformWorld.StartAsync();
        var url = world.Web.Publish("/feed.xml", 1);
        var (ann, home) = await world.Telegram.SomebodyAsync("Ann", Stop);
        await ann.SubscribeAsync(home, url, Stop);

        var never = new TaskCompletionSource();
        var asked = world.Telegram.Used["sendMessage"];
        world.Telegram.Next("sendMessage", new Fault.Hang(never.Task, StoredFirst: true));
        world.Web.Publish("/feed.xml", 3);
        await world.Telegram.WaitForRequestsAsync("sendMessage", asked + 1, ct: Stop);
        await home.ToldAsync("Entry 02", Stop);
        await world.KillAndRestartAsync();

        await home.ToldAsync("Entry 03", Stop);
        Assert.Equal(["Entry 02", "Entry 02", "Entry 03"], home.Told());
    }

    [Fact]
    public async Task Where_Telegram_calls_an_update_is_on_disk_before_it_is_answered_and_only_Telegram_is_heard()
    {
        var own = $"http://127.0.0.1:{FreePort()}";
        await using var world = await PlatformWorld.StartAsync($"--Notifier:Web:Url={own}", $"--Notifier:Telegram:WebhookUrl={own}");
        var (ann, home) = await world.Telegram.SomebodyAsync("Ann", Stop);
        Assert.Equal($"{own}/telegram/webhook", world.Telegram.Webhook.Url);
        Assert.False(world.Telegram.Used.ContainsKey("getUpdates"));

        using var http = new HttpClient();
        var update = $$"""{"update_id":5,"message":{"message_id":7,"date":1,"chat":{"id":{{ann.Id}},"type":"private"},"from":{"id":{{ann.Id}},"is_bot":false,"first_name":"Ann"},"text":"/whoami"} }""";
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(http, world, update, "wrong"));
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(http, world, update, null));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(http, world, new string('x', (1 << 20) + 1), world.Telegram.Webhook.Secret));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(http, world, "this is no update", world.Telegram.Webhook.Secret));

        var never = new TaskCompletionSource();
        var asked = world.Telegram.Used.GetValueOrDefault("getChatMember");
        world.Telegram.Next("getChatMember", new Fault.Hang(never.Task));
        var raw = update.Replace(ann.Id.ToString(CultureInfo.InvariantCulture) + ",\"type\"", "-4000000777,\"type\"", StringComparison.Ordinal).Replace("private", "group", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(http, world, raw, world.Telegram.Webhook.Secret));
        await world.Telegram.WaitForRequestsAsync("getChatMember", asked + 1, ct: Stop);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(http, world, update.Replace("5,\"message\"", "6,\"message\"", StringComparison.Ordinal), world.Telegram.Webhook.Secret));
        await home.HearAsync("You are Ann", Stop);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(http, world, update.Replace("5,\"message\"", "6,\"message\"", StringComparison.Ordinal), world.Telegram.Webhook.Secret));
        await world.KillAndRestartAsync();
        await world.Telegram.WaitForRequestsAsync("getChatMember", asked + 2, ct: Stop);
        Assert.Single(home.Messages, message => message.Text.StartsWith("You are Ann", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, PlatformWorld world, string body, string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, world.Telegram.Webhook.Url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (secret is not null)
            request.Headers.Add("X-Telegram-Bot-Api-Secret-Token", secret);
        using var answer = await http.SendAsync(request, Stop);
        return answer.StatusCode;
    }

    private static async Task<string> SetUpAsync(PlatformWorld world, string token, string answer)
    {
        var from = world.Notifier.Output.Length;
        await world.Notifier.TypeAsync("/setup telegram");
        await world.Notifier.WaitForAsync("Paste it here", Stop, from);
        await world.Notifier.TypeAsync(token);
        await world.Notifier.WaitAsync(all => RunningNotifier.OneLine(all[from..]).Contains(answer, StringComparison.Ordinal), answer, Stop);
        return world.Notifier.Output.Text[from..];
    }

    /// <summary>After a restart an answer to an earlier line may come first.</summary>
    private static async Task<FakeTelegramMessage> AskAgainAsync(FakeTelegramUser user, FakeTelegramChat chat, string line, string beginning)
    {
        var said = user.Say(chat, line);
        return await chat.WaitForMessageAsync(message => message.Id > said.Id && message.Text.StartsWith(beginning, StringComparison.Ordinal), ct: Stop);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
