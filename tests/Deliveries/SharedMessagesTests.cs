using System.Text;
using Notifier.Bot.Discord;
using Notifier.Bot.Discord.Messages;
using Notifier.Bot.Telegram;
using Notifier.Bot.Telegram.Messages;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Tests.Support;

namespace Notifier.Tests.Deliveries;

/// <summary>What many chats are told alike may be shared between them; what differs never comes to the wrong one.</summary>
public sealed class SharedMessagesTests : IAsyncDisposable
{
    private readonly Desk _desk = new();

    public SharedMessagesTests()
    {
        _desk.Platform.Open("a");
        _desk.Platform.Open("b");
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    /// <summary>The clock may stand still: it is the words that count.</summary>
    [Theory]
    [InlineData("UPDATE Entries SET Content='The new text.'", "one: The new text.")]
    [InlineData("UPDATE Entries SET Title='another'", "another: The text of one.")]
    [InlineData("UPDATE Entries SET Content=NULL, Summary='A summary.'", "one: A summary.")]
    public async Task An_entry_that_was_edited_between_two_chats_turns_shows_its_new_words_in_the_second(string edit, string shown)
    {
        await _desk.OweAsync("a", "f", "one");
        await _desk.DeliverAsync();
        await _desk.OweAsync("b", "f", "one");
        await _desk.ExecuteAsync(edit);
        await _desk.DeliverAsync();
        Assert.Equal(["one: The text of one."], _desk.Platform.Shown("a"));
        Assert.Equal([shown], _desk.Platform.Shown("b"));
    }

    [Fact]
    public async Task Each_chat_is_told_by_which_of_its_own_feeds_a_story_would_come_again()
    {
        await _desk.OweAsync("a", "f", "one");
        await _desk.OweAsync("b", "f", "one");
        await _desk.OweAsync("b", "g", "the same");
        await _desk.ExecuteAsync("UPDATE Entries SET StoryId=1 WHERE Title='the same'");
        await _desk.DeliverAsync();
        Assert.Equal(["one: The text of one."], _desk.Platform.Shown("a"));
        Assert.Equal(["one: The text of one.\nalso in g"], _desk.Platform.Shown("b"));
    }

    [Fact]
    public async Task A_form_that_one_chat_refuses_is_not_made_simpler_in_another()
    {
        _desk.Platform.Open("a", new SendResult.Rejected("Bad markup."));
        await _desk.OweAsync("a", "f", "one");
        await _desk.DeliverAsync();
        await _desk.OweAsync("b", "f", "one");
        await _desk.DeliverAsync();
        Assert.Equal(["1|one: The text of one."], _desk.Platform.Shown("a"));
        Assert.Equal(["one: The text of one."], _desk.Platform.Shown("b"));
    }

    [Fact]
    public async Task Each_platform_gives_a_message_its_own_form_again_and_again()
    {
        await using var discord = new PlatformAlone<DiscordPlatform>(_desk.Time, new DiscordOptions());
        await using var telegram = new PlatformAlone<TelegramPlatform>(_desk.Time, new TelegramOptions());
        var messages = Enumerable.Range(0, 40).Select(n => new Message
        {
            Card = new EntryCard { Feed = $"Feed {n % 2}", Title = $"Title {n / 2}", Link = new Uri($"https://a.test/{n}"), Body = [new Block.Paragraph([new Span.Text($"Text {n % 3}")])], Tags = ["tag"] },
        }).ToList();
        var commands = new TelegramMessages(new HashSet<string>(StringComparer.Ordinal));
        for (var round = 0; round < 3; round++)
        {
            foreach (var message in messages)
            {
                for (var fallback = 0; fallback <= 2; fallback++)
                {
                    Assert.Equal(DiscordMessages.Render(message, fallback), discord.Platform.Render(message, fallback));
                    Assert.Equal(commands.Render(message, fallback), telegram.Platform.Render(message, fallback));
                }
            }
        }

        var changed = messages[0] with { Card = messages[0].Card! with { Title = "Another" } };
        Assert.Contains("Another", Encoding.UTF8.GetString(discord.Platform.Render(changed, 0)!), StringComparison.Ordinal);
        Assert.Contains("Another", Encoding.UTF8.GetString(telegram.Platform.Render(changed, 0)!), StringComparison.Ordinal);
    }
}
