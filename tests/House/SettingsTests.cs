using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Notifier.Bot;
using Notifier.Bot.Cli;
using Notifier.Bot.Web;
using Notifier.Polling;
using Notifier.Tests.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.House;

public sealed class SettingsTests
{
    [Fact]
    public void The_shipped_file_lists_every_setting_with_its_default()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "appsettings.json")));
        var listed = Leaves(file.RootElement.GetProperty("Notifier"), "Notifier").ToDictionary(leaf => leaf.Key, leaf => leaf.Value);
        var defaults = Settings.All.ToDictionary(
            setting => setting.Key,
            setting => JsonSerializer.Serialize(setting.Property.GetValue(Activator.CreateInstance(setting.Property.DeclaringType!))));
        Assert.Equal(defaults.OrderBy(d => d.Key, StringComparer.Ordinal), listed.OrderBy(l => l.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void The_shipped_file_binds_and_is_in_bounds()
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(Path.Combine(Repository.Root, "appsettings.json")).Build();
        using var services = new ServiceCollection().AddNotifierSettings(configuration).BuildServiceProvider();
        Assert.Equal(TimeSpan.FromMinutes(5), services.GetRequiredService<PollOptions>().Floor);
        Assert.Equal(WebOptions.Default, services.GetRequiredService<WebOptions>().Url);
    }

    [Theory]
    [InlineData("Notifier:Polling:Flor", "00:05:00")]
    [InlineData("Notifier:Poling:Floor", "00:05:00")]
    [InlineData("Notifier:Polling", "often")]
    [InlineData("Notifier:Telegram:Tokn", "123:abc")]
    public void A_setting_that_there_is_not_is_refused_by_name(string key, string value)
    {
        var stop = Refused(key, value);
        Assert.Contains($"There is no setting {key}.", stop.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Notifier:Polling:Concurrency", "0")]
    [InlineData("Notifier:Polling:Concurrency", "many")]
    [InlineData("Notifier:Polling:Floor", "00:00:00.5")]
    [InlineData("Notifier:Polling:Floor", "2.00:00:00")]
    [InlineData("Notifier:Polling:Floor", "soon")]
    [InlineData("Notifier:Polling:MaxBodyBytes", "1")]
    [InlineData("Notifier:Polling:TimeLimit", "01:00:00")]
    [InlineData("Notifier:Polling:AllowPrivateNetworks", "perhaps")]
    [InlineData("Notifier:Polling:AllowedNetworks", "192.168.1.0/24")]
    [InlineData("Notifier:Polling:AllowedNetworks:0", "home", "Notifier:Polling:AllowedNetworks")]
    [InlineData("Notifier:Polling:Zone", "Mars/Olympus")]
    [InlineData("Notifier:Polling:Schedule", "")]
    [InlineData("Notifier:Polling:Schedule", "now and then")]
    [InlineData("Notifier:Polling:Schedule", "0 9 31 2 *")]
    [InlineData("Notifier:Web:Url", "8080")]
    [InlineData("Notifier:Web:Url", "ftp://127.0.0.1")]
    [InlineData("Notifier:Web:Url", "http://127.0.0.1:99999")]
    [InlineData("Notifier:Web:Url", "http://127.0.0.1:8080/notifier")]
    public void A_wrong_value_is_refused_and_its_key_named(string key, string value, string? named = null)
    {
        var stop = Refused(key, value);
        Assert.Contains(named ?? key, stop.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Notifier:Polling:Schedule", "*/5 * * * * *")]
    [InlineData("Notifier:Polling:Schedule", "0 9 * * MON-FRI")]
    [InlineData("Notifier:Polling:Zone", "Europe/Berlin")]
    [InlineData("Notifier:Polling:AllowedNetworks:0", "192.168.1.7")]
    [InlineData("Notifier:Web:Url", "http://0.0.0.0:80")]
    [InlineData("Notifier:Web:Url", "http://[::1]:8080")]
    [InlineData("Notifier:Web:Url", "http://localhost:0")]
    public void A_right_value_is_taken(string key, string value) => Read(key, value);

    /// <summary>203.0.113.0/24 is for documentation (RFC 5737), so no machine has it.</summary>
    [Fact]
    public Task An_address_that_cannot_be_listened_on_is_refused_and_its_key_named() =>
        EndsAsync("--Notifier:Web:Url=http://203.0.113.7:8080", "notifier: Nothing can listen on http://203.0.113.7:8080 (");

    [Fact]
    public Task The_process_refuses_a_setting_that_there_is_not_with_exit_code_78() =>
        EndsAsync("--Notifier:Polling:Flor=1", "notifier: There is no setting Notifier:Polling:Flor.");

    private static async Task EndsAsync(string setting, string line)
    {
        using var data = new TempFolder();
        var ended = await NotifierProcess.RunAsync(data.Path, [setting], TestContext.Current.CancellationToken);
        Assert.Equal(78, ended.ExitCode);
        Assert.StartsWith(line, Assert.Single(ended.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private static StopException Refused(string key, string value)
    {
        var stop = Assert.Throws<StopException>(() => Read(key, value));
        Assert.Equal(ExitCode.Configuration, stop.ExitCode);
        return stop;
    }

    private static void Read(string key, string value) => new ServiceCollection().AddNotifierSettings(
        new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(Repository.Root, "appsettings.json"))
            .AddInMemoryCollection([new(key, value)])
            .Build());

    private static IEnumerable<(string Key, string Value)> Leaves(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject().SelectMany(member => Leaves(member.Value, $"{path}:{member.Name}"))
            : [(path, JsonSerializer.Serialize(element))];
}
