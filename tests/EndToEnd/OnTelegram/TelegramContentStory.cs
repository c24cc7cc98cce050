using System.Net;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>What hostile feeds say arrives on Telegram as what it is: text. The world asserts besides that nobody is pinged and no markup refused.</summary>
public sealed class TelegramContentStory(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeTelegram Telegram => shared.World.Telegram;

    [Fact]
    public async Task D01_D02_D11_Mentions_and_commands_in_a_feed_are_only_text()
    {
        const string Feed = "@durov /ban #tag";
        var home = await ToldAsync(
            Feed,
            ("@everyone @here @durov", "<p>Hi @somebody, /delete 1 or /unsubscribe all or /start@evil_bot</p>"),
            ("/unsubscribe all", "<a href=\"tg://user?id=100000001\">you</a> <tg-spoiler>x</tg-spoiler>"),
            ("<@&1> <@2> <#3>", "mailto:a@b.org +1 555 0100"));

        Assert.Contains("@everyone @here @durov", home.Messages[^3].Plain(), StringComparison.Ordinal);
        Assert.StartsWith("/unsubscribe all", home.Messages[^2].Plain(), StringComparison.Ordinal);
        Assert.All(home.Messages.TakeLast(3), message => Assert.Empty(message.Pings));
        Assert.DoesNotContain(home.Messages.SelectMany(message => message.Entities), entity => entity.Type is "text_mention" or "mention");

        var ann = home.Partner!;
        Assert.Contains(Feed, (await ann.AskAsync(home, "/list", ct: Stop)).Plain(), StringComparison.Ordinal);
        Assert.Contains("@everyone", (await ann.AskAsync(home, "/latest 1", ct: Stop)).Plain(), StringComparison.Ordinal);
        Assert.Contains(Feed, (await ann.AskAsync(home, "/unsubscribe 1", ct: Stop)).Plain(), StringComparison.Ordinal);
        Assert.All(home.Messages.TakeLast(3).SelectMany(message => message.Pings), ping => Assert.Contains(ping, new[] { "/list" }));
    }

    [Fact]
    public async Task D03_D04_Markup_is_shown_and_not_obeyed()
    {
        var home = await ToldAsync(
            "A <b>bold</b> feed & co",
            ("[bank](http://evil) **bold** `code` ||x||", "<p>_a_ *b* ~c~ &lt;b&gt;d&lt;/b&gt; &amp;amp;</p>"),
            ("<a href=\"http://evil\">free</a> <script>alert(1)</script> & <b>x", "<script>alert(1)</script><p>5 < 6 & 7 > 2</p><b>open <i>and never closed"),
            ("</b></a>&lt;&#0;&bogus;", "<blockquote>a<blockquote>b</blockquote></blockquote><pre><code class='x\"y'>c</code></pre>"));

        Assert.StartsWith("[bank](http://evil) **bold** `code` ||x||", home.Messages[^3].Plain(), StringComparison.Ordinal);
        Assert.Contains("_a_ *b* ~c~ <b>d</b> &amp;", home.Messages[^3].Plain(), StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)", home.Messages[^2].Text.Split('\n', 2)[1], StringComparison.Ordinal);
        Assert.All(home.Messages.TakeLast(3), message => Assert.Equal("HTML", message.Raw!["parse_mode"]!.GetValue<string>()));
    }

    [Fact]
    public async Task D05_D06_D07_Endless_empty_and_crooked_entries_arrive()
    {
        var home = await ToldAsync(
            "Odd",
            (new string('T', 100_000), "<p>" + string.Concat(Enumerable.Repeat("<b>word</b> &amp; 👨‍👩‍👧 ", 40_000)) + "</p>"),
            ("", ""),
            ("a\u202Eb\u0007c" + string.Concat(Enumerable.Repeat("\u0301", 50)), "<p>x\u2066y</p>"));

        Assert.InRange(home.Messages[^3].Text.Length, 500, 4096);
        Assert.StartsWith("example.org/0\n", home.Messages[^2].Text, StringComparison.Ordinal);
        Assert.All(home.Messages, message => Platforms.AssertClean(message.Text));
        Assert.InRange(home.Messages[^1].Text.Count(c => c == '\u0301'), 0, 8);
    }

    [Fact]
    public async Task D08_D09_Only_web_addresses_become_links_and_never_with_a_password()
    {
        var home = await ToldAsync(
            "Links",
            ("One", "<a href=\"javascript:alert(1)\">js</a> <a href=\"tg://resolve?domain=x\">tg</a> <a href=\"data:text/html,x\">data</a>"),
            ("Two", "<a href=\"https://user:secret@example.org/x\">with a password</a>"),
            ("Three", $"<a href=\"https://example.org/{new string('x', 5000)}\">long</a> <a href=\"https://example.org/a b\">blank</a>"));

        var links = home.Messages.TakeLast(3).SelectMany(message => message.Entities).Where(entity => entity.Type == "text_link").Select(entity => entity.Url!).ToList();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.StartsWith("https://example.org/", link, StringComparison.Ordinal));
        Assert.All(home.Messages.TakeLast(3), message => Assert.DoesNotContain("secret", message.Html, StringComparison.Ordinal));
    }

    /// <summary>The private chat of somebody who was told these three entries, in this order.</summary>
    private async Task<FakeTelegramChat> ToldAsync(string feed, params (string Title, string Body)[] entries)
    {
        var path = $"/hostile{entries[0].Title.Length}.xml";
        var url = shared.World.Web.Put(path, Rss(feed, [("Entry 01", "first")]));
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        await ann.SubscribeAsync(home, url, Stop);
        var before = home.Messages.Count;
        shared.World.Web.Put(path, Rss(feed, [.. entries.Reverse(), ("Entry 01", "first")]));
        await home.WaitForMessagesAsync(before + entries.Length, ct: Stop);
        return home;
    }

    private static string Rss(string title, IEnumerable<(string Title, string Body)> entries)
    {
        var items = entries.Select(entry =>
            $"<item><title>{Xml(WebUtility.HtmlEncode(entry.Title))}</title><guid isPermaLink=\"false\">{entry.Title.Length}-{entry.Body.Length}</guid><link>https://example.org/{entry.Body.Length}</link><description>{Xml(entry.Body)}</description></item>");
        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>{Xml(WebUtility.HtmlEncode(title))}</title><link>https://example.org/</link>{string.Concat(items)}</channel></rss>";
    }

    private static string Xml(string text) => WebUtility.HtmlEncode(text).Replace("\u0007", "&#7;", StringComparison.Ordinal);
}
