namespace Notifier.Chats;

/// <summary>What a person may do in a chat; each includes the ones before.</summary>
public enum Rights
{
    None,

    /// <summary>Reads and lists.</summary>
    Member,

    /// <summary>Configures what the chat gets.</summary>
    ChatAdmin,

    /// <summary>Runs the process; may do anything from any chat.</summary>
    Operator,
}
