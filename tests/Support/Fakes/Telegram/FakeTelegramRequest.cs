using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>One request that the bot made: a line of the fake's ledger, written when it arrived and completed when it was answered.</summary>
internal sealed class FakeTelegramRequest(int number, string method, JsonObject parameters, DateTimeOffset at)
{
    /// <summary>Its place in the ledger, from 1.</summary>
    public int Number => number;

    /// <summary>The method as Telegram spells it.</summary>
    public string Method => method;

    public JsonObject Parameters => parameters;

    public DateTimeOffset At => at;

    /// <summary>The HTTP status of the answer; 0 while there is none, or when the connection was cut.</summary>
    public int Status { get; set; }

    /// <summary>Telegram's words when it refused.</summary>
    public string? Description { get; set; }

    /// <summary>The fault that was played, if one was.</summary>
    public Fault? Fault { get; set; }

    public override string ToString() => $"{number} {method} {parameters.ToJsonString()} -> {Status} {Description}{(Fault is null ? "" : $" ({Fault})")}";
}
