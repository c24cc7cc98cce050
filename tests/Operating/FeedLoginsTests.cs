using System.Text;
using Microsoft.AspNetCore.Http;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Operating;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Operating;

/// <summary>Feeds that need a login: for the chat that gave it, sent to one place alone, and never seen again.</summary>
public sealed class FeedLoginsTests : IAsyncLifetime
{
    private const string Secret = "s3cretWord";
    private static readonly string Basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{Secret}"));

    private readonly FrontDoor _door = new();
    private readonly List<string> _replies = [];
    private FeedSite _site = null!;

    private Desk Home => _door.Desk;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        await _door.MakeOperatorAsync("@op");
    }

    public async ValueTask DisposeAsync()
    {
        await LooksForTheSecretAsync();
        await _door.DisposeAsync();
        await _site.DisposeAsync();
        Assert.Empty(_site.Unexpected);
    }

    [Fact]
    public async Task A27_A_feed_behind_a_password_is_read_for_the_chat_that_gave_it()
    {
        Protect("/feed", "one");
        Assert.Contains("wants a user name and password", await AskAsync($"/subscribe {_site.Url("/feed")}"), StringComparison.Ordinal);
        Assert.Contains("wants a user name and password", await AskAsync($"/feed credentials {_site.Url("/feed")} ann wrong"), StringComparison.Ordinal);
        Assert.Equal(0, await Home.ReadAsync(db => db.FeedCredentials.Count() + db.Feeds.Count()));

        Assert.Equal("I can read “The feed” with that. This chat alone gets it so; I do not show again what you gave me.", await AskAsync($"/feed credentials {_site.Url("/feed")} ann {Secret}"));
        Protect("/feed", "two", "one");
        await LaterAsync();
        Assert.Equal(["two"], await Home.OwedAsync("a"));
        Assert.Contains("two", await AskAsync("/latest 1"), StringComparison.Ordinal);
        Assert.Contains("With a login", await AskAsync("/feed health #1"), StringComparison.Ordinal);
        Assert.Contains("The feed", await AskAsync("/list"), StringComparison.Ordinal);
        Assert.Contains("no feed #1", await AskAsync("/feed health #1", "b"), StringComparison.Ordinal);
        Assert.Contains("wants a user name and password", await AskAsync($"/subscribe {_site.Url("/feed")}", "b"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_chat_had_open_goes_on_behind_the_login_with_nothing_lost_or_said_twice()
    {
        _site.Publish("/feed", "one");
        await Home.SubscribeAsync(_site.Url("/feed"), "a", "b");
        await Home.PollAsync();
        _site.Publish("/feed", "two", "one");
        await LaterAsync();
        Protect("/feed", "three", "two", "one");
        await AskAsync($"/feed credentials #1 ann {Secret}");
        await LaterAsync();

        Assert.Equal(["two", "three"], await Home.OwedAsync("a"));
        Assert.Equal(["two"], await Home.OwedAsync("b"));
        Assert.Equal([1, 1], await Home.ReadAsync(db => db.Subscriptions.Select(s => s.Number).ToList()));
        Assert.Equal(FeedState.Broken, (await Home.FeedAsync(1)).State);

        _site.Publish("/feed", "three", "two", "one");
        Assert.Equal("Forgotten: this chat gets “The feed” without a login again.", await AskAsync("/feed credentials #1 none"));
        await LaterAsync();
        await LaterAsync();
        Assert.Equal(["two", "three"], await Home.OwedAsync("b"));
        Assert.Equal(0, await Home.ReadAsync(db => db.FeedCredentials.Count()));
        Assert.Equal([1L, 1L], await Home.ReadAsync(db => db.Subscriptions.Select(s => s.FeedId).ToList()));
    }

    [Fact]
    public async Task Another_password_takes_the_place_of_the_first()
    {
        Protect("/feed", "one");
        await AskAsync($"/feed credentials {_site.Url("/feed")} ann {Secret}");
        ProtectWith("/feed", "Basic " + Convert.ToBase64String("ann:the next"u8), "two", "one");
        await AskAsync($"/feed credentials {_site.Url("/feed")} ann the next");
        Assert.Equal(1, await Home.ReadAsync(db => db.Feeds.Count()));
        await LaterAsync();
        Assert.Equal(FeedState.Active, (await Home.FeedAsync(1)).State);
        Assert.Equal(["two"], await Home.OwedAsync("a"));
    }

    [Fact]
    public async Task A_header_of_its_own_is_sent()
    {
        string? got = null;
        _site.Answer("/feed", http =>
        {
            got = http.Request.Headers["X-Api-Key"];
            return FeedSite.SendAsync(http, FeedSite.Rss(("one", "one", "one")));
        });
        await AskAsync($"/feed credentials {_site.Url("/feed")} header X-Api-Key {Secret}");
        await LaterAsync();
        Assert.Equal(Secret, got);
        Assert.StartsWith("That is no header", await AskAsync($"/feed credentials {_site.Url("/feed")} header Host {Secret}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A20_A27_It_is_not_sent_where_a_redirect_leads()
    {
        var sent = new List<string>();
        _site.Answer("/feed", 302, "Location", _site.Url("/there", "b.test").AbsoluteUri);
        _site.Answer("/there", http =>
        {
            sent.Add(http.Request.Headers.Authorization.ToString());
            return FeedSite.SendAsync(http, FeedSite.Rss(("one", "one", "one")));
        });
        await AskAsync($"/feed credentials {_site.Url("/feed")} ann {Secret}");
        _site.Answer("/feed", 301, "Location", _site.Url("/there", "b.test").AbsoluteUri);
        for (var i = 0; i < 6; i++)
            await LaterAsync();
        await AskAsync("/latest 1");

        Assert.Equal(_site.Url("/there", "b.test").AbsoluteUri, (await Home.FeedAsync(1)).Url);
        Assert.True(sent.Count > 5);
        Assert.All(sent, header => Assert.Equal("", header));
    }

    [Fact]
    public async Task Where_others_read_along_it_is_refused()
    {
        const string Refused = "Others can read what is written here, so I did not take that: change the password or key. Then tell me in private, or at the Terminal.";
        Assert.Equal(Refused, await _door.AskAsync(_door.Line($"/feed credentials {_site.Url("/feed")} ann {Secret}", person: "@op")));
        Assert.Equal(0, await Home.ReadAsync(db => db.FeedCredentials.Count()));
    }

    [Theory]
    [InlineData("/fed credentials http://a.test/feed ann " + Secret)]
    [InlineData("/feed credentials thing ann " + Secret)]
    [InlineData("/feed credentals http://a.test/feed ann " + Secret)]
    [InlineData("/feed credentials http://ann:" + Secret + "@a.test/feed ann " + Secret)]
    [InlineData("/subscribe http://ann:" + Secret + "@a.test/feed")]
    [InlineData("/feed add http://ann:" + Secret + "@a.test/feed")]
    [InlineData("/feed insecure http://ann:" + Secret + "@a.test/feed on")]
    public async Task A27_A_mistake_does_not_repeat_it(string line)
    {
        _site.Publish("/feed", "one");
        await Home.SubscribeAsync(new Uri("http://thing1.test/"), "a");
        await Home.SubscribeAsync(new Uri("http://thing2.test/"), "a");
        await Home.ExecuteAsync("UPDATE Feeds SET Title='thing', NextPoll=NULL");
        var reply = await _door.SendAsync(_door.Line(line, person: "@op") with { IsPrivate = true });
        Assert.NotNull(reply);
        Assert.DoesNotContain(Secret, Spans.Text(reply.Text), StringComparison.Ordinal);
        Assert.DoesNotContain(reply.Actions, action => (action.CommandLine + action.Label).Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_restore_without_logins_the_same_feed_goes_on_once_its_login_is_given_again()
    {
        Protect("/other", "one");
        Protect("/feed", "one");
        await AskAsync($"/feed credentials {_site.Url("/other")} ann {Secret}");
        await AskAsync($"/feed credentials {_site.Url("/feed")} ann {Secret}");
        await Home.ExecuteAsync("UPDATE Subscriptions SET Filter='two or three' WHERE FeedId=2");
        Protect("/feed", "two", "one");
        await LaterAsync();

        // As a backup does.
        await Home.ExecuteAsync("DELETE FROM FeedCredentials");
        Protect("/feed", "four", "three", "two", "one");
        await LaterAsync();
        Assert.Equal(FeedState.Broken, (await Home.FeedAsync(2)).State);
        Assert.Contains("no feed #2", await AskAsync("/feed health #2", "b"), StringComparison.Ordinal);
        Assert.StartsWith("I can read “The feed” with that.", await AskAsync($"/feed credentials #2 ann {Secret}"), StringComparison.Ordinal);

        Assert.Equal([1L, 2L], await Home.ReadAsync(db => db.Feeds.OrderBy(f => f.Id).Select(f => f.Id).ToList()));
        Assert.Equal((2, "two or three"), await Home.ReadAsync(db => db.Subscriptions.Where(s => s.FeedId == 2).Select(s => new ValueTuple<int, string?>(s.Number, s.Filter)).Single()));
        Assert.Equal(["two", "three"], await Home.OwedAsync("a"));
        await LaterAsync();
        Assert.Equal(["two", "three"], await Home.OwedAsync("a"));
        Assert.Equal(FeedState.Active, (await Home.FeedAsync(2)).State);
    }

    [Fact]
    public async Task After_a_restore_without_logins_one_may_do_without()
    {
        Protect("/feed", "one");
        await AskAsync($"/feed credentials {_site.Url("/feed")} ann {Secret}");
        await Home.ExecuteAsync("DELETE FROM FeedCredentials");
        _site.Publish("/feed", "two", "one");
        Assert.StartsWith("Forgotten", await AskAsync($"/feed credentials {_site.Url("/feed")} none"), StringComparison.Ordinal);
        await LaterAsync();
        Assert.Equal(["two"], await Home.OwedAsync("a"));
    }

    [Fact]
    public async Task Without_the_login_again_nothing_is_told_twice_where_the_open_feed_is_behind()
    {
        await SplitAsync();
        Protect("/feed", "three", "two", "one");
        await LaterAsync();
        Assert.Equal(["two", "three"], await Home.OwedAsync("a"));
        _site.Publish("/feed", "four", "three", "two", "one");
        await AskAsync("/feed credentials #1 none");
        await LaterAsync();
        await LaterAsync();
        Assert.Equal(["two", "three", "four"], await Home.OwedAsync("a"));
        Assert.Equal(["two", "three", "four"], await Home.OwedAsync("b"));
    }

    [Fact]
    public async Task Without_the_login_again_nothing_is_lost_where_the_open_feed_is_ahead()
    {
        await SplitAsync();
        _site.Publish("/feed", "four", "three", "two", "one");
        await OnlyAsync(1);
        _site.Publish("/feed", "five", "four", "two", "one");
        await OnlyAsync(1);
        Assert.Equal(["two"], await Home.OwedAsync("a"));
        Assert.Equal(["two", "three", "four", "five"], await Home.OwedAsync("b"));
        await AskAsync("/feed credentials #1 none");
        await LaterAsync();
        Assert.Equal(["five", "four", "three", "two"], (await Home.OwedAsync("a")).Order(StringComparer.Ordinal));
        Assert.Equal(["two", "three", "four", "five"], await Home.OwedAsync("b"));
    }

    [Fact]
    public async Task What_the_open_feed_told_and_the_filter_does_not_want_is_not_owed_for_that()
    {
        await SplitAsync();
        await Home.ExecuteAsync("UPDATE Subscriptions SET Filter='four' WHERE FeedId=2");
        _site.Publish("/feed", "four", "three", "two", "one");
        await OnlyAsync(1);
        _site.Answer("/feed", 500);
        await AskAsync("/feed credentials #1 none");
        Assert.Equal(["two", "four"], await Home.OwedAsync("a"));
    }

    [Fact]
    public async Task Where_nobody_else_gets_the_open_feed_it_knows_what_the_other_told_also_unread()
    {
        _site.Publish("/feed", "one");
        await Home.SubscribeAsync(_site.Url("/feed"), "a");
        await Home.PollAsync();
        Protect("/feed", "two", "one");
        await AskAsync($"/feed credentials #1 ann {Secret}");
        await LaterAsync();
        _site.Answer("/feed", 401);
        await AskAsync("/feed credentials #1 none");
        _site.Publish("/feed", "three", "two", "one");
        await LaterAsync();
        await LaterAsync();
        Assert.Equal(["two", "three"], await Home.OwedAsync("a"));
    }

    [Fact]
    public async Task Without_the_login_again_each_is_asked_where_all_looks_new()
    {
        string[] Titles(string name) => [.. Enumerable.Range(1, 12).Reverse().Select(n => $"{name}{n}")];
        _site.Publish("/feed", Titles("old"));
        await Home.SubscribeAsync(_site.Url("/feed"), "a", "b");
        await Home.PollAsync();
        await AskAsync($"/feed credentials #1 ann {Secret}");
        _site.Publish("/feed", Titles("new"));
        await AskAsync("/feed credentials #1 none");

        var notices = await Home.ReadAsync(db => (from d in db.Deliveries join c in db.Chats on d.ChatId equals c.Id where d.Notice != null select c.Address + ": " + d.Notice).ToList());
        Assert.Equal(["a", "b"], notices.Where(notice => notice.Contains("12 entries are held back", StringComparison.Ordinal)).Select(notice => notice[..1]).Order(StringComparer.Ordinal));
        Assert.Equal(24, await Home.ReadAsync(db => db.Deliveries.Count(d => d.State == DeliveryState.Held && d.FeedId == 1)));
        Assert.Equal(0, await Home.ReadAsync(db => db.Deliveries.Count(d => d.State == DeliveryState.Waiting && d.EntryId != null)));
    }

    [Fact]
    public async Task Without_the_login_again_a_poll_of_the_open_feed_that_is_on_its_way_is_refused()
    {
        await SplitAsync();
        var before = (await Home.FeedAsync(1)).Claim;
        await Home.ExecuteAsync($"UPDATE Feeds SET NextPoll={Home.Now.AddMinutes(5).UtcTicks}, ClaimEnds={Home.Now.AddMinutes(5).UtcTicks} WHERE Id=1");
        await AskAsync("/feed credentials #1 none");
        var open = await Home.FeedAsync(1);
        Assert.True(open.Claim > before);
        Assert.Equal((Home.Now, null), (open.NextPoll, open.ClaimEnds));
    }

    [Fact]
    public async Task It_is_forgotten_with_the_subscription()
    {
        Protect("/feed", "one");
        await AskAsync($"/feed credentials {_site.Url("/feed")} ann {Secret}");
        await _door.AskAsync("/unsubscribe 1");
        Home.Time.Advance(TimeSpan.FromHours(23));
        await new Retention(Home.Storage, Home.Time).SweepAsync(Desk.Token);
        Assert.Equal(1, await Home.ReadAsync(db => db.FeedCredentials.Count()));
        Home.Time.Advance(TimeSpan.FromHours(2));
        await new Retention(Home.Storage, Home.Time).SweepAsync(Desk.Token);
        Assert.Equal(0, await Home.ReadAsync(db => db.FeedCredentials.Count()));
    }

    private void Protect(string path, params string[] titles) => ProtectWith(path, Basic, titles);

    private void ProtectWith(string path, string login, params string[] titles) => _site.Answer(path, http =>
    {
        if (http.Request.Headers.Authorization == login)
            return FeedSite.SendAsync(http, FeedSite.Rss([.. titles.Select(title => (title, title, $"The text of {title}."))]));
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    });

    /// <summary>Chats a and b get the open feed, #1; then a with a login, #2. Both have been told of “two”.</summary>
    private async Task SplitAsync()
    {
        _site.Publish("/feed", "one");
        await Home.SubscribeAsync(_site.Url("/feed"), "a", "b");
        await Home.PollAsync();
        _site.Publish("/feed", "two", "one");
        await LaterAsync();
        await AskAsync($"/feed credentials #1 ann {Secret}");
    }

    /// <summary>An hour in which one feed alone is polled.</summary>
    private async Task OnlyAsync(long feed)
    {
        Home.Time.Advance(TimeSpan.FromHours(1));
        await Home.ExecuteAsync($"UPDATE Feeds SET NextPoll={Home.Now.AddHours(5).UtcTicks} WHERE Id<>{feed}");
        await Home.ExecuteAsync($"UPDATE Feeds SET NextPoll={Home.Now.UtcTicks} WHERE Id={feed}");
        await Home.PollAsync();
    }

    private async Task LaterAsync()
    {
        Home.Time.Advance(TimeSpan.FromHours(1));
        await Home.PollAsync();
    }

    private async Task<string> AskAsync(string line, string chat = "a")
    {
        var reply = await _door.AskAsync(_door.Line(line, chat, "@op") with { IsPrivate = true }) ?? "";
        _replies.Add(reply);
        return reply;
    }

    /// <summary>It stands in one column of one table, and nowhere else.</summary>
    private async Task LooksForTheSecretAsync()
    {
        Assert.All(_replies, reply => Assert.DoesNotContain(Secret, reply, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, _door.Log.Everything, StringComparison.Ordinal);
        await Home.Storage.Writer.RunAsync(
            db =>
            {
                var connection = db.Connection();
                foreach (var table in connection.Query("SELECT name FROM sqlite_master WHERE type='table' AND name NOT IN ('FeedCredentials')", reader => reader.GetString(0)))
                {
                    foreach (var row in connection.Query($"SELECT * FROM \"{table}\"", reader => string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue).Select(value => value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value.ToString()))))
                        Assert.DoesNotContain(Secret, row, StringComparison.Ordinal);
                }
            },
            Desk.Token);
    }
}
