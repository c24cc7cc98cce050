using System.IO.Compression;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Notifier.Model;
using Notifier.Tests.Support;
using static Notifier.Tests.Polling.SimulatedPublisher;

namespace Notifier.Tests.Polling;

/// <summary>A publisher whose server does now and then what broke others: what it published meanwhile comes when it is well again, once and in order.</summary>
public sealed class FetchTrapsStory
{
    private const int Window = 10;

    [Fact]
    public async Task Fifty_polls_of_a_server_with_every_fault()
    {
        await using var publisher = await StartAsync([.. Item.Window(1, Window)]);
        var faults = new Dictionary<int, RequestDelegate>
        {
            [2] = http => Send(http, "<!doctype html><html><body>Please log in.</body></html>", "text/html"),
            [5] = http => Send(http, "{\"error\": \"busy\"}", "application/json"),
            [8] = Bomb,
            [11] = http => Redirect(http, 302, "http://10.0.0.1/feed"),
            [14] = http => Redirect(http, 301, "http://169.254.169.254/latest/meta-data"),
            [17] = http => Refuse(http, 429, "3600"),
            [20] = http => Refuse(http, 503, publisher.Now.AddHours(2).ToString("r", CultureInfo.InvariantCulture)),
            [23] = http => Refuse(http, 500, null),
            [26] = http => Refuse(http, 404, null),
            [29] = http => Redirect(http, 302, publisher.Url.AbsoluteUri),
            [32] = Cut,
            [35] = http => Send(http, "", "application/rss+xml"),
            [38] = http => Send(http, Document(Item.Window(39, 48))[..^400], "application/rss+xml"),
            [41] = http => Refuse(http, 304, null),
        };
        var waits = new Dictionary<int, TimeSpan>();

        for (var poll = 1; poll <= Polls; poll++)
        {
            var items = Item.Window(poll + 1, poll + Window).ToArray();
            if (faults.TryGetValue(poll, out var fault))
                publisher.Answer(fault);
            else
                publisher.Publish(items);
            await publisher.PollAsync();
            waits[poll] = (await publisher.Desk.FeedAsync(publisher.Feed)).NextPoll!.Value - publisher.Now;
        }

        Assert.Equal(IdentityTrapsStory.Titles(Window + 1, Window + Polls), publisher.Entries);
        Assert.Empty(publisher.Notices);
        Assert.InRange(waits[17], TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        Assert.InRange(waits[20], TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1), TimeSpan.FromHours(3));
        Assert.All(waits.Where(wait => !faults.ContainsKey(wait.Key)), wait => Assert.InRange(wait.Value, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15)));
    }

    [Fact]
    public async Task A_strong_validator_that_lies_hides_an_entry_for_a_day_at_most()
    {
        await using var publisher = await StartAsync([.. Item.Window(1, Window)]);
        var newest = Window;
        publisher.Answer(http =>
        {
            http.Response.Headers.ETag = "\"always the same\"";
            http.Response.StatusCode = http.Request.Headers.IfNoneMatch.Count > 0 ? 304 : 200;
            return http.Response.StatusCode == 304 ? Task.CompletedTask : http.Response.WriteAsync(Document(Item.Window(Math.Max(1, newest - 199), newest)));
        });

        for (var hour = 1; hour <= Polls; hour++)
        {
            newest++;
            publisher.Desk.Time.Advance(TimeSpan.FromMinutes(45));
            await publisher.PollAsync();
        }

        Assert.Equal(IdentityTrapsStory.Titles(Window + 1, Window + 48), publisher.Entries);
        publisher.Desk.Time.Advance(TimeSpan.FromDays(1));
        await publisher.PollAsync();
        Assert.Equal(IdentityTrapsStory.Titles(Window + 1, Window + Polls), publisher.Entries);
    }

    /// <summary>Two chats of two feeds, of which one is led to the other by two steps: they become one, and neither chat misses or repeats anything.</summary>
    [Fact]
    public async Task A_chain_of_permanent_redirects_to_a_feed_known_already()
    {
        await using var publisher = await StartAsync([.. Item.Window(1, Window)]);
        publisher.Desk.Platform.Open("b");
        var old = publisher.Site.Url("/old");
        publisher.Site.Answer("/old", http => FeedSite.SendAsync(http, Document(Item.Window(1, Window))));
        await publisher.Desk.SubscribeAsync(old, "b");
        await publisher.PollAsync();

        for (var poll = 1; poll <= Polls; poll++)
        {
            var document = Document(Item.Window(poll + 1, poll + Window));
            publisher.Publish(document);
            if (poll < 20)
            {
                publisher.Site.Answer("/old", http => FeedSite.SendAsync(http, document));
            }
            else
            {
                publisher.Site.Answer("/old", http => Redirect(http, 301, publisher.Site.Url("/between").AbsoluteUri));
                publisher.Site.Answer("/between", http => Redirect(http, 308, publisher.Url.AbsoluteUri));
            }

            await publisher.PollAsync();
        }

        Assert.Equal(publisher.Url.AbsoluteUri, (await publisher.Desk.ReadAsync(db => db.Feeds.ToList())).Single().Url);
        Assert.Equal(IdentityTrapsStory.Titles(Window + 1, Window + Polls), publisher.Entries);
        var told = publisher.Desk.Platform.Named("b").SelectMany(named => named).ToList();
        Assert.Single(told, title => title.Contains("has moved for good", StringComparison.Ordinal));
        Assert.Equal(IdentityTrapsStory.Titles(Window + 1, Window + Polls), told.Where(title => !title.Contains(' ', StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_feed_that_is_gone_is_told_once_and_asked_no_more()
    {
        await using var publisher = await StartAsync([.. Item.Window(1, Window)]);
        publisher.Publish([.. Item.Window(2, Window + 1)]);
        await publisher.PollAsync();
        publisher.Answer(http => Refuse(http, 410, null));
        await publisher.PollAsync();
        var asked = publisher.Site.RequestsFor("/feed");

        for (var poll = 1; poll <= Polls; poll++)
        {
            publisher.Desk.Time.Advance(TimeSpan.FromHours(1));
            await publisher.PollAsync();
        }

        Assert.Equal(["e11"], publisher.Entries);
        Assert.Contains("has taken it away for good", Assert.Single(publisher.Notices), StringComparison.Ordinal);
        Assert.Equal(asked, publisher.Site.RequestsFor("/feed"));
        Assert.Equal(FeedState.Gone, (await publisher.Desk.FeedAsync(publisher.Feed)).State);
    }

    private static Task Send(HttpContext http, string body, string type)
    {
        http.Response.ContentType = type;
        return http.Response.WriteAsync(body);
    }

    private static Task Redirect(HttpContext http, int status, string to)
    {
        (http.Response.StatusCode, http.Response.Headers.Location) = (status, to);
        return Task.CompletedTask;
    }

    private static Task Refuse(HttpContext http, int status, string? retryAfter)
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null)
            http.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    }

    /// <summary>64 MiB in 64 KiB.</summary>
    private static async Task Bomb(HttpContext http)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var i = 0; i < 64; i++)
                await gzip.WriteAsync(new byte[1024 * 1024]);
        }

        http.Response.Headers.ContentEncoding = "gzip";
        await http.Response.Body.WriteAsync(packed.ToArray());
    }

    /// <summary>Half a packed document.</summary>
    private static async Task Cut(HttpContext http)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Document(Item.Window(33, 42))));
        http.Response.Headers.ContentEncoding = "gzip";
        await http.Response.Body.WriteAsync(packed.ToArray().AsMemory(0, (int)packed.Length / 2));
    }
}
