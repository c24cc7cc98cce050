using Notifier.Messages;
using Notifier.Model;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Subscriptions;

/// <summary>A publisher renames all that it has: two chats are asked what shall become of it, and each decides for itself alone.</summary>
public sealed class HeldStory : IAsyncLifetime
{
    private readonly FrontDoor _door = new();
    private FeedSite _site = null!;

    private Desk Desk => _door.Desk;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        Desk.Platform.Open("a");
        Desk.Platform.Open("b");
        Publish("old", 12);
        await Desk.SubscribeAsync(_site.Url("/feed"), "a", "b");
        await Desk.PollAsync();
        Publish("new", 12);
        await PollAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact]
    public async Task Each_chat_is_asked_and_sends_or_drops_its_own()
    {
        const string asked = "Nearly all of “The feed” looks new at once, as if its publisher had renamed everything. 12 entries are held back. What shall become of them?";
        Assert.Equal([asked], Desk.Platform.Shown("a"));
        Assert.Equal([asked], Desk.Platform.Shown("b"));
        Assert.Equal(
            "Nearly all of “The feed” looked new at once, as if its publisher had renamed everything. 12 entries are held back, the latest of them first:\nnew12 new11 new10 new9 new8",
            await AskAsync("/held 1"));
        Assert.Contains("12 entries are held back: /held 1", await AskAsync("/list"), StringComparison.Ordinal);

        // What comes meanwhile is told as ever, and does not wait for the answer.
        Publish("new", 13);
        await PollAsync();
        Assert.Equal(["new13"], Desk.Platform.Named("a")[^1]);

        Assert.Equal("All 12 entries of “The feed” that were held back will come now.", await AskAsync("/held 1 send"));
        await Desk.DeliverAsync();
        Assert.Equal(Enumerable.Range(1, 12).Select(n => $"new{n}"), Desk.Platform.Named("a")[^1]);
        Assert.Single(Desk.Platform.Named("b"), named => named is ["new13"]);
        Assert.Equal("Nothing of “The feed” is held back.", await AskAsync("/held 1 send"));
        Assert.DoesNotContain("held", await AskAsync("/list"), StringComparison.Ordinal);
        Assert.Contains("“The feed”: 12 entries that were held back sent", await AskAsync("/history"), StringComparison.Ordinal);
        Assert.StartsWith("What was held back is on its way", await AskAsync("/undo"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_marked_as_seen_can_be_taken_back()
    {
        Assert.Equal("All 12 entries of “The feed” that were held back count as seen.", await AskAsync("/held 1 seen"));
        Assert.Equal("Nothing of “The feed” is held back.", await AskAsync("/held 1"));
        Assert.Contains("“The feed”: 12 entries that were held back marked as seen", await AskAsync("/history"), StringComparison.Ordinal);
        Assert.Equal("Taken back: “The feed”: 12 entries that were held back marked as seen.", await AskAsync("/undo"));
        Assert.Contains("12 entries are held back", await AskAsync("/held 1"), StringComparison.Ordinal);
        Assert.Single(Desk.Platform.Shown("a"));

        await AskAsync("/held 1 send");
        await Desk.DeliverAsync();
        Assert.Equal(12, Desk.Platform.Named("a")[^1].Length);
    }

    [Fact]
    public async Task A_filter_holds_what_it_wants_alone_and_a_schedule_sends_at_its_time()
    {
        await AskAsync("/filter 1 renamed1 or renamed2 or renamed10");
        await AskAsync("/schedule 1 daily 20:00");
        await AskAsync("/held 1 seen");
        Publish("renamed", 12);
        await PollAsync();
        Assert.Contains("3 entries are held back", Desk.Platform.Shown("a")[^1], StringComparison.Ordinal);
        await AskAsync("/held 1 send");
        await Desk.DeliverAsync();
        Assert.DoesNotContain(Desk.Platform.Named("a"), named => named.Contains("renamed1"));
        Desk.Time.Advance(new DateTimeOffset(2026, 11, 24, 20, 0, 0, TimeSpan.Zero) - Desk.Now);
        await Desk.DeliverAsync();
        Assert.Equal(["renamed1", "renamed2", "renamed10"], Desk.Platform.Named("a")[^1]);
    }

    [Theory]
    [InlineData("/held", "feed")]
    [InlineData("/held 1 burn", "“burn” is no choice: write send or seen.")]
    [InlineData("/held 7", "7")]
    public async Task What_is_no_answer_is_explained(string line, string reply) => Assert.Contains(reply, await AskAsync(line), StringComparison.Ordinal);

    [Fact]
    public async Task Who_leaves_and_comes_again_starts_anew()
    {
        await AskAsync("/unsubscribe 1");
        await AskAsync($"/subscribe {_site.Url("/feed")} none");
        Assert.Equal("Nothing of “The feed” is held back.", await AskAsync("/held 1"));
        Assert.Equal(12, (await Desk.DeliveriesAsync()).Count(d => d.State == DeliveryState.Held));
    }

    [Theory]
    [InlineData("/pause 1", "/resume 1")]
    [InlineData("/pause all", "/resume all")]
    [InlineData("/pause 1", "/undo")]
    [InlineData("/pause all", "/undo")]
    [InlineData("/unsubscribe 1", "/undo")]
    public async Task Who_wanted_nothing_meanwhile_is_asked_when_it_goes_on(string away, string back)
    {
        await AskAsync("/held 1 seen");
        Desk.Time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(away);
        Publish("again", 12);
        await PollAsync();
        Publish("once more", 12);
        await PollAsync();
        Assert.Single(Desk.Platform.Shown("a"));

        var reply = await AskAsync(back);
        if (back.StartsWith("/resume", StringComparison.Ordinal))
            Assert.EndsWith(" 24 entries of “The feed” are held back, since nearly all of it looked new at once: /held 1.", reply.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing came", reply, StringComparison.Ordinal);
        await Desk.DeliverAsync();
        Assert.Equal(2, Desk.Platform.Shown("a").Count);
        Assert.Contains("24 entries are held back. What shall become of them?", Desk.Platform.Shown("a")[^1], StringComparison.Ordinal);

        Publish("and again", 12);
        await PollAsync();
        Assert.Equal(2, Desk.Platform.Shown("a").Count);
    }

    [Fact]
    public async Task Who_was_asked_before_a_pause_is_not_asked_again()
    {
        await AskAsync("/pause 1");
        Assert.Contains("12 entries of “The feed” are held back", await AskAsync("/resume 1"), StringComparison.Ordinal);
        await AskAsync("/unsubscribe 1");
        await AskAsync("/undo");
        await Desk.DeliverAsync();
        Assert.Single(Desk.Platform.Shown("a"));
    }

    [Fact]
    public async Task What_is_renamed_again_and_again_is_asked_about_once()
    {
        for (var i = 0; i < 10; i++)
        {
            Publish($"number{i}of", 20 << i / 2);
            await PollAsync();
        }

        Assert.Equal(2000, (await Desk.DeliveriesAsync()).Count(d => d.State == DeliveryState.Held));
        Assert.Single(Questions("a"));
        await AskAsync("/held 1 seen");
        Publish("new", 320);
        await PollAsync();
        Publish("other", 320);
        await PollAsync();
        Assert.Equal(2, Questions("a").Count);
        Assert.Single(Questions("b"));

        List<string> Questions(string chat) => [.. Desk.Platform.Shown(chat).Where(text => text.EndsWith("What shall become of them?", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task What_is_sent_after_all_is_sent_although_the_chat_has_heard_its_story()
    {
        var text = string.Join(' ', Enumerable.Range(0, 60).Select(n => $"{(char)('a' + (n % 26))}{(char)('a' + (n * 7 % 26))}lorem"));
        void Write(string kind, int count, string more) => _site.Answer("/told", http => FeedSite.SendAsync(http, FeedSite.Rss([.. Enumerable.Range(1, count).Reverse().Select(n =>
        {
            var word = $"{(char)('a' + n)}{(char)('b' + n)}{(char)('c' + n)}";
            return ($"{kind}{n}", $"A story of the kind {word}", $"{text.Replace("lorem", word, StringComparison.Ordinal)} {more}");
        })])));
        Write("first", 1, "");
        await Desk.SubscribeAsync(_site.Url("/told"), "a");
        await Desk.PollAsync();
        for (var n = 2; n <= 13; n++)
        {
            Write("first", n, "");
            await PollAsync();
        }

        Write("second", 13, "Continue");
        await PollAsync();
        Assert.StartsWith("All 13 entries", await AskAsync("/held 2 send"), StringComparison.Ordinal);
        await Desk.DeliverAsync();
        Assert.Equal(13, Desk.Platform.Named("a")[^1].Count(word => word == "story"));
        Assert.DoesNotContain(await Desk.DeliveriesAsync(), d => d.State == DeliveryState.Folded);
    }

    [Fact]
    public async Task What_is_on_its_way_is_not_called_back_and_nothing_else_in_its_place()
    {
        await AskAsync("/filter 1 new1 or new2");
        await AskAsync("/held 1 send");
        const string late = "What was held back is on its way, and cannot be called back. /history shows what was changed before.";
        Assert.Equal(late, await AskAsync("/undo"));
        Assert.Equal("new1 or new2", (await Desk.ReadAsync(db => db.Subscriptions.Single(s => s.ChatId == 1))).Filter);
        Assert.Equal(late, await AskAsync($"/undo {await Desk.ReadAsync(db => db.AuditLines.Single(a => a.Command == "held").Id)}"));
        Assert.StartsWith("Taken back", await AskAsync($"/undo {await Desk.ReadAsync(db => db.AuditLines.Single(a => a.Command == "filter").Id)}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_says_what_is_new_beside_what_is_held_in_this_chat()
    {
        Dated([.. Enumerable.Range(1, 12).Select(n => ($"old{n}", Desk.Now.AddDays(-n)))]);
        await Desk.SubscribeAsync(_site.Url("/dated"), "a", "b");
        await Desk.PollAsync();
        await AskAsync("/filter 2 fresh", "b");
        var began = Desk.Now;
        Desk.Time.Advance(TimeSpan.FromMinutes(5));
        Dated([("fresh", Desk.Now), .. Enumerable.Range(1, 12).Select(n => ($"renamed{n}", began.AddDays(-n).AddHours(-1)))]);
        Assert.Equal("Polled “The feed”: one new entry, on the way. The rest of it looks new at once, as if its publisher had renamed everything: 12 entries are held back.", await AskAsync("/check 2"));
        Desk.Time.Advance(TimeSpan.FromMinutes(5));
        Dated([("fresh again", Desk.Now), ("fresh", Desk.Now.AddMinutes(-5)), .. Enumerable.Range(1, 12).Select(n => ($"once more{n}", began.AddDays(-n).AddHours(-2)))]);
        Assert.Equal("Polled “The feed”: one new entry, on the way.", await AskAsync("/check 2", "b"));
        Assert.Equal("24", (await AskAsync("/held 2")).Split(' ').First(word => word is "12" or "24"));
    }

    [Fact]
    public async Task A_check_counts_what_this_chat_wants_alone()
    {
        await AskAsync("/filter 1 renamed1 or renamed2 or renamed10");
        await AskAsync("/held 1 seen");
        Publish("renamed", 12);
        Desk.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("Polled “The feed”. Nearly all of it looks new at once, as if its publisher had renamed everything: 3 entries are held back.", await AskAsync("/check 1"));
    }

    [Fact]
    public async Task What_somebody_asks_for_comes_although_it_is_held_or_waits_for_the_end_of_a_pause()
    {
        Assert.Equal("Sending the newest entry of “The feed”.", await AskAsync("/subscribe 1 last"));
        await Desk.DeliverAsync();
        Assert.Equal(["new12"], Desk.Platform.Named("a")[^1]);
        Assert.Contains("11 entries are held back", await AskAsync("/held 1"), StringComparison.Ordinal);

        await AskAsync("/pause 1");
        Publish("new", 13);
        await PollAsync();
        Assert.Equal("Sending the newest entry of “The feed”.", await AskAsync("/subscribe 1 last"));
        await Desk.DeliverAsync();
        Assert.Equal(["new13"], Desk.Platform.Named("a")[^1]);
        Assert.Equal("This chat has had that entry of “The feed” already.", await AskAsync("/subscribe 1 last"));
        Assert.Equal(2, (await Desk.DeliveriesAsync()).Count(d => d.AskedFor));
    }

    [Fact]
    public async Task The_choice_can_be_made_as_long_as_it_is_there() =>
        Assert.All(await Desk.ReadAsync(db => db.OfferedActions.Where(offered => offered.Person == "").ToList()), offered => Assert.True(offered.Until > Desk.Now.AddDays(30)));

    private async Task<string> AskAsync(string line, string chat = "a") => Spans.Text((await _door.SendAsync(_door.AdminLine(line, chat)))!.Text);

    private void Dated(params (string Title, DateTimeOffset At)[] entries) => _site.Answer("/dated", http => FeedSite.SendAsync(http, "<rss version=\"2.0\"><channel><title>The feed</title>" + string.Concat(entries.Select(e =>
        $"<item><guid>{e.Title}</guid><link>http://a.test/{e.Title}</link><title>{e.Title}</title><pubDate>{e.At:R}</pubDate><description>The text of {e.Title}.</description></item>")) + "</channel></rss>"));

    private void Publish(string name, int count) => _site.Publish("/feed", [.. Enumerable.Range(1, count).Reverse().Select(n => $"{name}{n}")]);

    private async Task PollAsync()
    {
        Desk.Time.Advance(TimeSpan.FromMinutes(15));
        await Desk.PollAsync();
        await Desk.DeliverAsync();
    }
}
