using Microsoft.AspNetCore.Http;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Tests.Commands;
using Notifier.Tests.Subscriptions;
using Notifier.Tests.Support;

namespace Notifier.Tests.ChatSettings;

/// <summary>A chat chooses German: whatever Notifier says there is German, by the chat's own clock, and another chat with the same feed notices nothing of it.</summary>
public sealed class LanguageStory : IAsyncLifetime
{
    private readonly FrontDoor _door = new();
    private FeedSite _site = null!;

    private Desk Desk => _door.Desk;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        Desk.Platform.Open("a");
        Desk.Platform.Open("b");
        _site.Publish("/feed", "zero");
        await Desk.SubscribeAsync(_site.Url("/feed"), "a", "b");
        await Desk.PollAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact]
    public async Task A_chat_that_chose_German_gets_replies_dates_lists_and_notices_in_German_by_its_own_clock()
    {
        await GoToAsync(new DateTimeOffset(2027, 5, 3, 12, 0, 0, TimeSpan.Zero));
        await SaysAsync("/language deutsch", "Ab jetzt spreche ich hier Deutsch.");
        await SaysAsync("/timezone berlin", "Die Uhr dieses Chats geht jetzt nach Europe/Berlin: Mo, 3. Mai, 14:00. Zeitpläne und Ruhezeiten richten sich danach.");
        await SaysAsync("/schedule 1 daily", "Zustellung von „The feed“ ab jetzt: jeden Tag um 09:00 Uhr (Europe/Berlin).\nAls Nächstes: Di, 4. Mai, 09:00 · Mi, 5. Mai, 09:00 · Do, 6. Mai, 09:00.");

        _site.Answer("/feed", http => http.Response.WriteAsync(FeedSite.Rss(("two", "two", "Two."), ("one", "", ""), ("zero", "zero", "Zero.")).Replace("<link>http://a.test/one</link>", "", StringComparison.Ordinal)));
        await PollAsync();
        await GoToAsync(new DateTimeOffset(2027, 5, 4, 7, 0, 0, TimeSpan.Zero));
        Assert.Equal("list: (ohne Titel) two", Desk.Platform.Shown("a")[^1]);

        // In Berlin it is a day later than in Greenwich by now, so what was done at two in the afternoon was the day before yesterday.
        await GoToAsync(new DateTimeOffset(2027, 5, 4, 22, 30, 0, TimeSpan.Zero));
        Assert.Contains("vor 2 Tagen · ann: Zeitzone Europe/Berlin", await AskAsync("/history"), StringComparison.Ordinal);
        Assert.Contains("bot: Nur", "bot: " + await _door.AskAsync(_door.Line("/quiet 22-7") with { Rights = Rights.Member }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_feed_is_told_in_each_chats_language()
    {
        await SaysAsync("/language de", "Ab jetzt spreche ich hier Deutsch.");
        _site.Answer("/feed", 500);
        await PollAsync();
        await GoToAsync(Desk.Now.AddHours(25));
        await PollAsync();

        Assert.Equal("„The feed“ lässt sich nicht abrufen, zum ersten Mal gestern. a.test antwortete 500 Internal Server Error: Das Problem liegt dort. Ich versuche es weiter.", Desk.Platform.Shown("a")[^1]);
        Assert.Equal("“The feed” has been failing since yesterday. a.test answered 500 Internal Server Error: the trouble is on its side. I keep trying.", Desk.Platform.Shown("b")[^1]);
        Assert.Contains("nicht abrufbar, zum ersten Mal gestern: a.test antwortete 500 Internal Server Error: Das Problem liegt dort.", await AskAsync("/list"), StringComparison.Ordinal);
        Assert.Contains("failing since yesterday: a.test answered 500 Internal Server Error: the trouble is on its side.", await _door.AskAsync("/list", "b"), StringComparison.Ordinal);

        Publish("one");
        await PollAsync();
        Assert.Contains("„The feed“ funktioniert wieder.", Desk.Platform.Shown("a"));
        Assert.Contains("“The feed” works again.", Desk.Platform.Shown("b"));
    }

    [Fact]
    public async Task What_was_skipped_in_one_language_is_explained_in_another()
    {
        await AskAsync("/pause 1");
        Publish("one");
        await PollAsync();
        await AskAsync("/resume 1 skip");
        await AskAsync("/language de");
        Assert.Contains("Ausgelassen, als die Pause endete.", await AskAsync("/why one"), StringComparison.Ordinal);
        await AskAsync("/language en");
        Assert.Contains("Skipped when the pause ended.", await AskAsync("/why one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_present_language_is_told_with_the_others_as_choices()
    {
        var reply = (await _door.SendAsync(_door.AdminLine("/language")))!;
        Assert.Equal(("I speak English here.", "Deutsch", "/language de"), (Spans.Text(reply.Text), reply.Actions.Single().Label, reply.Actions.Single().CommandLine));
        Assert.Equal(["Deutsch de", "English en"], (await _door.Runner.SuggestAsync("language", "language", "", new("fake", "a"), Rights.ChatAdmin)).Select(s => $"{s.Label} {s.Value}"));
    }

    [Fact]
    public async Task A_language_that_there_is_not_is_refused_with_those_that_there_are()
    {
        await SaysAsync("/language klingon", "I do not speak “klingon”. There are: Deutsch and English.");
        await SaysAsync("/language Deutch", "I do not speak “Deutch”. Did you mean Deutsch?");
        await SaysAsync("/language GERMAN", "Ab jetzt spreche ich hier Deutsch.");
        await SaysAsync("/language klingon", "„klingon“ spreche ich nicht. Es gibt: Deutsch und English.");
        await SaysAsync("/undo", "Zurückgenommen: Sprache Deutsch.");
        await SaysAsync("/language", "I speak English here.");
        Assert.Contains("ann: language Deutsch (taken back)", await AskAsync("/history"), StringComparison.Ordinal);
        Assert.StartsWith("Only an administrator", await _door.AskAsync(_door.Line("/language de") with { Rights = Rights.Member }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de", "de", "Dieser Chat hat noch keine Feeds.")]
    [InlineData("de-AT", "de", "Dieser Chat hat noch keine Feeds.")]
    [InlineData("fr", "en", "This chat has no feeds yet.")]
    [InlineData(null, "en", "This chat has no feeds yet.")]
    public async Task A_chat_that_is_new_takes_the_language_of_whoever_asks(string? told, string expected, string said)
    {
        Assert.StartsWith(said, await _door.AskAsync(_door.AdminLine("/list", "new") with { Language = told }), StringComparison.Ordinal);
        await _door.AskAsync(_door.AdminLine("/quiet 22-7", "new") with { Language = told });
        Assert.Equal(expected, (await Desk.ReadChatAsync("new")).Language);

        // From then on it is the chat's, whoever asks.
        Assert.StartsWith(said, await _door.AskAsync(_door.AdminLine("/list", "new", "@bob") with { Language = expected == "de" ? "en" : "de" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chat_that_is_new_takes_the_language_of_whoever_imports_into_it()
    {
        var command = _door.AdminLine("/import", "new").With(OpmlDesk.Opml(OpmlDesk.Outline("http://ant.test/"))) with { Language = "de-AT" };
        Assert.StartsWith("Aus my list.opml:", OpmlDesk.Said(await _door.SendAsync(command)), StringComparison.Ordinal);
        Assert.Equal("de", (await Desk.ReadChatAsync("new")).Language);
    }

    private void Publish(params string[] titles) => _site.Publish("/feed", [.. titles.Reverse(), "zero"]);

    private async Task<string> AskAsync(string line) => await _door.AskAsync(line) ?? "";

    private async Task SaysAsync(string line, string reply) => Assert.Equal(reply, await AskAsync(line));

    private async Task PollAsync()
    {
        await Desk.ExecuteAsync($"UPDATE Feeds SET NextPoll={Desk.Now.UtcTicks} WHERE NextPoll IS NOT NULL");
        await Desk.PollAsync();
        await Desk.DeliverAsync();
    }

    private async Task GoToAsync(DateTimeOffset then)
    {
        Desk.Time.SetUtcNow(then);
        await Desk.DeliverAsync();
    }
}
