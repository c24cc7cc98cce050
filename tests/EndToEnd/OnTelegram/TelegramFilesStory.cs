using System.Text;
using System.Xml.Linq;
using Notifier.Tests.Subscriptions;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>Lists of feeds come to Telegram's chats as documents, and leave them so.</summary>
public sealed class TelegramFilesStory(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeTelegram Telegram => shared.World.Telegram;

    private FeedServer Web => shared.World.Web;

    [Fact]
    public async Task A_list_that_is_attached_is_imported_and_comes_back_by_export()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var said = await SendAsync(ann, home, "/import", File(List(Web.Publish("/tin.xml", 1), Web.Publish("/tan.xml", 1))));
        Assert.StartsWith("From my list.opml:\n\n• 2 feeds were added.", said.Plain(), StringComparison.Ordinal);

        await Web.PolledAsync("/tin.xml", Stop);
        Web.Publish("/tin.xml", 2);
        await home.ToldAsync("Entry 02", Stop);
        Assert.Equal(["Entry 02"], home.Told());

        var sent = await ann.AskAsync(home, "/export", ct: Stop);
        Assert.Equal("The 2 feeds of this chat, for /import or any feed reader.", sent.Plain());
        Assert.Equal(("notifier-feeds.opml", "text/x-opml"), (sent.File!.Name, sent.File.MediaType));
        Assert.Equal([Web.Url("/tin.xml"), Web.Url("/tan.xml")], Addresses(sent.File));

        // What was sent is taken again, by an answer to it.
        var again = ann.Say(home, "/import", replyTo: sent);
        Assert.Equal("From notifier-feeds.opml:\n\n• 0 feeds were added. What comes from now on is told here; the first poll only looks what there is.\n• 2 were here already and are left as they were.", (await AfterAsync(home, again)).Plain());
    }

    [Fact]
    public async Task In_a_topic_somebody_answers_the_file_with_the_command()
    {
        var (ann, bob) = (Telegram.AddUser("Ann"), Telegram.AddUser("Bob"));
        var forum = await Telegram.GroupAsync("Forum", ann, Stop, isForum: true);
        forum.Join(bob);
        var topic = forum.AddTopic("News", ann);

        var file = bob.Say(forum, "look what I found", topic, file: File(List(Web.Publish("/topic.xml", 1))));
        Assert.Equal("Only an administrator of this chat can use /import. Ask one of them.", (await AfterAsync(forum, bob.Say(forum, "/import", topic, file))).Plain());
        var said = await AfterAsync(forum, ann.Say(forum, "/import", topic, file));
        Assert.StartsWith("From my list.opml:\n\n• One feed was added.", said.Plain(), StringComparison.Ordinal);
        Assert.Same(topic, said.Topic);

        var sent = await ann.AskAsync(forum, "/export", topic, ct: Stop);
        Assert.Same(topic, sent.Topic);
        Assert.Equal("/export", sent.ReplyTo!.Text);
        Assert.Equal([Web.Url("/topic.xml")], Addresses(sent.File!));
        Assert.StartsWith("This chat has no feeds yet.", (await ann.AskAsync(forum, "/export", ct: Stop)).Plain(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_with_a_key_in_it_leaves_a_group_only_in_private()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var group = await Telegram.GroupAsync("Family", ann, Stop);
        var said = await SendAsync(ann, home, $"/import {group.Id}", File(List(Web.Publish("/key.xml", 1) + "?key=hunter2")));
        Assert.Contains("One feed was added.", said.Plain(), StringComparison.Ordinal);

        Assert.Equal(
            $"Some of the addresses may have a key in them, and others read along here. Ask me in private: /export chat:telegram:{group.Id}",
            (await ann.AskAsync(group, "/export", ct: Stop)).Plain());
        Assert.Equal([Web.Url("/key.xml") + "?key=hunter2"], Addresses((await ann.AskAsync(home, $"/export chat:telegram:{group.Id}", ct: Stop)).File!));
    }

    [Fact]
    public async Task What_is_too_large_or_no_list_or_gone_is_told()
    {
        const string TooLarge = "That list is larger than 1024 KiB, and more is not read here. Split it.";
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var large = Encoding.UTF8.GetBytes(OpmlDesk.Opml(OpmlDesk.Outlines(1)) + new string(' ', 3 << 20));

        var asked = Telegram.Used.GetValueOrDefault("getFile");
        Assert.Equal(TooLarge, (await SendAsync(ann, home, "/import", new("big.opml", large))).Plain());
        Assert.Equal(asked, Telegram.Used.GetValueOrDefault("getFile"));
        Assert.Equal(TooLarge, (await SendAsync(ann, home, "/import", new("liar.opml", large, ToldSize: 100))).Plain());
        Assert.Equal(
            "../../notes.txt cannot be imported. The OPML document is broken at line 1, column 1.",
            (await SendAsync(ann, home, "/import", new("../../notes.txt", "hello"u8.ToArray()))).Plain());
        Assert.Equal("I could not get the file. Telegram does not give it: HTTP 404", (await SendAsync(ann, home, "/import", new("gone.opml", "x"u8.ToArray()) { IsGone = true })).Plain());
        Telegram.Next("getFile", new Fault.DropBefore());
        Assert.Equal("I could not get the file. The connection to Telegram's files broke, or was too slow.", (await SendAsync(ann, home, "/import", File(List("https://a.test/")))).Plain());
        Telegram.Next("getFile", new Fault.Refuse(400, "Bad Request: file is temporarily unavailable"));
        Assert.Equal("I could not get the file. Telegram does not give it: Bad Request: file is temporarily unavailable", (await SendAsync(ann, home, "/import", File(List("https://a.test/")))).Plain());
        Assert.StartsWith("Attach an OPML file to /import, answer a message that has one with it", (await ann.AskAsync(home, "/import", ct: Stop)).Plain(), StringComparison.Ordinal);
        Assert.StartsWith("This chat has no feeds yet.", (await ann.AskAsync(home, "/list", ct: Stop)).Plain(), StringComparison.Ordinal);
        Assert.DoesNotContain(Telegram.Token, shared.World.Notifier.Everything(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task E03_A_file_that_is_forwarded_or_says_nothing_is_left_alone()
    {
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        var (bob, _) = await Telegram.SomebodyAsync("Bob", Stop);
        ann.Say(home, "", file: File(List("https://a.test/")));
        var original = bob.Say(bob.PrivateChat!, "/import", file: File(List("https://b.test/")));
        ann.Forward(home, original);

        Assert.StartsWith("This chat has no feeds yet.", (await ann.AskAsync(home, "/list", ct: Stop)).Plain(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F12_What_a_kill_interrupted_is_taken_up_and_answered_once()
    {
        await using var world = await PlatformWorld.StartAsync();
        var (ann, home) = await world.Telegram.SomebodyAsync("Ann", Stop);
        var never = new TaskCompletionSource();
        world.Telegram.Next("getFile", new Fault.Hang(never.Task));
        var said = ann.Say(home, "/import", file: File(List(world.Web.Publish("/a.xml", 1), world.Web.Publish("/b.xml", 1))));
        await world.Telegram.WaitForRequestsAsync("getFile", ct: Stop);
        await world.KillAndRestartAsync();

        Assert.StartsWith("From my list.opml:\n\n• 2 feeds were added.", (await AfterAsync(home, said)).Plain(), StringComparison.Ordinal);
        Assert.StartsWith("2 feeds in this chat:", (await ann.AskAsync(home, "/list", ct: Stop)).Plain(), StringComparison.Ordinal);
        Assert.Equal(1, await world.QueryAsync<long>("SELECT COUNT(*) FROM AuditLines WHERE Command='import'"));
        Assert.Equal(2, world.Telegram.Used["getFile"]);
        never.SetResult();
    }

    private static FakeTelegramFile File(string list) => new("my list.opml", Encoding.UTF8.GetBytes(list));

    private static string List(params IEnumerable<string> urls) => OpmlDesk.Opml(urls.Select(OpmlDesk.Outline));

    private static Task<FakeTelegramMessage> SendAsync(FakeTelegramUser who, FakeTelegramChat chat, string caption, FakeTelegramFile file) => AfterAsync(chat, who.Say(chat, caption, file: file));

    private static Task<FakeTelegramMessage> AfterAsync(FakeTelegramChat chat, FakeTelegramMessage said) => chat.WaitForMessageAsync(message => message.Id > said.Id, ct: Stop);

    private static IEnumerable<string> Addresses(FakeTelegramFile file) => XDocument.Parse(Encoding.UTF8.GetString(file.Content)).Descendants("outline").Select(outline => outline.Attribute("xmlUrl")!.Value);
}
