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

    /// <summary>Its name as people write it.</summary>
    string Title { get; }

    /// <summary>How long one send may take at most; a lease must hold at least as long when it begins.</summary>
    TimeSpan SendTimeout { get; }

    /// <summary>How it is now.</summary>
    PlatformState State { get; }

    /// <summary>What a person does to get a token, step by step; empty where none is needed.</summary>
    IReadOnlyList<string> SetupSteps { get; }

    /// <summary>Completes once it has a token that has not been refused; until then it neither listens nor sends.</summary>
    Task UsableAsync(CancellationToken ct);

    /// <summary>Connects, offers the commands and listens until cancelled, or until it has another token.</summary>
    /// <exception cref="PlatformClosedException">The token is refused; <see cref="UsableAsync"/> waits for another one.</exception>
    Task RunAsync(CancellationToken ct);

    /// <summary>Gives a message the platform's form. The bytes are stored and sent as they are, however often.</summary>
    /// <param name="fallback">0 as meant; 1 without adornments; 2 title and link only.</param>
    /// <returns>Null for a list that does not fit into one message: give it fewer entries. A message about one entry always fits.</returns>
    byte[]? Render(Message message, int fallback);

    /// <summary>Takes a place for one message to this chat within the platform's limits, before anything is composed for it; or says how long there is none.</summary>
    Admission Admit(ChatAddress chat);

    /// <summary>Sends what <see cref="Render"/> made. A second call with the same nonce is the same message, for as long as the platform remembers nonces.</summary>
    /// <param name="permit">The place that <see cref="Admit"/> gave.</param>
    Task<SendResult> SendAsync(ChatAddress chat, ReadOnlyMemory<byte> body, string nonce, SendPermit permit, CancellationToken ct);

    /// <summary>Changes a message that was sent to what <see cref="Render"/> made now. <c>Sent</c> when it says that; <c>Rejected</c> when it can never be changed.</summary>
    Task<SendResult> EditAsync(ChatAddress chat, string messageId, ReadOnlyMemory<byte> body, SendPermit permit, CancellationToken ct);

    /// <summary>Deletes a message that was sent. <c>Sent</c> when it is not there any more; <c>Rejected</c> when it can never be deleted.</summary>
    Task<SendResult> DeleteAsync(ChatAddress chat, string messageId, CancellationToken ct);

    /// <summary>Whether a message whose answer was lost is there, and whether it may be sent again without becoming a second one.</summary>
    Task<FindResult> FindAsync(ChatAddress chat, LostMessage lost, CancellationToken ct);

    /// <summary>What this person may do in this chat, asked anew for each command; null when that cannot be found out now, which allows nothing.</summary>
    Task<Rights?> RightsAsync(ChatAddress chat, string person, CancellationToken ct);

    /// <summary>Where this person alone can be told something; null where the name is no person's.</summary>
    ChatAddress? PrivateChat(string person);

    /// <summary>Checks a token, stores it and uses it from now on.</summary>
    Task<SetupResult> SetUpAsync(string token, CancellationToken ct);
}
