using Notifier.Tests.Support.Fakes.Discord;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Bench;

/// <summary>
/// Discord and Telegram on loopback as a program, with a server, a forum, a group, a channel and a person, so that the service can be tried by hand.
/// What the person does is typed, what the bot says is printed.
/// </summary>
internal static class Fakes
{
    private const string Help = """
        t TEXT            say it to the bot on Telegram, in private         tg TEXT   in the group      tc TEXT   as a post in the channel
        d COMMAND [name=value…]   ask it on Discord in #news (chat=board means the forum)
        p LABEL           press the button of that label under the last answer
        q                 end
        """;

    public static async Task<int> RunAsync()
    {
        await using var discord = await FakeDiscord.StartAsync();
        await using var telegram = await FakeTelegram.StartAsync();
        var (guild, ann) = (discord.AddGuild("Harbour"), telegram.AddUser("Ann", "ann"));
        var (news, board) = (guild.AddChannel("news"), guild.AddChannel("board", DiscordChannelKind.Forum));
        var admin = guild.AddMember("Ann", DiscordPermissions.ManageGuild);
        var (group, channel) = (telegram.AddSupergroup("Family"), telegram.AddChannel("Gazette", "gazette"));
        group.Own(ann);
        channel.Own(ann);
        Console.WriteLine($"dotnet run --project bot -- --terminal --Notifier:Discord:ApiUrl={discord.ApiUrl} --Notifier:Discord:Token={discord.Token} --Notifier:Telegram:ApiUrl={telegram.Url} --Notifier:Telegram:Token={telegram.Token}");
        Console.WriteLine(Help);

        using var end = new CancellationTokenSource();
        var shown = Task.WhenAll(ShowAsync(discord, [news, board], end.Token), ShowAsync(telegram, end.Token));
        Func<string, Task>? press = null;
        while (await Console.In.ReadLineAsync() is { } line && line != "q")
        {
            var (verb, text) = line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var at ? (line[..at], line[(at + 1)..]) : (line, "");
            try
            {
                switch (verb)
                {
                    case "t":
                        press = Tell(ann, ann.PrivateChat ?? ann.Start(), text);
                        break;
                    case "tg":
                        if (group.Members.Count == 1)
                            group.InviteBot(ann);
                        press = Tell(ann, group, text);
                        break;
                    case "tc":
                        if (channel.Members.Count == 1)
                            channel.Promote(telegram.Bot);
                        channel.Post(text);
                        break;
                    case "d":
                        var answer = await AskAsync(admin, news, board, text);
                        Console.WriteLine($"discord #news, for Ann alone\n{Indented(answer.ShownText)}");
                        press = async label => Console.WriteLine($"discord #news, for Ann alone\n{Indented((await (await answer.PressAsync(admin, label)).AnswerAsync()).ShownText)}");
                        break;
                    case "p" when press is not null:
                        await press(text);
                        break;
                    default:
                        Console.WriteLine(Help);
                        break;
                }
            }
            catch (Exception fault) when (fault is NotOfferedException or TimeoutException or ArgumentException or InvalidOperationException)
            {
                Console.WriteLine(fault.Message);
            }
        }

        await end.CancelAsync();
        await shown.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var wrong in discord.Violations.Concat(discord.Unexpected).Concat(telegram.Violations).Concat(telegram.Unexpected))
            Console.WriteLine($"wrong: {wrong}");
        return 0;
    }

    private static Func<string, Task> Tell(FakeTelegramUser ann, FakeTelegramChat chat, string text)
    {
        if (text.Length > 0)
            ann.Say(chat, text);
        return label => chat.Messages.Last(message => message.Buttons.Any(button => button.Label == label)).PressAsync(ann, label);
    }

    private static async Task<FakeMessage> AskAsync(FakeUser admin, FakeChannel news, FakeChannel board, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var options = words[1..].Select(word => word.Split('=', 2)).Select(pair => (pair[0], pair[1] == "board" ? (object)board : pair[1]));
        return await (await admin.CommandAsync(news, words[0].TrimStart('/'), [.. options])).AnswerAsync();
    }

    /// <summary>Prints what comes into the channels, and each new post.</summary>
    private static async Task ShowAsync(FakeDiscord discord, FakeChannel[] channels, CancellationToken ct)
    {
        var printed = new HashSet<string>(StringComparer.Ordinal);
        while (!ct.IsCancellationRequested)
        {
            foreach (var (where, message) in channels.SelectMany(c => c.Messages.Select(m => ($"#{c.Name}", m)).Concat(c.Posts.SelectMany(post => post.Messages.Select(m => ($"#{c.Name} › {post.Name}", m))))))
            {
                if (printed.Add(message.Id))
                    Console.WriteLine($"discord {where}\n{Indented(message.ShownText)}");
            }

            var requests = discord.Requests.Count;
            await discord.WaitAsync(() => discord.Requests.Count > requests, "something to happen", TimeSpan.FromDays(1), ct);
        }
    }

    private static async Task ShowAsync(FakeTelegram telegram, CancellationToken ct)
    {
        var printed = new HashSet<(long, int)>();
        while (!ct.IsCancellationRequested)
        {
            foreach (var (chat, message) in telegram.Chats.SelectMany(chat => chat.Messages.Select(message => (chat, message))))
            {
                if (printed.Add((chat.Id, message.Id)))
                    Console.WriteLine($"telegram {chat}\n{Indented(message.Text + string.Concat(message.Buttons.Select(button => $" [{button.Label}]")))}");
            }

            var sent = telegram.Used.GetValueOrDefault("sendMessage");
            await telegram.WaitForRequestsAsync("sendMessage", sent + 1, TimeSpan.FromDays(1), ct);
        }
    }

    private static string Indented(string text) => "  │ " + text.Replace("\n", "\n  │ ", StringComparison.Ordinal);
}
