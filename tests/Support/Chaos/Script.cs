using Notifier.Tests.Support.Fakes.Discord;
using Notifier.Tests.Support.Fakes.Telegram;

namespace Notifier.Tests.Support.Chaos;

/// <summary>All that is left to chance, life by life: one seed decides the same every time, whatever the machine does meanwhile. How far a life gets until its kill is the machine's.</summary>
internal sealed class Script(int seed, int feeds)
{
    private static readonly int[] ServerErrors = [500, 502, 503, 504];

    /// <summary>Longer than the program waits for an answer.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);

    private readonly Random _random = new(seed);
    private int _lives;

    public Life Next()
    {
        var incidents = new List<Incident>();

        // Most kills come at any time, some while messages are surely on their way.
        var death = OneIn(4) ? new Death(TimeSpan.FromSeconds(2.5), _random.Next(1, 13), Milliseconds(0, 30)) : new Death(Milliseconds(200, 2500));
        for (var publications = OneIn(7) ? 0 : _random.Next(1, 3); publications > 0; publications--)
            incidents.Add(new Incident.Publication(OneIn(2) ? TimeSpan.Zero : Milliseconds(0, 1500), _random.Next(feeds), OneIn(20) ? _random.Next(11, 31) : _random.Next(1, 4)));
        if (OneIn(10))
            incidents.Add(new Incident.GatewayTrouble(Milliseconds(0, 1000), (GatewayTroubleKind)_random.Next(4)));
        if (OneIn(12))
            incidents.Add(new Incident.FeedTrouble(TimeSpan.Zero, _random.Next(feeds), ServerErrors[_random.Next(ServerErrors.Length)]));
        if (OneIn(15))
            incidents.Add(new Incident.CallTrouble(TimeSpan.Zero, OneIn(2)));
        if (OneIn(20))
            incidents.Add(new Incident.LockedDatabase(Milliseconds(0, 500), Milliseconds(50, 500)));

        var (discord, forums, telegram) = (Many(OnDiscord), Many(OnDiscord), Many(OnTelegram));
        switch (++_lives % 50)
        {
            case 8:
                incidents.Add(new Incident.LockedDatabase(Milliseconds(0, 200), TimeSpan.FromSeconds(3)));
                death = new Death(Milliseconds(3000, 5000));
                break;
            case 16:
                // So long a life that an answer that never comes is given up.
                incidents.Add(new Incident.Publication(TimeSpan.Zero, _random.Next(feeds), 2));
                discord[0] = new DiscordFault.Delay(Hang, OneIn(2));
                telegram[0] = new Fault.Delay(Hang, OneIn(2));
                death = new Death(Milliseconds(16_000, 19_000));
                break;
        }

        return new Life([.. incidents.OrderBy(incident => incident.At)], discord, forums, telegram, death);
    }

    private static T[] Many<T>(Func<T> one) => [.. Enumerable.Range(0, 15).Select(_ => one())];

    /// <summary>Most answers are slow, so that kills fall between what the platform does and what it says.</summary>
    private DiscordFault OnDiscord() => _random.Next(100) switch
    {
        < 25 => new DiscordFault.Delay(TimeSpan.Zero),
        < 65 => new DiscordFault.Delay(Milliseconds(5, 60), StoresFirst: true),
        < 82 => new DiscordFault.Delay(Milliseconds(5, 60)),
        < 85 => new DiscordFault.RateLimited(Milliseconds(300, 1500)),
        < 86 => new DiscordFault.RateLimited(Milliseconds(300, 1000), "global"),
        < 87 => new DiscordFault.RateLimited(Milliseconds(300, 1000), "shared"),
        < 89 => new DiscordFault.ServerError(ServerErrors[_random.Next(ServerErrors.Length)]),
        < 91 => new DiscordFault.ServerErrorAfterStore(ServerErrors[_random.Next(ServerErrors.Length)]),
        < 93 => new DiscordFault.DropBefore(),
        < 96 => new DiscordFault.StoreThenDrop(),
        < 98 => new DiscordFault.HalfAnswer(Cut: OneIn(2)),
        _ => new DiscordFault.Html200(),
    };

    private Fault OnTelegram() => _random.Next(100) switch
    {
        < 25 => new Fault.Delay(TimeSpan.Zero),
        < 60 => new Fault.Delay(Milliseconds(5, 40), StoredFirst: true),
        < 83 => new Fault.Delay(Milliseconds(5, 60)),
        < 87 => new Fault.TooManyRequests(_random.Next(1, 3), InHeader: OneIn(2)),
        < 89 => new Fault.HtmlError(ServerErrors[_random.Next(ServerErrors.Length)]),
        < 90 => new Fault.OkFalse200(),
        < 92 => new Fault.ServerErrorAfterStore(ServerErrors[_random.Next(ServerErrors.Length)]),
        < 95 => new Fault.DropBefore(),
        < 97 => new Fault.StoreThenDrop(),
        < 98 => new Fault.HalfAnswer(),
        _ => new Fault.Html200(Stored: OneIn(2)),
    };

    private bool OneIn(int times) => _random.Next(times) == 0;

    private TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(_random.Next(least, most));
}
