using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>
/// One thing a person did (a command, a press of a button, typing into an option) and what the bot made of it. The bot must acknowledge within
/// 3 s, and may then answer for 15 min, by the clock of the fake.
/// </summary>
internal sealed class FakeInteraction
{
    private readonly List<FakeMessage> _followUps = [];
    private readonly FakeDiscord _discord;
    private readonly JsonObject _event;

    internal FakeInteraction(FakeDiscord discord, FakeUser by, FakeChannel channel, DiscordInteractionKind kind, JsonObject body, FakeMessage? message)
    {
        (_discord, By, Channel, Kind, _event, Message) = (discord, by, channel, kind, body, message);
        (Id, Token, SentAt) = ((string)body["id"]!, (string)body["token"]!, discord.Time.GetUtcNow());
    }

    public string Id { get; }

    public string Token { get; }

    public FakeUser By { get; }

    public FakeChannel Channel { get; }

    public DiscordInteractionKind Kind { get; }

    public DateTimeOffset SentAt { get; }

    /// <summary>The message whose button was pressed.</summary>
    public FakeMessage? Message { get; }

    public bool IsAcknowledged => AcknowledgedAs is not null;

    /// <summary>The type of the callback: 4 a message, 5 "is thinking", 6 a silent promise to edit, 7 an edit, 8 choices.</summary>
    public int? AcknowledgedAs { get; internal set; }

    /// <summary>Whether the answer is for the eyes of the person alone, as fixed when it was acknowledged.</summary>
    public bool IsEphemeral { get; internal set; }

    /// <summary>The message that <c>@original</c> is: the answer, or what stands for it while the bot "is thinking".</summary>
    public FakeMessage? Original { get; internal set; }

    /// <summary>What the person sees as the answer; null as long as there is none.</summary>
    public FakeMessage? Answer { get; internal set; }

    public IReadOnlyList<DiscordChoice>? Choices { get; internal set; }

    public IReadOnlyList<FakeMessage> FollowUps
    {
        get
        {
            lock (_discord.Sync)
                return [.. _followUps];
        }
    }

    /// <summary>Completes with the answer as people see it at the end: the message at once, or after a deferral what became of it.</summary>
    public async Task<FakeMessage> AnswerAsync(TimeSpan? timeout = null, CancellationToken ct = default)
    {
        await _discord.WaitAsync(() => Answer is not null, $"an answer to {this}", timeout, ct);
        return Answer!;
    }

    /// <summary>Completes with the follow-up of that number, counted from 1.</summary>
    public async Task<FakeMessage> FollowUpAsync(int number = 1, TimeSpan? timeout = null, CancellationToken ct = default)
    {
        await _discord.WaitAsync(() => FollowUps.Count >= number, $"follow-up {number} to {this}", timeout, ct);
        return FollowUps[number - 1];
    }

    public async Task<IReadOnlyList<DiscordChoice>> ChoicesAsync(TimeSpan? timeout = null, CancellationToken ct = default)
    {
        await _discord.WaitAsync(() => Choices is not null, $"choices for {this}", timeout, ct);
        return Choices!;
    }

    /// <summary>Completes when the bot has acknowledged it in some way.</summary>
    public Task AcknowledgedAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
        _discord.WaitAsync(() => IsAcknowledged, $"an acknowledgement of {this}", timeout, ct);

    /// <summary>Sends the same event once more, as a gateway that replays.</summary>
    public void Replay() => _discord.Gateway.Dispatch("INTERACTION_CREATE", _event.DeepClone());

    public override string ToString() => $"{By}'s {Kind} in {Channel} ({(AcknowledgedAs is { } type ? $"acknowledged as {type}" : "not acknowledged")})";

    internal void Add(FakeMessage followUp) => _followUps.Add(followUp);

    internal FakeMessage? Find(string id) => id == "@original" ? Original : _followUps.Find(message => message.Id == id);
}

/// <summary>One suggestion under an option; the value of a number is its digits.</summary>
internal sealed record DiscordChoice(string Name, string Value);
