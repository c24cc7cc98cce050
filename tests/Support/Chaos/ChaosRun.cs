using System.Diagnostics;
using System.Globalization;

namespace Notifier.Tests.Support.Chaos;

/// <summary>
/// The fault harness: the real program is followed through many kills, with everything going wrong around it that can; in the end what was published is
/// compared with what every chat was told.
/// </summary>
/// <param name="keeps">Whether the data folder, the logs of all lives and the journal stay for looking at, also when all is well.</param>
/// <param name="journal">Told what happens, a line each.</param>
internal sealed class ChaosRun(int kills, int seed, TimeSpan atMost, bool keeps = false, Action<string>? journal = null)
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan UsualStart = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan LongLife = TimeSpan.FromSeconds(10);

    /// <summary>On a machine that does much else beside it half a minute was seen.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    /// <summary>The groups of Telegram take 20 messages a minute, and a chat may be held back for a minute more.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(5);

    /// <summary>The program allows itself 50 log-ins at Discord in an hour.</summary>
    private const int LivesADay = 25;

    private readonly string _folder = Directory.CreateTempSubdirectory("notifier-chaos-").FullName;
    private readonly SortedDictionary<string, int> _incidents = new(StringComparer.Ordinal);
    private readonly List<Aftermath.Message> _inSending = [];
    private readonly List<string> _broken = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private int _killed;
    private int _killsInSending;

    private string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Kills so often, or until the time is up; lets the program finish what it has to do, and judges.</summary>
    public async Task<ChaosReport> RunAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "logs"));
        var script = new Script(seed, feeds: 4);
        await using var world = await ChaosWorld.StartAsync(ct);
        await using (var first = Start(world))
        {
            await ReadyAsync(first, ct);
            await world.SubscribeAsync(first, ct);
            await EndAsync(world, first, ct);
        }

        while (_killed < kills && Stopwatch.GetElapsedTime(_started) < atMost)
        {
            await LiveAsync(world, script.Next(), ct);
            if (++_killed % LivesADay == 0)
                Aftermath.ForgetLogIns(DataFolder);
        }

        if (_killed < kills)
            Break($"unfinished: only {_killed} of {kills} kills in {atMost.TotalMinutes:0} minutes");
        world.ClearFaults();
        await using (var last = Start(world))
        {
            await ReadyAsync(last, ct);
            await DrainAsync(world, ct);
            await EndAsync(world, last, ct);
        }

        return Judge(world);
    }

    private NotifierProcess Start(ChaosWorld world) => NotifierProcess.Serve(DataFolder, world.Settings);

    private static Task ReadyAsync(NotifierProcess notifier, CancellationToken ct) => notifier.WaitAsync(said => said.Contains("/help", StringComparison.Ordinal), "its first words", ct, StartLimit);

    /// <summary>One life, from before the start to after the kill.</summary>
    private async Task LiveAsync(ChaosWorld world, Life life, CancellationToken ct)
    {
        world.Plan(life);
        var incidents = new Queue<Incident>(life.Incidents);
        while (incidents.TryPeek(out var incident) && incident.At == TimeSpan.Zero)
            await HappenAsync(world, incidents.Dequeue(), ct);
        Note($"life {_killed + 1} starts");
        var born = Stopwatch.GetTimestamp();
        await using var notifier = Start(world);
        await ReadyAsync(notifier, ct);

        using var dead = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var meanwhile = PlayAsync(world, incidents, dead.Token);
        await WaitForDeathAsync(world, life.Death, Math.Clamp(Stopwatch.GetElapsedTime(born) / UsualStart, 1, 4), ct);
        if (notifier.HasEnded)
            Break($"ended: life {_killed + 1} ended by itself, with {await notifier.ExitCodeAsync(ExitLimit, ct)}");
        else
            await notifier.KillAsync(ct);
        Note("killed");
        await dead.CancelAsync();
        await meanwhile;
        foreach (var publication in incidents.OfType<Incident.Publication>())
            await HappenAsync(world, publication, ct);

        var doubts = Aftermath.InSending(DataFolder);
        foreach (var doubt in doubts)
            Note($"in sending: {doubt.Chat} {string.Join(", ", doubt.Entries)}");
        _inSending.AddRange(doubts);
        _killsInSending += doubts.Count > 0 ? 1 : 0;
        Keep(world, notifier, $"life-{_killed + 1:0000}");
    }

    /// <summary>Lets the incidents happen in their time, until the program is dead.</summary>
    private async Task PlayAsync(ChaosWorld world, Queue<Incident> incidents, CancellationToken dead)
    {
        var ready = Stopwatch.GetTimestamp();
        while (incidents.TryPeek(out var incident))
        {
            var wait = incident.At - Stopwatch.GetElapsedTime(ready);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, TimeProvider.System, dead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (dead.IsCancellationRequested)
                return;
            await HappenAsync(world, incidents.Dequeue(), dead);
        }
    }

    private async Task HappenAsync(ChaosWorld world, Incident incident, CancellationToken ct)
    {
        Note($"{incident}");
        switch (incident)
        {
            case Incident.Publication publication:
                world.Feeds[publication.Feed].Publish(publication.Count);
                break;
            case Incident.FeedTrouble trouble:
                Count("feed server 5xx");
                world.Feeds[trouble.Feed].Fail(trouble.Status);
                break;
            case Incident.GatewayTrouble trouble when world.Disturb(trouble):
                Count($"gateway {trouble.Kind.ToString().ToLowerInvariant()}");
                break;
            case Incident.CallTrouble trouble:
                Count("other calls 5xx");
                world.Disturb(trouble);
                break;
            case Incident.LockedDatabase locked:
                Count(locked.Length < TimeSpan.FromSeconds(1) ? "database locked" : "database locked for 3 s");
                await Aftermath.LockAsync(DataFolder, locked.Length, ct);
                break;
        }
    }

    /// <param name="slowness">So much longer are lives on a machine that is busy, or none would get to work.</param>
    private static async Task WaitForDeathAsync(ChaosWorld world, Death death, double slowness, CancellationToken ct)
    {
        using var timeUp = new CancellationTokenSource(death.AtLatest < LongLife ? death.AtLatest * slowness : death.AtLatest, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, ct);
        await (death.Sends is { } sends ? world.SendsAsync(sends, either.Token) : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!timeUp.IsCancellationRequested)
            await Task.Delay(death.AfterSends, TimeProvider.System, ct);
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Waits until everything that was published is owed, and nothing that is owed is unfinished; what is missing after that the verdict will find.</summary>
    private async Task DrainAsync(ChaosWorld world, CancellationToken ct)
    {
        Note("drains");
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < DrainLimit)
        {
            if (Aftermath.Progress(DataFolder) is (var owed, 0) && owed >= world.Owed)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
        }

        Break($"unfinished: it did not come to an end in {DrainLimit.TotalMinutes:0} minutes of peace");
    }

    private async Task EndAsync(ChaosWorld world, NotifierProcess notifier, CancellationToken ct)
    {
        try
        {
            await notifier.AskToEndAsync(ct);
            var code = await notifier.ExitCodeAsync(ExitLimit, ct);
            if (code != 0)
                Break($"ended: SIGTERM was answered with {code}");
        }
        catch (TimeoutException)
        {
            Break($"ended: SIGTERM did not end it within {ExitLimit.TotalSeconds:0} s");
            await notifier.KillAsync(ct);
        }

        Keep(world, notifier, _killed == 0 ? "first" : "last");
    }

    private void Keep(ChaosWorld world, NotifierProcess notifier, string name)
    {
        world.ReadTerminal(notifier.Output.Text);
        File.WriteAllText(Path.Combine(_folder, "logs", name + ".log"), notifier.Errors.Text);
        File.WriteAllText(Path.Combine(_folder, "logs", name + ".out"), notifier.Output.Text);
        if (notifier.Errors.Text.Contains("met a bug", StringComparison.Ordinal) || notifier.Errors.Text.Contains("Unhandled exception", StringComparison.Ordinal))
            Break($"bug: see {name}.log");
    }

    private ChaosReport Judge(ChaosWorld world)
    {
        var (states, ledgers, unfinished) = (Aftermath.States(DataFolder), world.Ledgers, Aftermath.Progress(DataFolder).Unfinished);
        var doubtful = Aftermath.Doubtful(DataFolder);
        var (found, taken) = (_inSending.CountBy(message => Key(message.Chat, message.Entries)).ToDictionary(), world.AnswersTaken.CountBy(answer => Key(answer.Chat, answer.Entries)).ToDictionary());
        var verdict = Verdict.Of(
            world.Published,
            ledgers,
            [.. doubtful.Select(message => new Doubtful(message.Chat, message.Entries, message.LostAnswers, found.GetValueOrDefault(Key(message.Chat, message.Entries)), taken.GetValueOrDefault(Key(message.Chat, message.Entries))))],
            _killed);
        _broken.AddRange(verdict.Broken((place, entry) => Aftermath.Fate(DataFolder, place.Chat, entry)));
        _broken.AddRange(states.Where(state => state.Key != "Sent").Select(state => $"state: {state.Value} deliveries are {state.Key}"));
        _broken.AddRange(world.Wrongs.Select(wrong => $"wrong: {wrong}"));
        if (Aftermath.Integrity(DataFolder) is var integrity && integrity != "ok")
            _broken.Add($"integrity: {integrity}");

        var keeping = keeps || _broken.Count > 0;
        if (!keeping)
            Directory.Delete(_folder, recursive: true);
        return new ChaosReport
        {
            Seed = seed,
            Kills = _killed,
            KillsAskedFor = kills,
            Seconds = Math.Round(Stopwatch.GetElapsedTime(_started).TotalSeconds, 1),
            Entries = world.Published.Values.Sum(),
            Messages = Sorted(ledgers.Select(ledger => (ledger.Place.Platform, ledger.Messages.Count))),
            Lost = verdict.Lost,
            Duplicates = Sorted(world.Places.Select(place => place.Platform).Distinct().SelectMany(platform => Copies(verdict, platform))),
            Inversions = verdict.Inversions,
            Faults = Sorted([.. world.Faults.Select(fault => (fault, 1)), .. _incidents.Select(pair => (pair.Key, pair.Value))]),
            LimitsMet = world.LimitsMet,
            KillsInSending = _killsInSending,
            MessagesInSending = _inSending.Count,
            Doubtful = doubtful.Count,
            Integrity = integrity,
            States = states,
            Unfinished = unfinished,
            Broken = _broken,
            Kept = keeping ? _folder : null,
        };
    }

    private static IEnumerable<(string, int)> Copies(Verdict verdict, string platform)
    {
        var (byKill, byFault) = verdict.Copies(place => place.Platform == platform);
        return [($"{platform} by kills", byKill), ($"{platform} by faults", byFault)];
    }

    private static string Key(string chat, IEnumerable<EntryName> entries) => $"{chat} {string.Join(' ', entries.Select(entry => $"{entry}").Order(StringComparer.Ordinal))}";

    private static SortedDictionary<string, int> Sorted(IEnumerable<(string Name, int Count)> counts) =>
        new(counts.GroupBy(count => count.Name).ToDictionary(group => group.Key, group => group.Sum(count => count.Count)), StringComparer.Ordinal);

    private void Count(string incident) => _incidents[incident] = _incidents.GetValueOrDefault(incident) + 1;

    private void Break(string demand)
    {
        _broken.Add(demand);
        Note(demand);
    }

    private void Note(string what)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {what}");
        File.AppendAllText(Path.Combine(_folder, "journal.txt"), line + "\n");
        journal?.Invoke(line);
    }
}
