using Microsoft.Data.Sqlite;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>A chat that wants entries in full and without a sound has them as rich messages, and as texts where Telegram takes none.</summary>
public sealed class TelegramStylesStory(SharedWorld shared) : IClassFixture<SharedWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FakeTelegram Telegram => shared.World.Telegram;

    [Fact]
    public async Task In_full_and_in_silence_an_entry_is_told_corrected_and_told_simpler_where_it_is_refused()
    {
        var url = Publish("A first entry");
        var (ann, home) = await Telegram.SomebodyAsync("Ann", Stop);
        await ann.SubscribeAsync(home, url, Stop);
        await WantAsync("full silent");

        Publish("Boats sail", "A first entry");
        var rich = await home.HearAsync("Boats sail", Stop);
        Assert.StartsWith("""<h1><a href="https://example.org/B">Boats sail</a></h1><h2>What is known</h2><ul><li>It is blue.</li></ul><figure><img src="https://example.org/B.jpg"/><figcaption>Boats</figcaption></figure><footer>""", rich.Html, StringComparison.Ordinal);
        Assert.True(rich.IsSilent);
        Assert.Equal("https://example.org/B", Assert.Single(rich.Buttons).Url);
        Assert.Empty(rich.Pings);

        Publish("Boats sail on", "A first entry");
        Assert.Equal(rich, await home.HearAsync("Boats sail on", Stop));
        Assert.NotNull(rich.Rich);
        Assert.Contains(Telegram.Requests, request => request is { Method: "editMessageText", Status: 200 } && request.Parameters["rich_message"] is not null);

        Telegram.Next("sendRichMessage", new Fault.Refuse(400, "Bad Request: failed to get HTTP URL content"));
        Publish("Cranes lift", "Boats sail on", "A first entry");
        var text = await home.HearAsync("Cranes lift", Stop);
        Assert.Null(text.Rich);
        Assert.True(text.IsSilent);
        Assert.Contains("<b>What is known</b>\n\n• It is blue.", text.Html, StringComparison.Ordinal);
        Assert.Equal("https://example.org/C.jpg", text.LinkPreview!["url"]!.GetValue<string>());

        Publish("Cranes lift more", "Boats sail on", "A first entry");
        Assert.Equal(text, await home.HearAsync("Cranes lift more", Stop));
        Assert.Null(text.Rich);

        Telegram.Next("sendRichMessage", new Fault.Refuse(404, "Not Found: method not found"));
        Publish("Docks open", "Cranes lift more", "Boats sail on", "A first entry");
        Assert.Null((await home.HearAsync("Docks open", Stop)).Rich);
        Assert.Contains("Harbour news", (await ann.AskAsync(home, "/list", ct: Stop)).Text, StringComparison.Ordinal);
    }

    private string Publish(params string[] titles) => shared.World.Web.Put(
        "/harbour.xml",
        $"""
        <?xml version="1.0"?><rss version="2.0"><channel><title>Harbour news</title><link>https://example.org/</link>
        {string.Concat(titles.Select(title => $"<item><guid isPermaLink=\"false\">{title[0]}</guid><title>{title}</title><link>https://example.org/{title[0]}</link><description>&lt;h2&gt;What is known&lt;/h2&gt;&lt;ul&gt;&lt;li&gt;It is blue.&lt;/ul&gt;&lt;img src=\"/{title[0]}.jpg\" alt=\"Boats\"&gt;</description></item>"))}
        </channel></rss>
        """);

    /// <summary>As the chat's admin would by a command.</summary>
    private async Task WantAsync(string look)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(shared.World.Data, "notifier.db"), Pooling = false }.ToString());
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE Subscriptions SET Style=$look";
        command.Parameters.AddWithValue("$look", look);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Stop));
    }
}
