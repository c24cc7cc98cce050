using System.Globalization;
using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;

namespace Notifier.Bench;

/// <summary>A platform's own form, but nobody to send to: each message is taken at once.</summary>
internal sealed class AnsweringPlatform(IChatPlatform real) : IChatPlatform
{
    private long _sent;

    public long Sent => Interlocked.Read(ref _sent);

    public string Name => real.Name;

    public string Title => real.Title;

    public TimeSpan SendTimeout => real.SendTimeout;

    public PlatformState State { get; } = new PlatformState.Ready("");

    public IReadOnlyList<string> SetupSteps => [];

    public Task UsableAsync(CancellationToken ct) => Task.CompletedTask;

    public Task RunAsync(CancellationToken ct) => Task.CompletedTask;

    public byte[]? Render(Message message, int fallback) => real.Render(message, fallback);

    public Admission Admit(ChatAddress chat) => new Admission.Granted(SendPermit.Unlimited);

    public Task<SendResult> SendAsync(ChatAddress chat, ReadOnlyMemory<byte> body, string nonce, SendPermit permit, CancellationToken ct) =>
        Task.FromResult<SendResult>(new SendResult.Sent(Interlocked.Increment(ref _sent).ToString(CultureInfo.InvariantCulture)));

    public Task<SendResult> EditAsync(ChatAddress chat, string messageId, ReadOnlyMemory<byte> body, SendPermit permit, CancellationToken ct) => Task.FromResult<SendResult>(new SendResult.Sent(messageId));

    public Task<SendResult> DeleteAsync(ChatAddress chat, string messageId, CancellationToken ct) => Task.FromResult<SendResult>(new SendResult.Sent(messageId));

    public Task<FindResult> FindAsync(ChatAddress chat, LostMessage lost, CancellationToken ct) => Task.FromResult<FindResult>(new FindResult.Repeatable());

    public Task<Rights?> RightsAsync(ChatAddress chat, string person, CancellationToken ct) => Task.FromResult<Rights?>(Rights.None);

    public ChatAddress? PrivateChat(string person) => null;

    public Task<SetupResult> SetUpAsync(string token, CancellationToken ct) => Task.FromResult<SetupResult>(new SetupResult.Refused("There is nothing to set up."));
}
