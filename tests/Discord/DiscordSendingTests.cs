using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Notifier.Bot.Discord;
using Notifier.Bot.Discord.Messages;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;
using DiscordPermissions = Notifier.Tests.Support.Fakes.Discord.DiscordPermissions;

namespace Notifier.Tests.Discord;

/// <summary>Sends, changes, deletes and looks for messages on a Discord that keeps its limits. The clock stands still but for what a test lets pass.</summary>
public sealed class DiscordSendingTests : IAsyncLifetime
{
    private const string Create = "POST /channels/{channel_id}/messages";
    private const string List = "GET /channels/{channel_id}/messages";
    private const string Post = "POST /channels/{channel_id}/threads";
    private const string Look = "GET /channels/{channel_id}";
    private const string One = "GET /channels/{channel_id}/messages/{message_id}";
    private const string Change = "PATCH /channels/{channel_id}/messages/{message_id}";

    private static readonly TimeSpan Later = TimeSpan.FromMinutes(3);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private FakeDiscord _discord = null!;
    private FakeGuild _guild = null!;
    private FakeChannel _news = null!;
    private PlatformAlone<DiscordPlatform> _alone = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DiscordPlatform Platform => _alone.Platform;

    public static TheoryData<string> Faults =>
        ["reset before", "reset after", "502 before", "502 after", "half an answer", "a web page", "too early", "too early for all", "refused", "no such channel", "no token"];

    public async ValueTask InitializeAsync()
    {
        _discord = await FakeDiscord.StartAsync(_time, ct: Stop);
        _discord.NonceWindow = TimeSpan.FromMinutes(2.5);
        _guild = _discord.AddGuild("The guild");
        _news = _guild.AddChannel("news");
        _alone = new PlatformAlone<DiscordPlatform>(_time, new DiscordOptions { Token = _discord.Token, ApiUrl = _discord.ApiUrl.ToString() });
    }

