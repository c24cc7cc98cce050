using Notifier.Chats;
using Notifier.Commands;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Commands;

/// <summary>Who is listened to, what they may, and which chat it is about.</summary>
public sealed class CommandRunnerTests : IAsyncDisposable
{
    private const string TryAgain = "I cannot find out right now what you may do here. Please try again in a moment.";
    private const string OnlyAdmins = "Only an administrator of this chat can use /unsubscribe. Ask one of them.";
    private const string None = "This chat has no feeds yet. Add one: /subscribe with the address of a feed or a page, or /subscribe demo.";

    private readonly FrontDoor _door = new();

    private Desk Desk => _door.Desk;

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Theory]
    [InlineData("/list")]
    [InlineData("/unsubscribe 1")]
    [InlineData("/admins add")]
    public async Task E08_Where_rights_cannot_be_found_out_nothing_is_allowed(string line)
    {
        await Desk.SubscribeAsync(new Uri("http://f.test/"), "a");
        Desk.Platform.RightsOf = (_, _) => null;
        Assert.Equal(TryAgain, await _door.AskAsync(_door.Line(line)));
        Assert.True(await Desk.ReadAsync(db => db.Subscriptions.All(s => s.EndedAt == null)));
    }

    [Theory]
    [InlineData(Rights.None, "Only members of this chat can use /list.", OnlyAdmins)]
    [InlineData(Rights.Member, null, OnlyAdmins)]
    [InlineData(Rights.ChatAdmin, null, null)]
    public async Task Each_command_needs_its_right(Rights rights, string? list, string? unsubscribe)
    {
        await Desk.SubscribeAsync(new Uri("http://f.test/"), "a");
        Desk.Platform.RightsOf = (chat, person) => chat == new ChatAddress("fake", "a") && person == "@ann" ? rights : Rights.Operator;
        Assert.Equal(list ?? "One feed in this chat:\n1. f.test · not polled yet", await _door.AskAsync(_door.Line("/list")));
        Assert.Equal(unsubscribe ?? "Unsubscribed from “f.test”.", await _door.AskAsync(_door.Line("/unsubscribe 1")));
    }

    [Fact]
    public async Task Rights_are_asked_anew_for_each_command()
    {
        await Desk.SubscribeAsync(new Uri("http://f.test/"), "a");
        Rights? rights = Rights.ChatAdmin;
        Desk.Platform.RightsOf = (_, _) => rights;
        Assert.Equal("This ends the one subscription of this chat. Are you sure?", await _door.AskAsync(_door.Line("/unsubscribe all")));
        rights = Rights.Member;
        Assert.Equal(OnlyAdmins, await _door.AskAsync(_door.Line("/unsubscribe all yes")));
    }

    [Fact]
    public async Task An_operator_may_anything_anywhere_on_any_platform_and_nobody_asks_the_platform()
    {
        await _door.MakeOperatorAsync("@ann");
        Assert.Equal(None, await _door.AskAsync(_door.Line("/list")));
        Assert.Equal(None, await _door.AskAsync(_door.Line("/list chat:fake:b")));
        Assert.Equal(None, await _door.AskAsync(_door.Line("/list chat:other:9/4")));
        Assert.StartsWith("One operator,", await _door.AskAsync(_door.Line("/admins") with { IsPrivate = true }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_of_one_platform_is_nobody_on_another()
    {
        await _door.MakeOperatorAsync("@ann", platform: "other");
        Assert.Equal("Only whoever runs this Notifier can use /admins.", await _door.AskAsync("/admins"));
    }

    [Theory]
    [InlineData("/admins")]
    [InlineData("/admins add")]
    [InlineData("/setup")]
    [InlineData("/setup telegram 1:test")]
    public async Task E10_A_command_of_the_operator_is_refused_to_others(string line) =>
        Assert.Equal($"Only whoever runs this Notifier can use {line.Split(' ')[0]}.", await _door.AskAsync(line));

    [Fact]
    public async Task Another_chat_is_named_and_the_rights_there_count()
    {
        await Desk.SubscribeAsync(new Uri("http://f.test/"), "b");
        Desk.Platform.RightsOf = (chat, person) => (chat.Id, person) == ("b", "@ann") ? Rights.ChatAdmin : Rights.None;

        Assert.Equal("One feed in this chat:\n1. f.test · not polled yet", await _door.AskAsync("/list chat:fake:b"));
        Assert.Equal("Only members of this chat can use /list.", await _door.AskAsync("/list chat:fake:c"));
        Assert.Equal("Only members of this chat can use /list.", await _door.AskAsync("/list chat:fake:b", person: "@bob"));
        Assert.Equal("Only members of this chat can use /list.", await _door.AskAsync("/list chat:other:b"));
        Assert.Equal("“b” is no chat. Write it as platform:id, for example telegram:-1001234567890.", await _door.AskAsync("/list chat:b"));
    }

    [Fact]
    public async Task Whoever_is_at_the_machine_may_name_a_chat_of_any_platform()
    {
        Desk.Platform.RightsOf = (chat, _) => chat.Id == "a" ? Rights.Operator : Rights.None;
        Assert.Equal(None, await _door.AskAsync(_door.Line("/list chat:other:9") with { IsLocal = true }));
    }

    [Fact]
    public async Task Choices_of_a_line_that_named_another_chat_are_about_that_chat()
    {
        await Desk.SubscribeAsync(new Uri("http://f.test/"), "a", "b");
        Desk.Platform.RightsOf = (_, _) => Rights.ChatAdmin;

        var ended = await _door.SendAsync(_door.Line("/unsubscribe chat:fake:b 1"));
        await _door.SendAsync(_door.Line(Assert.Single(ended!.Actions).CommandLine));
        Assert.Equal([null, null], await Desk.ReadAsync(db => db.Subscriptions.Select(s => s.EndedAt).ToList()));

        var sure = await _door.SendAsync(_door.Line("/unsubscribe chat:fake:b all"));
        await _door.SendAsync(_door.Line(Assert.Single(sure!.Actions).CommandLine));
        Assert.Equal(["b"], await Desk.ReadAsync(db => (from s in db.Subscriptions where s.EndedAt != null join c in db.Chats on s.ChatId equals c.Id select c.Address).ToList()));

        var near = await _door.SendAsync(_door.Line("/unsubscribe chat:fake:a g.test"));
        Assert.Equal("/unsubscribe chat:fake:a 1", Assert.Single(near!.Actions).CommandLine);
    }

    [Fact]
    public async Task What_the_update_says_of_its_own_chat_is_not_taken_for_another_one()
    {
        await Desk.SubscribeAsync(new Uri("http://f.test/"), "b");
        await Desk.ChangeChatAsync("b", chat => (chat.Space, chat.Title) = ("harbour", "Harbour"));
        Desk.Platform.RightsOf = (_, _) => Rights.ChatAdmin;
        await _door.AskAsync(_door.Line("/unsubscribe chat:fake:b 1") with { Space = "family", Title = "Family" });
        Assert.Equal(("harbour", "Harbour"), ((await Desk.ReadChatAsync("b")).Space, (await Desk.ReadChatAsync("b")).Title));
    }

    [Theory]
    [InlineData("/play some music")]
    [InlineData("/lst")]
    [InlineData("hello everybody")]
    [InlineData("https://example.org/feed.xml")]
    [InlineData("  ")]
    [InlineData("/")]
    [InlineData("/1")]
    public async Task In_a_chat_of_several_what_is_not_for_Notifier_is_passed_over(string line) => Assert.Null(await _door.AskAsync(line));

    [Fact]
    public async Task A_long_story_in_a_chat_of_several_is_passed_over_too() => Assert.Null(await _door.AskAsync(new string('x', 10_000)));

    [Theory]
    [InlineData("/play music", "There is no /play. /help lists what you can ask.")]
    [InlineData("/lst", "There is no /lst. Did you mean /list?")]
    [InlineData("/LIST@notifier_bot", None)]
    public async Task Who_names_Notifier_gets_an_answer(string line, string answer)
    {
        Assert.Equal(answer, await _door.AskAsync(_door.AdminLine(line) with { IsAddressed = true }));
        Assert.Equal(answer, await _door.AskAsync(_door.AdminLine(line) with { IsPrivate = true }));
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_said_to_be_so() =>
        Assert.Equal("That line is too long: 4096 characters is the most.", await _door.AskAsync("/unsubscribe " + new string('x', 4096)));

    [Theory]
    [InlineData("feed", "1", "Unsubscribed from “f.test”.")]
    [InlineData("feed", "f.test", "Unsubscribed from “f.test”.")]
    [InlineData("feed", "two words", "No feed here is called “two words”. /list shows them all.")]
    [InlineData("fed", "1", "That is more than the command takes.\nUsage: /unsubscribe feed")]
    [InlineData(null, "", "The feed is missing: its number in /list, its address, or a piece of its title.\nUsage: /unsubscribe feed")]
    public async Task Arguments_may_come_by_name(string? name, string value, string answer)
    {
        await Desk.SubscribeAsync(new Uri("http://f.test/"), "a");
        var arguments = new Dictionary<string, string>();
        if (name is not null)
            arguments[name] = value;
        Assert.Equal(answer, await _door.AskAsync(_door.AdminLine("/unsubscribe") with { Arguments = arguments }));
    }

    [Theory]
    [InlineData("/latest n:99 feed:1", "“99” is no count: write a number from 1 to 20.")]
    [InlineData("/latest \"my feed\" 99", "“99” is no count: write a number from 1 to 20.")]
    [InlineData("/latest “my feed” 99", "“99” is no count: write a number from 1 to 20.")]
    [InlineData("/latest my feed 5", "“feed” is no count: write a number from 1 to 20.")]
    [InlineData("/latest feed:1 2 3", "That is more than the command takes.\nUsage: /latest feed [n]")]
    [InlineData("/latest n:3", "The feed is missing: its number in /list, its address, or a piece of its title.\nUsage: /latest feed [n]")]
    public async Task Arguments_are_read_from_the_line(string line, string answer) => Assert.Equal(answer, await _door.AskAsync(line));

    [Fact]
    public async Task Suggestions_are_the_chats_own_and_fit_what_was_typed()
    {
        foreach (var n in Enumerable.Range(1, 30))
            await Desk.SubscribeAsync(new Uri($"http://f{n}.test/"), "a");
        await Desk.SubscribeAsync(new Uri("http://secret.test/"), "b");

        Assert.Equal(25, (await SuggestAsync("unsubscribe", "feed", "")).Count);
        Assert.Equal([new Suggestion("17. f17.test", "17")], await SuggestAsync("unsubscribe", "feed", "F17."));
        Assert.Empty(await SuggestAsync("unsubscribe", "feed", "secret"));
        Assert.Equal(["none", "last", "5", "10"], (await SuggestAsync("subscribe", "backfill", "")).Select(s => s.Value));
        Assert.Empty(await SuggestAsync("subscribe", "url", ""));
        Assert.Empty(await SuggestAsync("subscribe", "nothing", ""));
        Assert.Empty(await SuggestAsync("nothing", "feed", ""));
        Assert.Empty(await _door.Runner.SuggestAsync("unsubscribe", "feed", "", new ChatAddress("fake", "a"), Rights.Member));

        Task<IReadOnlyList<Suggestion>> SuggestAsync(string command, string parameter, string typed) =>
            _door.Runner.SuggestAsync(command, parameter, typed, new ChatAddress("fake", "a"), Rights.ChatAdmin);
    }

    [Fact]
    public async Task Who_runs_Notifier_is_not_suggested_to_whoever_types()
    {
        await _door.MakeOperatorAsync("@ann");
        Assert.Empty(await _door.Runner.SuggestAsync("admins", "change", "", new ChatAddress("fake", "a"), Rights.ChatAdmin));
        Assert.Equal([new Suggestion("add", "add")], await _door.Runner.SuggestAsync("admins", "change", "", new ChatAddress("fake", "a"), Rights.Operator));
    }

    [Fact]
    public async Task E04_The_feed_of_another_chat_is_as_one_that_there_is_not()
    {
        await Desk.SubscribeAsync(new Uri("http://f.test/"), "a");
        await Desk.SubscribeAsync(new Uri("http://g.test/"), "b");
        await Desk.SubscribeAsync(new Uri("http://h.test/"), "b");
        var undo = (await _door.SendAsync(_door.AdminLine("/unsubscribe 1", chat: "b")))!.Actions[0].CommandLine;

        Assert.Equal("There is no feed number 2 here; /list shows them, up to 1.", await _door.AskAsync("/unsubscribe 2"));
        Assert.Equal("There is no feed number 17 here; /list shows them, up to 1.", await _door.AskAsync("/unsubscribe 17"));
        Assert.Equal("No feed here is called “h.test”. /list shows them all.", (await _door.AskAsync("/unsubscribe h.test"))!.Replace("Did you mean this one?", "/list shows them all.", StringComparison.Ordinal));
        Assert.Equal(await _door.AskAsync("/undo 4711"), await _door.AskAsync(undo));
        Assert.Equal(1, await Desk.ReadAsync(db => db.Subscriptions.Count(s => s.EndedAt != null)));
    }

    [Fact]
    public async Task An_update_that_comes_again_is_passed_over()
    {
        await Desk.SubscribeAsync(new Uri("http://f.test/"), "a");
        var line = _door.AdminLine("/unsubscribe all yes");
        Assert.Equal("Unsubscribed from “f.test”.", await _door.AskAsync(line));
        await _door.AskAsync("/undo");
        Assert.Null(await _door.AskAsync(line));
    }
}
