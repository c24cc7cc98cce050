using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Telegram.Api;

/// <summary>The methods about chats and who is in them.</summary>
internal sealed class ChatMethods(FakeTelegram world, ChatAccess access)
{
    public JsonNode Get(ApiCall call)
    {
        var chat = access.Resolve(call.Text("chat_id"), Access.Read);
        var json = chat.ToJson();
        json["accent_color_id"] = 0;
        json["max_reaction_count"] = 11;
        json["accepted_gift_types"] = new JsonObject
        {
            ["unlimited_gifts"] = false,
            ["limited_gifts"] = false,
            ["unique_gifts"] = false,
            ["premium_subscription"] = false,
            ["gifts_from_channels"] = false,
        };
        if (chat.Username is not null)
            json["active_usernames"] = new JsonArray(chat.Username);
        if (chat.IsGroup)
            json["permissions"] = new JsonObject { ["can_send_messages"] = chat.MembersMayWrite };
        return json;
    }

    public JsonNode GetMember(ApiCall call)
    {
        var user = User(call);
        var chat = access.Resolve(call.Text("chat_id"), user == world.Bot ? Access.Read : Access.ReadMembers);
        if (user != world.Bot)
            CheckMembersAreVisible(chat);
        return chat.MemberJson(user, chat.MembershipOf(user));
    }

    public JsonNode GetAdministrators(ApiCall call)
    {
        var chat = access.Resolve(call.Text("chat_id"), Access.ReadMembers);
        if (chat.Type == FakeChatType.Private)
            throw Refusal.Bad("there are no administrators in the private chat");
        CheckMembersAreVisible(chat);
        var bots = call.Flag("return_bots");
        return new JsonArray([.. chat.Members
            .Where(member => member.Value.IsAdministrator && (bots || !member.Key.IsBot || member.Key == world.Bot))
            .OrderByDescending(member => member.Value.Status)
            .Select(member => (JsonNode)chat.MemberJson(member.Key, member.Value))]);
    }

    public JsonNode Leave(ApiCall call)
    {
        var chat = access.Resolve(call.Text("chat_id"), Access.Read);
        if (chat.Type == FakeChatType.Private)
            throw Refusal.Bad("chat member status can't be changed in private chats");
        if (chat.MembershipOf(world.Bot).IsIn)
            chat.Leave(world.Bot);
        return JsonValue.Create(true);
    }

    private void CheckMembersAreVisible(FakeTelegramChat chat)
    {
        if ((chat.Type == FakeChatType.Channel || chat.HidesMembers) && !chat.MembershipOf(world.Bot).IsAdministrator)
            throw Refusal.Bad(chat.Type == FakeChatType.Channel ? "member list is inaccessible" : "CHAT_ADMIN_REQUIRED");
    }

    private FakeTelegramUser User(ApiCall call)
    {
        var id = call.Integer("user_id");
        if (id <= 0)
            throw Refusal.Bad("invalid user_id specified");
        return world.Users.FirstOrDefault(user => user.Id == id) ?? throw Refusal.Bad("PARTICIPANT_ID_INVALID");
    }
}