    public async ValueTask DisposeAsync()
    {
        await _alone.DisposeAsync();
        await _discord.DisposeAsync();
        Assert.Empty(_discord.Unexpected);
        Assert.DoesNotContain(_discord.Violations, violation => violation.StartsWith("this fake", StringComparison.Ordinal));
        Assert.Equal(0, _discord.Limits.Refused);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task H11_However_a_send_ends_one_request_was_made(string what)
    {
        var (fault, expected) = Fault(what);
        Assert.IsType<SendResult.Sent>(await SendAsync(_news, Entry("First")));

        // Now on a connection that was used before, which is where clients send again by themselves.
        _discord.Next(Create, fault);
        Assert.IsType(expected, await SendAsync(_news, Entry("Second")));
        Assert.Equal(2, _discord.Requests.Count);
    }

    [Fact]
    public async Task H14_An_answer_that_does_not_come_is_waited_for_half_a_minute_at_most_and_nobody_else_waits()
    {
        var never = new TaskCompletionSource();
        _discord.Next(Create, new DiscordFault.Hang(never.Task));
        var slow = SendAsync(_news, Entry("Slow"));
        await _discord.WaitForRequestsAsync(Create, answered: false, ct: Stop);
        Assert.IsType<SendResult.Sent>(await SendAsync(_guild.AddChannel("other"), Entry("Quick")));
        Assert.False(slow.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.IsType<SendResult.Unknown>(await slow);
        never.SetResult();
    }

    [Fact]
    public async Task H20_A_place_is_taken_before_and_used_by_the_send_and_none_is_left_when_the_window_is_full()
    {
        for (var i = 0; i < 5; i++)
        {
            using var permit = Place(_news);
            Assert.IsType<SendResult.Sent>(await Platform.SendAsync(Chat(_news), Entry($"{i}"), $"n{i}", permit, Stop));
        }

        var wait = Assert.IsType<Admission.Wait>(Platform.Admit(Chat(_news)));
        Assert.False(wait.WholeToken);
        _time.Advance(wait.Delay);
        var soon = Assert.IsType<Admission.Granted>(Platform.Admit(Chat(_news)));
        Assert.Equal(TimeSpan.FromMilliseconds(60), soon.After);
        _time.Advance(soon.After);
        Assert.IsType<SendResult.Sent>(await Platform.SendAsync(Chat(_news), Entry("6"), "n6", soon.Permit, Stop));
        soon.Permit.Dispose();

        // Another kind of place, and one that is not needed: both are given back.
        var forum = _guild.AddChannel("forum", DiscordChannelKind.Forum);
        using (var wrong = Place(forum))
            Assert.IsType<SendResult.Sent>(await Platform.SendAsync(Chat(forum), Entry("In a forum"), "f", wrong, Stop));
        Assert.IsType<Admission.Granted>(Platform.Admit(new ChatAddress("discord", "@" + _guild.AddMember("Ann").Id)));
        Assert.IsType<Admission.Granted>(Platform.Admit(new ChatAddress("discord", "nowhere")));
    }

    [Fact]
    public async Task H09_A_message_that_was_deleted_meanwhile_counts_as_sent()
    {
        var body = Entry("Lost");
        await LoseAsync(_news, body);
        _news.Messages[0].Delete();
        Assert.IsType<FindResult.Repeatable>(await FindAsync(Chat(_news), body));
        Assert.IsType<SendResult.Sent>(await SendAsync(_news, body));
        Assert.Empty(_news.Messages);
    }

    [Fact]
    public async Task H10_As_long_as_the_nonce_is_known_nothing_is_looked_for_and_sent_again_it_is_one_copy()
    {
        var body = Entry("Lost");
        var lost = await LoseAsync(_news, body);
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.IsType<FindResult.Repeatable>(await Platform.FindAsync(Chat(_news), lost, Stop));
        Assert.IsType<SendResult.Sent>(await SendAsync(_news, body));
        Assert.Single(_news.Messages);
        Assert.DoesNotContain(_discord.Requests, request => request.Operation == List);
    }

    [Fact]
    public async Task H10_After_the_nonces_time_the_message_is_looked_for_and_found()
    {
        var body = Entry("Lost");
        await SendAsync(_news, body, "earlier");
        _time.Advance(TimeSpan.FromHours(2));
        var lost = await LoseAsync(_news, body);
        _guild.AddMember("Ann").Say(_news, "Something else");
        _time.Advance(Later);
        Assert.Equal([_news.Messages[1].Id], Assert.IsType<FindResult.Found>(await Platform.FindAsync(Chat(_news), lost, Stop)).MessageIds);
    }

    [Fact]
    public async Task H10_Of_several_that_say_the_same_all_are_told_the_oldest_first()
    {
        var body = Encoding.UTF8.GetBytes("""{"content":"  A plain text  ","allowed_mentions":{"parse":[]}}""");
        var lost = await LoseAsync(_news, body);
        await SendAsync(_news, body, "another");
        _guild.AddMember("Ann").Say(_news, "A plain text");
        _time.Advance(Later);
        Assert.Equal([_news.Messages[0].Id, _news.Messages[1].Id], Assert.IsType<FindResult.Found>(await Platform.FindAsync(Chat(_news), lost, Stop)).MessageIds);
    }

    [Fact]
    public async Task H10_What_is_not_there_may_be_sent_again()
    {
        var lost = Lost(Entry("Lost"));
        _time.Advance(Later);
        Assert.IsType<FindResult.Repeatable>(await Platform.FindAsync(Chat(_news), lost, Stop));
        foreach (var other in (byte[][])[Entry("Lost", "Another text."), Entry("Last"), Encoding.UTF8.GetBytes("""{"content":"Lost","allowed_mentions":{"parse":[]}}""")])
            await SendAsync(_news, other, Guid.NewGuid().ToString("N")[..20]);
        Assert.IsType<FindResult.Repeatable>(await Platform.FindAsync(Chat(_news), lost, Stop));
    }

    [Fact]
    public async Task H10_A_message_is_found_behind_hundreds_of_others()
    {
        var lost = Lost(Entry("Lost"));
        var ann = _guild.AddMember("Ann");
        for (var i = 0; i < 250; i++)
            ann.Say(_news, $"{i}");
        _discord.Next(Create, new DiscordFault.StoreThenDrop());
        Assert.IsType<SendResult.Unknown>(await SendAsync(_news, Entry("Lost")));
        _time.Advance(Later);
        Assert.Equal([_news.Messages[^1].Id], Assert.IsType<FindResult.Found>(await Platform.FindAsync(Chat(_news), lost, Stop)).MessageIds);
        Assert.Equal(3, _discord.Requests.Count(request => request.Operation == List));
    }

    [Fact]
    public async Task H10_A_clock_that_was_set_back_tells_nothing_of_the_nonce()
    {
        var body = Entry("Lost");
        await LoseAsync(_news, body);
        await Platform.FindAsync(Chat(_news), new LostMessage(body, "n", _time.GetUtcNow() + TimeSpan.FromSeconds(20)), Stop);
        Assert.Contains(_discord.Requests, request => request.Operation == List);
    }

    [Fact]
    public async Task H10_Without_the_right_to_read_what_was_said_nothing_can_be_told()
    {
        var lost = await LoseAsync(_news, Entry("Lost"));
        _news.Deny(DiscordPermissions.ReadMessageHistory);
        _time.Advance(Later);
        Assert.Contains("Read Message History", Assert.IsType<FindResult.Untold>(await Platform.FindAsync(Chat(_news), lost, Stop)).Reason, StringComparison.Ordinal);
        _news.Deny(DiscordPermissions.ViewChannel);
        Assert.IsType<SendResult.NoAccess>(Assert.IsType<FindResult.NotNow>(await Platform.FindAsync(Chat(_news), lost, Stop)).Result);
    }

    [Fact]
    public async Task H10_A_question_that_is_not_answered_is_asked_later()
    {
        var lost = await LoseAsync(_news, Entry("Lost"));
        _time.Advance(Later);
        _discord.Next(List, new DiscordFault.ServerError());
        Assert.IsType<SendResult.NotSent>(await NotNowAsync(Chat(_news)));
        _discord.Next(List, new DiscordFault.RateLimited(TimeSpan.FromSeconds(7)));
        Assert.Equal(new SendResult.RetryAfter(TimeSpan.FromSeconds(7), WholeToken: false), await NotNowAsync(Chat(_news)));
        _news.Delete();
        _time.Advance(TimeSpan.FromSeconds(8));
        Assert.IsType<SendResult.ChatGone>(await NotNowAsync(Chat(_news)));
        _discord.UseToken("another");
        Assert.IsType<SendResult.PlatformClosed>(await NotNowAsync(Chat(_news)));

        async Task<SendResult> NotNowAsync(ChatAddress chat) => Assert.IsType<FindResult.NotNow>(await Platform.FindAsync(chat, lost, Stop)).Result;
    }

    [Fact]
    public async Task H10_In_a_private_chat_it_is_found_as_well()
    {
        var ann = _guild.AddMember("Ann");
        var chat = new ChatAddress("discord", "@" + ann.Id);
        _discord.Next(Create, new DiscordFault.StoreThenDrop());
        var lost = Lost(Entry("Lost"));
        Assert.IsType<SendResult.Unknown>(await Platform.SendAsync(chat, lost.Body, "n", SendPermit.Unlimited, Stop));
        _time.Advance(Later);
        Assert.Equal([ann.OpenDm().Messages[0].Id], Assert.IsType<FindResult.Found>(await Platform.FindAsync(chat, lost, Stop)).MessageIds);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task H10_A_post_of_a_forum_is_looked_for_at_once(bool isArchived)
    {
        var forum = _guild.AddChannel("forum", DiscordChannelKind.Forum);
        var body = Entry("Lost");
        Assert.IsType<FindResult.Repeatable>(await FindAsync(Chat(forum), body));
        await SendAsync(forum, body);
        _time.Advance(TimeSpan.FromHours(2));
        forum.AddThread("Lost", _guild.AddMember("Ann"));
        await SendAsync(forum, Entry("Lost", "Another text."));
        Assert.IsType<FindResult.Repeatable>(await FindAsync(Chat(forum), body));
        _discord.Next(Post, new DiscordFault.StoreThenDrop());
        Assert.IsType<SendResult.Unknown>(await SendAsync(forum, body));
        var post = forum.Posts[^1];
        if (isArchived)
            post.Archive();
        Assert.Equal([post.Id], Assert.IsType<FindResult.Found>(await FindAsync(Chat(forum), body)).MessageIds);
        post.FirstMessage.Delete();
        Assert.Equal([post.Id], Assert.IsType<FindResult.Found>(await FindAsync(Chat(forum), body)).MessageIds);
        forum.Deny(DiscordPermissions.ReadMessageHistory);
        Assert.IsType<FindResult.Untold>(await FindAsync(Chat(forum), body));
    }

    [Fact]
    public async Task H10_A_message_is_found_although_the_clock_was_an_hour_ahead_and_was_set_right()
    {
        var lost = await LoseAsync(_news, Entry("Lost"));
        _time.Advance(Later);
        Assert.Equal(_news.Messages[0].Id, await FoundAsync(lost with { FirstAttempt = _time.GetUtcNow() + TimeSpan.FromHours(1) }));
    }

    [Fact]
    public async Task H10_A_message_is_found_although_the_clock_is_an_hour_ahead()
    {
        var clock = new SettableClock(_time.GetUtcNow());
        clock.SetBy(TimeSpan.FromHours(1));
        await using var ahead = new PlatformAlone<DiscordPlatform>(clock, new DiscordOptions { Token = _discord.Token, ApiUrl = _discord.ApiUrl.ToString() });
        var lost = await LoseAsync(_news, Entry("Lost")) with { FirstAttempt = clock.GetUtcNow() };
        clock.Advance(Later);
        Assert.Equal([_news.Messages[0].Id], Assert.IsType<FindResult.Found>(await ahead.Platform.FindAsync(Chat(_news), lost, Stop)).MessageIds);
    }

    [Fact]
    public async Task H10_Where_a_later_attempt_arrived_it_is_found_behind_all_that_was_said_since_the_first()
    {
        var lost = Lost(Entry("Lost"));
        Chatter(600);
        await LoseAsync(_news, Entry("Lost"));
        Assert.Equal(_news.Messages[^1].Id, await FoundAsync(lost));
    }

    [Fact]
    public async Task H10_Where_more_was_said_since_than_is_looked_through_only_what_is_found_can_be_told()
    {
        var lost = await LoseAsync(_news, Entry("Lost"));
        Chatter(600);
        Assert.IsType<FindResult.Untold>(await Platform.FindAsync(Chat(_news), lost, Stop));
        await SendAsync(_news, lost.Body.ToArray(), "again");
        Assert.Equal(_news.Messages[^1].Id, await FoundAsync(lost));
    }

    [Fact]
    public async Task H10_What_was_said_long_before_is_not_looked_through()
    {
        Chatter(600);
        _time.Advance(TimeSpan.FromHours(2));
        var lost = Lost(Entry("Lost"));
        _time.Advance(Later);
        Assert.IsType<FindResult.Repeatable>(await Platform.FindAsync(Chat(_news), lost, Stop));
        Assert.Single(_discord.Requests, request => request.Operation == List);
    }

    [Fact]
    public async Task H10_Of_a_message_whose_embeds_somebody_has_hidden_nobody_can_tell_what_it_said()
    {
        var lost = await LoseAsync(_news, Entry("Lost"));
        _time.Advance(Later);
        _news.Messages[0].HideEmbeds();
        Assert.Contains("hidden", Assert.IsType<FindResult.Untold>(await Platform.FindAsync(Chat(_news), lost, Stop)).Reason, StringComparison.Ordinal);

        // Of a text it says nothing, and with the message itself there is no doubt.
        Assert.IsType<FindResult.Repeatable>(await Platform.FindAsync(Chat(_news), lost with { Body = Text("Only text") }, Stop));
        await SendAsync(_news, Entry("Lost"), "again");
        Assert.Equal(_news.Messages[1].Id, await FoundAsync(lost));
    }

    [Fact]
    public async Task H10_A_post_is_found_although_a_moderator_renamed_it()
    {
        var forum = _guild.AddChannel("forum", DiscordChannelKind.Forum);
        await SendAsync(forum, Entry("Another"));
        var lost = Lost(Entry("Lost"));
        await SendAsync(forum, Entry("Lost"));
        forum.Posts[^1].Rename("Pinned: read this");
        Assert.Equal(forum.Posts[^1].Id, await FoundAsync(lost, forum));
        forum.Posts[^1].FirstMessage.HideEmbeds();
        Assert.IsType<FindResult.Untold>(await Platform.FindAsync(Chat(forum), lost, Stop));
    }

    [Fact]
    public async Task H10_Of_posts_so_many_are_looked_at_and_those_of_the_name_first()
    {
        var forum = _guild.AddChannel("forum", DiscordChannelKind.Forum);
        var lost = Lost(Entry("Lost"));
        for (var i = 0; i < 25; i++)
            await PostedAsync($"{i}");
        Assert.IsType<FindResult.Repeatable>(await Platform.FindAsync(Chat(forum), lost, Stop));
        _time.Advance(Later);
        await PostedAsync("One more");
        Assert.IsType<FindResult.Untold>(await Platform.FindAsync(Chat(forum), lost, Stop));
        _time.Advance(Later);
        await PostedAsync("Lost");
        var before = Looks();
        Assert.Equal(forum.Posts[^1].Id, await FoundAsync(lost, forum));
        Assert.Equal(before + 1, Looks());

        int Looks() => _discord.Requests.Count(request => request.Operation == One);

        async Task PostedAsync(string title)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.IsType<SendResult.Sent>(await SendAsync(forum, Entry(title)));
        }
    }

    [Fact]
    public async Task H10_A_post_that_is_deleted_while_it_is_looked_at_says_nothing_of_its_forum()
    {
        var forum = _guild.AddChannel("forum", DiscordChannelKind.Forum);
        var lost = Lost(Entry("Lost"));
        await SendAsync(forum, Entry("Another"));
        _discord.Next(One, new DiscordFault.Refuse(404, 10003, "Unknown Channel"));
        Assert.IsType<FindResult.Repeatable>(await Platform.FindAsync(Chat(forum), lost, Stop));
    }

    [Theory]
    [InlineData(400, 50035)]
    [InlineData(400, 0)]
    [InlineData(404, 0)]
    [InlineData(404, 10099)]
    [InlineData(404, 10008)]
    [InlineData(403, 40333)]
    [InlineData(403, 0)]
    [InlineData(405, 0)]
    public async Task H10_A_question_that_is_refused_says_nothing_of_the_message_or_the_chat(int status, int code)
    {
        var lost = await LoseAsync(_news, Entry("Lost"));
        _time.Advance(Later);
        foreach (var operation in (string[])[Look, List])
        {
            _discord.Next(operation, new DiscordFault.Refuse(status, code, "why"));
            Assert.IsType<SendResult.NotSent>(Assert.IsType<FindResult.NotNow>(await Platform.FindAsync(Chat(_news), lost, Stop)).Result);
        }

        Assert.Equal(_news.Messages[0].Id, await FoundAsync(lost));
    }

    [Fact]
    public async Task H10_Where_the_channel_is_not_seen_any_more_it_is_asked_later()
    {
        var lost = await LoseAsync(_news, Entry("Lost"));
        _news.Deny(DiscordPermissions.ViewChannel);
        _time.Advance(Later);
        Assert.IsType<SendResult.NoAccess>(Assert.IsType<FindResult.NotNow>(await Platform.FindAsync(Chat(_news), lost, Stop)).Result);
        _news.Allow(DiscordPermissions.ViewChannel);
        Assert.Equal(_news.Messages[0].Id, await FoundAsync(lost));
    }

    [Fact]
    public async Task H10_Once_the_channel_is_known_a_search_is_one_request()
    {
        var lost = await LoseAsync(_news, Entry("Lost"));
        _time.Advance(Later);
        await FoundAsync(lost);
        var before = _discord.Requests.Count;
        await FoundAsync(lost);
        Assert.Equal(before + 1, _discord.Requests.Count);
    }

    [Fact]
    public async Task H20_A_search_that_finds_no_place_holds_its_own_chat_alone()
    {
        var lost = await LoseAsync(_news, Entry("Lost"));
        _time.Advance(Later);
        var places = Enumerable.Range(1, 50).Select(i => Assert.IsType<Admission.Granted>(Platform.Admit(new ChatAddress("discord", $"{i}"))).Permit).ToList();
        Assert.True(Assert.IsType<Admission.Wait>(Platform.Admit(Chat(_news))).WholeToken);
        Assert.False(Assert.IsType<SendResult.RetryAfter>(await NotNowAsync()).WholeToken);
        places.ForEach(place => place.Dispose());
        _discord.Next(Look, new DiscordFault.RateLimited(TimeSpan.FromSeconds(2), "global"));
        Assert.Equal(new SendResult.RetryAfter(TimeSpan.FromSeconds(2), WholeToken: true), await NotNowAsync());
        Assert.True(Assert.IsType<SendResult.RetryAfter>(await NotNowAsync()).WholeToken);

        async Task<SendResult> NotNowAsync() => Assert.IsType<FindResult.NotNow>(await Platform.FindAsync(Chat(_news), lost, Stop)).Result;
    }

    [Fact]
    public async Task H20_A_search_takes_its_place_before_the_deliveries_that_take_every_one()
    {
        var lost = await LoseAsync(_news, Entry("Lost"));
        _time.Advance(Later);
        await FoundAsync(lost);
        _time.Advance(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 50; i++)
            Assert.IsType<SendResult.Sent>(await SendAsync(_guild.AddChannel($"c{i}"), Entry("One of many")));
        _time.Advance(TimeSpan.FromMilliseconds(700));
        Assert.IsType<Admission.Wait>(Platform.Admit(Chat(_news)));
        var search = Platform.FindAsync(Chat(_news), lost, Stop);
        Assert.False(search.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(303));
        Assert.IsType<FindResult.Found>(await search);
    }

    [Fact]
    public async Task A_message_is_changed_and_what_the_new_form_has_not_goes()
    {
        var id = await SentAsync(_news, Entry("Before"));
        Assert.Equal(new SendResult.Sent(id), await EditAsync(_news, id, Text("Only text now, of http://a.test")));
        var message = Assert.Single(_news.Messages);
        Assert.Equal(("Only text now, of http://a.test", 0, 4), (Plain(message.Content), message.Embeds.Count, message.Flags & 4));
        Assert.Equal(new SendResult.Sent(id), await EditAsync(_news, id, Entry("After")));
        Assert.Equal(("", 0), (message.Content, message.Flags & 4));
        Assert.Equal("After", message.ShownEmbeds[0].GetProperty("title").GetString());
        Assert.Equal(2, message.Edits);
    }

    [Fact]
    public async Task A_post_of_a_forum_is_changed_and_deleted_in_its_own_thread()
    {
        var forum = _guild.AddChannel("forum", DiscordChannelKind.Forum);
        var id = await SentAsync(forum, Entry("Before"));
        _guild.AddMember("Ann").Say(forum.Posts[0], "What I think");
        Assert.Equal(new SendResult.Sent(id), await EditAsync(forum, id, Entry("After")));
        Assert.Equal("After", forum.Posts[0].FirstMessage.Embeds[0].GetProperty("title").GetString());
        Assert.Equal(new SendResult.Sent(id), await Platform.DeleteAsync(Chat(forum), id, Stop));
        Assert.Equal("What I think", Assert.Single(forum.Posts[0].Messages).Content);

        // After a restart nothing is known of the channel.
        var next = await SentAsync(forum, Entry("Next"));
        await using var restarted = new PlatformAlone<DiscordPlatform>(_time, new DiscordOptions { Token = _discord.Token, ApiUrl = _discord.ApiUrl.ToString() });
        Assert.Equal(new SendResult.Sent(next), await restarted.Platform.EditAsync(Chat(forum), next, Entry("Changed"), SendPermit.Unlimited, Stop));
        forum.Posts[1].Delete();
        Assert.IsType<SendResult.Rejected>(await EditAsync(forum, next, Entry("Changed again")));
        Assert.Equal(new SendResult.Sent(next), await Platform.DeleteAsync(Chat(forum), next, Stop));
    }

    [Fact]
    public async Task What_can_never_be_changed_is_rejected_and_what_is_not_there_is_deleted()
    {
        var id = await SentAsync(_news, Entry("Mine"));
        var others = _guild.AddMember("Ann").Say(_news, "Hers");
        Assert.IsType<SendResult.Rejected>(await EditAsync(_news, others.Id, Entry("Changed")));
        Assert.IsType<SendResult.NoAccess>(await Platform.DeleteAsync(Chat(_news), others.Id, Stop));
        Assert.Equal(new SendResult.Sent(id), await Platform.DeleteAsync(Chat(_news), id, Stop));
        Assert.Equal(new SendResult.Sent(id), await Platform.DeleteAsync(Chat(_news), id, Stop));
        Assert.IsType<SendResult.Rejected>(await EditAsync(_news, id, Entry("Changed")));
        Assert.IsType<SendResult.Rejected>(await EditAsync(_news, "", Entry("Changed")));
        var asked = _discord.Requests.Count;
        foreach (var none in (string[])["", null!, "x", "-5", "5 "])
        {
            Assert.IsType<SendResult.Rejected>(await EditAsync(_news, none, Entry("Changed")));
            Assert.IsType<SendResult.Rejected>(await Platform.DeleteAsync(Chat(_news), none, Stop));
        }

        Assert.Equal(asked, _discord.Requests.Count);
        var thread = _news.AddThread("thread");
        var said = await SentAsync(thread, Entry("In a thread"));
        thread.Archive();
        Assert.IsType<SendResult.Rejected>(await EditAsync(thread, said, Entry("Changed")));
    }

    [Fact]
    public async Task A_change_keeps_its_own_limit_and_gives_back_the_place_of_a_message()
    {
        var id = await SentAsync(_news, Entry("0"));
        for (var i = 1; i <= 5; i++)
            Assert.IsType<SendResult.Sent>(await Platform.EditAsync(Chat(_news), id, Entry($"{i}"), Place(_news), Stop));
        Assert.IsType<SendResult.RetryAfter>(await Platform.EditAsync(Chat(_news), id, Entry("6"), Place(_news), Stop));
        Assert.Equal(5, _discord.Requests.Count(request => request.Operation == Change));
        for (var i = 1; i <= 4; i++)
            Place(_news);
        Assert.IsType<Admission.Wait>(Platform.Admit(Chat(_news)));
    }

    [Fact]
    public async Task H16_A_success_that_is_no_message_is_a_lost_answer()
    {
        _discord.Next(Create, new DiscordFault.Html200());
        Assert.IsType<SendResult.Unknown>(await SendAsync(_news, Entry("Lost")));
        var id = _news.Messages[0].Id;
        _discord.Next(Change, new DiscordFault.Html200());
        Assert.IsType<SendResult.Unknown>(await EditAsync(_news, id, Entry("Changed")));
    }

    [Fact]
    public async Task H17_What_is_larger_than_Discord_takes_is_refused_once_and_for_all()
    {
        var large = JsonSerializer.SerializeToUtf8Bytes(new { content = new string('x', 2001), allowed_mentions = new { parse = Array.Empty<string>() } });
        Assert.IsType<SendResult.Rejected>(await SendAsync(_news, large));
        var id = await SentAsync(_news, Entry("Small"));
        Assert.IsType<SendResult.Rejected>(await EditAsync(_news, id, large));
        _discord.Next(Create, new DiscordFault.Refuse(413, 40005, "Request entity too large"));
        Assert.IsType<SendResult.Rejected>(await SendAsync(_news, Entry("Next"), "next"));
        Assert.Equal(0, _news.Messages[0].Edits);
    }

    [Fact]
    public async Task H06_Slow_mode_holds_the_channel_as_long_as_Discord_says()
    {
        _discord.Next(Create, new DiscordFault.Refuse(400, 20016, "This action cannot be performed due to slowmode rate limit", ("Retry-After", "3600")));
        Assert.Equal(new SendResult.RetryAfter(TimeSpan.FromHours(1), WholeToken: false), await SendAsync(_news, Entry("Slow")));
    }

    [Fact]
    public async Task An_entry_in_full_is_changed_where_it_stands_and_found_when_its_answer_was_lost()
    {
        var full = Full("Title", "Nobody was hurt.");
        var id = await SentAsync(_news, full);
        Assert.IsType<SendResult.Sent>(await EditAsync(_news, id, Full("Title", "Somebody was hurt.")));
        Assert.Contains("Somebody was hurt.", _news.Messages[0].ShownText, StringComparison.Ordinal);

        var lost = await LoseAsync(_news, full);
        _time.Advance(Later);
        Assert.Equal(_news.Messages[1].Id, await FoundAsync(lost));
    }

    [Fact]
    public async Task A_silent_message_is_changed_without_what_a_change_cannot_say()
    {
        var id = await SentAsync(_news, Platform.Render(new Message { Card = Card("Title", "Text"), IsSilent = true }, 0)!);
        Assert.Equal(1 << 12, _news.Messages[0].Flags);
        Assert.IsType<SendResult.Sent>(await EditAsync(_news, id, Platform.Render(new Message { Card = Card("Title", "Other"), IsSilent = true }, 0)!));
        Assert.Equal(1, _news.Messages[0].Edits);
    }

    [Fact]
    public async Task A_post_bears_those_of_the_forums_tags_that_are_the_entrys()
    {
        var forum = _guild.AddChannel("forum", DiscordChannelKind.Forum);
        foreach (var (name, isModerated) in new[] { ("official", true), ("Machine learning", false), ("NEWS", false), ("other", false) })
            forum.AddTag(name, isModerated);
        var body = Platform.Render(new Message { Card = Card("Title", "Text") with { Tags = ["news", "machine_learning", "official"] } }, 0)!;

        Assert.IsType<SendResult.Sent>(await SendAsync(forum, body));
        Assert.Equal(["Machine learning", "NEWS"], forum.Posts[0].Tags);
    }

    [Fact]
    public async Task Where_a_forum_wants_a_tag_its_first_is_used_and_where_it_has_none_it_says_so()
    {
        var forum = _guild.AddChannel("forum", DiscordChannelKind.Forum);
        forum.RequiresTag = true;
        forum.AddTag("official", isModerated: true);
        var refused = Assert.IsType<SendResult.NoAccess>(await SendAsync(forum, Entry("Title")));
        Assert.StartsWith("Posts in this forum need a tag", refused.Reason.Said(), StringComparison.Ordinal);

        var first = forum.AddTag("first");
        forum.AddTag("second");
        Assert.IsType<SendResult.Sent>(await SendAsync(forum, Entry("Title")));
        Assert.Equal(["first"], forum.Posts[0].Tags);

        // It is gone meanwhile, and nobody told.
        forum.RemoveTag(first);
        Assert.IsType<SendResult.Sent>(await SendAsync(forum, Entry("Title")));
        Assert.Equal(["second"], forum.Posts[1].Tags);
    }

    private static ChatAddress Chat(FakeChannel channel) => new("discord", channel.Id);

    private static string Plain(string markdown) => markdown.Replace("<", "", StringComparison.Ordinal).Replace(">", "", StringComparison.Ordinal);

    private static (DiscordFault Fault, Type Expected) Fault(string what) => what switch
    {
        "reset before" => (new DiscordFault.DropBefore(), typeof(SendResult.Unknown)),
        "reset after" => (new DiscordFault.StoreThenDrop(), typeof(SendResult.Unknown)),
        "502 before" => (new DiscordFault.ServerError(), typeof(SendResult.Unknown)),
        "502 after" => (new DiscordFault.ServerErrorAfterStore(), typeof(SendResult.Unknown)),
        "half an answer" => (new DiscordFault.HalfAnswer(Cut: true), typeof(SendResult.Unknown)),
        "a web page" => (new DiscordFault.Html200(), typeof(SendResult.Unknown)),
        "too early" => (new DiscordFault.RateLimited(TimeSpan.FromSeconds(1)), typeof(SendResult.RetryAfter)),
        "too early for all" => (new DiscordFault.RateLimited(TimeSpan.FromSeconds(1), "global"), typeof(SendResult.RetryAfter)),
        "refused" => (new DiscordFault.Refuse(400, 50035, "Invalid Form Body"), typeof(SendResult.Rejected)),
        "no such channel" => (new DiscordFault.Refuse(404, 10003, "Unknown Channel"), typeof(SendResult.ChatGone)),
        _ => (new DiscordFault.Refuse(401, 0, "401: Unauthorized"), typeof(SendResult.PlatformClosed)),
    };

    private static EntryCard Card(string title, string text) => new()
    {
        Feed = "A feed",
        Title = title,
        Link = new Uri("https://a.test/entry?a=1"),
        Author = "Ann",
        Tags = ["news"],
        Image = new Uri("https://a.test/picture.png"),
        Published = new DateTimeOffset(2026, 11, 24, 13, 0, 0, TimeSpan.FromHours(1)),
        Body = Message.Of(text, "").Text,
    };

    private byte[] Entry(string title, string text = "What it is about.") => Platform.Render(new Message { Card = Card(title, text) }, fallback: 0)!;

    private byte[] Full(string title, string text) => Platform.Render(new Message { Card = Card(title, text) with { Style = Style.Full } }, fallback: 0)!;

    private byte[] Text(string text) => Platform.Render(Message.Of(text), fallback: 0)!;

    private SendPermit Place(FakeChannel channel)
    {
        var granted = Assert.IsType<Admission.Granted>(Platform.Admit(Chat(channel)));
        Assert.Equal(TimeSpan.Zero, granted.After);
        return granted.Permit;
    }

    private Task<SendResult> SendAsync(FakeChannel channel, byte[] body, string nonce = "n") => Platform.SendAsync(Chat(channel), body, nonce, SendPermit.Unlimited, Stop);

    private async Task<string> SentAsync(FakeChannel channel, byte[] body) => Assert.IsType<SendResult.Sent>(await SendAsync(channel, body, Guid.NewGuid().ToString("N")[..20])).MessageId;

    private Task<SendResult> EditAsync(FakeChannel channel, string message, byte[] body) => Platform.EditAsync(Chat(channel), message, body, SendPermit.Unlimited, Stop);

    private LostMessage Lost(byte[] body) => new(body, "n", _time.GetUtcNow());

    private Task<FindResult> FindAsync(ChatAddress chat, byte[] body) => Platform.FindAsync(chat, Lost(body), Stop);

    private async Task<string> FoundAsync(LostMessage lost, FakeChannel? channel = null) =>
        Assert.Single(Assert.IsType<FindResult.Found>(await Platform.FindAsync(Chat(channel ?? _news), lost, Stop)).MessageIds);

    /// <summary>Somebody says so much, after which the nonce is not known any more.</summary>
    private void Chatter(int count)
    {
        var ann = _guild.AddMember("Ann");
        for (var i = 0; i < count; i++)
            ann.Say(_news, $"{i}");
        _time.Advance(Later);
    }

    /// <summary>A message that arrives, and the answer to it does not.</summary>
    private async Task<LostMessage> LoseAsync(FakeChannel channel, byte[] body)
    {
        var lost = Lost(body);
        _discord.Next(Create, new DiscordFault.StoreThenDrop());
        Assert.IsType<SendResult.Unknown>(await SendAsync(channel, body));
        return lost;
    }
}
