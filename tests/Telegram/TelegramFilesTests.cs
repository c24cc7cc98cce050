using System.Text;
using Notifier.Bot.Telegram;
using Notifier.Bot.Telegram.Messages;
using Notifier.Commands;
using Notifier.Messages;

namespace Notifier.Tests.Telegram;

/// <summary>Files on their way to Telegram and from it.</summary>
public sealed class TelegramFilesTests
{
    private static readonly MessageFile File = new("notifier-feeds.opml", "text/x-opml", "<opml/>"u8.ToArray());

    [Theory]
    [InlineData("../getMe")]
    [InlineData("documents/../../bot1:other/getMe")]
    [InlineData("/documents/file")]
    [InlineData("documents/./file")]
    public async Task A_path_that_climbs_is_not_asked_for(string path)
    {
        using var client = new TelegramClient(new TelegramOptions { ApiUrl = "http://127.0.0.1:1" }, () => "1:test", TimeProvider.System);

        Assert.Equal("Telegram told a path that is none.", Assert.IsType<TelegramAnswer<FileResult>.Lost>(await client.DownloadAsync(path, 100, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).Reason);
    }

    [Fact]
    public void A_text_that_is_too_long_for_a_caption_goes_ahead_of_the_file()
    {
        var message = Message.Of("Here it is.") with { File = File, Actions = [new MessageAction("Go", "/go")] };
        Assert.Same(message, Assert.Single(TelegramDocument.Split(message)));

        var parts = TelegramDocument.Split(message with { Text = Message.Of(new string('x', 600)).Text });
        Assert.Equal([(600, false, 0), (0, true, 1)], parts.Select(part => (Spans.Text(part.Text).Length, part.File is not null, part.Actions.Count)));
    }

    [Theory]
    [InlineData(true, "chat_id=7, message_thread_id=8, caption=<b>x</b>, parse_mode=HTML, reply_markup={\"a\":1}, document=<opml/>")]
    [InlineData(false, "chat_id=7, message_thread_id=8, reply_markup={\"a\":1}, document=<opml/>")]
    public async Task The_form_says_what_the_message_said(bool hasCaption, string expected)
    {
        var message = """{"chat_id":7,"message_thread_id":8,"text":"<b>x</b>","parse_mode":"HTML","link_preview_options":{"is_disabled":true},"reply_markup":{"a":1}}""";
        using var form = TelegramDocument.Form(Encoding.UTF8.GetBytes(message), File, hasCaption);

        var said = new List<string>();
        foreach (var part in form)
            said.Add($"{part.Headers.ContentDisposition!.Name!.Trim('"')}={await part.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        Assert.Equal(expected, string.Join(", ", said));
    }
}
