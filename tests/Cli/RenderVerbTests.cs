using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Notifier.Bot;
using Notifier.Bot.Cli;
using Notifier.Tests.Support;

namespace Notifier.Tests.Cli;

/// <summary>What would be sent, printed.</summary>
public sealed class RenderVerbTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_entry_is_a_line_of_what_its_platform_is_sent()
    {
        var feed = _folder.Write("feed.xml", SampleFeed.Rss("Sample & Co", "Zwölf *Sterne*", "First"));
        var discord = await RenderAsync(feed);
        Assert.Equal([@"Zwölf \*Sterne\*", "First"], discord.Select(line => line.GetProperty("embeds")[0].GetProperty("title").GetString()));
        Assert.All(discord, line => Assert.Equal("""{"parse":[]}""", line.GetProperty("allowed_mentions").GetRawText()));

        var telegram = await RenderAsync(feed, "--platform", "telegram", "--style", "compact silent");
        Assert.All(telegram, line => Assert.Equal("HTML", line.GetProperty("parse_mode").GetString()));
        Assert.Contains("Zwölf *Sterne*", telegram[0].GetProperty("text").GetString(), StringComparison.Ordinal);

        Assert.Contains("Zwölf *Sterne*", Assert.Single(await RenderAsync(feed, "--platform", "terminal", "--style", "digest")).GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, (await RenderAsync(feed, "--platform", "web")).Count);
        var custom = await RenderAsync(feed, "--platform", "terminal", "--style", "custom", "--template", "<b>{{ title }}</b> of {{ feed }}");
        Assert.Contains("Zwölf *Sterne* of Sample & Co", custom[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("data")), "Rendering leaves nothing behind.");
    }

    [Theory]
    [InlineData(64, "“paper” is no platform: write discord, telegram, terminal or web.", "--platform", "paper")]
    [InlineData(64, "“big” is no style: write one of card, compact, full, link, digest, custom, after it any of silent, spoiler, noimage.", "--style", "big")]
    [InlineData(64, "The style custom wants --template", "--style", "custom")]
    [InlineData(64, "The template cannot be used: line 1, column 4: there is no “x”", "--style", "custom", "--template", "{{ x }}")]
    public async Task What_cannot_be_rendered_is_said(int code, string why, params string[] switches)
    {
        var refused = await Assert.ThrowsAsync<StopException>(() => RenderAsync(_folder.Write("feed.xml", SampleFeed.Rss("Sample", "One")), switches));
        Assert.Equal(code, refused.ExitCode);
        Assert.StartsWith(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_feed_ends_in_1()
    {
        Assert.EndsWith("is no feed.", (await Assert.ThrowsAsync<StopException>(() => RenderAsync(_folder.Write("x.txt", "No feed.")))).Message, StringComparison.Ordinal);
        Assert.Equal(1, (await Assert.ThrowsAsync<StopException>(() => RenderAsync(_folder.File("missing.xml")))).ExitCode);
    }

    private async Task<List<JsonElement>> RenderAsync(string file, params string[] switches)
    {
        var arguments = CommandArguments.Read(["render", file, .. switches, $"--ConnectionStrings:Notifier={_folder.File("data/notifier.db")}"], Verbs.All);
        await using var app = NotifierApp.Build(arguments);
        var output = new StringWriter();
        Assert.Equal(0, await ActivatorUtilities.CreateInstance<RenderVerb>(app.Services).RunAsync(arguments, output, TestContext.Current.CancellationToken));
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
