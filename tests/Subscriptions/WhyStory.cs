using Microsoft.AspNetCore.Http;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Subscriptions;

/// <summary>Members ask why an entry came, came late or did not come, and are told what is stored, of their own chat alone.</summary>
public sealed class WhyStory : IAsyncLifetime
{
    private readonly FrontDoor _door = new();

    /// <summary>Each line is another person's, since nobody may ask so much at once.</summary>
    private int _asked;

    private FeedSite _site = null!;

    private Desk Desk => _door.Desk;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        Desk.Platform.Open("a");
        Desk.Platform.Open("b");
        _site.Publish("/feed", "old");
        await Desk.SubscribeAsync(_site.Url("/feed"), "a");
        await Desk.PollAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact]
    public async Task What_was_sent_is_told_with_its_whole_way_by_link_and_by_words()
    {
        await TellAsync("one", "old");
        Desk.Time.Advance(TimeSpan.FromMinutes(5));
        const string way =
            "one\nFirst seen Tue 24 Nov 12:15 (UTC). “The feed” is polled every 15 minutes; the last poll, 5 minutes ago, went well. This chat has it as number 1 since Tue 24 Nov 12:00. It was sent Tue 24 Nov 12:15.";
        Assert.Equal(way, await AskAsync("/why http://a.test/one"));
        Assert.Equal(way, await AskAsync("/why <https://www.a.test/one/?utm_source=x>"));
        Assert.Equal(way, await AskAsync("/why ONE"));
        await AskAsync("/timezone Europe/Berlin");
        Assert.Contains("First seen Tue 24 Nov 13:15 (Europe/Berlin).", await AskAsync("/why one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_s_newest_entries_are_a_line_each()
    {
        await TellAsync("one", "old");
        await AskAsync("/filter 1 -two");
        await TellAsync("two", "one", "old");
        await AskAsync("/filter 1 off");
        await AskAsync("/quiet 12:00-14:00");
        _site.Publish("/feed", "three", "two", "one", "old");
        await PollAsync();
        Assert.Equal(
            "The newest 3 entries of “The feed” that I keep, by the clock of UTC:\nthree: It waits until Tue 24 Nov 14:00, when the quiet hours end. two: Nothing was owed here for it when it came. one: It was sent Tue 24 Nov 12:15.",
            await AskAsync("/why 1"));
        Assert.Equal(await AskAsync("/why 1"), await AskAsync("/why The Feed"));
        Assert.Equal(await AskAsync("/why 1"), await AskAsync($"/why {_site.Url("/feed")}"));
        Assert.Contains("no feed number 7", await AskAsync("/why 7"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_says_for_what()
    {
        await TellAsync("zero", "old");
        await OnlyPollAsync("one", "zero", "old");
        await SaysAsync("It is due, and goes as soon as the platform has a place for it.");
        await Desk.ExecuteAsync($"UPDATE Chats SET NotBefore={Desk.Now.AddHours(12).UtcTicks}");
        await SaysAsync("It waits until Wed 25 Nov 00:30, as the platform asked.");
        await Desk.ExecuteAsync("UPDATE Deliveries SET Attempts=1, Reason='The connection broke.' WHERE EndedAt IS NULL");
        await SaysAsync("It waits until Wed 25 Nov 00:30, since the last try failed: The connection broke.");
        await Desk.ExecuteAsync("UPDATE Deliveries SET Attempts=0, Reason=NULL WHERE EndedAt IS NULL");
        await Desk.ExecuteAsync($"UPDATE Chats SET NoAccessSince={Desk.Now.UtcTicks}, NoAccessReason='I lack a right.'");
        await SaysAsync("It waits, since I cannot post here: I lack a right.");
        await Desk.ExecuteAsync("UPDATE Chats SET NotBefore=NULL, NoAccessSince=NULL, NoAccessReason=NULL");
        await AskAsync("/schedule 1 daily 20:00");
        await SaysAsync("It is gathered with others, and goes Tue 24 Nov 20:00.");
        await AskAsync("/quiet 19:00-07:00");
        await SaysAsync("It waits until Wed 25 Nov 07:00, when the quiet hours end.");
        await AskAsync("/pause 1");
        await SaysAsync("It waits for the end of the pause: /resume 1.");
        await AskAsync("/pause all");
        await SaysAsync("It waits for the end of the pause: /resume all.");
        await AskAsync("/unsubscribe 1");
        await SaysAsync("It waits in case the end of the subscription is taken back.");
    }

    [Fact]
    public async Task What_comes_behind_an_older_one_names_it()
    {
        await OnlyPollAsync("one", "old");
        await OnlyPollAsync("two", "one", "old");
        Assert.EndsWith("It waits for an older one, which goes first: “one”.", await AskAsync("/why two"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_did_not_go_as_it_should_is_told_with_the_reason()
    {
        await TellAsync("one", "old");
        await Desk.ExecuteAsync("UPDATE Sendings SET LostAnswers=1");
        await SaysAsync("It was sent Tue 24 Nov 12:15. The answer to an earlier attempt was lost; where the platform cannot tell, it may stand here twice (/doubt).");
        await Desk.ExecuteAsync($"UPDATE Sendings SET LostAnswers=0, EditDue={Desk.Now.AddMinutes(2).UtcTicks}");
        await SaysAsync("The message will be changed to what the entry says now, Tue 24 Nov 12:17.");
        await Desk.ExecuteAsync($"UPDATE Sendings SET EditDue=NULL, Edits=1, DeleteDue={Desk.Now.AddMinutes(2).UtcTicks}");
        await SaysAsync("Its publisher has withdrawn it: the message will be deleted Tue 24 Nov 12:17.");
        await Desk.ExecuteAsync($"UPDATE Sendings SET DeleteDue={Desk.Now.AddDays(365_000).UtcTicks}");
        await SaysAsync("Its publisher lists it no more: if that is so at a later poll as well, the message will be deleted.");
        await Desk.ExecuteAsync("UPDATE Sendings SET Edits=0, DeleteDue=NULL, MessageId=NULL");
        await SaysAsync("Its publisher has withdrawn it, and the message was deleted.");
        await Desk.ExecuteAsync("UPDATE Deliveries SET State='Unknown'");
        await SaysAsync("It was sent Tue 24 Nov 12:15, but the answer was lost, and it was not sent again since it might have come twice: it may be missing (/doubt).");
        await Desk.ExecuteAsync("UPDATE Deliveries SET EndedAt=NULL");
        await SaysAsync("The answer to it was lost, so it may have arrived. It is due, and goes as soon as the platform has a place for it.");
        await Desk.ExecuteAsync("UPDATE Deliveries SET State='Sending'");
        await SaysAsync("It is on its way now.");
        await Desk.ExecuteAsync("UPDATE Deliveries SET State='Held'");
        await SaysAsync("It is held back, since nearly all of its feed looked new at once: /held 1.");
        await Desk.ExecuteAsync($"UPDATE Deliveries SET State='Cancelled', Reason='Skipped.', EndedAt={Desk.Now.UtcTicks}");
        await SaysAsync("It was dropped Tue 24 Nov 12:15: Skipped.");
        await Desk.ExecuteAsync("UPDATE Deliveries SET State='Quarantined', Fallback=2, SendingId=NULL, Reason='Bad Request: no'");
        await SaysAsync("It could not be shown here, Tue 24 Nov 12:15: Bad Request: no It was tried in every form: as usual, without adornments, and as title and link alone.");
    }

    [Fact]
    public async Task Of_a_message_that_can_be_changed_no_more_no_change_is_announced()
    {
        await TellAsync("one", "old");
        await Desk.ExecuteAsync($"UPDATE Sendings SET MessageId='', EditDue={Desk.Now.UtcTicks}, DeleteDue={Desk.Now.UtcTicks}");
        await SaysAsync(" It was sent Tue 24 Nov 12:15.");
        await Desk.ExecuteAsync("UPDATE Sendings SET MessageId='m'");
        await Desk.ExecuteAsync("UPDATE Deliveries SET State='Unknown'");
        await SaysAsync("it may be missing (/doubt).");
        await Desk.ExecuteAsync("UPDATE Deliveries SET State='Quarantined', Reason='Bad Request: no'");
        await SaysAsync("It could not be shown here, Tue 24 Nov 12:15: Bad Request: no");
    }

    [Fact]
    public async Task What_the_platform_refused_in_every_form_has_its_reason()
    {
        Desk.Platform.Open("a", [.. Enumerable.Repeat(new SendResult.Rejected("Bad Request: no such emoji"), 3)]);
        await TellAsync("one", "old");
        await SaysAsync("Bad Request: no such emoji It was tried in every form: as usual, without adornments, and as title and link alone.");
        Assert.Contains("One entry could not be shown here in the last 30 days. /why with the feed's number says more.", await AskAsync("/status"), StringComparison.Ordinal);
        Assert.Contains("one: It could not be shown here, Tue 24 Nov 12:15: Bad Request: no such emoji", await AskAsync("/why 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task H12_What_the_platform_fails_at_again_and_again_has_its_reason()
    {
        Desk.Platform.Open("a", [.. Enumerable.Repeat(new SendResult.Unknown("HTTP 500: internal error", IsAnswered: true), 5)]);
        await TellAsync("one", "old");
        for (var i = 0; i < 60; i++)
        {
            await Desk.OweAsync("b", "f", $"other {i}");
            Desk.Time.Advance(TimeSpan.FromSeconds(1));
            await Desk.DeliverAsync();
        }

        await SaysAsync("Fake failed at it 5 times, and took others meanwhile: HTTP 500: internal error");
        Assert.Contains("One entry could not be shown here in the last 30 days.", await AskAsync("/status"), StringComparison.Ordinal);
        Assert.Contains("took others meanwhile: HTTP 500: internal error", await AskAsync("/why 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_platform_is_named_and_a_feed_that_fails_too()
    {
        await OnlyPollAsync("one", "old");
        _site.Answer("/feed", 500);
        Desk.Time.Advance(TimeSpan.FromMinutes(15));
        await Desk.PollAsync();
        Assert.Contains("“The feed” has been failing since just now: ", await AskAsync("/why one"), StringComparison.Ordinal);
        await Desk.ExecuteAsync($"UPDATE Feeds SET State='Active', PausedSince={Desk.Now.UtcTicks}");
        Assert.Contains("The operator has paused “The feed”", await AskAsync("/why one"), StringComparison.Ordinal);
        await Desk.ExecuteAsync("UPDATE Feeds SET State='Gone'");
        Assert.Contains("The publisher of “The feed” has taken it away for good.", await AskAsync("/why one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_folded_names_its_teller()
    {
        await TellAsync("one", "old");
        await TellAsync("two", "one", "old");
        await Desk.ExecuteAsync("UPDATE Deliveries SET State='Folded', FoldedInto=(SELECT MIN(Id) FROM Deliveries), SendingId=NULL WHERE Id=(SELECT MAX(Id) FROM Deliveries)");
        Assert.EndsWith("It was not sent, since its story was told by “one” of “The feed” Tue 24 Nov 12:15.", await AskAsync("/why two"), StringComparison.Ordinal);
        await Desk.ExecuteAsync("UPDATE Deliveries SET FoldedInto=4711 WHERE State='Folded'");
        Assert.EndsWith("It was not sent, since its story was told by another entry.", await AskAsync("/why two"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_filter_does_not_want_names_the_term()
    {
        await AskAsync("/filter 1 text -one");
        await TellAsync("one", "old");
        await SaysAsync("The filter does not want it: only what has no “one” comes.");
        Assert.Contains("This chat has it as number 1 since Tue 24 Nov 12:00 · filter text -one", await AskAsync("/why one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_before_the_subscription_and_what_is_not_known_is_said()
    {
        await TellAsync("one", "old");
        Desk.Time.Advance(TimeSpan.FromMinutes(1));
        await Desk.SubscribeAsync(_site.Url("/feed"), "b");
        Assert.EndsWith("It was there before this chat subscribed.", await AskAsync("/why one", "b"), StringComparison.Ordinal);
        Assert.StartsWith("I know no entry “old” of this chat's feeds.", await AskAsync("/why old"), StringComparison.Ordinal);
        Assert.StartsWith("I know no entry “http://a.test/none” of this chat's feeds.", await AskAsync("/why http://a.test/none"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_told_of_another_chat()
    {
        _site.Publish("/secret", "older");
        await Desk.SubscribeAsync(_site.Url("/secret"), "b");
        await Desk.PollAsync();
        _site.Publish("/secret", "hidden", "older");
        await PollAsync();
        await Desk.DeliverAsync();
        Assert.EndsWith("It was sent Tue 24 Nov 12:15.", await AskAsync("/why hidden", "b"), StringComparison.Ordinal);
        foreach (var line in new[] { "/why hidden", "/why http://a.test/hidden", $"/why {_site.Url("/secret")}" })
            Assert.StartsWith("I know no entry", await AskAsync(line), StringComparison.Ordinal);
        Assert.StartsWith("This chat has no feeds yet.", await AskAsync("/why hidden", "nobody"), StringComparison.Ordinal);

        // What both get says nothing of the other's.
        Desk.Time.Advance(TimeSpan.FromMinutes(1));
        await Desk.SubscribeAsync(_site.Url("/secret"), "a");
        await Desk.ExecuteAsync("UPDATE Deliveries SET State='Quarantined', Reason='No' WHERE ChatId=2");
        Assert.EndsWith("It was there before this chat subscribed.", await AskAsync("/why hidden"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_that_many_entries_have_give_a_line_each()
    {
        _site.Answer("/feed", http => FeedSite.SendAsync(http, FeedSite.Rss([.. Enumerable.Range(1, 7).Reverse().Select(n => ($"{n}", $"Release {n}", $"The text of {n}.")), ("old", "old", "The text of old.")])));
        await PollAsync();
        await Desk.DeliverAsync();
        var reply = await AskAsync("/why release");
        Assert.StartsWith("7 entries fit “release”. The newest of them, by the clock of UTC:\nRelease 7: It was sent", reply, StringComparison.Ordinal);
        Assert.EndsWith("Release 3: It was sent Tue 24 Nov 12:15.", reply, StringComparison.Ordinal);
        Assert.StartsWith("Release 7\nFirst seen", await AskAsync("/why 7 release"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Held_entries_of_a_paused_chat_come_when_the_pause_ends()
    {
        await OnlyPollAsync("one", "old");
        await Desk.ExecuteAsync("UPDATE Deliveries SET State='Held', DueAt=NULL");
        await AskAsync("/pause all");
        Assert.Equal("The entry of “The feed” that was held back will come when the pause ends: /resume all.", await AskAsync("/held 1 send"));
    }

    [Fact]
    public async Task The_status_counts_what_did_not_go_as_it_should()
    {
        Desk.Platform.RightsOf = (_, _) => Rights.Member;
        await TellAsync("one", "old");
        await TellAsync("two", "one", "old");
        await TellAsync("three", "two", "one", "old");
        Assert.DoesNotContain("30 days", await AskAsync("/status"), StringComparison.Ordinal);
        await Desk.ExecuteAsync("UPDATE Deliveries SET State='Quarantined' WHERE Id=1");
        await Desk.ExecuteAsync("UPDATE Deliveries SET State='Unknown' WHERE Id=2");
        await Desk.ExecuteAsync("UPDATE Sendings SET LostAnswers=1 WHERE Id=(SELECT SendingId FROM Deliveries WHERE Id=3)");
        await Desk.ExecuteAsync($"UPDATE Chats SET NotBefore={Desk.Now.AddHours(12).UtcTicks}");
        var status = await AskAsync("/status");
        Assert.Contains("One entry could not be shown here in the last 30 days. /why with the feed's number says more.", status, StringComparison.Ordinal);
        Assert.Contains("The answer to one message of the last 30 days was lost, and it was not sent again: it may be missing here (/doubt).", status, StringComparison.Ordinal);
        Assert.Contains("The answer to one message of the last 30 days was lost, and it was sent again: where the platform cannot tell, it may stand here twice (/doubt).", status, StringComparison.Ordinal);
        Assert.Contains("I wait here until Wed 25 Nov 00:45 (UTC), as the platform asked or failed.", status, StringComparison.Ordinal);
        Assert.DoesNotContain("30 days", await AskAsync("/status", "b"), StringComparison.Ordinal);

        var all = await _door.AskAsync(_door.Line("/status", "b") with { Rights = Rights.Operator, IsConfidential = true });
        Assert.Contains("In the last 30 days one entry could not be shown; answers were lost, so 1 may be missing and, where the platform cannot tell, 1 may stand twice. One chat waits as its platform asked or failed.", all, StringComparison.Ordinal);
        Assert.EndsWith("Fake: ready · 1 not shown, 1 perhaps missing, 1 perhaps twice, one chat waits", all, StringComparison.Ordinal);
    }

    private async Task SaysAsync(string end) => Assert.EndsWith(end, await AskAsync("/why one"), StringComparison.Ordinal);

    private async Task<string> AskAsync(string line, string chat = "a") => Spans.Text((await _door.SendAsync(_door.AdminLine(line, chat, $"@ann{_asked++}")))!.Text);

    private async Task TellAsync(params string[] titles)
    {
        await OnlyPollAsync(titles);
        await Desk.DeliverAsync();
    }

    private Task OnlyPollAsync(params string[] titles)
    {
        _site.Publish("/feed", titles);
        return PollAsync();
    }

    private async Task PollAsync()
    {
        Desk.Time.Advance(TimeSpan.FromMinutes(15));
        await Desk.PollAsync();
    }
}
