using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;

namespace Notifier.Tests.Web;

/// <summary>A platform of which only its state is looked at. It neither listens nor sends.</summary>
internal sealed class StillPlatform(string title, PlatformState state, params string[] steps) : IChatPlatform
{
    public string Name => title.ToLowerInvariant();

    public string Title => title;

    public TimeSpan SendTimeout => throw new NotSupportedException();

    public PlatformState State { get; set; } = state;

    public IReadOnlyList<string> SetupSteps => steps;

    public Task UsableAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task RunAsync(CancellationToken ct) => throw new NotSupportedException();

    public byte[]? Render(Message message, int fallback) => throw new NotSupportedException();

    public Admission Admit(ChatAddress chat) => throw new NotSupportedException();

    public Task<SendResult> SendAsync(ChatAddress chat, ReadOnlyMemory<byte> body, string nonce, SendPermit permit, CancellationToken ct) => throw new NotSupportedException();

    public Task<SendResult> EditAsync(ChatAddress chat, string messageId, ReadOnlyMemory<byte> body, SendPermit permit, CancellationToken ct) => throw new NotSupportedException();

    public Task<SendResult> DeleteAsync(ChatAddress chat, string messageId, CancellationToken ct) => throw new NotSupportedException();

    public Task<FindResult> FindAsync(ChatAddress chat, LostMessage lost, CancellationToken ct) => throw new NotSupportedException();

    public Task<Rights?> RightsAsync(ChatAddress chat, string person, CancellationToken ct) => throw new NotSupportedException();

    public ChatAddress? PrivateChat(string person) => throw new NotSupportedException();

    public Task<SetupResult> SetUpAsync(string token, CancellationToken ct) => throw new NotSupportedException();
}
