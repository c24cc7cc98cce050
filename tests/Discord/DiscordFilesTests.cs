using Notifier.Bot.Discord;
using Notifier.Bot.Discord.Rest;
using Notifier.Commands;
using Notifier.Tests.Support;
using Notifier.Texts;

namespace Notifier.Tests.Discord;

/// <summary>Whatever address an attachment is said to have, it is fetched from Discord or not at all.</summary>
public sealed class DiscordFilesTests : IAsyncLifetime
{
    private FeedServer _web = null!;
    private string _url = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _web = await FeedServer.StartAsync(Stop);
        _url = _web.Put("/file", "hello");
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task A23_Elsewhere_nothing_is_fetched()
    {
        var port = new Uri(_url).Port;
        string[] foreign = [_url, $"http://localhost:{port}/file", $"http://cdn.discordapp.com@127.0.0.1:{port}/file", $"https://cdn.discordapp.com.evil.test:{port}/", "http://cdn.discordapp.com/file", "file:///etc/passwd", "cdn.discordapp.com/file", ""];
        foreach (var url in foreign)
            Assert.Equal("It is not kept at Discord.", Assert.IsType<FileResult.Failed>(await FetchAsync(new DiscordOptions(), url)).Reason);
        Assert.Equal(0, _web.Requests("/file"));
    }

    [Fact]
    public async Task Where_somebody_else_plays_Discord_files_are_there_as_well()
    {
        var options = new DiscordOptions { ApiUrl = new Uri(new Uri(_url), "/api/v10").AbsoluteUri };
        Assert.Equal("hello"u8.ToArray(), Assert.IsType<FileResult.Fetched>(await FetchAsync(options, _url)).Bytes.ToArray());
        Assert.IsType<FileResult.Failed>(await FetchAsync(options, _url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)));
        Assert.IsType<FileResult.TooLarge>(await FetchAsync(options, _url, limit: 4));
        Assert.Equal("Discord answered 302.", Assert.IsType<FileResult.Failed>(await FetchAsync(options, _web.Redirect("/moved", _url))).Reason);
        Assert.Equal(2, _web.Requests("/file"));
    }

    private static async Task<FileResult> FetchAsync(DiscordOptions options, string url, int limit = 100)
    {
        using var files = new DiscordFiles(options, Catalogue.Load("en"), TimeProvider.System);
        return await files.File(new DiscordAttachment("x", null, url)).Fetch(limit, Stop);
    }
}
