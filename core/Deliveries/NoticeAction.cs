using System.Text.Json;
using Notifier.Messages;

namespace Notifier.Deliveries;

/// <summary>What a notice's readers can do next, as it is stored with the notice; what its button stands for is an offered action under the same token.</summary>
internal sealed record NoticeAction(string Label, string CommandLine, string Token)
{
    public static string? Write(IReadOnlyList<NoticeAction> actions) => actions.Count == 0 ? null : JsonSerializer.Serialize(actions);

    /// <param name="json">Null for nothing to do.</param>
    public static IReadOnlyList<MessageAction> Read(string? json) =>
        json is null ? [] : [.. JsonSerializer.Deserialize<List<NoticeAction>>(json)!.Select(action => new MessageAction(action.Label, action.CommandLine) { Token = action.Token })];
}
