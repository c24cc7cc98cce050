using Notifier.Tests.Support.Fakes.Telegram;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;
using Telegram.Bot.Types.ReplyMarkups;

namespace Notifier.Tests.Fakes;

/// <summary>The package Telegram.Bot, which the product uses, works against the fake and reads its refusals.</summary>
public sealed class TelegramBotPackageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Telegram_Bot_sends_polls_and_understands_refusals()
    {
        await using var fake = await FakeTelegram.StartAsync(ct: Token);
        var bot = new TelegramBotClient(new TelegramBotClientOptions(fake.Token, fake.Url.ToString()) { RetryThreshold = 0 }, cancellationToken: Token);
        var ada = fake.AddUser("Ada", "ada_l");
        var chat = ada.Start();
        Assert.Equal("NotifierTestBot", (await bot.GetMe(Token)).Username);
        await bot.SetMyCommands([new BotCommand("list", "Lists")], new BotCommandScopeAllPrivateChats(), "en", Token);
        Assert.Equal([("list", "Lists")], fake.Commands.Of("all_private_chats", "en"));

        var sent = await bot.SendMessage(chat.Id, "<b>x</b> &amp; y", ParseMode.Html, linkPreviewOptions: LinkPreviewOptions.Disabled,
            replyMarkup: new InlineKeyboardMarkup(InlineKeyboardButton.WithCallbackData("Go", "go")), disableNotification: true, cancellationToken: Token);
        Assert.Equal(("x & y", MessageEntityType.Bold), (sent.Text, Assert.Single(sent.Entities!).Type));
        var pressed = chat.Messages[0].PressAsync(ada, "Go", Token);
        var updates = await bot.GetUpdates(timeout: 1, allowedUpdates: [UpdateType.Message, UpdateType.CallbackQuery], cancellationToken: Token);
        Assert.Equal([UpdateType.Message, UpdateType.CallbackQuery], updates.Select(update => update.Type));
        await bot.AnswerCallbackQuery(updates[1].CallbackQuery!.Id, "gone", cancellationToken: Token);
        Assert.Equal("gone", await pressed);
        await bot.EditMessageText(chat.Id, sent.Id, "z", cancellationToken: Token);
        Assert.Equal("z", chat.Messages[0].Text);

        var group = fake.AddGroup("The group");
        group.Own(ada);
        group.InviteBot(ada);
        Assert.Equal(ChatType.Group, (await bot.GetChat(group.Id, Token)).Type);
        Assert.Equal(ChatMemberStatus.Creator, (await bot.GetChatMember(group.Id, ada.Id, Token)).Status);
        Assert.Single(await bot.GetChatAdministrators(group.Id, cancellationToken: Token));
        var supergroup = group.Upgrade();
        var moved = await Assert.ThrowsAsync<ApiRequestException>(() => bot.SendMessage(group.Id, "x", cancellationToken: Token));
        Assert.Equal((400, supergroup.Id), (moved.ErrorCode, moved.Parameters!.MigrateToChatId));
        fake.Next("sendMessage", new Fault.TooManyRequests(3));
        var tooMany = await Assert.ThrowsAsync<ApiRequestException>(() => bot.SendMessage(supergroup.Id, "x", cancellationToken: Token));
        Assert.Equal((429, 3), (tooMany.ErrorCode, tooMany.Parameters!.RetryAfter));
        foreach (var fault in (Fault[])[new Fault.Html200(), new Fault.StoreThenDrop(), new Fault.HalfAnswer(), new Fault.ServerErrorAfterStore(502)])
        {
            fake.Next("sendMessage", fault);
            var ambiguous = await Assert.ThrowsAnyAsync<RequestException>(() => bot.SendMessage(supergroup.Id, fault.GetType().Name, cancellationToken: Token));
            Assert.IsNotType<ApiRequestException>(ambiguous);
        }

        Assert.Equal(["StoreThenDrop", "HalfAnswer", "ServerErrorAfterStore"], supergroup.Messages.Select(message => message.Text));
        await bot.SendRichMessage(chat.Id, new InputRichMessage { Html = "<h1>T</h1><p>x</p>", SkipEntityDetection = true }, cancellationToken: Token);
        Assert.Equal("T\nx", chat.Messages[^1].Text);
        Assert.Empty(fake.Unexpected);
        Assert.Empty(fake.Violations);
    }
}
