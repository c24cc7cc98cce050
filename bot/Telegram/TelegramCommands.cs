using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Notifier.Chats;
using Notifier.Commands;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;

namespace Notifier.Bot.Telegram;

/// <summary>The menu of commands that Telegram's apps show: to each kind of chat those that can be asked there. Told to Telegram only when it has changed.</summary>
internal sealed class TelegramCommands(TelegramClient client, CommandRunner commands, PlatformMemory memory)
{
    private const string Fact = "commands";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <returns>Why Telegram did not take it; null when it did, or has it already.</returns>
    public async Task<string?> OfferAsync(User me, CancellationToken ct)
    {
        var menus = Menus();
        var said = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(me.Id + JsonSerializer.Serialize(menus.Select(menu => new { menu.Scope.Type, Commands = menu.Commands.Select(c => new { c.Command, c.Description }) })))));
        if (await memory.ReadAsync(TelegramPlatform.PlatformName, Fact) == said)
            return null;
        foreach (var (scope, menu) in menus)
        {
            if (await client.CallAsync(new SetMyCommandsRequest { Commands = menu, Scope = scope }, Patience, ct) is var answer and not TelegramAnswer<bool>.Ok)
                return answer.ToString();
        }

        await memory.WriteAsync(TelegramPlatform.PlatformName, Fact, said, ct);
        return null;
    }

    private List<(BotCommandScope Scope, List<BotCommand> Commands)> Menus() =>
    [
        (new BotCommandScopeDefault(), Up(Rights.Member)),
        (new BotCommandScopeAllPrivateChats(), Up(Rights.ChatAdmin)),
        (new BotCommandScopeAllChatAdministrators(), Up(Rights.ChatAdmin)),
    ];

    private List<BotCommand> Up(Rights most) => [.. commands.Catalog.Where(c => c.Needs <= most).Select(c => new BotCommand { Command = c.Name, Description = c.Description })];
}
