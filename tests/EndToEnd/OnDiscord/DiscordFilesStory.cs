using System.Text;
using System.Xml.Linq;
using Notifier.Tests.Subscriptions;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>Lists of feeds come to Discord's channels as attachments of a command, and leave them in answers that only the asker sees.</summary>
public sealed class DiscordFilesStory(DiscordWorld world) : IClassFixture<DiscordWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_that_is_attached_is_imported_and_comes_back_by_export()
    {
        var town = world.Found("Lists");
        var said = await town.AskAsync("import", ("file", File(town.Publish("Tin", "One"), town.Publish("Tan", "One") + "?key=hunter2")));
        Assert.StartsWith("From my\\_list.opml:\n", said.ShownText, StringComparison.Ordinal);
        Assert.Contains("2 feeds were added.", said.ShownText, StringComparison.Ordinal);

        await town.PolledAsync("Tin");
        town.Publish("Tin", "Two", "One");
        Assert.Equal(["Two"], Town.Titles(await town.Channel.WaitForMessagesAsync(1, ct: Stop)));

        var sent = await town.AskAsync("export");
        Assert.Equal("The 2 feeds of this chat, for /import or any feed reader.", sent.ShownText);
        var file = Assert.Single(sent.Files);
        Assert.Equal(("notifier-feeds.opml", "files[0]", "text/x-opml"), (file.Name, file.Part, file.ContentType));
        Assert.Equal([world.Web.Url(town.Path("Tin")), world.Web.Url(town.Path("Tan")) + "?key=hunter2"], Addresses(file));

        Assert.Contains("2 were here already and are left as they were.", (await town.AskAsync("import", ("file", file))).ShownText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thread_and_another_channel_have_lists_of_their_own()
    {
        var town = world.Found("Rooms");
        var thread = town.Channel.AddThread("a thread");
        Assert.Contains("One feed was added.", (await town.Ann.AskAsync(thread, "import", ("file", File(town.Publish("Thread news", "One"))))).ShownText, StringComparison.Ordinal);
        Assert.Equal([world.Web.Url(town.Path("Thread news"))], Addresses(Assert.Single((await town.Ann.AskAsync(thread, "export")).Files)));
        Assert.StartsWith("This chat has no feeds yet.", (await town.AskAsync("export")).ShownText, StringComparison.Ordinal);

        var hall = town.Guild.AddChannel("hall");
        Assert.Contains("One feed was added.", (await town.AskAsync("import", ("file", File(town.Publish("Hall news", "One"))), ("chat", hall))).ShownText, StringComparison.Ordinal);
        Assert.Equal([world.Web.Url(town.Path("Hall news"))], Addresses(Assert.Single((await town.AskAsync("export", ("chat", hall))).Files)));
        Assert.StartsWith("This chat has no feeds yet.", (await town.AskAsync("list")).ShownText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_large_or_no_list_or_gone_is_told()
    {
        const string TooLarge = "That list is larger than 1024 KiB, and more is not read here. Split it.";
        var town = world.Found("Mistakes");
        var large = new DiscordUpload("big.opml", Encoding.UTF8.GetBytes(OpmlDesk.Opml(OpmlDesk.Outlines(1)) + new string(' ', 3 << 20)));
        await town.SaysAsync(TooLarge, "import", ("file", large));
        await town.SaysAsync(TooLarge, "import", ("file", (large, 100)));
        world.Discord.Files.HidesLength = true;
        await town.SaysAsync(TooLarge, "import", ("file", (large, 100)));
        world.Discord.Files.HidesLength = false;
        await town.SaysAsync("notes.txt cannot be imported. The OPML document is broken at line 1, column 1.", "import", ("file", new DiscordUpload("notes.txt", "hello"u8.ToArray())));
        await town.SaysAsync("Attach an OPML file to /import, answer a message that has one with it, or give the address of an OPML list.", "import");
        world.Discord.Files.IsGone = true;
        await town.SaysAsync("I could not get the file. Discord answered 404.", "import", ("file", File("https://a.test/")));
        world.Discord.Files.IsGone = false;
        Assert.StartsWith("This chat has no feeds yet.", (await town.AskAsync("list")).ShownText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_configure_is_not_offered_the_commands()
    {
        var town = world.Found("Members");
        await Assert.ThrowsAsync<NotOfferedException>(() => town.Bob.CommandAsync(town.Channel, "import", ("file", File("https://a.test/"))));
        await Assert.ThrowsAsync<NotOfferedException>(() => town.Bob.CommandAsync(town.Channel, "export"));
    }

    [Fact]
    public async Task In_a_private_chat_it_is_the_same()
    {
        var town = world.Found("Home");
        var home = town.Bob.OpenDm();
        Assert.Contains("One feed was added.", (await town.Bob.AskAsync(home, "import", ("file", File(town.Publish("Home news", "One"))))).ShownText, StringComparison.Ordinal);
        Assert.Equal([world.Web.Url(town.Path("Home news"))], Addresses(Assert.Single((await town.Bob.AskAsync(home, "export")).Files)));
    }

    private static DiscordUpload File(params IEnumerable<string> urls) => new("my list.opml", Encoding.UTF8.GetBytes(OpmlDesk.Opml(urls.Select(OpmlDesk.Outline))));

    private static IEnumerable<string> Addresses(DiscordUpload file) => XDocument.Parse(Encoding.UTF8.GetString(file.Content)).Descendants("outline").Select(outline => outline.Attribute("xmlUrl")!.Value);
}
