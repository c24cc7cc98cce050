namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>A topic of a forum: a thread with a name. The General topic has no such object; messages without a thread stand there.</summary>
internal sealed class FakeTelegramTopic(FakeTelegramChat chat, int id, string name)
{
    public FakeTelegramChat Chat => chat;

    /// <summary>The number to send as <c>message_thread_id</c>: that of the service message that opened it.</summary>
    public int Id => id;

    public string Name => name;

    public bool IsClosed { get; set; }

    public bool IsDeleted { get; set; }

    /// <summary>An administrator closes it; its service message tells the bot.</summary>
    public void Close(FakeTelegramUser by) => chat.Turn(this, closed: true, by);

    public void Reopen(FakeTelegramUser by) => chat.Turn(this, closed: false, by);
}
