using System.Diagnostics;
using Notifier.Tests.Feeds;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.Fakes;

/// <summary>A bot that others wrote and that knows nothing of the fake (grammY, on Node) works against it.</summary>
public sealed class GrammyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Folder => Path.Combine(Repository.Root, "tests", "node");

    [Fact]
    public async Task A_bot_on_grammy_polls_answers_edits_posts_and_survives_a_cut()
    {
        NeedNode();
        await using var fake = await FakeTelegram.StartAsync(ct: Token);
        var ada = fake.AddUser("Ada", "ada_l");
        var forum = fake.AddSupergroup("The forum", isForum: true);
        forum.InviteBot(ada);
        var topic = forum.AddTopic("News", ada);
        var channel = fake.AddChannel("The channel", "the_channel");
        channel.Promote(fake.Bot);
        // The polling is cut in each of the ways that a bot must survive.
        fake.Next("getUpdates", new Fault.DropBefore());
        fake.Next("getUpdates", new Fault.Refuse(502, "Bad Gateway"));
        fake.Next("getUpdates", new Fault.TooManyRequests(1));

        using var bot = Start(fake, $"{forum.Id}/{topic.Id}", "@the_channel");
        var output = bot.StandardOutput.ReadToEndAsync(Token);
        var errors = bot.StandardError.ReadToEndAsync(Token);
        try
        {
            var chat = ada.Start();
            var list = await ada.AskAsync(chat, "/list", ct: Token);
            Assert.Equal("Feeds & more", list.Text);
            Assert.Equal(["bold", "text_link"], list.Entities.Select(entity => entity.Type));
            Assert.Equal([new("Next", "page:2", null), new("Open", null, "https://e.org/")], list.Buttons);
            Assert.Equal("Here you are", await list.PressAsync(ada, "Next", Token));
            await chat.WaitForMessageAsync(message => message.Text == "Page two", ct: Token);

            ada.Say(chat, "/post");
            Assert.Same(topic, (await forum.WaitForMessagesAsync(1, ct: Token))[0].Topic);
            Assert.Equal("To the channel", (await channel.WaitForMessagesAsync(1, ct: Token))[0].Text);
            await fake.WaitForRequestsAsync("getChatMember", ct: Token);

            ada.Say(chat, "/quit");
            await bot.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
            Assert.Equal(
                ["is NotifierTestBot", "offers list", "sent Feeds & more with bold+text_link", "edited to Page two", "posted to topic true", "posted to channel the_channel", "refused 400", "member member", "quitting", "stopped"],
                (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal(0, bot.ExitCode);
        }
        catch (Exception e) when (e is TimeoutException)
        {
            bot.Kill(entireProcessTree: true);
            Assert.Fail($"{e.Message}\nThe bot said: {await output}\n{await errors}");
        }

        Assert.Equal([("list", "Lists the feeds")], fake.Commands.Of());
        Assert.Equal(3, fake.Requests.Count(request => request.Fault is not null));
        Assert.Equal(["message", "callback_query"], fake.Updates.Allowed);
        Assert.Equal(fake.Updates.LastId, fake.Confirmed);
        Assert.Empty(fake.Unexpected);
        Assert.Empty(fake.Violations);
    }

    /// <summary>Skips without Node or its packages; on the build server their absence is a failure.</summary>
    private static void NeedNode()
    {
        var there = Directory.Exists(Path.Combine(Folder, "node_modules", "grammy"))
            && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "node")));
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(there, "Node or tests/node/node_modules/grammy is absent.");
        Assert.SkipUnless(there, "Node or tests/node/node_modules/grammy is absent: tests/run installs the packages.");
    }

    private static Process Start(FakeTelegram fake, string forum, string channel) => Process.Start(new ProcessStartInfo("node", "telegram-bot.mjs")
    {
        WorkingDirectory = Folder,
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment =
        {
            ["API_ROOT"] = fake.Url.ToString().TrimEnd('/'),
            ["BOT_TOKEN"] = fake.Token,
            ["FORUM"] = forum,
            ["CHANNEL"] = channel,
        },
    })!;
}
