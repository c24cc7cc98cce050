using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Subscriptions;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Subscriptions;

/// <summary>The list of a chat's feeds: whole, and for nobody else.</summary>
public sealed class ExportCommandTests : IAsyncDisposable
{
    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "a \" b ' c & d", "]]> <!-- -->", "../../etc/passwd", "C:\\Windows\\x", "&#0; &lt; &nbsp;", "\u202Edesrever\u202C", "𝄞 ☃ 日本語 e\u0301", "tab\tand\nline", "@everyone /start",
    ];

    private readonly FrontDoor _door = new(new Notifier.Commands.CommandOptions { SubscriptionsPerChat = 1000 });

    private Desk Desk => _door.Desk;

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task Two_hundred_subscriptions_are_the_same_in_another_chat_of_another_Notifier()
    {
        await Desk.Storage.Writer.RunAsync(
            db =>
            {
                var chat = db.FindOrAddChat(new ChatAddress("fake", "a"), Desk.Now);
                chat.Title = "The “harbour” & its <boats>";
                for (var n = 0; n < 200; n++)
                {
                    var feed = Subscribing.FindOrAddFeed(db, new Uri(string.Create(CultureInfo.InvariantCulture, $"https://feed{n}.test/{n}?a=1&b=%22{n}")), $"{Hostile[n % Hostile.Length]} {n}", Desk.Now);
                    feed.Site = n % 3 == 0 ? "javascript:alert(1)" : $"https://feed{n}.test/";
                    var made = Subscribing.Add(db, chat, feed, "@ann", Desk.Now)!;
                    made.Filter = n % 2 == 0 ? $"title:\"<{Hostile[n % Hostile.Length].ReplaceLineEndings(" ").Replace('\t', ' ')}>\" -/x{n}{{1,2}}/" : null;
                    made.Cron = n % 3 == 0 ? $"{n % 60} 9 * * MON-FRI" : null;
                    made.Style = n % 4 == 0 ? "compact" : null;
                    made.Template = n % 5 == 0 ? $"{{{{ title }}}}\n\t<{n}> & “{{{{ link }}}}”\r\n" : null;
                    made.PausedSince = n % 7 == 0 ? Desk.Now : null;
                    db.SaveChanges();
                }
            },
            Desk.Token);
        var before = await Desk.HasAsync("a");
        Assert.Equal(200, before.Count);

        var file = await FileAsync("a");
        await using var elsewhere = new FrontDoor(new Notifier.Commands.CommandOptions { SubscriptionsPerChat = 200 });
        Assert.StartsWith("From my list.opml:\n200 feeds were added.", await elsewhere.ImportAsync(Encoding.UTF8.GetString(file.Content.Span), "elsewhere"), StringComparison.Ordinal);
        Assert.Equal(before, await elsewhere.Desk.HasAsync("elsewhere"));
        var again = await elsewhere.SendAsync(elsewhere.AdminLine("/export", "elsewhere") with { IsConfidential = true });
        Assert.Equal(Outlines(file, site: false), Outlines(again!.File!, site: false));
        Assert.DoesNotContain("javascript", Encoding.UTF8.GetString(file.Content.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_called_the_same_whatever_the_chat_is_called()
    {
        await Desk.SubscribeAsync(new Uri("http://ant.test/"), "a");
        await Desk.ChangeChatAsync("a", chat => chat.Title = "../../\0etc\\passwd");

        var file = await FileAsync("a");
        Assert.Equal(("notifier-feeds.opml", "text/x-opml"), (file.Name, file.MediaType));
        Assert.Equal("Feeds of ../../etc\\passwd", XDocument.Parse(Encoding.UTF8.GetString(file.Content.Span)).Descendants("title").Single().Value);
    }

    [Fact]
    public async Task A_chats_own_settings_are_no_part_of_it()
    {
        await Desk.SubscribeAsync(new Uri("http://ant.test/"), "a");
        await Desk.ChangeChatAsync("a", chat => (chat.Zone, chat.QuietFrom, chat.QuietUntil) = ("Europe/Berlin", 77, 88));

        var text = Encoding.UTF8.GetString((await FileAsync("a")).Content.Span);
        Assert.DoesNotContain("Berlin", text, StringComparison.Ordinal);
        Assert.DoesNotContain("quiet", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Where_others_read_along_addresses_that_may_have_a_key_in_them_are_kept_back()
    {
        Assert.StartsWith("This chat has no feeds yet.", await _door.AskAsync("/export"), StringComparison.Ordinal);
        await Desk.SubscribeAsync(new Uri("http://ant.test/"), "a");
        Assert.Equal("The feed of this chat, for /import or any feed reader.", await _door.AskAsync("/export"));
        await Desk.SubscribeAsync(new Uri("http://bee.test/?key=hunter2"), "a");

        var kept = await _door.SendAsync(_door.AdminLine("/export"));
        Assert.Equal("Some of the addresses may have a key in them, and others read along here. Ask me in private: /export chat:fake:a", Spans.Text(kept!.Text));
        Assert.Null(kept.File);
        Assert.Equal(["http://ant.test/", "http://bee.test/?key=hunter2"], Outlines(await FileAsync("a"), site: false).Select(outline => outline["xmlUrl"]));
    }

    [Fact]
    public async Task What_has_ended_is_no_part_of_it()
    {
        await Desk.SubscribeAsync(new Uri("http://ant.test/"), "a");
        await Desk.SubscribeAsync(new Uri("http://bee.test/"), "a");
        await _door.AskAsync("/unsubscribe 1");

        Assert.Equal(["http://bee.test/"], Outlines(await FileAsync("a"), site: false).Select(outline => outline["xmlUrl"]));
    }

    private static List<Dictionary<string, string>> Outlines(MessageFile file, bool site) =>
        [.. XDocument.Parse(Encoding.UTF8.GetString(file.Content.Span)).Descendants("outline").Select(outline => outline.Attributes().Where(a => site || a.Name != "htmlUrl").ToDictionary(a => a.Name.LocalName, a => a.Value))];

    private async Task<MessageFile> FileAsync(string chat) => (await _door.SendAsync(_door.AdminLine("/export", chat) with { IsConfidential = true }))!.File!;
}
