using Notifier.Commands;
using Notifier.Messages;

namespace Notifier.Operating;

/// <summary>The greeting: what Notifier does, who may configure it, three commands.</summary>
public sealed class StartCommand() : Command("start")
{
    /// <summary>Telegram adds a word of its own to the start of a group that an invitation led to.</summary>
    private static readonly Parameter<string> Occasion = new("occasion", "commands.start.occasion", text => text) { IsOptional = true, TakesRest = true };

    public override IReadOnlyList<Parameter> Parameters => [Occasion];

    public override bool IsAboutChat => false;

    public override Task<Message> RunAsync(CommandCall call, CancellationToken ct) => Task.FromResult(call.Reply("start"));
}
