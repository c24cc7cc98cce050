using Microsoft.Extensions.DependencyInjection;
using Notifier.Messages;

namespace Notifier.Commands;

/// <summary>What there is to ask, or how one command is used.</summary>
public sealed class HelpCommand(IServiceProvider services) : Command("help")
{
    private static readonly Parameter<string> Topic = new("command", "commands.help.command", text => text.TrimStart('/').ToLowerInvariant()) { IsOptional = true };

    public override bool IsAboutChat => false;

    public override IReadOnlyList<Parameter> Parameters => [Topic];

    public override Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        // The runner owns the catalog, and this command is part of it.
        var runner = services.GetRequiredService<CommandRunner>();
        return Task.FromResult(call.GetOr(Topic) is { } topic ? One(call, runner, topic) : All(call, runner));
    }

    private static Message All(CommandCall call, CommandRunner runner) => new()
    {
        Text =
        [
            new Block.Paragraph([new Span.Text(call.Say("help.head"))]),
            new Block.List(null, [.. runner.Catalog.Where(c => c.Needs <= call.Rights).Select(c => Item($"{CommandLine.Usage(c)} – {call.Say(c.Key)}"))]),
            new Block.Paragraph([new Span.Text(call.Say("help.foot"))]),
        ],
    };

    private static Message One(CommandCall call, CommandRunner runner, string topic)
    {
        var command = runner.Find(topic) ?? throw call.Error("help.unknown", ("name", topic));
        var lines = command.Parameters.Select(p => Item($"{p.Name}{(p.IsOptional ? $" ({call.Say("help.optional")})" : "")}: {call.Say(p.Key)}")).ToList();
        var text = new List<Block> { new Block.Paragraph([new Span.Text($"{CommandLine.Usage(command)} – {call.Say(command.Key)}")]) };
        if (lines.Count > 0)
            text.Add(new Block.List(null, lines));
        if (command.Aliases.Count > 0)
            text.Add(new Block.Paragraph([new Span.Text(call.Say("help.aliases", ("aliases", string.Join(", ", command.Aliases.Select(a => $"/{a}")))))]));
        return new Message { Text = text };
    }

    private static ListItem Item(string text) => new([new Block.Paragraph([new Span.Text(text)])]);
}
