using Notifier.Tests.Support.Fakes.Discord;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.Support.Chaos;

/// <summary>
/// What is around the program and outlives it: Discord, Telegram and a few growing feeds on loopback, with the chats that follow them. What stands in
/// their chats in the end is what people were told.
/// </summary>
internal sealed class ChaosWorld : IAsyncDisposable
{
    private const string Post = "POST /channels/{channel_id}/messages", OpenPost = "POST /channels/{channel_id}/threads", SendMessage = "sendMessage";

    private static readonly string[] Everything = ["Alpha", "Bravo", "Charlie", "Delta"];

    private readonly FakeDiscord _discord;
    private readonly FakeTelegram _telegram;
    private readonly FeedServer _web;
    private readonly FakeGuild _guild;
    private readonly FakeTelegramUser _ann;
    private readonly List<(Place Place, FakeChannel Channel)> _channels = [];
    private readonly List<(Place Place, FakeTelegramChat Chat)> _chats = [];
    private readonly Place _terminal = new("the Terminal", "terminal", "local", MayRepeat: true, Everything);
    private readonly List<Telling> _inTerminal = [];

    private ChaosWorld(FakeDiscord discord, FakeTelegram telegram, FeedServer web)
    {
        (_discord, _telegram, _web) = (discord, telegram, web);
        Feeds = [.. Everything.Select(name => new GrowingFeed(name, web))];
        var guild = discord.AddGuild("Harbour");
        _guild = guild;
        Follow(guild.AddChannel("one"), Everything);
        Follow(guild.AddChannel("two"), "Alpha", "Bravo");
        Follow(guild.AddChannel("three"), "Charlie", "Delta");
        Follow(guild.AddChannel("board", DiscordChannelKind.Forum), "Alpha", "Charlie");
        _ann = telegram.AddUser("Ann");
    }

    public IReadOnlyList<GrowingFeed> Feeds { get; }

    public IReadOnlyList<Place> Places => [.. _channels.Select(one => one.Place), .. _chats.Select(one => one.Place), _terminal];

    public IReadOnlyDictionary<string, int> Published => Feeds.ToDictionary(feed => feed.Name, feed => feed.Published);

    /// <summary>How many deliveries there are when everything that was published is owed to everybody who wants it.</summary>
    public int Owed => Places.Sum(place => place.Feeds.Sum(feed => Published[feed]));

    /// <summary>How many messages the platforms were asked to take.</summary>
    public int Sends => _discord.Used.GetValueOrDefault(Post) + _discord.Used.GetValueOrDefault(OpenPost) + _telegram.Used.GetValueOrDefault(SendMessage);

    public IReadOnlyList<Ledger> Ledgers =>
    [
        .. _channels.Select(one => new Ledger(one.Place, Tellings((one.Channel.Kind == DiscordChannelKind.Forum ? one.Channel.Posts.Select(post => post.FirstMessage) : one.Channel.Messages).Select(message => message.ShownText)))),
        .. _chats.Select(one => new Ledger(one.Place, Tellings(one.Chat.Messages.Select(message => message.Text)))),
        new Ledger(_terminal, _inTerminal),
    ];

    /// <summary>What the program did that a platform forbids, or that nobody plays.</summary>
    public IReadOnlyList<string> Wrongs => [.. _discord.Violations, .. _discord.Unexpected, .. _telegram.Violations, .. _telegram.Unexpected];

    /// <summary>How often a platform really had to say that it is too much.</summary>
    public int LimitsMet => _discord.Limits.Refused + _telegram.Limits.Exceeded;

    /// <summary>What befell requests, by kind.</summary>
    public IEnumerable<string> Faults =>
        _discord.Requests.Select(request => NameOf(request.Fault)).Concat(_telegram.Requests.Select(request => NameOf(request.Fault))).OfType<string>();

    /// <summary>The program's settings that lead here.</summary>
    public IReadOnlyList<string> Settings =>
    [
        "--Notifier:Polling:AllowPrivateNetworks=true",
        "--Notifier:Polling:Schedule=*/1 * * * * *",
        "--Notifier:Polling:Floor=00:00:01",
        "--Notifier:Commands:PerMinute=1000",
        $"--Notifier:Discord:ApiUrl={_discord.ApiUrl}",
        $"--Notifier:Discord:Token={_discord.Token}",
        $"--Notifier:Telegram:ApiUrl={_telegram.Url}",
        $"--Notifier:Telegram:Token={_telegram.Token}",
    ];

    public static async Task<ChaosWorld> StartAsync(CancellationToken ct) =>
        new(await FakeDiscord.StartAsync(ct: ct), await FakeTelegram.StartAsync(ct: ct), await FeedServer.StartAsync(ct));

