using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Operating;
using Notifier.Tests.Support;

namespace Notifier.Tests.Commands;

/// <summary>E05: a button does what its reply offered, for whoever asked, there, for a while.</summary>
public sealed class OfferedActionsTests : IAsyncDisposable
{
    private static readonly ChatAddress Here = new("fake", "a");

    private readonly FrontDoor _door = new();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task Whoever_asked_may_choose_and_as_often_as_they_like()
    {
        var tokens = await OfferAsync(_door.Line("/list"), new MessageAction("One", "/list 1"), new MessageAction("Two", "/list 2"));
        Assert.Equal(new ChosenAction.Meant("/list 2", null), await ChooseAsync(tokens[1]));
        Assert.Equal(new ChosenAction.Meant("/list 1", null), await ChooseAsync(tokens[0]));
        Assert.Equal(new ChosenAction.Meant("/list 1", null), await ChooseAsync(tokens[0]));
        _door.Desk.Restart();
        Assert.Equal(new ChosenAction.Meant("/list 2", null), await new OfferedActions(_door.Desk.Storage, _door.Desk.Time).ChooseAsync(tokens[1], Here, "@ann", Desk.Token));
    }

    [Fact]
    public async Task Somebody_else_may_not()
    {
        var tokens = await OfferAsync(_door.Line("/list"), new MessageAction("One", "/list 1"));
        Assert.IsType<ChosenAction.SomebodyElses>(await ChooseAsync(tokens[0], person: "@bob"));
    }

    [Fact]
    public async Task It_is_worth_nothing_in_another_chat()
    {
        var tokens = await OfferAsync(_door.Line("/list"), new MessageAction("One", "/list 1"));
        Assert.IsType<ChosenAction.Expired>(await ChooseAsync(tokens[0], Here with { Id = "b" }));
        Assert.IsType<ChosenAction.Expired>(await ChooseAsync(tokens[0], Here with { Thread = "4" }));
        Assert.IsType<ChosenAction.Expired>(await ChooseAsync(tokens[0], Here with { Platform = "other" }));
    }

    [Fact]
    public async Task What_ends_everything_may_be_chosen_for_ten_minutes_and_what_takes_it_back_for_a_day()
    {
        await _door.Desk.SubscribeAsync(new Uri("http://f.test/"), "a");
        var sure = await OfferAsync(_door.AdminLine("/unsubscribe all"), [.. (await _door.SendAsync(_door.AdminLine("/unsubscribe all")))!.Actions]);
        var undo = await OfferAsync(_door.AdminLine("/unsubscribe 1"), [.. (await _door.SendAsync(_door.AdminLine("/unsubscribe 1")))!.Actions]);

        _door.Desk.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.IsType<ChosenAction.Meant>(await ChooseAsync(sure[0]));
        _door.Desk.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<ChosenAction.Expired>(await ChooseAsync(sure[0]));

        _door.Desk.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.IsType<ChosenAction.Meant>(await ChooseAsync(undo[0]));
        _door.Desk.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<ChosenAction.Expired>(await ChooseAsync(undo[0]));
        Assert.IsType<ChosenAction.Expired>(await ChooseAsync(undo[0], person: "@bob"));
    }

    [Fact]
    public async Task What_has_expired_is_swept()
    {
        await OfferAsync(_door.Line("/list"), new MessageAction("One", "/list 1"), new MessageAction("Soon", "/list 2") { Lifetime = TimeSpan.FromMinutes(10) });
        _door.Desk.Time.Advance(TimeSpan.FromMinutes(11));
        await new Retention(_door.Desk.Storage, _door.Desk.Time).SweepAsync(Desk.Token);
        Assert.Equal("/list 1", (await _door.Desk.ReadAsync(db => db.OfferedActions.Single())).CommandLine);
    }

    [Fact]
    public async Task E05_A_token_that_was_made_up_is_worth_nothing()
    {
        var token = (await OfferAsync(_door.Line("/list"), new MessageAction("One", "/list 1")))[0];
        var last = token[^1] == 'A' ? 'Q' : 'A';
        foreach (var forged in new[] { "", token[..^1], token + "A", token[..^1] + last, token.ToUpperInvariant() + "-", "/unsubscribe all yes", "' OR 1=1 --", "\0", new string('A', 22), new string('x', 10_000) })
            Assert.IsType<ChosenAction.Expired>(await ChooseAsync(forged));
    }

    [Fact]
    public async Task Tokens_are_random_and_fit_every_platform()
    {
        var actions = Enumerable.Range(0, 200).Select(n => new MessageAction("Same", "/list")).ToArray();
        var tokens = await OfferAsync(_door.Line("/list"), actions);
        Assert.Equal(200, tokens.Distinct().Count());
        Assert.All(tokens, token => Assert.Matches("^[A-Za-z0-9_-]{22}$", token));
    }

    [Fact]
    public async Task The_chat_that_it_is_about_is_kept()
    {
        var target = new ChatAddress("other", "-100", "45");
        var tokens = await OfferAsync(_door.Line("/list") with { Target = target }, new MessageAction("One", "/list 2"));
        Assert.Equal(new ChosenAction.Meant("/list 2", target), await ChooseAsync(tokens[0]));
    }

    [Fact]
    public async Task No_actions_are_no_tokens() => Assert.Empty(await OfferAsync(_door.Line("/list")));

    private Task<IReadOnlyList<string>> OfferAsync(IncomingCommand asked, params MessageAction[] actions) => _door.Actions.OfferAsync(actions, asked, Desk.Token);

    private Task<ChosenAction> ChooseAsync(string token, ChatAddress? chat = null, string person = "@ann") => _door.Actions.ChooseAsync(token, chat ?? Here, person, Desk.Token);
}
