using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd.OnTelegram;

/// <summary>Many people on Telegram say many things at once, most of them nonsense: more than Telegram lets a bot answer in the time.</summary>
public sealed class TelegramFloodStory
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task E14_Random_lines_are_answered_or_ignored_and_break_nothing()
    {
        await using var world = await PlatformWorld.StartAsync();
        world.MayMeetLimits = true;
        var random = new Random(20261125);
        string[] words = ["/subscribe", "/list", "/unsubscribe", "/latest", "/check", "/claim", "/help", "/undo", "/admins", "/setup", "telegram", "all", "none", "chat:", "chat:telegram:1", "@gazette", "-1001234567890", "-9", "\"", "“", "http://", "https://[", "http://127.0.0.1:1/", "url:", "\u202E", "\0", "😀", "0", "-1", "99999999999999999999", "<b>", "&amp;", "/", "//", "/subscribe@NotifierTestBot", "{0}", "%s", "\n", "\t"];
        var people = Enumerable.Range(0, 50).Select(i => world.Telegram.AddUser($"P{i}")).ToList();
        var lines = 0;
        foreach (var person in people)
        {
            var chat = person.Start();
            for (var i = 0; i < 4; i++, lines++)
                person.Say(chat, string.Join(random.Next(4) == 0 ? "" : " ", Enumerable.Range(0, random.Next(1, 7)).Select(_ => words[random.Next(words.Length)])));
        }

        // Each person's lines are taken in order, so that the answer to a last one says that all before it are done.
        await Task.WhenAll(people.Select(async person =>
        {
            person.Say(person.PrivateChat!, "/whoami");
            await person.PrivateChat!.WaitForMessageAsync(message => message.Text.StartsWith("You are", StringComparison.Ordinal), TimeSpan.FromSeconds(90), Stop);
        }));
        Assert.Equal(200, lines);
        Assert.All(people, person => Assert.InRange(person.PrivateChat!.Messages.Count, 2, 6));
        Assert.DoesNotContain("went wrong on my side", string.Concat(people.SelectMany(person => person.PrivateChat!.Messages).Select(message => message.Text)), StringComparison.Ordinal);
    }
}
