using Notifier.Messages;
using Notifier.Model;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Subscriptions;

/// <summary>How entries look is a matter of each subscription, and of the chat where it says nothing.</summary>
public sealed class StyleTests : IAsyncLifetime
{
    private readonly FrontDoor _door = new();
    private FeedSite _site = null!;

    private Desk Desk => _door.Desk;

    public async ValueTask InitializeAsync()
    {
        _site = await FeedSite.StartAsync();
        _site.Publish("/feed", "zero");
        await Desk.SubscribeAsync(_site.Url("/feed"), "a", "b");
        await Desk.PollAsync();
        Desk.Platform.Open("a");
        Desk.Platform.Open("b");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Theory]
    [InlineData("card", "card")]
    [InlineData("Full SILENT", "full silent")]
    [InlineData("silent", "card silent")]
    [InlineData("noimage  spoiler compact", "compact spoiler noimage")]
    [InlineData("", null)]
    [InlineData("big", null)]
    [InlineData("card full", null)]
    public void A_look_is_read_in_any_order(string text, string? look) => Assert.Equal(look, Look.Read(text)?.ToString());

    [Fact]
    public async Task A_style_is_of_one_subscription_and_can_be_taken_back()
    {
        Assert.Equal(
            "“The feed” comes as card.\nStyles: card, compact, full, link, digest and custom; after it may stand silent, spoiler and noimage.\nThe chat's own: /style 1 default",
            await AskAsync("/style 1"));
        Assert.StartsWith("“big” is no style. Write one of card, compact,", await AskAsync("/style 1 big"), StringComparison.Ordinal);
        Assert.Equal("From now on “The feed” comes as full silent.", await AskAsync("/style feed full silent"));
        Assert.Contains("“The feed”: style full silent", await AskAsync("/history"), StringComparison.Ordinal);

        await TellAsync("one", "zero");
        Assert.Equal([(Style.Full, true), (Style.Card, false)], Told().OrderByDescending(told => told.Silent));
        Assert.Equal("full silent", await Desk.ReadAsync(db => db.Sendings.Single(s => s.ChatId == 1).Look));

        Assert.StartsWith("Taken back: “The feed”: style full silent", await AskAsync("/undo"), StringComparison.Ordinal);
        Assert.StartsWith("“The feed” comes as card.", await AskAsync("/style 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_style_of_its_own_looks_as_the_chat_wants_it()
    {
        Assert.StartsWith("Without a style of their own, feeds come here as card.", await AskAsync("/style all"), StringComparison.Ordinal);
        Assert.StartsWith("From now on feeds come here as compact, unless", await AskAsync("/style ALL compact"), StringComparison.Ordinal);
        Assert.StartsWith("“The feed” comes as compact.", await AskAsync("/style 1"), StringComparison.Ordinal);
        await TellAsync("one", "zero");
        Assert.Equal([Style.Card, Style.Compact], Told().Select(told => told.Style).Order());
        await AskAsync("/style 1 link");
        Assert.StartsWith("“The feed” comes as link.", await AskAsync("/style 1"), StringComparison.Ordinal);
        Assert.Equal("From now on “The feed” comes as compact.", await AskAsync("/style 1 default"));
        Assert.Equal("A template belongs to one feed: /template 1 …", await AskAsync("/style all custom"));
        Assert.StartsWith("From now on feeds come here as card,", await AskAsync("/style all default"), StringComparison.Ordinal);
        Assert.Contains("style of all feeds card", await AskAsync("/history"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_digest_names_what_is_due_together_also_a_single_entry()
    {
        await AskAsync("/style 1 digest silent");
        await TellAsync("three", "two", "one", "zero");
        Assert.Equal(["list: one two three"], Desk.Platform.Shown("a"));
        Assert.Equal(3, Desk.Platform.Shown("b").Count);
        await TellAsync("four", "three", "two", "one", "zero");
        Assert.Equal("list: four", Desk.Platform.Shown("a")[^1]);
        Assert.All(Desk.Platform.Rendered.Where(message => message.ListOf is not null), message => Assert.True(message is { IsSilent: true, ListOf: "The feed" }));
    }

    [Fact]
    public async Task A_message_that_is_changed_keeps_the_look_in_which_it_was_sent()
    {
        await AskAsync("/style 1 full");
        await TellAsync("one", "zero");
        await AskAsync("/style 1 compact");
        Desk.Platform.Rendered.Clear();
        await Desk.ExecuteAsync("UPDATE Sendings SET EditDue=0");
        await Desk.DeliverAsync();
        Assert.Equal([Style.Card, Style.Full], Told().Select(told => told.Style).Order());
    }

    [Fact]
    public async Task A_subscription_can_begin_with_a_style()
    {
        _site.Publish("/other", "zero");
        Assert.Equal("A template belongs to one feed: subscribe first, then /template with the feed's number and the text.", await AskAsync($"/subscribe {_site.Url("/other")} none style:custom"));
        await AskAsync($"/subscribe {_site.Url("/other")} none style:\"compact silent\"");
        Assert.Equal("compact silent", await Desk.ReadAsync(db => db.Subscriptions.Single(s => s.Number == 2).Style));
    }

    [Theory]
    [InlineData("/style the feed full silent", "From now on “The feed” comes as full silent.")]
    [InlineData("/style The Feed default", "From now on “The feed” comes as card.")]
    [InlineData("/style \"the feed\" link", "From now on “The feed” comes as link.")]
    [InlineData("/style the feed", "“The feed” comes as card.")]
    [InlineData("/style 1 big", "“big” is no style.")]
    public async Task A_title_of_several_words_needs_no_quotes(string line, string reply) => Assert.StartsWith(reply, await AskAsync(line), StringComparison.Ordinal);

    [Fact]
    public async Task Taking_back_never_leaves_a_style_without_its_template()
    {
        await AskAsync("/template 1 {{ title }}");
        await AskAsync("/style 1 full");
        var change = await Desk.ReadAsync(db => db.AuditLines.OrderByDescending(a => a.Id).First().Id);
        await AskAsync("/template 1 off");
        Assert.StartsWith("That was changed again since", await AskAsync($"/undo {change}"), StringComparison.Ordinal);
        Assert.Equal("full", (await SubscriptionAsync()).Style);
    }

    [Fact]
    public async Task Of_two_subscriptions_that_become_one_the_style_stays()
    {
        await Desk.ExecuteAsync("UPDATE Subscriptions SET Style='custom silent', Template='{{ title }}' WHERE ChatId=1");
        await Desk.Storage.Writer.RunAsync(db => Notifier.Deliveries.ChatMoves.Move(db, new ChatAddress("fake", "a"), new ChatAddress("fake", "b"), Desk.Now), Desk.Token);
        Assert.Equal(("custom silent", "{{ title }}"), await Desk.ReadAsync(db => db.Subscriptions.Where(s => s.EndedAt == null).Select(s => ValueTuple.Create(s.Style, s.Template)).Single()));
    }

    [Fact]
    public async Task A_preview_is_the_message_in_the_style_it_has_or_another()
    {
        var card = (await _door.SendAsync(_door.AdminLine("/preview 1")))!;
        Assert.Equal((Style.Card, "zero"), (card.Card!.Style, card.Card.Title));
        Assert.Equal(["/preview 1 compact", "/preview 1 full", "/preview 1 link", "/preview 1 digest"], card.Actions.Select(action => action.CommandLine));
        Assert.Equal(Style.Compact, (await _door.SendAsync(_door.AdminLine("/preview 1 compact")))!.Card!.Style);
        Assert.Equal("The feed", (await _door.SendAsync(_door.AdminLine("/preview 1 digest")))!.ListOf);
        Assert.StartsWith("“The feed” has no template yet.", await AskAsync("/preview 1 custom"), StringComparison.Ordinal);
        Assert.Empty(Desk.Platform.Ledger);
        _site.Publish("/feed");
        Assert.Equal("“The feed” has no entries yet.", await AskAsync("/preview 1"));
    }

    [Fact]
    public async Task A_template_is_checked_and_shown_before_it_is_kept()
    {
        Assert.StartsWith("“The feed” has no template. Write one behind the number, such as: /template 1 <b>{{ title }}</b><br>", await AskAsync("/template 1"), StringComparison.Ordinal);
        Assert.StartsWith("“The feed” has no template yet.", await AskAsync("/style 1 custom"), StringComparison.Ordinal);
        Assert.StartsWith("This template cannot be used: line 1, column 4: there is no “titel”", await AskAsync("/template 1 {{ titel }}"), StringComparison.Ordinal);
        Assert.Equal("This template cannot be used: it says nothing", await AskAsync("/template 1 {{ author }}"));
        Assert.Null((await SubscriptionAsync()).Template);

        Assert.Equal("From now on “The feed” comes by this template.\n★ ZERO (The feed)", await AskAsync("/template 1 <b>★ {{ title | string.upcase }}</b> ({{ feed }})"));
        Assert.Equal(("custom", "<b>★ {{ title | string.upcase }}</b> ({{ feed }})"), ((await SubscriptionAsync()).Style, (await SubscriptionAsync()).Template));
        await TellAsync("one", "zero");
        Assert.Equal(["one: ★ ONE (The feed)"], Desk.Platform.Shown("a"));
        Assert.Contains("its own template", await AskAsync("/history"), StringComparison.Ordinal);
        Assert.Equal("The template of “The feed” is:\n<b>★ {{ title | string.upcase }}</b> ({{ feed }})", await AskAsync("/template 1"));

        Assert.StartsWith("Taken back", await AskAsync("/undo"), StringComparison.Ordinal);
        Assert.Equal((null, null), ((await SubscriptionAsync()).Style, (await SubscriptionAsync()).Template));
        await AskAsync("/template 1 {{ title }}");
        Assert.Equal("“The feed” comes as card from now on; its template is forgotten.", await AskAsync("/template 1 off"));
        Assert.Equal((null, null), ((await SubscriptionAsync()).Style, (await SubscriptionAsync()).Template));
    }

    [Fact]
    public async Task A_template_that_fails_later_is_said_once_and_the_entries_come_as_cards()
    {
        await AskAsync("/template 1 {{ if title == 'one' }}{{ for i in 1..9999 }}{{ end }}{{ end }}fine: {{ title }}");
        await TellAsync("one", "zero");
        await TellAsync("two", "one", "zero");
        var shown = Desk.Platform.Shown("a");
        Assert.Equal(3, shown.Count);
        Assert.StartsWith("one: ", shown[0], StringComparison.Ordinal);
        Assert.Contains(shown, text => text.StartsWith("The template of “The feed” cannot be used: line 1, column", StringComparison.Ordinal) && text.EndsWith("Its entries come as cards until it is mended: /template 1", StringComparison.Ordinal));
        Assert.Contains("two: fine: two", shown);
    }

    private Task<Subscription> SubscriptionAsync() => Desk.ReadAsync(db => db.Subscriptions.Single(s => s.ChatId == 1));

    private IEnumerable<(Style Style, bool Silent)> Told() => Desk.Platform.Rendered.Where(message => message.Card is not null).Select(message => (message.Card!.Style, message.IsSilent));

    private Task<string?> AskAsync(string line) => _door.AskAsync(line);

    private async Task TellAsync(params string[] titles)
    {
        _site.Publish("/feed", titles);
        Desk.Time.Advance(TimeSpan.FromMinutes(15));
        await Desk.PollAsync();
        await Desk.DeliverAsync();
    }
}
