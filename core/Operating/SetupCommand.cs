using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;

namespace Notifier.Operating;

/// <summary>Connects a platform: says how to get a token, takes it where nobody reads along, and invites. Without a platform: how each is.</summary>
public sealed class SetupCommand(Platforms platforms, ClaimCode code) : Command("setup")
{
    private static readonly Parameter<string> Platform = new("platform", "commands.setup.platform", text => text.ToLowerInvariant()) { IsOptional = true };
    private static readonly Parameter<string> Token = new("token", "commands.setup.token", text => text.Trim()) { IsOptional = true, TakesRest = true };

    public override bool IsAboutChat => false;

    public override bool TakesSecrets => true;

    public override IReadOnlyList<Parameter> Parameters => [Platform, Token];

    public override Rights Needs => Rights.Operator;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        if (call.GetOr(Platform) is not { } name)
            return States(call);
        var platform = platforms.Find(name) is { SetupSteps.Count: > 0 } found ? found : throw call.Error("setup.unknown", ("platform", name));
        var title = platform.Title;
        if (!call.IsLocal)
            throw call.Error(call.GetOr(Token) is null ? "setup.elsewhere" : "setup.seen", ("platform", title), ("variable", $"{name.ToUpperInvariant()}_TOKEN"));
        if (call.GetOr(Token) is not { Length: > 0 } token)
            return Steps(call, platform, title);
        return await platform.SetUpAsync(token, ct) switch
        {
            SetupResult.Accepted accepted => Accepted(call, title, accepted),
            SetupResult.Refused refused => throw call.Error("setup.refused", ("platform", title), ("reason", refused.Reason)),
            var other => throw new InvalidOperationException($"No such result: {other}"),
        };
    }

    /// <summary>How a platform is, in a few words.</summary>
    public static string InWords(PlatformState state, Func<string, (string Name, object Value)[], string> say) => state switch
    {
        PlatformState.NotSetUp => say("platform.notsetup", []),
        PlatformState.Connecting => say("platform.connecting", []),
        PlatformState.Ready { As.Length: 0 } => say("platform.ready", []),
        PlatformState.Ready ready => say("platform.readyas", [("name", ready.As)]),
        PlatformState.Troubled troubled => say("platform.troubled", [("reason", troubled.Reason)]),
        PlatformState.Closed closed => say("platform.closed", [("reason", closed.Reason)]),
        _ => throw new InvalidOperationException($"No such state: {state}"),
    };

    private Message States(CommandCall call) => Message.Of(platforms.All.Select(platform =>
        $"{platform.Title}: {InWords(platform.State, (key, values) => call.Say(key, values))}"));

    private Message Steps(CommandCall call, IChatPlatform platform, string title) => new()
    {
        Text =
        [
            new Block.Paragraph([new Span.Text(call.Say("setup.head", ("platform", title)))]),
            new Block.List(1, [.. platform.SetupSteps.Select(step => new ListItem([new Block.Paragraph([new Span.Text(step)])]))]),
        ],
        AsksSecretFor = $"/{Name} {platform.Name}",
    };

    private Message Accepted(CommandCall call, string title, SetupResult.Accepted accepted)
    {
        var said = new List<string> { call.Say("setup.done", ("platform", title), ("name", accepted.As)) };
        if (accepted.Invitation is { } invitation)
            said.Add(call.Say("setup.invite", ("url", invitation)));
        if (code.ForFirstOperator() is { } claim)
            said.Add(call.Say("setup.claim", ("code", claim)));
        return Message.Of(said);
    }
}
