using Notifier.Commands;
using Notifier.Messages;

namespace Notifier.Operating;

/// <summary>Who the asker is to Notifier, where, and with what rights.</summary>
public sealed class WhoamiCommand() : Command("whoami")
{
    public override Task<Message> RunAsync(CommandCall call, CancellationToken ct) => Task.FromResult(call.Reply(
        "whoami",
        ("name", call.Person.Name ?? call.Person.Id),
        ("id", $"{call.Chat.Platform}:{call.Person.Id}"),
        ("chat", call.Chat),
        ("rights", call.Say($"rights.name.{call.Rights.ToString().ToLowerInvariant()}"))));
}
