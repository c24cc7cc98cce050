using System.Globalization;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.Support;

/// <summary>What the stories on Telegram say often. Their feeds have entries named “Entry 01”, “Entry 02” …, oldest first.</summary>
internal static class TelegramTalk
{
    /// <summary>Serves a feed with so many entries.</summary>
    /// <returns>Its address.</returns>
    public static string Publish(this FeedServer web, string path, int count) => web.Put(path, SampleFeed.Rss($"News of {Path.GetFileNameWithoutExtension(path)}", Names(1, count).Reverse()));

    /// <summary>Completes when what the feed's document holds now was polled: the second request comes only after the first one's poll was saved.</summary>
    public static async Task PolledAsync(this FeedServer web, string path, CancellationToken ct)
    {
        await web.RequestAsync(path, ct);
        await web.RequestAsync(path, ct);
    }

    public static IEnumerable<string> Names(int first, int last) => Enumerable.Range(first, last - first + 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"Entry {i:00}"));

    /// <summary>Waits until the bot has said something that begins so.</summary>
    public static Task<FakeTelegramMessage> HearAsync(this FakeTelegramChat chat, string beginning, CancellationToken ct) =>
        chat.WaitForMessageAsync(message => message.Text.StartsWith(beginning, StringComparison.Ordinal), ct: ct);

    /// <summary>Without the joiners that keep what others wrote from being a mention, a command or a link.</summary>
    public static string Plain(this FakeTelegramMessage message) => message.Text.Replace("\u2060", "", StringComparison.Ordinal).Replace("\u200B", "", StringComparison.Ordinal);

    /// <summary>The entries that the chat was told, singly or in lists, in order.</summary>
    public static IReadOnlyList<string> Told(this FakeTelegramChat chat) =>
        [.. chat.Messages.SelectMany(message => message.Text.Split('\n')).Select(line => line.TrimStart('•', ' ')).Where(line => line.StartsWith("Entry ", StringComparison.Ordinal))];

    /// <summary>Waits until the chat was told this entry.</summary>
    public static Task<IReadOnlyList<FakeTelegramMessage>> ToldAsync(this FakeTelegramChat chat, string entry, CancellationToken ct) =>
        chat.WaitForMessagesAsync(_ => chat.Told().Contains(entry, StringComparer.Ordinal), ct: ct);

    /// <summary>Subscribes a chat to a feed, without what it has already.</summary>
    public static async Task SubscribeAsync(this FakeTelegramUser user, FakeTelegramChat chat, string url, CancellationToken ct, FakeTelegramTopic? topic = null) =>
        Assert.StartsWith("Subscribed to", (await user.AskAsync(chat, $"/subscribe {url} none", topic, ct: ct)).Text, StringComparison.Ordinal);

    /// <summary>Starts the private chat of somebody new.</summary>
    public static async Task<(FakeTelegramUser User, FakeTelegramChat Chat)> SomebodyAsync(this FakeTelegram telegram, string name, CancellationToken ct)
    {
        var user = telegram.AddUser(name);
        await user.MeetAsync(ct);
        return (user, user.PrivateChat!);
    }

    /// <summary>A supergroup with an owner, in which the bot is and has greeted.</summary>
    public static async Task<FakeTelegramChat> GroupAsync(this FakeTelegram telegram, string title, FakeTelegramUser owner, CancellationToken ct, bool isForum = false)
    {
        var group = telegram.AddSupergroup(title, isForum);
        group.Own(owner);
        group.InviteBot(owner);
        await group.HearAsync("I watch feeds", ct);
        return group;
    }

    /// <summary>Lets the bot's next question for updates wait, so that what happens meanwhile comes to it at once.</summary>
    /// <returns>Lets go.</returns>
    public static async Task<TaskCompletionSource> HoldUpdatesAsync(this FakeTelegram telegram, CancellationToken ct)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await telegram.Updates.WaitForPollAsync(ct: ct);
        var asked = telegram.Used["getUpdates"];
        telegram.Next("getUpdates", new Fault.Hang(release.Task));
        telegram.Updates.QueueRaw("""{"update_id":{id}}""");
        await telegram.WaitForRequestsAsync("getUpdates", asked + 1, ct: ct);
        return release;
    }
}
