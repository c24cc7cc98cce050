using Notifier.Bot;
using Notifier.Tests.Feeds;
using YamlDotNet.Serialization;

namespace Notifier.Tests.Image;

/// <summary>compose.yaml: what it lets the service do, and that its secrets arrive.</summary>
public sealed class ComposeTests
{
    private static readonly Dictionary<string, object> Compose =
        new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(File.ReadAllText(Path.Combine(Repository.Root, "compose.yaml")));

    private static readonly Dictionary<object, object> Notifier = Map(Map(Compose["services"])["notifier"]);

    [Fact]
    public void The_service_may_do_nothing_that_it_need_not()
    {
        Assert.Equal("true", Notifier["read_only"]);
        Assert.Equal(["ALL"], List(Notifier["cap_drop"]));
        Assert.Equal(["no-new-privileges:true"], List(Notifier["security_opt"]));
        Assert.Equal(["/tmp"], List(Notifier["tmpfs"]));
        Assert.DoesNotContain("privileged", Notifier.Keys);
        Assert.DoesNotContain("cap_add", Notifier.Keys);
        Assert.DoesNotContain("user", Notifier.Keys);
        Assert.DoesNotContain("environment", Notifier.Keys);
    }

    [Fact]
    public void It_comes_back_by_itself_with_its_data()
    {
        Assert.Equal("unless-stopped", Notifier["restart"]);
        var volume = Assert.Single(List(Notifier["volumes"])).Split(':');
        Assert.Contains(volume[0], Map(Compose["volumes"]).Keys);
        Assert.Equal(new DockerRecipe(Repository.Root).Stages[^1].Single(instruction => instruction.Name == "VOLUME").Arguments, volume[1]);
    }

    [Fact]
    public void Its_port_is_for_this_machine_alone()
    {
        var exposed = new DockerRecipe(Repository.Root).Stages[^1].Single(instruction => instruction.Name == "EXPOSE").Arguments;
        Assert.Equal($"127.0.0.1:8080:{exposed}", Assert.Single(List(Notifier["ports"])));
    }

    /// <summary>Each is a file that is not in the repository, and by its name the setting that it is for.</summary>
    [Fact]
    public void Its_secrets_are_files_that_become_tokens()
    {
        using var folder = new Support.TempFolder();
        var secrets = Map(Compose["secrets"]);
        Assert.Equal(secrets.Keys.Cast<string>(), List(Notifier["secrets"]));
        foreach (var (name, secret) in secrets)
        {
            Assert.StartsWith("./secrets/", (string)Map(secret)["file"], StringComparison.Ordinal);
            folder.Write((string)name, $"1:{name}\n");
        }

        using var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager();
        Microsoft.Extensions.Configuration.JsonConfigurationExtensions.AddJsonFile(configuration, Path.Combine(Repository.Root, "appsettings.json"));
        configuration.AddNotifierSources(folder.Path);
        Assert.Equal("1:telegram_token", configuration["Notifier:Telegram:Token"]);
        Assert.Equal("1:discord_token", configuration["Notifier:Discord:Token"]);
        Assert.Equal($"TELEGRAM_TOKEN, {folder.Path}", configuration.SourceOf("Notifier:Telegram:Token"));
        Assert.Contains("/secrets/", File.ReadAllLines(Path.Combine(Repository.Root, ".gitignore")));
    }

    private static Dictionary<object, object> Map(object node) => Assert.IsType<Dictionary<object, object>>(node);

    private static IEnumerable<string> List(object node) => Assert.IsType<List<object>>(node).Cast<string>();
}
