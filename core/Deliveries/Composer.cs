using System.Text.Json;
using Microsoft.Data.Sqlite;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Deliveries;

/// <summary>Makes the message that a delivery, or a burst of them, becomes: after the outbox, so that a fix reaches what waits.</summary>
public sealed class Composer(Storage storage, EntryMessages messages)
{
    /// <summary>The message, and which of the deliveries it carries: always the first, never none.</summary>
    internal Composed Compose(IReadOnlyList<long> deliveries)
    {
        var (rows, alsoIn) = storage.Read(statements => Read(statements, deliveries));
        if (rows[0].Notice is { } notice)
            return new(Message.Of(notice.Split('\n')) with { Actions = NoticeAction.Read(rows[0].NoticeActions) }, [rows[0].Id], Look: null);

        var look = rows[0].Look;
        if (rows is [{ Feed: var feed, Entry: var entry }] && look.Style != Style.Digest)
            return new(messages.Of(entry, feed, look, rows[0].Fallback == 0 ? rows[0].Template : null, rows[0].Zone, out var fault, [.. alsoIn[StoryOf(entry)]]), deliveries, look) { TemplateFault = fault };

        // Parts of a burst are counted by entries (DeliveryPlan.Take), so that each part is a list; a part is one message.
        var listed = rows.ConvertAll(row => new ListedEntry(row.Entry.Title, row.Entry.Link, [.. alsoIn[StoryOf(row.Entry)]]));
        return new(messages.Of(rows[0].Feed, listed, look), deliveries, look);
    }

    private static long StoryOf(Entry entry) => entry.StoryId ?? entry.Id;

    private static (List<Row> Rows, ILookup<long, string> AlsoIn) Read(Statements statements, IReadOnlyList<long> deliveries)
    {
        var ids = JsonSerializer.Serialize(deliveries);
        var rows = statements.Query(
            """
            SELECT d.Id, d.ChatId, d.FeedId, d.Notice, d.NoticeActions, f.Url, f.Title, f.Site, f.Icon,
              e.Id, e.StoryId, e.Link, e.Title, e.Author, e.Summary, e.Content, e.Base, e.Categories, e.Image, e.Published, e.Updated, e.Comments, e.Enclosures,
              COALESCE(m.Look, s.Style, c.Style), s.Template, c.Zone, d.Fallback
            FROM Deliveries d LEFT JOIN Feeds f ON f.Id=d.FeedId LEFT JOIN Entries e ON e.Id=d.EntryId
              LEFT JOIN Subscriptions s ON s.Id=d.SubscriptionId LEFT JOIN Chats c ON c.Id=d.ChatId LEFT JOIN Sendings m ON m.Id=d.SendingId
            WHERE d.Id IN (SELECT value FROM json_each($ids)) ORDER BY d.Id
            """,
            Row.Of,
            ("$ids", ids));
        return (rows, rows[0].Notice is null ? AlsoIn(statements, rows, ids) : Enumerable.Empty<string>().ToLookup(_ => 0L));
    }

    /// <summary>Which other feeds wait to tell the chat the stories of these entries, and will not, once these are told; or did not, since they were.</summary>
    private static ILookup<long, string> AlsoIn(Statements statements, List<Row> told, string ids) => statements.Query(
        """
        SELECT COALESCE(e.StoryId, e.Id), f.Id, f.Url, f.Title
        FROM json_each($stories) s CROSS JOIN Entries e ON e.Id=s.value OR e.StoryId=s.value
          CROSS JOIN Deliveries d ON d.ChatId=$chat AND d.Key='e:' || e.Id CROSS JOIN Feeds f ON f.Id=d.FeedId CROSS JOIN Chats c ON c.Id=d.ChatId
        WHERE d.FeedId<>$feed
          AND ((d.State='Waiting' AND d.DueAt IS NOT NULL AND NOT d.AskedFor AND NOT c.StoriesApart) OR d.FoldedInto IN (SELECT value FROM json_each($ids)))
        ORDER BY d.Id
        """,
        reader => (Story: reader.GetInt64(0), Feed: new Feed { Id = reader.GetInt64(1), Url = reader.GetString(2), Title = reader.Text(3) }),
        ("$stories", JsonSerializer.Serialize(told.Select(row => StoryOf(row.Entry)).Distinct())),
        ("$chat", told[0].ChatId),
        ("$feed", told[0].Feed.Id),
        ("$ids", ids)).DistinctBy(other => (other.Story, other.Feed.Id)).ToLookup(other => other.Story, other => FeedTitle(other.Feed));

    /// <summary>A feed's title, or for one without the host that it comes from.</summary>
    public static string FeedTitle(Feed feed) => string.IsNullOrWhiteSpace(feed.Title) ? new Uri(feed.Url).Host : feed.Title;

    /// <summary>A delivery, with what its message says and how it looks: as its message did before, else as the subscription or the chat wants it.</summary>
    private sealed record Row(long Id, long ChatId, string? Notice, string? NoticeActions, Feed Feed, Entry Entry, Look Look, string? Template, string Zone, int Fallback)
    {
        public static Row Of(SqliteDataReader reader)
        {
            var notice = reader.Text(3);
            return new(
                reader.GetInt64(0),
                reader.GetInt64(1),
                notice,
                reader.Text(4),
                notice is null ? FeedOf(reader) : null!,
                notice is null ? EntryOf(reader) : null!,
                Look.Read(reader.Text(23)) ?? new Look(),
                reader.Text(24),
                reader.Text(25) ?? "UTC",
                reader.GetInt32(26));
        }

        private static Feed FeedOf(SqliteDataReader reader) =>
            new() { Id = reader.GetInt64(2), Url = reader.GetString(5), Title = reader.Text(6), Site = reader.Text(7), Icon = reader.Text(8) };

        private static Entry EntryOf(SqliteDataReader reader) => new()
        {
            Id = reader.GetInt64(9),
            StoryId = reader.Number(10),
            Link = reader.Text(11),
            Title = reader.Text(12),
            Author = reader.Text(13),
            Summary = reader.Text(14),
            Content = reader.Text(15),
            Base = reader.Text(16),
            Categories = JsonSerializer.Deserialize<string[]>(reader.GetString(17)) ?? [],
            Image = reader.Text(18),
            Published = reader.IsDBNull(19) ? null : reader.Time(19),
            Updated = reader.IsDBNull(20) ? null : reader.Time(20),
            Comments = reader.Text(21),
            Enclosures = reader.Text(22),
        };
    }
}

/// <param name="Deliveries">What the message carries.</param>
/// <param name="Look">How its entries look; null for a notice.</param>
internal sealed record Composed(Message Message, IReadOnlyList<long> Deliveries, Look? Look)
{
    /// <summary>Why the subscription's template could not be used, so that the message is a card; null where nothing is wrong.</summary>
    public Phrase? TemplateFault { get; init; }
}