    /// <summary>Subscribes every chat to its feeds, as people do: every entry, from now on.</summary>
    public async Task SubscribeAsync(NotifierProcess notifier, CancellationToken ct)
    {
        foreach (var feed in Feeds)
            feed.Serve();
        Expect("From now on every entry", await notifier.AskAsync("/stories apart", ct));
        foreach (var feed in Feeds)
            Expect("Subscribed to", await notifier.AskAsync($"/subscribe {feed.Url} none", ct));

        foreach (var (place, channel) in _channels)
        {
            // Each by somebody else: a person may not ask for all of them at once.
            var admin = _guild.AddMember($"The one of {place}", DiscordPermissions.ManageGuild);
            Expect("From now on every entry", await CommandAsync(admin, "stories", ("how", "apart"), ("chat", channel)));
            foreach (var feed in Followed(place))
                Expect("Subscribed to", await CommandAsync(admin, "subscribe", ("url", feed.Url), ("backfill", "none"), ("chat", channel)));
        }

        await _ann.MeetAsync(ct);
        var (group, gazette) = (_telegram.AddSupergroup("Family"), _telegram.AddChannel("Gazette"));
        group.Own(_ann);
        group.InviteBot(_ann);
        await group.WaitForMessageAsync(_ => true, ct: ct);
        gazette.Own(_ann);
        gazette.Promote(_telegram.Bot, by: _ann);
        Follow(_ann.PrivateChat!, "in private", "Alpha", "Bravo");
        Follow(group, "the group", "Charlie");
        Follow(gazette, "the channel", "Delta");
        foreach (var (place, chat) in _chats)
        {
            Expect("From now on every entry", await AskAsync(chat, "/stories apart", ct));
            foreach (var feed in Followed(place))
                Expect("Subscribed to", await AskAsync(chat, $"/subscribe {feed.Url} none", ct));
        }

        async Task<string> CommandAsync(FakeUser admin, string command, params (string, object)[] options) =>
            (await (await admin.CommandAsync(_channels[0].Channel, command, options)).AnswerAsync(ct: ct)).ShownText;
    }

    /// <summary>Plans what will befall the next requests, in place of what did not happen yet.</summary>
    public void Plan(Life life)
    {
        ClearFaults();
        foreach (var fault in life.OnDiscord)
            _discord.Next(Post, fault);
        foreach (var fault in life.InForums)
            _discord.Next(OpenPost, fault);
        foreach (var fault in life.OnTelegram)
            _telegram.Next(SendMessage, fault);

        // A day has so many log-ins; a run has a kill for each.
        _discord.Gateway.SessionStartsLeft = 1000;
    }

    /// <summary>Everything is well from now on.</summary>
    public void ClearFaults()
    {
        _discord.ClearFaults();
        _telegram.NoMoreFaults();
        foreach (var feed in Feeds)
            feed.Serve();
    }

    public void Disturb(Incident.CallTrouble trouble)
    {
        if (trouble.OnDiscord)
            _discord.Next("GET /users/@me", new DiscordFault.ServerError());
        else
            _telegram.Next("getUpdates", new Fault.HtmlError(502));
    }

    /// <summary>False where there was no connection to be troubled.</summary>
    public bool Disturb(Incident.GatewayTrouble trouble)
    {
        if (_discord.Gateway.Connections == 0)
            return false;
        switch (trouble.Kind)
        {
            case GatewayTroubleKind.Reconnect:
                _discord.Gateway.Reconnect();
                break;
            case GatewayTroubleKind.Abort:
                _discord.Gateway.Abort();
                break;
            case GatewayTroubleKind.Invalidate:
                _discord.Gateway.Invalidate(resumable: false);
                break;
            default:
                _discord.Gateway.CloseAll(4000, "Unknown error.");
                break;
        }

        return true;
    }

    /// <summary>Completes when so many more messages have arrived at the platforms.</summary>
    public async Task SendsAsync(int count, CancellationToken ct)
    {
        var wanted = Sends + count;
        var patience = TimeSpan.FromHours(1);
        await await Task.WhenAny(
            _discord.WaitAsync(() => Sends >= wanted, "messages", patience, ct),
            _telegram.Changed.UntilAsync(() => Sends >= wanted ? this : null, patience, () => "", ct));
    }

    /// <summary>Reads what one life told in the Terminal.</summary>
    public void ReadTerminal(string output) => _inTerminal.AddRange(TerminalMessages.Of(output)
        .Select(message => new Telling([.. message.Items.SelectMany(EntryName.In).Distinct()], message.IsLast))
        .Where(telling => telling.Entries.Count > 0));

