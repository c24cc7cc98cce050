using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Feeds.Fetching;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Operating;
using Notifier.Tests.Support;

namespace Notifier.Tests.Commands;

/// <summary>Everything that people can ask, as the program has it, on a desk's clock and database, with one platform that says what its people may.</summary>
internal sealed class FrontDoor : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private int _lastUpdate;

    public FrontDoor(CommandOptions? options = null) => _services = new ServiceCollection()
        .AddLogging(logging => logging.AddProvider(Log))
        .AddNotifierCore()
        .AddSingleton<TimeProvider>(Desk.Time)
        .AddSingleton(Desk.Storage)
        .AddSingleton(Desk.Options)
        .AddSingleton(Desk.Fetching)
        .AddSingleton(Desk.Delivering)
        .AddSingleton(options ?? new CommandOptions())
        .AddSingleton(_ => new FeedFetcher(Desk.Fetching, Desk.Time, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])))
        .AddSingleton<IChatPlatform>(Desk.Platform)
        .BuildServiceProvider();

    public Desk Desk { get; } = new();

    public LogLines Log { get; } = new();

    public CommandRunner Runner => _services.GetRequiredService<CommandRunner>();

    public OfferedActions Actions => _services.GetRequiredService<OfferedActions>();

    public ClaimCode Code => _services.GetRequiredService<ClaimCode>();

    /// <summary>A line in a group, by somebody of whom the platform is asked what they may.</summary>
    public IncomingCommand Line(string line, string chat = "a", string person = "@ann") =>
        new(Interlocked.Increment(ref _lastUpdate).ToString(CultureInfo.InvariantCulture), new ChatAddress("fake", chat), new Person(person, person[1..]), line, IsPrivate: false);

    /// <summary>The same by an administrator, as the update itself says.</summary>
    public IncomingCommand AdminLine(string line, string chat = "a", string person = "@ann") => Line(line, chat, person) with { Rights = Rights.ChatAdmin };

    public Task<Message?> SendAsync(IncomingCommand command) => Runner.RunAsync(command, Desk.Platform, Desk.Token);

    /// <summary>The reply's text; null for silence.</summary>
    public async Task<string?> AskAsync(IncomingCommand command) => await SendAsync(command) is { } reply ? Spans.Text(reply.Text) : null;

    public Task<string?> AskAsync(string line, string chat = "a", string person = "@ann") => AskAsync(AdminLine(line, chat, person));

    public Task MakeOperatorAsync(string person, string platform = "fake") => Desk.Storage.Writer.RunAsync(
        db => db.Operators.Add(new Operator { Platform = platform, Person = person, Since = Desk.Now }),
        Desk.Token);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Desk.DisposeAsync();
        Assert.Empty(Log.Errors);
    }
}
