using System.Text.Json;

namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>One request that came to <see cref="FakeDiscord"/>, and the status it was given.</summary>
internal sealed class DiscordRequest
{
    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>The method and the path's template, as the contract has it: <c>POST /channels/{channel_id}/messages</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>What stood in the places of the template: <c>channel_id</c> → its id.</summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    public required IReadOnlyDictionary<string, string> Query { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required string Body { get; init; }

    /// <summary>The files that came with it; null for a body that is no form.</summary>
    public IReadOnlyList<DiscordUpload>? Files { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The body, if it is JSON.</summary>
    public JsonElement? Json { get; init; }

    /// <summary>The status it was given; null while it is being answered or where the connection was cut.</summary>
    public int? Status { get; internal set; }

    /// <summary>Discord's error code in the answer, if there was one.</summary>
    public int? Code { get; internal set; }

    /// <summary>The fault that was played, if one was.</summary>
    public DiscordFault? Fault { get; internal set; }

    public override string ToString() => $"{Method} {Path} → {(Status is { } status ? $"{status}" : "no answer")}{(Code is { } code ? $" ({code})" : "")}";
}
