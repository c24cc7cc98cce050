using System.Collections.Concurrent;
using System.Text;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;

namespace Notifier.Tests.Support;

/// <summary>
/// A platform whose chats do as they are told: each answers what was scripted for it, then takes everything. A chat that was not opened
/// is nobody's, and a send to it fails the test. What people would read stands in <see cref="Shown"/>, every request in <see cref="Ledger"/>.
/// </summary>
internal sealed class FakePlatform(bool knowsNonces = true) : IChatPlatform
{
    private const string ListMark = "list: ";

    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<Task<Answer>>>> _chats = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nonces = [];
    private readonly List<(string Chat, string Text)> _shown = [];
    private readonly List<Request> _ledger = [];
    private readonly List<(string MessageId, string? Text)> _changes = [];
    private readonly Lock _lock = new();

    public string Name => "fake";

    public string Title => "Fake";

    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public PlatformState State { get; } = new PlatformState.Ready("");

    public IReadOnlyList<string> SetupSteps => [];

    public ConcurrentQueue<string> Unexpected { get; } = new();

    /// <summary>What people may do where, when it is asked; null when it cannot be found out.</summary>
    public Func<ChatAddress, string, Rights?>? RightsOf { get; set; }

    /// <summary>How many entries a list may have to fit into one message.</summary>
    public int Room { get; set; } = int.MaxValue;

    /// <summary>Makes rendering this text in forms below this fallback throw.</summary>
    public (string Text, int Fallback)? BreaksOn { get; set; }

    public IReadOnlyList<Request> Ledger
    {
        get
        {
            lock (_lock)
                return [.. _ledger];
        }
    }

    /// <summary>What stands in a chat, in order.</summary>
    public IReadOnlyList<string> Shown(string chat)
    {
        lock (_lock)
            return [.. _shown.Where(shown => shown.Chat == chat).Select(shown => shown.Text)];
    }

    /// <summary>The titles that the messages of a chat name: of one entry, or of a list.</summary>
    public IReadOnlyList<string[]> Named(string chat) =>
        [.. Shown(chat).Select(text => text.StartsWith(ListMark, StringComparison.Ordinal) ? text[ListMark.Length..].Split(' ') : [text[(text.IndexOf('|', StringComparison.Ordinal) + 1)..].Split(':')[0]])];

    /// <summary>Opens a chat, with what it answers first; an answer that is not <c>Sent</c> was not accepted.</summary>
    public void Open(string chat, params SendResult[] answers) => Script(chat, [.. answers.Select(answer => (Func<Task<Answer>>)(() => Task.FromResult(new Answer(answer, answer is SendResult.Sent))))]);

    /// <summary>The next message arrives, and the answer to it is lost.</summary>
    public void LoseAnswer(string chat, bool arrives) => Script(chat, () => Task.FromResult(new Answer(new SendResult.Unknown("The connection broke."), arrives)));

    /// <summary>The next send waits at the gate; then it goes well.</summary>
    public Gate Hold(string chat, SendResult? answer = null)
    {
        var gate = new Gate();
        Script(chat, async () =>
        {
            await gate.PassAsync();
            return new Answer(answer ?? new SendResult.Sent("held"), answer is null or SendResult.Sent);
        });
        return gate;
    }

    public void Throw(string chat) => Script(chat, () => throw new InvalidOperationException("A bug of the platform."));

    public Task UsableAsync(CancellationToken ct) => Task.CompletedTask;

    public Task RunAsync(CancellationToken ct) => throw new InvalidOperationException("Not part of these tests.");

    /// <summary>Happens while a message is rendered.</summary>
    public Action? Rendering { get; set; }

    /// <summary>The messages that were rendered, in order.</summary>
    public ConcurrentQueue<Message> Rendered { get; } = new();

    public byte[]? Render(Message message, int fallback)
    {
        Rendering?.Invoke();
        Rendered.Enqueue(message);
        if (message.Text.OfType<Block.List>().Any(list => list.Items.Count > Room))
            return null;
        var text = message switch
        {
            { Card: { } card } => $"{card.Title}: {Spans.Text(card.Body)}",
            _ when message.Text.OfType<Block.List>().SingleOrDefault() is { } list => ListMark + string.Join(' ', list.Items.Select(item => Spans.Text(item.Blocks))),
            _ => Spans.Text(message.Text),
        };
        if (BreaksOn is { } breaks && fallback < breaks.Fallback && text.StartsWith(breaks.Text, StringComparison.Ordinal))
            throw new InvalidOperationException("A bug of rendering.");
        return Encoding.UTF8.GetBytes(fallback == 0 ? text : $"{fallback}|{text}");
    }

