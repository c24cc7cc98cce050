using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Notifier.Bot.Discord.Messages;
using Notifier.Bot.Telegram.Messages;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Texts;

namespace Notifier.Bench.Sheet;

/// <summary>
/// A page that shows entries of real feeds as Discord and Telegram would: one card beside the other, to be looked at. The clients are imitated from the bytes that would be
/// sent, so that what looks wrong there is wrong in the message; pictures are named, not loaded.
/// </summary>
internal static class ContactSheet
{
    public static int Run(string[] typed)
    {
        var given = new Arguments(typed, "--filter", "--entries", "--style", "--from");
        if (given.Words is not [var folder, var page] || Look.Read(given.Text("--style") ?? "card") is not { } look)
        {
            Console.Error.WriteLine("usage: sheet FOLDER PAGE.html [--filter realworld-*] [--entries 200] [--from 0] [--style card]");
            return 64;
        }

        var texts = Catalogue.Load("en");
        var messages = new EntryMessages(new EntryFormatter(texts), new ListMessages(new EntryFormatter(texts), texts), texts, TimeProvider.System);
        var telegram = new TelegramMessages(new HashSet<string>(StringComparer.Ordinal));
        var html = new StringBuilder(Head);
        var number = 0;
        foreach (var (feed, entry, file) in Entries(folder, given.Text("--filter") ?? "*").Skip(given.Number("--from", 0)).Take(given.Number("--entries", 200)))
        {
            var message = messages.Of(entry, feed, look, "<b>{{ title }}</b><br>{{ excerpt }}", "UTC", out _);
            html.Append(CultureInfo.InvariantCulture, $"<section><h2>{++number} {WebUtility.HtmlEncode(file)}</h2><div class=discord>");
            DiscordSketch.Write(html, JsonDocument.Parse(DiscordMessages.Render(message, 0)!).RootElement);
            html.Append("</div><div class=telegram>");
            TelegramSketch.Write(html, JsonDocument.Parse(telegram.Render(message, 0)!).RootElement);
            html.Append("</div></section>");
        }

        File.WriteAllText(page, html.ToString());
        Console.WriteLine(FormattableString.Invariant($"{number} entries in {page}"));
        return 0;
    }

    /// <summary>The first entries of each feed, one of each in turn.</summary>
    private static IEnumerable<(Feed Feed, Entry Entry, string File)> Entries(string folder, string filter)
    {
        var parser = new FeedParser(Core.Formats);
        var feeds = new List<(Feed Feed, ParsedFeed Document, string File)>();
        foreach (var file in ParseBench.Find(folder, filter))
        {
            var url = new Uri("https://feed.example/" + Path.GetFileName(file));
            if (parser.Parse(File.ReadAllBytes(file), url) is ParseResult.Parsed { Feed: { Entries.Count: > 0 } document })
                feeds.Add((new Feed { Url = url.AbsoluteUri, Title = document.Title, Site = document.Link, Icon = document.Image }, document, Path.GetFileName(file)));
        }

        for (var i = 0; i < feeds.Max(feed => feed.Document.Entries.Count); i++)
        {
            foreach (var (feed, document, file) in feeds.Where(feed => feed.Document.Entries.Count > i))
                yield return (feed, Poller.EntryOf(document.Entries[i], 0, TimeProvider.System.GetUtcNow()), file);
        }
    }

    private const string Head = """
        <!DOCTYPE html><meta charset=utf-8><title>Contact sheet</title><style>
        body{background:#1e1f22;font:15px/1.35 "Noto Sans",Helvetica,Arial,sans-serif;margin:8px;display:grid;grid-template-columns:repeat(auto-fill,minmax(1000px,1fr));gap:10px}
        section{display:grid;grid-template-columns:520px 440px;gap:12px;align-items:start} h2{grid-column:1/3;font-size:11px;color:#888;margin:0}
        a{color:#00a8fc;text-decoration:none} .discord{background:#313338;color:#dbdee1;padding:8px;overflow-wrap:anywhere}
        .embed{background:#2b2d31;border-left:4px solid;border-radius:4px;padding:8px 14px;max-width:480px;position:relative} .embed .author{font-size:13px;font-weight:600;color:#fff}
        .embed .title{font-weight:600;margin:6px 0} .embed .footer{font-size:11.5px;color:#b5bac1;margin-top:8px} .picture{background:#555;color:#ccc;border-radius:4px;font-size:10px;padding:30px 6px;margin-top:8px;text-align:center}
        .thumb{position:absolute;right:8px;top:8px;width:70px;height:50px;padding:10px 2px;overflow:hidden;margin:0} .icon{display:inline-block;width:18px;height:18px;border-radius:9px;background:#888;vertical-align:middle;margin-right:6px}
        .telegram{background:#0e1621;padding:8px} .bubble{background:#182533;color:#f5f5f5;border-radius:10px;padding:7px 10px;max-width:420px;overflow-wrap:anywhere} .bubble a{color:#6ab3f3}
        blockquote{border-left:3px solid #6ab3f3;margin:2px 0;padding:0 8px} pre{background:#111;padding:4px;white-space:pre-wrap;margin:2px 0} code{background:#111;font-size:13px}
        .spoiler{background:#555;color:#555} .button{display:inline-block;border:1px solid #555;border-radius:4px;padding:4px 10px;margin:6px 6px 0 0;font-size:13px} .time{color:#9ab} .sub{font-size:12px;color:#b5bac1}
        ul,ol{margin:2px 0;padding-left:20px} .discord h1{font-size:21px;margin:8px 0 4px} .discord h3{font-size:16px;margin:6px 0 2px}
        </style>
        """;
}
