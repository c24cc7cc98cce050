using System.Globalization;
using Notifier.Chats;
using Notifier.Model;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace Notifier.Bot.Telegram;

/// <summary>
/// Who may do what in a chat of Telegram's, asked anew each time. Whoever writes as the chat itself, an anonymous administrator or a channel,
/// is its administrator; a private chat belongs to its person.
/// </summary>
internal sealed class TelegramRights(TelegramClient client)
{
    /// <summary>What a bot lacks that is not in the chat.</summary>
    public const string Membership = "Member";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>Null when Telegram does not say now.</returns>
    public async Task<Rights?> OfAsync(ChatAddress chat, string person, CancellationToken ct)
    {
        if (person == chat.Id)
            return Rights.ChatAdmin;
        if (!TryId(person, out var user) || user <= 0)
            return Rights.None;
        return await MemberAsync(chat, user, ct) switch
        {
            TelegramAnswer<ChatMember>.Ok { Value: ChatMemberOwner or ChatMemberAdministrator } => Rights.ChatAdmin,
            TelegramAnswer<ChatMember>.Ok { Value: ChatMemberMember or ChatMemberRestricted { IsMember: true } } => Rights.Member,
            TelegramAnswer<ChatMember>.Ok => Rights.None,
            // Neither such a chat nor such a member, or no right to ask.
            TelegramAnswer<ChatMember>.Refused { Code: 400 or 403 } => Rights.None,
            _ => null,
        };
    }

    /// <summary>What the bot lacks to post in the chat; null when it may post, or Telegram does not say.</summary>
    public async Task<string?> MissingAsync(ChatAddress chat, ChatType type, long bot, CancellationToken ct) =>
        type == ChatType.Private ? null : await MemberAsync(chat, bot, ct) switch
        {
            TelegramAnswer<ChatMember>.Ok ok => Missing(ok.Value, type),
            TelegramAnswer<ChatMember>.Refused { Code: 400 or 403 } => Membership,
            _ => null,
        };

    /// <summary>The right that a status lacks to post in a chat of this type, as Telegram's apps call it; null for none.</summary>
    public static string? Missing(ChatMember status, ChatType type) => status switch
    {
        ChatMemberLeft or ChatMemberBanned => Membership,
        ChatMemberRestricted { CanSendMessages: false } => "Send Messages",
        ChatMemberAdministrator { CanPostMessages: false } or ChatMemberMember when type == ChatType.Channel => "Post Messages",
        _ => null,
    };

    private async Task<TelegramAnswer<ChatMember>> MemberAsync(ChatAddress chat, long user, CancellationToken ct) => TryId(chat.Id, out var id)
        ? await client.CallAsync(new GetChatMemberRequest { ChatId = new ChatId(id), UserId = user }, Patience, ct)
        : new TelegramAnswer<ChatMember>.Refused(400, "It is no address of Telegram's.", null, null);

    private static bool TryId(string text, out long id) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id);
}