    /// <summary>How many answers faults took after the message was stored, where that may leave a copy.</summary>
    public IEnumerable<(string Chat, IReadOnlyList<EntryName> Entries)> AnswersTaken =>
        _telegram.Requests.Where(request => request.Method == SendMessage && TakesAnswer(request.Fault)).Select(request => ($"{request.Parameters["chat_id"]}", EntryName.In($"{request.Parameters["text"]}")))
            .Concat(_discord.Requests.Where(request => request.Operation == OpenPost && TakesAnswer(request.Fault)).Select(request => (request.Values["channel_id"], EntryName.In(request.Body))));

    public async ValueTask DisposeAsync()
    {
        await _discord.DisposeAsync();
        await _telegram.DisposeAsync();
        await _web.DisposeAsync();
    }

    private static IReadOnlyList<Telling> Tellings(IEnumerable<string> texts) => [.. texts.Select(text => new Telling(EntryName.In(text))).Where(telling => telling.Entries.Count > 0)];

    /// <summary>Null for no fault, or for none that anybody would notice.</summary>
    private static string? NameOf(DiscordFault? fault) => fault switch
    {
        null => null,
        DiscordFault.Delay { By: var by } => by == TimeSpan.Zero ? null : by > TimeSpan.FromSeconds(1) ? "discord never answers" : "discord slow",
        DiscordFault.RateLimited limited => $"discord 429 {limited.Scope}",
        DiscordFault.ServerError => "discord 5xx before storing",
        DiscordFault.ServerErrorAfterStore => "discord 5xx after storing",
        DiscordFault.DropBefore => "discord reset before storing",
        DiscordFault.StoreThenDrop => "discord reset after storing",
        DiscordFault.HalfAnswer => "discord half an answer",
        DiscordFault.Html200 => "discord a page for an answer",
        _ => $"discord {fault.GetType().Name}",
    };

    private static string? NameOf(Fault? fault) => fault switch
    {
        null => null,
        Fault.Delay { By: var by } => by == TimeSpan.Zero ? null : by > TimeSpan.FromSeconds(1) ? "telegram never answers" : "telegram slow",
        Fault.TooManyRequests => "telegram 429",
        Fault.HtmlError or Fault.OkFalse200 => "telegram 5xx before storing",
        Fault.ServerErrorAfterStore => "telegram 5xx after storing",
        Fault.DropBefore => "telegram reset before storing",
        Fault.StoreThenDrop => "telegram reset after storing",
        Fault.HalfAnswer => "telegram half an answer",
        Fault.Html200 => "telegram a page for an answer",
        _ => $"telegram {fault.GetType().Name}",
    };

    private static bool TakesAnswer(Fault? fault) =>
        fault is Fault.StoreThenDrop or Fault.HalfAnswer or Fault.ServerErrorAfterStore or Fault.Html200 { Stored: true } || (fault is Fault.Delay { StoredFirst: true, By: var by } && by > TimeSpan.FromSeconds(1));

    private static bool TakesAnswer(DiscordFault? fault) =>
        fault is DiscordFault.StoreThenDrop or DiscordFault.HalfAnswer or DiscordFault.ServerErrorAfterStore or DiscordFault.Html200 || (fault is DiscordFault.Delay { StoresFirst: true, By: var by } && by > TimeSpan.FromSeconds(1));

    private static void Expect(string beginning, string said)
    {
        if (!said.Contains(beginning, StringComparison.Ordinal))
            throw new InvalidOperationException($"“{beginning}…” was expected, not “{said}”.");
    }

    /// <summary>The answer is the next message that is none of an entry: none is published yet.</summary>
    private async Task<string> AskAsync(FakeTelegramChat chat, string line, CancellationToken ct)
    {
        if (chat.Type != FakeChatType.Channel)
            return (await _ann.AskAsync(chat, line, ct: ct)).Text;
        var said = chat.Messages.Count;
        chat.Post(line);
        return (await chat.WaitForMessagesAsync(messages => messages.Count > said, ct: ct))[^1].Text;
    }

    private IEnumerable<GrowingFeed> Followed(Place place) => Feeds.Where(feed => place.Feeds.Contains(feed.Name));

    private void Follow(FakeChannel channel, params string[] feeds) =>
        _channels.Add((new Place($"#{channel.Name}", channel.Kind == DiscordChannelKind.Forum ? "forum" : "discord", channel.Id, MayRepeat: false, feeds), channel));

    private void Follow(FakeTelegramChat chat, string name, params string[] feeds) =>
        _chats.Add((new Place($"Telegram, {name}", "telegram", $"{chat.Id}", MayRepeat: true, feeds), chat));
}
