using Notifier.Bot.Doctor;
using Notifier.Bot.Terminal;
using Notifier.Bot.Web;
using Notifier.Chats;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;
using Notifier.Model;
using Notifier.Operating;
using Notifier.Polling;
using Notifier.Subscriptions;
using Notifier.Subscriptions.Lists;
using Notifier.Texts;

namespace Notifier.Bot.Cli;

/// <summary>What the program can be asked to do; each returns the exit code.</summary>
internal static partial class Verbs
{
    /// <summary>The verbs with their switches; "=" marks one that takes a value. The empty verb is the service.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> All { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        [""] = ["--terminal", "--demo-interval="],
        ["parse"] = ["--manifest="],
        ["render"] = ["--style=", "--platform=", "--template="],
        ["poll"] = ["--all"],
        ["import"] = ["--chat="],
        ["doctor"] = ["--json"],
        ["healthcheck"] = [],
        ["backup"] = ["--with-credentials"],
        ["export"] = ["--chat="],
        ["version"] = [],
        ["help"] = [],
    };

    /// <summary>Those that work beside a running service: they take no lock, and make and change nothing.</summary>
    public static IReadOnlySet<string> ReadOnly { get; } = new HashSet<string>(StringComparer.Ordinal) { "backup", "export" };

    public static Task<int> RunAsync(CommandArguments arguments, CancellationToken ct) => arguments.Verb switch
    {
        "parse" => ParseAsync(arguments, ct),
        "render" => RenderAsync(arguments, ct),
        "poll" => PollAsync(arguments, ct),
        "import" => ImportAsync(arguments, ct),
        "doctor" => DoctorVerb.RunAsync(arguments, ct),
        "healthcheck" => HealthcheckVerb.RunAsync(arguments, ct),
        "backup" => BackupVerb.RunAsync(arguments, ct),
        "export" => ExportVerb.RunAsync(arguments, ct),
        "version" => Print(FirstScreen.Version),
        "help" => Print(Help),
        _ => ServeAsync(arguments),
    };

    private static async Task<int> ServeAsync(CommandArguments arguments)
    {
        await using var app = NotifierApp.Build(arguments);
        var storage = app.Services.GetRequiredService<Storage>();
        if (NetworkDisk.TypeOf(Path.GetDirectoryName(storage.Path)!) is { } network)
            LogNetworkDisk(app.Logger, storage.Path, network, NetworkDisk.Cure);
        var address = app.Services.GetRequiredService<OwnAddress>();
        app.Urls.Add(address.Choose());
        try
        {
            await app.StartAsync();
        }
        catch (IOException fault)
        {
            // Kestrel's word for an address that somebody else took in this moment.
            throw new StopException(ExitCode.Configuration, $"The web server cannot listen: {fault.Message} Give another address in Notifier:Web:Url.");
        }

        SayWhoCanTalk(app, address.Root);
        await app.WaitForShutdownAsync();

        // One that failed has stopped the process.
        var faults = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Select(worker => worker.ExecuteTask?.Exception?.InnerException).OfType<Exception>().ToList();
        return faults.OfType<StorageException>().FirstOrDefault() is { } unusable ? throw unusable : faults.Count > 0 ? ExitCode.Failure : ExitCode.Done;
    }

    /// <summary>Where there is no Terminal to say so, the log says whether anybody can talk to Notifier, and how to become its operator.</summary>
    private static void SayWhoCanTalk(WebApplication app, Uri address)
    {
        var platforms = app.Services.GetServices<IChatPlatform>().ToList();
        if (platforms.Exists(platform => platform.SetupSteps.Count == 0))
            return;
        if (platforms.TrueForAll(platform => platform.State is PlatformState.NotSetUp))
            LogNoPlatform(app.Logger, address);
        else if (app.Services.GetRequiredService<ClaimCode>().ForFirstOperator() is { } code)
            LogNoOperator(app.Logger, code);
    }

    private static async Task<int> ParseAsync(CommandArguments arguments, CancellationToken ct)
    {
        await using var app = NotifierApp.Build(arguments);
        var fetcher = app.Services.GetRequiredService<FeedFetcher>();
        var verb = new ParseVerb(app.Services.GetRequiredService<FeedParser>(), (url, token) => fetcher.FetchAsync(new FetchRequest(url), token));
        string[] what = arguments.Switches.TryGetValue("--manifest", out var manifest) ? ["--manifest", manifest] : [.. arguments.Operands];
        return await verb.RunAsync(what, Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error, ct);
    }

    private static async Task<int> RenderAsync(CommandArguments arguments, CancellationToken ct)
    {
        await using var app = NotifierApp.Build(arguments);
        return await ActivatorUtilities.CreateInstance<RenderVerb>(app.Services).RunAsync(arguments, Console.Out, ct);
    }

    /// <summary>The service looks a large database through while it works; a verb that writes does so first.</summary>
    private static void SeeThatItIsWhole(WebApplication app, CancellationToken ct)
    {
        var storage = app.Services.GetRequiredService<Storage>();
        if (!storage.IsLookedThrough)
            storage.LookThrough(ct);
    }

    /// <summary>Polls once what is due, or everything, delivers nothing, and says how fast it went.</summary>
    private static async Task<int> PollAsync(CommandArguments arguments, CancellationToken ct)
    {
        await using var app = NotifierApp.Build(arguments);
        SeeThatItIsWhole(app, ct);
        var poller = app.Services.GetRequiredService<Poller>();
        await poller.ReleaseClaimsAsync(ct);
        if (arguments.Has("--all"))
            await poller.MakeAllDueAsync(ct);
        var time = app.Services.GetRequiredService<TimeProvider>();
        var start = time.GetTimestamp();
        var counts = await poller.PollDueAsync(PartitionRange.All, ct);
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        await Print(FormattableString.Invariant(
            $"{counts.Polls} polls: {counts.Changed} changed, {counts.Unchanged} unchanged, {counts.Failed} failed; {counts.Entries} new entries, {counts.Deliveries} deliveries; {seconds:0.000} s, {counts.Polls / Math.Max(seconds, 0.001):0} feeds/s"));
        return ExitCode.Done;
    }

    private static async Task<int> ImportAsync(CommandArguments arguments, CancellationToken ct)
    {
        if (arguments.Operands is not [var file] || !arguments.Switches.TryGetValue("--chat", out var chat))
            throw new StopException(ExitCode.Usage, "import wants a file and a chat: import FILE.opml --chat terminal:local");
        if (!ChatAddress.TryParse(chat, out var where))
            throw new StopException(ExitCode.Usage, $"“{chat}” is not a chat: write platform:id or platform:id/thread, for example terminal:local.");
        if (!File.Exists(file))
            throw new StopException(ExitCode.Usage, $"There is no file {Path.GetFullPath(file)}.");
        OpmlResult read;
        try
        {
            await using var stream = File.OpenRead(file);
            read = OpmlDocument.Read(stream);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StopException(ExitCode.Failure, $"{file} cannot be read: {fault.Message}");
        }

        if (read is OpmlResult.Unreadable unreadable)
            throw new StopException(ExitCode.Failure, $"{file} is no OPML list: {Words.Said(unreadable.Reason.Text)}");

        await using var app = NotifierApp.Build(arguments);
        SeeThatItIsWhole(app, ct);
        var document = ((OpmlResult.Read)read).Document;
        var report = await app.Services.GetRequiredService<FeedImport>().ImportAsync(document.Outlines, new ImportTarget(where, "cli"), ct);
        if (document.More)
            await Console.Error.WriteLineAsync($"not taken: what stands after the {document.Outlines.Count}th feed. Split the list and import the rest.");
        foreach (var refused in report.Refused)
            await Console.Error.WriteLineAsync($"not taken: {refused}");
        foreach (var incomplete in report.Incomplete)
            await Console.Error.WriteLineAsync($"not whole: {incomplete}");
        await Print($"{report.Added} feeds added, {report.Known} known before, {report.Refused.Count} not taken, for {where}");
        return report.Refused.Count > 0 && report.Added + report.Known == 0 ? ExitCode.Failure : ExitCode.Done;
    }

    private static async Task<int> Print(string text)
    {
        await Console.Out.WriteLineAsync(text);
        return ExitCode.Done;
    }

    private const string Help = """
        Notifier watches feeds and tells chats about new entries.

        notifier                             run the service; at a terminal, with the Terminal as a chat
          --terminal                         the Terminal also when the input is a pipe
          --demo-interval 20s                how often the demo feed posts
        notifier parse FILE|URL|-            print a feed as JSON; --manifest FILE for many
        notifier render FILE|URL             print what would be sent about each entry, as JSON: --style card,
                                             --platform discord, telegram, terminal or web, --template TEXT
        notifier poll [--all]                poll once what is due (or everything), deliver nothing
        notifier import FILE.opml --chat ADDRESS
                                             subscribe a chat (terminal:local) to every feed of a list
        notifier doctor [--json]             look at everything and say what is wrong, with its cure
        notifier healthcheck                 ask the running service whether it lives
        notifier backup FILE                 copy the database while the service runs; --with-credentials for the feeds' too
        notifier export --chat ADDRESS       print the feeds of a chat as OPML; also while the service runs
        notifier version
        notifier --help

        Any setting can be given as --Notifier:Section:Key=value or as the variable Notifier__Section__Key;
        README.md lists them. NOTIFIER_DATA is the folder for what Notifier keeps (./data).
        Exit codes: 0 done, 1 failure, 64 usage, 69 database unavailable, 75 another process runs, 78 configuration.
        """;

    [LoggerMessage(Level = LogLevel.Warning, Message = "No platform is set up, so nobody can talk to Notifier. Give it a bot's token in the variable TELEGRAM_TOKEN or DISCORD_TOKEN, or start it with --terminal; it listens on {Address}")]
    private static partial void LogNoPlatform(ILogger log, Uri address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Database} is on a network file system ({Type}). {Cure}")]
    private static partial void LogNetworkDisk(ILogger log, string database, string type, string cure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Nobody is Notifier's operator yet. Write to it on a platform: /claim {Code}")]
    private static partial void LogNoOperator(ILogger log, string code);
}
