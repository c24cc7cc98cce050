using Notifier.Chats;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Deliveries;

/// <summary>A message whose answer was lost is looked for before it goes again.</summary>
public sealed class LookedForTests : IAsyncDisposable
{
    private readonly Desk _desk = new(knowsNonces: false);

    private FakePlatform Platform => _desk.Platform;

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task H10_What_is_found_is_not_sent_again()
    {
        await LoseAsync(arrives: true);
        LostMessage? asked = null;
        Platform.Finding = lost =>
        {
            asked = lost;
            return new FindResult.Found(["m7"]);
        };
        _desk.Time.Advance(TimeSpan.FromMinutes(5));
        await _desk.DeliverAsync();

        Assert.Equal("Sent Sent", await _desk.StatesAsync());
        Assert.Equal(["one: The text of one.", "two: The text of two."], Platform.Shown("a"));
        var sending = await _desk.ReadAsync(db => db.Sendings.OrderBy(s => s.Id).First());
        Assert.Equal(("m7", 1), (sending.MessageId, sending.LostAnswers));
        Assert.Equal((sending.Nonce, sending.FirstAttempt), (asked!.Nonce, asked.FirstAttempt));
        Assert.Equal(sending.Body, asked.Body.ToArray());
    }

    /// <summary>The same words may have been told before, by another delivery: that message is not this one.</summary>
    [Fact]
    public async Task H10_A_message_that_is_another_deliverys_is_not_the_lost_one()
    {
        Platform.Open("a", new SendResult.Sent("m1"));
        await _desk.OweAsync("a", "f", "one");
        await _desk.DeliverAsync();
        Platform.LoseAnswer("a", arrives: false);
        await _desk.OweAsync("a", "f", "two");
        await _desk.DeliverAsync();
        Platform.Finding = _ => new FindResult.Found(["m1"]);
        _desk.Time.Advance(TimeSpan.FromMinutes(5));
        await _desk.DeliverAsync();

        Assert.Equal("Sent Sent", await _desk.StatesAsync());
        Assert.Equal(["one: The text of one.", "two: The text of two."], Platform.Shown("a"));
    }

    [Fact]
    public async Task Where_it_cannot_be_looked_for_now_it_is_asked_again_and_nothing_is_sent_meanwhile()
    {
        await LoseAsync(arrives: true);
        Platform.Finding = _ => new FindResult.NotNow(new SendResult.RetryAfter(TimeSpan.FromSeconds(20), WholeToken: false));
        _desk.Time.Advance(TimeSpan.FromMinutes(5));
        await _desk.DeliverAsync();
        Assert.Equal("Unknown Waiting", await _desk.StatesAsync());
        Assert.Equal(_desk.Now + TimeSpan.FromSeconds(20), (await _desk.ReadChatAsync("a")).NotBefore);
        Assert.Single(Platform.Ledger);

        // The question was no attempt to send, and to be asked to wait takes none back.
        Assert.Equal(1, (await _desk.DeliveriesAsync())[0].Attempts);

        Platform.Finding = _ => new FindResult.NotNow(new SendResult.NotSent("down"));
        _desk.Time.Advance(TimeSpan.FromSeconds(20));
        await _desk.DeliverAsync();
        Platform.Finding = _ => new FindResult.Found(["m7"]);
        _desk.Time.Advance(TimeSpan.FromMinutes(5));
        await _desk.DeliverAsync();
        Assert.Equal("Sent Sent", await _desk.StatesAsync());
        Assert.Equal(2, Platform.Shown("a").Count);
    }

    [Theory]
    [InlineData(false, false, 2)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    public async Task Where_the_platform_cannot_tell_the_chat_or_the_setting_decides(bool chat, bool setting, int copies)
    {
        _desk.Delivering.AtMostOnce = setting;
        await LoseAsync(arrives: true, deliver: false);
        await _desk.ChangeChatAsync("a", c => c.AtMostOnce = chat);
        await _desk.DeliverAsync();
        _desk.Time.Advance(TimeSpan.FromMinutes(5));
        await _desk.DeliverAsync();

        Assert.Equal(copies == 1 ? "Unknown Sent" : "Sent Sent", await _desk.StatesAsync());
        Assert.Equal(copies == 1 ? "The answer was lost; it may have arrived. It does not tell." : null, (await _desk.DeliveriesAsync())[0].Reason);
        Assert.Equal(copies, Platform.Shown("a").Count(text => text.StartsWith("one", StringComparison.Ordinal)));
        Assert.Equal("two: The text of two.", Platform.Shown("a")[^1]);
    }

    /// <summary>Where the platform can tell, being careful costs nothing: the message is not given up.</summary>
    [Fact]
    public async Task A_careful_chat_misses_nothing_where_the_platform_can_tell()
    {
        Platform.Finding = _ => new FindResult.Repeatable();
        await LoseAsync(arrives: false, deliver: false);
        await _desk.ChangeChatAsync("a", c => c.AtMostOnce = true);
        await _desk.DeliverAsync();

        Assert.Equal("Sent Sent", await _desk.StatesAsync());
        Assert.Equal(["one: The text of one.", "two: The text of two."], Platform.Shown("a"));
    }

    /// <summary>What was found is another delivery's, and not everything was looked at: it may be there all the same.</summary>
    [Fact]
    public async Task A_careful_chat_gets_nothing_twice_when_the_search_did_not_come_to_its_end()
    {
        Platform.Open("a", new SendResult.Sent("m1"));
        await _desk.OweAsync("a", "f", "one");
        await _desk.DeliverAsync();
        Platform.LoseAnswer("a", arrives: true);
        Platform.Finding = _ => new FindResult.Found(["m1"], IsAll: false);
        await _desk.OweAsync("a", "f", "two");
        await _desk.ChangeChatAsync("a", c => c.AtMostOnce = true);
        await _desk.DeliverAsync();
        Assert.Equal("Sent Unknown", await _desk.StatesAsync());
    }

    [Fact]
    public async Task A_bug_of_the_search_leaves_it_untold()
    {
        await LoseAsync(arrives: true);
        Platform.Finding = _ => throw new InvalidOperationException("A bug.");
        _desk.Time.Advance(TimeSpan.FromMinutes(5));
        await _desk.DeliverAsync();
        Assert.Equal("Sent Sent", await _desk.StatesAsync());
    }

    private async Task LoseAsync(bool arrives, bool deliver = true)
    {
        Platform.LoseAnswer("a", arrives);
        await _desk.OweAsync("a", "f", "one", "two");
        if (deliver)
            await _desk.DeliverAsync();
    }
}
