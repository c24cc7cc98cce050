using System.Collections.Concurrent;
using Notifier.Model;

namespace Notifier.Commands;

/// <summary>
/// How fast one person may ask: a few commands at once, then no more than the setting says. Who is too fast is told so once, then ignored; and told
/// again only after having been quiet for a while.
/// </summary>
internal sealed class CommandPace(CommandOptions options, TimeProvider time)
{
    private const int AtOnce = 10;
    private const int MostPeople = 10_000;

    private readonly ConcurrentDictionary<(string Platform, string Person), Allowance> _people = new();

    /// <summary>How many people are remembered; never many more than 10,000.</summary>
    public int Count => _people.Count;

    public Pace Ask(ChatAddress chat, string person)
    {
        var now = time.GetTimestamp();
        if (_people.Count > MostPeople)
            Forget(now);
        var allowance = _people.GetOrAdd((chat.Platform, person), _ => new Allowance(now));
        lock (allowance)
        {
            var regained = time.GetElapsedTime(allowance.At, now).TotalMinutes * options.PerMinute;
            allowance.Left = Math.Min(AtOnce, allowance.Left + regained);
            allowance.At = now;
            allowance.IsTold &= allowance.Left < AtOnce;
            if (allowance.Left >= 1)
            {
                allowance.Left--;
                return Pace.Fine;
            }

            var pace = allowance.IsTold ? Pace.Ignored : Pace.TooFast;
            allowance.IsTold = true;
            return pace;
        }
    }

    /// <summary>Who has been quiet long enough to have the whole allowance again needs no memory.</summary>
    private void Forget(long now)
    {
        foreach (var (who, allowance) in _people)
        {
            if (time.GetElapsedTime(allowance.At, now).TotalMinutes * options.PerMinute >= AtOnce)
                _people.TryRemove(who, out _);
        }

        // So many at once are a flood: memory counts for more than fairness then.
        if (_people.Count > MostPeople)
            _people.Clear();
    }

    private sealed class Allowance(long at)
    {
        public double Left { get; set; } = AtOnce;

        public long At { get; set; } = at;

        public bool IsTold { get; set; }
    }
}

internal enum Pace
{
    Fine,
    TooFast,

    /// <summary>Too fast still, and told so before.</summary>
    Ignored,
}
