using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Telegram.Api;

/// <summary>The methods of the Bot API that the fake plays, by name. Each runs under the world's lock; only <c>getUpdates</c> waits, and does so outside it.</summary>
internal sealed class BotApi
{
    private readonly Dictionary<string, (string Name, Func<ApiCall, CancellationToken, Task<string>> Run)> _methods = new(StringComparer.OrdinalIgnoreCase);
    private readonly FakeTelegram _world;

    public BotApi(FakeTelegram world)
    {
        _world = world;
        Files = new(world);
        var access = new ChatAccess(world);
        var messages = new MessageMethods(world, access);
        var chats = new ChatMethods(world, access);
        Commands = new(world, access);

        _methods.Add("getUpdates", ("getUpdates", world.Updates.PollAsync));
        Add("getMe", _ => world.Me());
        Add("setWebhook", SetWebhook);
        Add("deleteWebhook", SetWebhook);
        Add("getWebhookInfo", _ => world.Webhook.ToJson());
        Add("setMyCommands", Commands.Set);
        Add("getMyCommands", Commands.Get);
        Add("deleteMyCommands", Commands.Delete);
        Add("sendMessage", messages.Send);
        Add("sendRichMessage", messages.SendRich);
        Add("editMessageText", messages.EditText);
        Add("editMessageReplyMarkup", messages.EditReplyMarkup);
        Add("deleteMessage", messages.Delete);
        Add("sendDocument", messages.SendDocument);
        Add("getFile", Files.Get);
        Add("answerCallbackQuery", messages.AnswerCallback);
        Add("getChat", chats.Get);
        Add("getChatMember", chats.GetMember);
        Add("getChatAdministrators", chats.GetAdministrators);
        Add("leaveChat", chats.Leave);
    }

    public CommandMenu Commands { get; }

    public FileMethods Files { get; }

    /// <summary>The method's name as Telegram spells it; null if the fake does not play it.</summary>
    public string? NameOf(string method) => _methods.TryGetValue(method, out var known) ? known.Name : null;

    /// <summary>Does what is asked and gives the result's JSON; a refusal is thrown.</summary>
    public Task<string> RunAsync(ApiCall call, CancellationToken ct) => _methods[call.Method].Run(call, ct);

    private void Add(string name, Func<ApiCall, JsonNode> run) => _methods.Add(name, (name, (call, _) =>
    {
        lock (_world.Lock)
        {
            var result = run(call);
            _world.Changed.Ring();
            return Task.FromResult(result.ToJsonString());
        }
    }));

    private JsonNode SetWebhook(ApiCall call)
    {
        _world.Webhook.Set(call);
        return JsonValue.Create(true);
    }
}
