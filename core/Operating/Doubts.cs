using Microsoft.EntityFrameworkCore;
using Notifier.Model;

namespace Notifier.Operating;

/// <summary>What did not go as it should in the last 30 days, on one platform, and what does not go now.</summary>
/// <param name="Failed">Entries that could be shown in no form.</param>
/// <param name="Missing">Entries whose answer was lost and that were not sent again.</param>
/// <param name="Twice">Messages whose answer was lost and that were sent again: a second one where the platform cannot tell.</param>
/// <param name="Waiting">Chats that are left alone for now, as the platform asked or failed.</param>
internal sealed record Doubts(string Platform, int Failed, int Missing, int Twice, int Waiting)
{
    public static Doubts None { get; } = new("", 0, 0, 0, 0);

    /// <summary>By platform, those without any left out: of one chat, or of all.</summary>
    public static List<Doubts> Of(NotifierDb db, DateTimeOffset now, long? chatId = null)
    {
        db.Database.OpenConnection();

        // The plus keeps lost answers, which are few, from being looked for among all that ended.
        return db.Connection().Query(
            $"""
            SELECT c.Platform, SUM(f.Failed), SUM(f.Missing), SUM(f.Twice), SUM(f.Waiting) FROM (
              SELECT ChatId, State='Quarantined' AS Failed, State='Unknown' AS Missing, 0 AS Twice, 0 AS Waiting
              FROM Deliveries WHERE {(chatId is null ? "TRUE" : "ChatId=$chat")} AND EndedAt>$since AND State IN ('Quarantined', 'Unknown')
              UNION ALL
              SELECT s.ChatId, 0, 0, 1, 0 FROM Sendings s
              WHERE {(chatId is null ? "TRUE" : "s.ChatId=$chat")} AND s.LostAnswers>0 AND EXISTS (SELECT 1 FROM Deliveries d WHERE d.SendingId=s.Id AND d.State='Sent' AND +d.EndedAt>$since)
              UNION ALL
              SELECT Id, 0, 0, 0, 1 FROM Chats WHERE {(chatId is null ? "TRUE" : "Id=$chat")} AND NotBefore>$now AND GoneSince IS NULL) f
            JOIN Chats c ON c.Id=f.ChatId GROUP BY c.Platform
            """,
            reader => new Doubts(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4)),
            ("$chat", chatId),
            ("$since", (now - Entry.Kept).UtcTicks),
            ("$now", now.UtcTicks));
    }
}
