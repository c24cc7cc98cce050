using Notifier.Commands;
using Notifier.Messages;

namespace Notifier.Operating;

/// <summary>The greeting: what Notifier does, who may configure it, three commands.</summary>
public sealed class StartCommand() : Command("start", "What Notifier does and how to begin")
{
    public override bool IsAboutChat => false;

    public override Task<Message> RunAsync(CommandCall call, CancellationToken ct) => Task.FromResult(call.Reply("start"));
}
