using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Notifier.Bot.Secrets;
using Notifier.Tests.Support;

namespace Notifier.Tests.Secrets;

public sealed class SecretsFileTests : IDisposable
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string TelegramKey = "Notifier:Telegram:Token";
    private const string DiscordKey = "Notifier:Discord:Token";

    private readonly TempFolder _folder = new();

    private string Path => _folder.File(SecretsFile.Name);

    private SecretsFile Secrets => new(Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_stored_is_read_as_a_setting()
    {
        Secrets.Store(TelegramKey, "1:test");
        Secrets.Store(DiscordKey, "test");
        Secrets.Store(TelegramKey, "2:test");
        var read = Read();
        Assert.Equal(("2:test", "test"), (read[TelegramKey], read[DiscordKey]));
        Assert.Equal([SecretsFile.Name], Directory.GetFiles(_folder.Path).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public void Only_its_owner_may_read_it()
    {
        if (OperatingSystem.IsWindows())
            return;
        Secrets.Store(TelegramKey, "1:test");
        Assert.Equal(OwnersAlone, File.GetUnixFileMode(Path));

        File.SetUnixFileMode(Path, (UnixFileMode)0b110_110_110);
        Secrets.Store(TelegramKey, "2:test");
        Assert.Equal(OwnersAlone, File.GetUnixFileMode(Path));
    }

    [Fact]
    public async Task It_is_replaced_as_a_whole()
    {
        Secrets.Store(TelegramKey, "1:test");
        await using var reader = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Secrets.Store(TelegramKey, "2:test");

        // Whoever had it open has the old one, whole.
        using var text = new StreamReader(reader);
        Assert.Equal("1:test", (string?)JsonNode.Parse(await text.ReadToEndAsync(TestContext.Current.CancellationToken))!["Notifier"]!["Telegram"]!["Token"]);
    }

    [Fact]
    public void What_a_crash_left_of_a_draft_is_no_hindrance()
    {
        _folder.Write(SecretsFile.Name + ".new", "{ \"Notif");
        Secrets.Store(TelegramKey, "1:test");
        Assert.Equal("1:test", Read()[TelegramKey]);
    }

    [Fact]
    public void Everything_else_in_it_is_kept()
    {
        _folder.Write(SecretsFile.Name, """{ "Notifier": { "Polling": { "AllowedNetworks": ["192.168.1.7"] }, "Telegram": { "ApiUrl": "http://127.0.0.1:1" } }, "Logging": { "LogLevel": { "Default": "Debug" } } }""");
        Secrets.Store(TelegramKey, "1:test");
        var read = Read();
        Assert.Equal(
            ["1:test", "http://127.0.0.1:1", "192.168.1.7", "Debug"],
            [read[TelegramKey], read["Notifier:Telegram:ApiUrl"], read["Notifier:Polling:AllowedNetworks:0"], read["Logging:LogLevel:Default"]]);
    }

    [Theory]
    [InlineData("""{ "notifier": { "TELEGRAM": { "token": "0:test" } } }""")]
    [InlineData("""{ "Notifier:Telegram:Token": "0:test" }""")]
    [InlineData("""{ "Notifier": { "telegram:token": "0:test" } }""")]
    [InlineData("""{ "Notifier": "nothing" }""")]
    [InlineData("""{ "Notifier": { "Telegram": null } }""")]
    [InlineData("// by hand\n{ \"Notifier\": { \"Telegram\": { \"Token\": \"0:test\", }, }, }")]
    public void However_somebody_wrote_it_by_hand_the_new_one_counts(string text)
    {
        _folder.Write(SecretsFile.Name, text);
        Secrets.Store(TelegramKey, "1:test");
        Assert.Equal("1:test", Read()[TelegramKey]);
    }

    [Theory]
    [InlineData("", "is no JSON")]
    [InlineData("{", "is no JSON")]
    [InlineData("token", "is no JSON")]
    [InlineData("""{ "a": { "b": 1, "b": 2 } }""", "is no JSON")]
    [InlineData("[]", "holds no JSON object")]
    [InlineData("null", "holds no JSON object")]
    public void One_that_cannot_be_read_is_left_alone_and_named(string text, string said)
    {
        _folder.Write(SecretsFile.Name, text);
        var fault = Assert.Throws<IOException>(() => Secrets.Store(TelegramKey, "1:test"));
        Assert.StartsWith($"{Path} {said}", fault.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(Path));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said_to_be_so() =>
        Assert.ThrowsAny<IOException>(() => new SecretsFile(System.IO.Path.Combine(_folder.Path, "missing", "secrets.json")).Store(TelegramKey, "1:test"));

    [Fact]
    public void Two_at_once_are_both_stored()
    {
        var secrets = Secrets;
        Parallel.For(0, 20, n => secrets.Store($"Notifier:Test{n}:Token", "test"));
        var read = Read();
        Assert.All(Enumerable.Range(0, 20), n => Assert.Equal("test", read[$"Notifier:Test{n}:Token"]));
    }

    private IConfigurationRoot Read() => new ConfigurationBuilder().AddJsonFile(Path).Build();
}