    /// <summary>What every chat answers instead of what was scripted for it, without taking anything; null to go by the script.</summary>
    public Func<SendResult?>? Refusing { get; set; }

    /// <summary>What is answered before a message is composed; null for a place at once.</summary>
    public Func<ChatAddress, Admission>? Admitting { get; set; }

    /// <summary>What a search for a lost message finds; null where sending again makes no second one if nonces are known, and else cannot be told.</summary>
    public Func<LostMessage, FindResult>? Finding { get; set; }

    /// <summary>What a change or deletion of a sent message comes to, by the chat; null for success.</summary>
    public Func<ChatAddress, SendResult?>? Changing { get; set; }

    /// <summary>The changes of sent messages that were taken, in order.</summary>
    public IReadOnlyList<(string MessageId, string? Text)> Changes
    {
        get
        {
            lock (_lock)
                return [.. _changes];
        }
    }

    public Admission Admit(ChatAddress chat) => Admitting?.Invoke(chat) ?? new Admission.Granted(SendPermit.Unlimited);

    public Task<SendResult> EditAsync(ChatAddress chat, string messageId, ReadOnlyMemory<byte> body, SendPermit permit, CancellationToken ct) =>
        Task.FromResult(Change(chat, messageId, Encoding.UTF8.GetString(body.Span)));

    public Task<SendResult> DeleteAsync(ChatAddress chat, string messageId, CancellationToken ct) => Task.FromResult(Change(chat, messageId, null));

    public Task<FindResult> FindAsync(ChatAddress chat, LostMessage lost, CancellationToken ct) =>
        Task.FromResult(Finding?.Invoke(lost) ?? (knowsNonces ? new FindResult.Repeatable() : new FindResult.Untold("It does not tell.")));

    public async Task<SendResult> SendAsync(ChatAddress chat, ReadOnlyMemory<byte> body, string nonce, SendPermit permit, CancellationToken ct)
    {
        if (!_chats.TryGetValue(chat.Id, out var script))
        {
            Unexpected.Enqueue($"a send to {chat}");
            throw new InvalidOperationException($"Nobody opened {chat}.");
        }

        var text = Encoding.UTF8.GetString(body.Span);
        var request = new Request(chat.Id, text, nonce);
        lock (_lock)
            _ledger.Add(request);
        if (Refusing?.Invoke() is { } refusal)
            return refusal;
        var answer = script.TryDequeue(out var scripted) ? await scripted() : new Answer(new SendResult.Sent(nonce), true);
        lock (_lock)
        {
            if (answer.Arrives && (!knowsNonces || _nonces.Add(nonce)))
                _shown.Add((chat.Id, text));
        }

        return answer.Result;
    }

    public Task<Rights?> RightsAsync(ChatAddress chat, string person, CancellationToken ct) =>
        Task.FromResult((RightsOf ?? throw new InvalidOperationException("Not part of these tests."))(chat, person));

    /// <summary>People's names begin with <c>@</c>.</summary>
    public ChatAddress? PrivateChat(string person) => person.StartsWith('@') ? new ChatAddress(Name, person) : null;

    public Task<SetupResult> SetUpAsync(string token, CancellationToken ct) => throw new InvalidOperationException("Not part of these tests.");

    private SendResult Change(ChatAddress chat, string messageId, string? text)
    {
        if (Changing?.Invoke(chat) is { } refusal)
            return refusal;
        lock (_lock)
            _changes.Add((messageId, text));
        return new SendResult.Sent(messageId);
    }

    private void Script(string chat, params Func<Task<Answer>>[] answers)
    {
        var script = _chats.GetOrAdd(chat, _ => new());
        foreach (var answer in answers)
            script.Enqueue(answer);
    }

    internal sealed record Request(string Chat, string Text, string Nonce);

    private sealed record Answer(SendResult Result, bool Arrives);
}
