using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Texts;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;

namespace Notifier.Bot.Telegram;

/// <summary>The menu of commands that Telegram's apps show: to each kind of chat those that can be asked there, to each person in their language. Told to Telegram only when it has changed.</summary>
internal sealed class TelegramCommands(TelegramClient client, CommandRunner commands, PlatformMemory memory, Catalogue texts)
{
    private const string Fact = "commands";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <returns>Why Telegram did not take it; null when it did, or has it already.</returns>
    public async Task<string?> OfferAsync(User me, CancellationToken ct)
    {
        var menus = Menus();
        var said = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(me.Id + JsonSerializer.Serialize(menus.Select(menu => new { menu.Scope.Type, menu.Language, Commands = menu.Commands.Select(c => new { c.Command, c.Description }) })))));
        if (await memory.ReadAsync(TelegramPlatform.PlatformName, Fact) == said)
            return null;
        foreach (var (scope, language, menu) in menus)
        {
            if (await client.CallAsync(new SetMyCommandsRequest { Commands = menu, Scope = scope, LanguageCode = language }, Patience, ct) is var answer and not TelegramAnswer<bool>.Ok)
                return answer.ToString();
        }

        await memory.WriteAsync(TelegramPlatform.PlatformName, Fact, said, ct);
        return null;
    }

    /// <summary>Those without a language are for whoever has one that Notifier does not speak.</summary>
    private List<(BotCommandScope Scope, string? Language, List<BotCommand> Commands)> Menus()
    {
        var own = texts.Language;
        return [.. texts.Languages.OrderBy(language => language.Code != own).SelectMany(language => In(language.Code, language.Code == own ? null : language.Code))];
    }

    private List<(BotCommandScope Scope, string? Language, List<BotCommand> Commands)> In(string code, string? told)
    {
        using var spoken = texts.In(code);
        return
        [
            (new BotCommandScopeDefault(), told, Up(Rights.Member)),
            (new BotCommandScopeAllPrivateChats(), told, Up(Rights.ChatAdmin)),
            (new BotCommandScopeAllChatAdministrators(), told, Up(Rights.ChatAdmin)),
        ];
    }

    private List<BotCommand> Up(Rights most) => [.. commands.Catalog.Where(c => c.Needs <= most).Select(c => new BotCommand { Command = c.Name, Description = texts.Say(c.Key) })];
}
