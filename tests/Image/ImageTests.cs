using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Notifier.Bot.Cli;
using Notifier.Tests.Feeds;
using Notifier.Tests.Support;

namespace Notifier.Tests.Image;

/// <summary>The Dockerfile, read and carried out without a container engine.</summary>
public sealed class ImageTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DockerRecipe _recipe = new(Repository.Root);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private List<Instruction> Build => _recipe.Stages[0];

    private List<Instruction> Final => _recipe.Stages[^1];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_copied_is_there_and_in_the_context()
    {
        var copied = Build.Where(instruction => instruction.Name == "COPY").SelectMany(copy => copy.Words.SkipLast(1)).ToList();
        Assert.Contains("core", copied);
        Assert.All(copied, path => Assert.True(_recipe.Files(path).Count > 0, path));
        Assert.All(copied.Except(["core", "bot"], StringComparer.Ordinal), path => Assert.True(File.Exists(Path.Combine(Repository.Root, path)), path));
    }

    [Theory]
    [InlineData("core/Core.cs", true)]
    [InlineData("core/Texts/en.json", true)]
    [InlineData(".editorconfig", true)]
    [InlineData("bot/bin/Notifier.dll", false)]
    [InlineData("core/obj/project.assets.json", false)]
    [InlineData("tests/run", false)]
    [InlineData("data/notifier.db", false)]
    [InlineData("data/secrets.json", false)]
    [InlineData("secrets/telegram_token", false)]
    [InlineData("artifacts/bin/x.dll", false)]
    [InlineData("appsettings.Production.json", false)]
    [InlineData(".git/config", false)]
    public void The_context_has_the_sources_and_no_secrets(string path, bool isIn) => Assert.Equal(isIn, _recipe.IsInContext(path));

    [Fact]
    public void Its_images_are_of_the_version_that_the_program_is_for()
    {
        var target = Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props")), @"<TargetFramework>net(\d+\.\d+)</TargetFramework>").Groups[1].Value;
        using var global = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "global.json")));
        Assert.StartsWith(target + ".", global.RootElement.GetProperty("sdk").GetProperty("version").GetString(), StringComparison.Ordinal);
        var images = _recipe.Stages.Select(stage => stage[0].Words[0]).ToList();
        Assert.Equal([$"mcr.microsoft.com/dotnet/sdk:{target}-noble", $"mcr.microsoft.com/dotnet/aspnet:{target}-noble-chiseled-extra"], images);
        Assert.Contains(images[^1], Last("LABEL"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_runs_as_nobody_in_particular_who_owns_the_data()
    {
        var user = Last("USER");
        Assert.True(int.Parse(user, CultureInfo.InvariantCulture) > 0);
        var data = Last("VOLUME");
        Assert.Contains(Final, instruction => instruction.Name == "COPY" && instruction.Words[^1] == data && instruction.Switch("chown") == $"{user}:{user}" && instruction.Switch("from") == "build");
        Assert.Equal(data, Environment()["NOTIFIER_DATA"]);
    }

    [Fact]
    public void It_starts_the_program_and_asks_it_by_a_verb_that_there_is()
    {
        Assert.Equal("""["dotnet", "Notifier.dll"]""", Last("ENTRYPOINT"));
        var check = Regex.Match(Last("HEALTHCHECK"), """CMD \["dotnet", "Notifier.dll", "(\w+)"\]$""");
        Assert.True(check.Success);
        Assert.Contains(check.Groups[1].Value, Verbs.All.Keys);

        // A published port is reached from outside, so loopback would not do.
        var url = new Uri(Environment()["Notifier__Web__Url"]);
        Assert.Equal((IPAddress.Any.ToString(), Last("EXPOSE")), (url.Host, url.Port.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Carries out the first stage in a folder, as the engine would, then starts what came of it with the second one's variables.</summary>
    [Fact]
    public async Task What_it_builds_starts()
    {
        foreach (var step in Build)
        {
            if (step.Name == "COPY")
                Copy(step);
            else if (step.Name == "RUN")
                await RunAsync(step);
        }

        var program = _folder.File("app/Notifier.dll");
        Assert.True(Directory.Exists(_folder.File("data")));
        Assert.True(File.Exists(_folder.File("app/appsettings.json")));
        var (code, output, errors) = await ProgramAsync(program, FreePort(), "version");
        Assert.Equal((0, ""), (code, errors));
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", output);

        var port = FreePort();
        (code, output, errors) = await ProgramAsync(program, port, "healthcheck");
        Assert.Equal((1, "", $"notifier: Notifier does not answer at http://127.0.0.1:{port}/health/live: nothing listens there.\n"), (code, output, errors));
        (code, output, errors) = await ProgramAsync(program, port, "doctor");
        Assert.Equal((0, ""), (code, errors));

        await using var service = NotifierProcess.Start(_folder.File("data"), [], With(FreePort()), program);
        service.EndInput();
        await service.WaitForAsync("No platform is set up", Stop);
        Assert.True(File.Exists(_folder.File("data/notifier.db")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Last(string name) => Final.Last(instruction => instruction.Name == name).Arguments;

    private Dictionary<string, string> Environment() =>
        Final.Where(instruction => instruction.Name == "ENV").SelectMany(env => env.Words).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    /// <summary>The image's variables, but on a port that is free here, and with the data in our folder.</summary>
    private Dictionary<string, string> With(int port) => new(Environment(), StringComparer.Ordinal)
    {
        ["Notifier__Web__Url"] = $"http://0.0.0.0:{port}",
        ["NOTIFIER_DATA"] = _folder.File("data"),
    };

    private async Task<(int Code, string Output, string Errors)> ProgramAsync(string program, int port, string verb)
    {
        await using var process = NotifierProcess.Start(null, [verb], With(port), program);
        process.EndInput();
        return (await process.ExitCodeAsync(TimeSpan.FromSeconds(30), Stop), process.Output.Text, process.Errors.Text);
    }

    private void Copy(Instruction copy)
    {
        var to = copy.Words[^1];
        foreach (var from in copy.Words.SkipLast(1))
        {
            foreach (var file in _recipe.Files(from))
            {
                var inside = Directory.Exists(Path.Combine(Repository.Root, from)) ? Path.GetRelativePath(from, file) : Path.GetFileName(file);
                var target = Path.Combine(_folder.File("src"), to, inside);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(Path.Combine(Repository.Root, file), target, overwrite: true);
            }
        }
    }

    private async Task RunAsync(Instruction run)
    {
        // Its roots are our folder's; and beside other tests it should take only what they leave.
        var line = Regex.Replace(run.Arguments, @"(?<= )/(?=(app|data)\b)", _folder.Path + "/");
        var start = new ProcessStartInfo("nice", ["bash", "-c", line])
        {
            WorkingDirectory = _folder.File("src"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in new[] { ("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false"), ("RunAnalyzers", "false"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"), ("DOTNET_NOLOGO", "1") })
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var errors = process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        var said = await output + await errors;

        // NU1301: nobody answers where packages come from, and some are not on this machine.
        Assert.SkipWhen(said.Contains("NU1301", StringComparison.Ordinal), "The packages of the image cannot be restored without a network.");
        Assert.True(process.ExitCode == 0, $"{line}\n{said}");
    }
}
