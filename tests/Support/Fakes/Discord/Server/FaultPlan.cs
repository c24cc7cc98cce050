namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>The faults that are still to come, in the order they were planned.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private readonly List<Planned> _planned = [];

    public void Add(string operation, DiscordFault fault, int times, Func<DiscordRequest, bool>? where)
    {
        lock (_lock)
            _planned.Add(new Planned(operation, fault, where) { Left = times });
    }

    public void Clear()
    {
        lock (_lock)
            _planned.Clear();
    }

    public DiscordFault? Take(DiscordRequest request)
    {
        lock (_lock)
        {
            var next = _planned.Find(planned => planned.Operation == request.Operation && (planned.Where?.Invoke(request) ?? true));
            if (next is not null && --next.Left <= 0)
                _planned.Remove(next);
            return next?.Fault;
        }
    }

    private sealed record Planned(string Operation, DiscordFault Fault, Func<DiscordRequest, bool>? Where)
    {
        public int Left { get; set; }
    }
}
