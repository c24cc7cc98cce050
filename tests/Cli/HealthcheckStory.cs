using System.Net;
using System.Net.Sockets;
using Notifier.Tests.Support;

namespace Notifier.Tests.Cli;

/// <summary>What a container's engine asks every half minute.</summary>
public sealed class HealthcheckStory : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("localhost")]
    public async Task A_service_that_answers_lives(string host)
    {
        await using var web = await FeedServer.StartAsync(Stop);
        web.Put("/health/live", "ok", "text/plain");
        var port = new Uri(web.Url("/")).Port;
        var ended = await AskAsync($"http://{host}:{port}");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Matches($"^Notifier lives: http://(127.0.0.1|localhost):{port}/health/live answers\n$", ended.Output);
        Assert.Equal(1, web.Requests("/health/live"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task One_that_is_not_there_does_not()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await FailsAsync($"http://127.0.0.1:{port}", $"Notifier does not answer at http://127.0.0.1:{port}/health/live: nothing listens there.");
    }

    [Fact]
    public async Task Another_program_at_its_address_is_not_taken_for_it()
    {
        await using var web = await FeedServer.StartAsync(Stop);
        var url = web.Url("/").TrimEnd('/');
        await FailsAsync(url, $"Notifier does not answer at {url}/health/live: it answers 404.");
        web.Put("/health/live", "<h1>Welcome!</h1>", "text/html");
        await FailsAsync(url, $"Notifier does not answer at {url}/health/live: something else than Notifier answers.");
    }

    [Fact]
    public async Task Silence_is_not_waited_for()
    {
        await using var web = await FeedServer.StartAsync(Stop);
        web.Hold("/health/live");
        var url = web.Url("/").TrimEnd('/');
        await FailsAsync(url, $"Notifier does not answer at {url}/health/live: no answer within 4 seconds.");
    }

    [Fact]
    public Task A_port_left_to_chance_is_not_guessed() =>
        FailsAsync("http://127.0.0.1:0", "Notifier:Web:Url leaves the port to chance, so the service cannot be asked. Give it a port.");

    [Fact]
    public async Task A_wrong_setting_elsewhere_does_not_matter()
    {
        await using var web = await FeedServer.StartAsync(Stop);
        web.Put("/health/live", "ok", "text/plain");
        Assert.Equal(0, (await NotifierProcess.RunAsync(_folder.Path, ["healthcheck", $"--Notifier:Web:Url={web.Url("/")}", "--Notifier:Polling:Flor=1"], Stop)).ExitCode);
    }

    private Task<Finished> AskAsync(string url) => NotifierProcess.RunAsync(_folder.Path, ["healthcheck", $"--Notifier:Web:Url={url}"], Stop);

    private async Task FailsAsync(string url, string said)
    {
        var ended = await AskAsync(url);
        Assert.Equal((1, "", $"notifier: {said}\n"), (ended.ExitCode, ended.Output, ended.Errors));
    }
}
