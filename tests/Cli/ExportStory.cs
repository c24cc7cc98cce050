using System.Xml.Linq;
using Notifier.Tests.Subscriptions;
using Notifier.Tests.Support;

namespace Notifier.Tests.Cli;

/// <summary>The feeds of a chat leave by one verb and come in by another.</summary>
public sealed class ExportStory : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_imported_is_exported_and_comes_to_another_chat_as_it_was()
    {
        var list = _folder.Write("list.opml", OpmlDesk.Opml(
            OpmlDesk.Outline("https://b.test/?key=1") + " notifier:filter=\"-&quot;a &lt; b&quot;\" notifier:schedule=\"0 9 * * *\"",
            OpmlDesk.Outline("https://a.test/") + " notifier:style=\"compact\" notifier:paused=\"true\"",
            OpmlDesk.Outline("https://c.test/") + " notifier:schedule=\"never\""));
        var imported = await RunAsync("import", list, "--chat", "terminal:local");
        Assert.Equal((0, "3 feeds added, 0 known before, 0 not taken, for terminal:local"), (imported.ExitCode, imported.Output.TrimEnd()));
        Assert.StartsWith("not whole: https://c.test/: Its schedule was left out. I do not understand “never” as a time.", imported.Errors, StringComparison.Ordinal);

        var first = await RunAsync("export", "--chat", "terminal:local");
        Assert.Equal((0, ""), (first.ExitCode, first.Errors));
        Assert.Equal(["https://b.test/?key=1", "https://a.test/", "https://c.test/"], XDocument.Parse(first.Output).Descendants("outline").Select(outline => outline.Attribute("xmlUrl")!.Value));

        Assert.Equal(0, (await RunAsync("import", _folder.Write("again.opml", first.Output), "--chat", "telegram:-100123/45")).ExitCode);
        var second = await RunAsync("export", "--chat=telegram:-100123/45");
        Assert.Equal(Body(first), Body(second));

        static string Body(Finished exported) => XDocument.Parse(exported.Output).Root!.Element("body")!.ToString();
    }

    [Fact]
    public async Task It_reads_beside_the_running_service()
    {
        await RunAsync("import", _folder.Write("list.opml", OpmlDesk.Opml(OpmlDesk.Outlines(3))), "--chat", "terminal:local");
        await using var service = NotifierProcess.Serve(Data);
        await service.ReadyAsync(Stop);

        var exported = await RunAsync("export", "--chat", "terminal:local");
        Assert.Equal((0, ""), (exported.ExitCode, exported.Errors));
        Assert.Equal(3, XDocument.Parse(exported.Output).Descendants("outline").Count());
        Assert.Contains("3 feeds in this chat:", await service.AskAsync("/list", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_Terminal_the_list_is_printed_as_it_is()
    {
        await RunAsync("import", _folder.Write("list.opml", OpmlDesk.Opml(OpmlDesk.Outline("https://a.test/" + new string('x', 200) + "?key=1"))), "--chat", "terminal:local");
        await using var service = NotifierProcess.Serve(Data);
        await service.ReadyAsync(Stop);

        var said = await service.AskAsync("/export", Stop);
        Assert.Contains("notifier export --chat terminal:local > notifier-feeds.opml", RunningNotifier.OneLine(said), StringComparison.Ordinal);
        var document = XDocument.Parse(said[said.IndexOf("<?xml", StringComparison.Ordinal)..]);
        Assert.Equal("https://a.test/" + new string('x', 200) + "?key=1", document.Descendants("outline").Single().Attribute("xmlUrl")!.Value);
    }

    [Fact]
    public async Task It_says_what_is_wrong_and_which_chats_there_are()
    {
        await FailsAsync(64, "export wants a chat: export --chat terminal:local", "export");
        await FailsAsync(64, "export wants a chat: export --chat terminal:local", "export", "terminal:local", "--chat", "terminal:local");
        await FailsAsync(64, "“living room” is not a chat: write platform:id or platform:id/thread, for example terminal:local.", "export", "--chat", "living room");
        await FailsAsync(69, $"There is no database {Path.Combine(Data, "notifier.db")}. The service makes it at its first start; if there was one, let NOTIFIER_DATA or ConnectionStrings:Notifier lead to it.", "export", "--chat", "terminal:local");
        Assert.False(Directory.Exists(Data), "Looking leaves nothing behind.");

        var list = _folder.Write("list.opml", OpmlDesk.Opml(OpmlDesk.Outlines(1)));
        await RunAsync("import", list, "--chat", "terminal:local");
        await FailsAsync(1, "There is no chat discord:1 here. There is: terminal:local.", "export", "--chat", "discord:1");
        await RunAsync("import", list, "--chat", "telegram:-100123/45");
        await FailsAsync(1, "There is no chat discord:1 here. There are: terminal:local, telegram:-100123/45.", "export", "--chat", "discord:1");
    }

    private Task<Finished> RunAsync(params IEnumerable<string> arguments) => NotifierProcess.RunAsync(Data, arguments, Stop);

    private async Task FailsAsync(int exitCode, string said, params IEnumerable<string> arguments)
    {
        var ended = await RunAsync(arguments);
        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Output));
        Assert.Equal("notifier: " + said, ended.Errors.TrimEnd());
    }
}
