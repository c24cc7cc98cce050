using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>What the gateway knows of one log-in: every event since, so that a cut connection can be taken up again.</summary>
internal sealed class GatewaySession(string id)
{
    private readonly List<string> _events = [];

    public string Id => id;

    /// <summary>The number of the last event.</summary>
    public long Sequence => _events.Count;

    /// <summary>The connection that hears the events now.</summary>
    public GatewayConnection? Connection { get; set; }

    /// <summary>Numbers an event, keeps it, and sends it if somebody is there.</summary>
    public void Dispatch(string name, JsonNode? body)
    {
        _events.Add(new JsonObject { ["op"] = 0, ["t"] = name, ["s"] = Sequence + 1, ["d"] = body }.ToJsonString());
        Connection?.Send(_events[^1]);
    }

    /// <summary>Sends what came after that number.</summary>
    public void ReplayAfter(long sequence)
    {
        foreach (var missed in _events.Skip((int)sequence))
            Connection!.Send(missed);
    }
}
