using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notifier.Bot.Secrets;
using Notifier.Tests.Support;

namespace Notifier.Tests.Secrets;

/// <summary>G01–G05: whatever is logged, by whom and in whatever form, no token gets through.</summary>
public sealed class RedactedLogsTests : IDisposable
{
    private const string Half = "AAtest-token_of-this-test";
    private const string Telegram = "123456:" + Half;
    private const string Discord = "MTIz.test.token-of-this_test";

    private readonly KnownSecrets _secrets = new();
    private readonly LogLines _lines = new();
    private readonly RedactedLogs _logs;

    public RedactedLogsTests()
    {
        _secrets.Add(Telegram);
        _secrets.Add(Discord);
        _logs = new RedactedLogs(LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_lines)), _secrets);
    }

    public static TheoryData<string> Written =>
    [
        Telegram,
        Discord,
        Half,
        "https://api.telegram.org/bot" + Telegram + "/sendMessage",
        Uri.EscapeDataString(Telegram),
        Telegram.Replace(":", "%3a", StringComparison.Ordinal),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Telegram)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Discord)),
        "Bot " + Discord,
        $"{{\"ok\":false,\"url\":\"/bot{Telegram}/getMe\"}}",
        Discord + Discord + Telegram,
    ];

    public void Dispose() => _logs.Dispose();

    [Theory]
    [MemberData(nameof(Written))]
    public void G01_No_form_of_a_token_gets_into_a_message(string written)
    {
        Log.LogInformation("It said {What} to {Whom}", written, "Ann");
        AssertClean();
        Assert.Contains("***", Assert.Single(_lines.Lines).Text, StringComparison.Ordinal);
        Assert.EndsWith(" to Ann", _lines.Lines[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void G04_None_gets_in_by_an_exception(string written)
    {
        Log.LogError(new InvalidOperationException($"It broke at {written}."), "Something broke");
        Log.LogError(new InvalidOperationException("Outside.", new HttpRequestException($"Inside {written}")), "Something broke");
        Log.LogError(new AggregateException(new InvalidOperationException("One."), new InvalidOperationException(written)), "Something broke");
        AssertClean();
        Assert.All(_lines.Lines, line => Assert.Contains("Exception", line.Text, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void None_gets_in_beside_the_text(string written)
    {
        Log.Log(LogLevel.Debug, default, new List<KeyValuePair<string, object?>> { new("Url", new StringBuilder(written)), new("Other", null) }, null, (_, _) => "Nothing to see");
        using (Log.BeginScope("Asking {Url}", written))
        using (Log.BeginScope(new Dictionary<string, object?> { ["Url"] = written }))
            Log.LogDebug("Inside");
        AssertClean();
        Assert.Equal(["Nothing to see", "Inside"], _lines.Lines.Where(line => line.Level == LogLevel.Debug).Select(line => line.Text));
    }

    [Fact]
    public void What_holds_none_is_logged_as_it_is()
    {
        var fault = new InvalidOperationException("Nothing secret.");
        using (Log.BeginScope("Chat {Chat}", "a"))
            Log.LogWarning(fault, "It took {Seconds} s", 3);
        var line = _lines.Lines[1];
        Assert.Equal(("It took 3 s", fault), (line.Text, line.Exception));
        Assert.Equal("Seconds=3 {OriginalFormat}=It took {Seconds} s", line.Values);
        Assert.Equal(("scope: Chat a", "Chat=a {OriginalFormat}=Chat {Chat}"), (_lines.Lines[0].Text, _lines.Lines[0].Values));
    }

    [Fact]
    public void A_text_without_a_secret_is_the_very_same_one()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"Nothing secret: {123456}");
        Assert.Same(text, _secrets.Scrub(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("test")]
    [InlineData("1:test")]
    public void What_is_no_secret_hides_nothing(string? token)
    {
        var secrets = new KnownSecrets();
        secrets.Add(token);
        Assert.Equal("a test of 1:test dGVzdA==", secrets.Scrub("a test of 1:test dGVzdA=="));
    }

    [Fact]
    public void The_number_before_the_colon_is_no_secret() => Assert.Equal("123456", _secrets.Scrub("123456"));

    [Fact]
    public void Loggers_made_before_the_token_came_keep_it_out_too()
    {
        var log = _logs.CreateLogger("early");
        _secrets.Add("late-test-token");
        log.LogInformation("{Token}", "late-test-token");
        Assert.Equal("***", Assert.Single(_lines.Lines).Text);
    }

    /// <summary>Its factory logs every address, at Information, with scopes.</summary>
    [Fact]
    public async Task G02_None_gets_in_by_the_log_of_an_http_client()
    {
        await using var web = await FeedServer.StartAsync(TestContext.Current.CancellationToken);
        var url = web.Put($"/bot{Telegram}/sendMessage", "{}", "application/json");
        await using var services = new ServiceCollection()
            .AddHttpClient()
            .AddSingleton<ILoggerFactory>(_logs)
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .BuildServiceProvider();
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient();
        Assert.Equal("{}", await client.GetStringAsync(new Uri(url), TestContext.Current.CancellationToken));

        Assert.NotEmpty(_lines.Lines);
        AssertClean();
    }

    private ILogger Log => _logs.CreateLogger("test");

    private void AssertClean()
    {
        foreach (var secret in new[] { Telegram, Half, Discord, Uri.EscapeDataString(Telegram), Convert.ToBase64String(Encoding.UTF8.GetBytes(Telegram)), Convert.ToBase64String(Encoding.UTF8.GetBytes(Discord)) })
        {
            Assert.DoesNotContain(secret, _lines.Everything, StringComparison.Ordinal);
            Assert.All(_lines.Lines, line => Assert.DoesNotContain(secret, line.Exception?.ToString() ?? "", StringComparison.Ordinal));
        }
    }
}
