using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Telegram.Api;

/// <summary>The commands that Telegram offers people as they type: a list for each scope and language.</summary>
internal sealed class CommandMenu(FakeTelegram world, ChatAccess access)
{
    private const int Most = 100;

    private readonly Dictionary<(string Scope, string Language), IReadOnlyList<(string Name, string Description)>> _lists = [];

    /// <summary>The commands of a scope as the bot set them; of a chat the scope is written <c>chat:-100123</c>.</summary>
    public IReadOnlyList<(string Name, string Description)> Of(string scope = "default", string language = "")
    {
        lock (world.Lock)
            return _lists.GetValueOrDefault((scope, language)) ?? [];
    }

    internal JsonNode Set(ApiCall call)
    {
        var list = Scope(call);
        if (call.Json("commands", "commands") is not JsonArray commands)
            throw Refusal.Bad("expected an Array of BotCommand");
        if (commands.Count > Most)
            throw Refusal.Bad("BOT_COMMANDS_TOO_MUCH");
        _lists[list] = [.. commands.Select(Command)];
        return JsonValue.Create(true);
    }

    internal JsonNode Get(ApiCall call) => new JsonArray([.. (_lists.GetValueOrDefault(Scope(call)) ?? [])
        .Select(command => (JsonNode)new JsonObject { ["command"] = command.Name, ["description"] = command.Description })]);

    internal JsonNode Delete(ApiCall call)
    {
        _lists.Remove(Scope(call));
        return JsonValue.Create(true);
    }

    private static (string Name, string Description) Command(JsonNode? json)
    {
        if (json is not JsonObject fields || fields["command"] is not { } command || fields["description"] is not { } description)
            throw Refusal.Bad("can't parse BotCommand: expected an Object");
        var (name, about) = (command.GetValue<string>(), description.GetValue<string>());
        if (name.Length is 0 or > 32 || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_'))
            throw Refusal.Bad("BOT_COMMAND_INVALID");
        return about.Length is >= 1 and <= 256 ? (name, about) : throw Refusal.Bad("BOT_COMMAND_DESCRIPTION_INVALID");
    }

    private (string Scope, string Language) Scope(ApiCall call)
    {
        var language = call.Text("language_code");
        if (language.Length is not (0 or 2))
            throw Refusal.Bad("invalid language code specified");
        if (call.Json("scope", "BotCommandScope") is not { } scope)
            return ("default", language);
        var type = (scope as JsonObject)?["type"]?.GetValue<string>();
        switch (type)
        {
            case "default" or "all_private_chats" or "all_group_chats" or "all_chat_administrators":
                return (type, language);
            case "chat" or "chat_administrators" or "chat_member":
                var id = scope["chat_id"]?.ToString() ?? throw Refusal.Bad("can't parse BotCommandScope: Can't find field \"chat_id\"");
                var chat = access.Resolve(id, Access.Read);
                return ($"{type}:{chat.Id}{(type == "chat_member" ? $"/{scope["user_id"]}" : "")}", language);
            default:
                throw Refusal.Bad("can't parse BotCommandScope: Unsupported type specified");
        }
    }
}
