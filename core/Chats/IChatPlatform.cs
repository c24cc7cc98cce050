using Notifier.Messages;
using Notifier.Model;

namespace Notifier.Chats;

/// <summary>
/// A platform on which chats are: Discord, Telegram, the Terminal. It listens for commands, and it renders and sends messages; it never
/// retries, never waits for a rate limit, and never throws for the network's faults: every outcome of a send is a <see cref="SendResult"/>.
/// </summary>
public interface IChatPlatform
{
    /// <summary>The first part of its chats' addresses: lower-case letters.</summary>
    string Name { get; }

    /// <summary>How long one send may take at most; a lease must hold at least as long when it begins.</summary>
    TimeSpan SendTimeout { get; }

    /// <summary>Connects, offers the commands and listens until cancelled.</summary>
    Task RunAsync(CancellationToken ct);

    /// <summary>Gives a message the platform's form. The bytes are stored and sent as they are, however often.</summary>
    /// <param name="fallback">0 as meant; 1 without adornments; 2 title and link only.</param>
    byte[] Render(Message message, int fallback);

    /// <summary>Sends what <see cref="Render"/> made. A second call with the same nonce is the same message.</summary>
    Task<SendResult> SendAsync(ChatAddress chat, ReadOnlyMemory<byte> body, string nonce, CancellationToken ct);

    /// <summary>What this person may do in this chat, asked anew for each command; when in doubt, less.</summary>
    Task<Rights> RightsAsync(ChatAddress chat, string person, CancellationToken ct);
}
