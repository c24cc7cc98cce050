using System.Globalization;
using System.Security;
using System.Text;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Subscriptions;

/// <summary>Lists that people attach, and what a chat has after them.</summary>
internal static class OpmlDesk
{
    /// <summary>A list whose outlines have these attributes besides their text.</summary>
    public static string Opml(params IEnumerable<string> outlines) =>
        $"<opml version=\"2.0\" xmlns:notifier=\"urn:notifier:opml\"><head><title>Mine</title></head><body>{string.Concat(outlines.Select(attributes => $"<outline type=\"rss\" text=\"A feed\" {attributes}/>"))}</body></opml>";

    public static string Outline(string url) => $"xmlUrl=\"{SecurityElement.Escape(url)}\"";

    public static IEnumerable<string> Outlines(int count) => Enumerable.Range(1, count).Select(n => Outline(string.Create(CultureInfo.InvariantCulture, $"http://feed{n}.test/")));

    /// <summary>A command with a file attached, by an administrator.</summary>
    public static IncomingCommand With(this IncomingCommand command, string list, long? length = null) =>
        command with { File = new IncomingFile("my list.opml", length ?? Encoding.UTF8.GetByteCount(list), (limit, _) => Task.FromResult(Fetched(Encoding.UTF8.GetBytes(list), limit))) };

    /// <summary>The reply to /import with this list, a line a paragraph or item.</summary>
    public static async Task<string> ImportAsync(this FrontDoor door, string list, string chat = "a") => Said(await door.SendAsync(door.AdminLine("/import", chat).With(list)));

    public static string Said(Message? reply) => string.Join('\n', PlainWriter.Write(reply!.Text, 100_000).Where(line => line.Length > 0).Select(line => line.TrimStart('•', ' ')));

    /// <summary>Each subscription of a chat as one line, by number.</summary>
    public static Task<List<string>> HasAsync(this Desk desk, string chat) => desk.ReadAsync(db => (
        from subscription in db.Subscriptions
        join to in db.Chats on subscription.ChatId equals to.Id
        join feed in db.Feeds on subscription.FeedId equals feed.Id
        where to.Address == chat && subscription.EndedAt == null
        orderby subscription.Number
        select new { subscription, feed }).AsEnumerable().Select(has => Line(has.subscription, has.feed)).ToList());

    private static string Line(Subscription has, Feed feed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{has.Number} {feed.Url} “{feed.Title}” {has.Filter} · {has.Cron} · {has.Style} · {has.Template}{(has.PausedSince is null ? "" : " paused")}");

    private static FileResult Fetched(byte[] bytes, int limit) => bytes.Length > limit ? new FileResult.TooLarge() : new FileResult.Fetched(bytes);
}
