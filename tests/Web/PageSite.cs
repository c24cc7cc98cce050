using System.Globalization;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Notifier.Bot.Secrets;
using Notifier.Bot.Web;
using Notifier.Chats;
using Notifier.Model;
using Notifier.Tests.Support;
using Notifier.Texts;

namespace Notifier.Tests.Web;

/// <summary>Our pages on a web server of their own, over a database that the test fills; no worker runs, and the clock stands still.</summary>
internal sealed class PageSite : IAsyncDisposable
{
    public static readonly StillPlatform Terminal = new("Terminal", new PlatformState.Ready(""));

    private readonly TempFolder _folder;
    private readonly WebApplication _app;

    private PageSite(TempFolder folder, Storage storage, FakeTimeProvider time, WebApplication app)
    {
        (_folder, Storage, Time, _app) = (folder, storage, time, app);
        Client = new HttpClient { BaseAddress = Root };
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public FakeTimeProvider Time { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public Storage Storage { get; }

    public HttpClient Client { get; }

    public Uri Root => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public KnownSecrets Secrets => _app.Services.GetRequiredService<KnownSecrets>();

    public static async Task<PageSite> StartAsync(params IChatPlatform[] platforms)
    {
        var folder = new TempFolder();
        var storage = Storage.Open(folder.File("notifier.db"));
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services
            .AddSingleton<TimeProvider>(time)
            .AddSingleton(storage)
            .AddSingleton(new WebOptions())
            .AddSingleton(Catalogue.Load("en"))
            .AddSingleton<KnownSecrets>()
            .AddSingleton<Notifier.Chats.Platforms>()
            .AddPages();
        foreach (var platform in platforms.Length == 0 ? [Terminal] : platforms)
            builder.Services.AddSingleton(platform);
        var app = builder.Build();
        app.MapPages();
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync(Token);
        return new PageSite(folder, storage, time, app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Storage.Dispose();
        _folder.Dispose();
    }

    /// <summary>The first page, read as a browser reads it.</summary>
    public async Task<IHtmlDocument> PageAsync(string path = "/") => await new HtmlParser().ParseDocumentAsync(await Client.GetStringAsync(path, Token), Token);

    public async Task<long> FeedAsync(string title, string url, Action<Feed>? set = null, int subscribers = 1)
    {
        var feed = new Feed { Url = url, Title = title, CreatedAt = Now, LastPoll = Now, LastSuccess = Now, NextPoll = Now + TimeSpan.FromMinutes(15) };
        set?.Invoke(feed);
        await Storage.Writer.RunAsync(
            db =>
            {
                db.Feeds.Add(feed);
                db.SaveChanges();
                for (var n = 1; n <= subscribers; n++)
                {
                    var chat = db.FindOrAddChat(new ChatAddress("terminal", n.ToString(CultureInfo.InvariantCulture)), Now);
                    db.Subscriptions.Add(new Subscription { ChatId = chat.Id, FeedId = feed.Id, Number = 1, Since = Now });
                }

                db.SaveChanges();
            },
            Token);
        return feed.Id;
    }

    /// <summary>A delivery of an entry of this title to a chat, waiting since now; or as it is set.</summary>
    public Task DeliveryAsync(long feed, string title, Action<Delivery>? set = null, string chat = "terminal:1") => Storage.Writer.RunAsync(
        db =>
        {
            var entry = new Entry { FeedId = feed, Title = title, FirstSeen = Now };
            db.Entries.Add(entry);
            db.SaveChanges();
            Owe(db, new Delivery { FeedId = feed, EntryId = entry.Id, Key = $"e:{entry.Id}" }, set, chat);
        },
        Token);

    /// <summary>A notice that concerns no feed.</summary>
    public Task NoticeAsync(string text, Action<Delivery>? set = null, string chat = "terminal:1") =>
        Storage.Writer.RunAsync(db => Owe(db, new Delivery { Notice = text, Key = text }, set, chat), Token);

    /// <summary>So many feeds with a subscriber each; every tenth fails.</summary>
    public async Task ManyFeedsAsync(int count)
    {
        await Storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("terminal", "1"), Now), Token);
        await ExecuteAsync(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<{count})
            INSERT INTO Feeds (Id, Url, Credential, Title, State, NextPoll, LastPoll, LastSuccess, FirstFailure, LastError, FailuresInARow, Claim, Partition, MovedTimes, CreatedAt, ETag)
            SELECT i, 'https://f'||i||'.example/a/feed.xml', '', 'Feed '||(i*7919%{count}), IIF(i%10=0, 'Broken', 'Active'), {Now.AddMinutes(1).UtcTicks}+i, {Now.UtcTicks}, {Now.UtcTicks},
              IIF(i%10=0, {Now.UtcTicks}, NULL), IIF(i%10=0, 'It did not answer.', NULL), i%10=0, 1, i%1024, 0, {Now.UtcTicks}, '"0123456789abcdef"' FROM n
            """);
        await ExecuteAsync($"INSERT INTO Subscriptions (ChatId, FeedId, Number, Since) SELECT 1, Id, Id, {Now.UtcTicks} FROM Feeds");
    }

    public Task ExecuteAsync(string sql) => Storage.Writer.RunAsync(db => db.Connection().Execute(sql), Token);

    private void Owe(NotifierDb db, Delivery delivery, Action<Delivery>? set, string chat)
    {
        Assert.True(ChatAddress.TryParse(chat, out var where));
        (delivery.ChatId, delivery.CreatedAt, delivery.DueAt) = (db.FindOrAddChat(where, Now).Id, Now, Now);
        set?.Invoke(delivery);
        db.Deliveries.Add(delivery);
        db.SaveChanges();
    }
}
