using Notifier.Commands;
using Notifier.Model;

namespace Notifier.Subscriptions;

/// <summary>How many subscriptions a chat may yet have, by its own quota or that of its guild or group, whichever is nearer.</summary>
/// <param name="Key">Of the text that says that there is no more.</param>
/// <param name="Count">How many there are.</param>
internal sealed record Room(int Left, string Key, int Count)
{
    public static Room Of(NotifierDb db, ChatAddress chat, string space, CommandOptions options)
    {
        var mine = db.Subscriptions.Count(s => s.EndedAt == null && db.Chats.Any(c => c.Id == s.ChatId && c.Platform == chat.Platform && c.Address == chat.Id && c.Thread == chat.Thread));
        var ofChat = new Room(options.SubscriptionsPerChat - mine, "subscribe.quota", mine);
        if (space.Length == 0 || ofChat.Left <= 0)
            return ofChat;
        var all = db.Subscriptions.Count(s => s.EndedAt == null && db.Chats.Any(c => c.Id == s.ChatId && c.Platform == chat.Platform && c.Space == space));
        var ofSpace = new Room(options.SubscriptionsPerSpace - all, "subscribe.spacequota", all);
        return ofSpace.Left < ofChat.Left ? ofSpace : ofChat;
    }
}
