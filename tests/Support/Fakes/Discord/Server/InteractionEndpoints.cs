using System.Text.Json;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Discord.Server.Checks;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>The bot's answers to what people do: the callback within 3 s, then for 15 min the original answer and follow-ups.</summary>
internal sealed class InteractionEndpoints(FakeDiscord discord)
{
    private const int FlagsOfNew = MessageChecks.SuppressEmbeds | MessageChecks.Ephemeral | MessageChecks.SuppressNotifications | MessageChecks.ComponentsV2;
    private const int FlagsOfEdit = MessageChecks.SuppressEmbeds | MessageChecks.ComponentsV2;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    public IEnumerable<Route> Routes =>
    [
        new("POST", "/interactions/{interaction_id}/{interaction_token}/callback", Acknowledge, hasTokenInPath: true),
        new("POST", "/webhooks/{webhook_id}/{webhook_token}", FollowUp, hasTokenInPath: true),
        .. new[] { "@original", "{message_id}" }.Select(one => $"/webhooks/{{webhook_id}}/{{webhook_token}}/messages/{one}").SelectMany(template => new Route[]
        {
            new("GET", template, request => DiscordAnswer.Ok(Message(request).ToJson()), hasTokenInPath: true),
            new("PATCH", template, Edit, hasTokenInPath: true),
            new("DELETE", template, Delete, hasTokenInPath: true),
        }),
    ];

    private DiscordAnswer Acknowledge(DiscordRequest request)
    {
        var (interaction, body) = (discord.InteractionByToken(request.Values["interaction_token"]), request.Json!.Value);
        if (interaction is null || interaction.Id != request.Values["interaction_id"] || (!interaction.IsAcknowledged && discord.Time.GetUtcNow() - interaction.SentAt > Deadline))
            throw new RefusalException(404, 10062, "Unknown interaction");
        if (interaction.IsAcknowledged)
            throw new RefusalException(400, 40060, "Interaction has already been acknowledged.");
        var type = body.GetProperty("type").GetInt32();
        int[] possible = interaction.Kind switch
        {
            DiscordInteractionKind.Command => [4, 5],
            DiscordInteractionKind.Component => [4, 5, 6, 7],
            _ => [8],
        };
        if (!possible.Contains(type))
            throw Refusals.Form(new FormError("type", "BASE_TYPE_CHOICES", $"A callback of type {type} does not answer a {interaction.Kind}."));
        var data = body.TryGetProperty("data", out var given) ? given : default;
        Apply(request.Operation, interaction, type, data);
        interaction.AcknowledgedAs = type;
        return request.Query.GetValueOrDefault("with_response") == "true" ? DiscordAnswer.Ok(Callback(interaction, type)) : DiscordAnswer.Nothing;
    }

    private void Apply(string operation, FakeInteraction interaction, int type, JsonElement data)
    {
        var isEphemeral = (Flags(data) & MessageChecks.Ephemeral) != 0;
        switch (type)
        {
            case 4:
                Bodies.DemandNew(discord, operation, data, FlagsOfNew);
                interaction.Original = interaction.Answer = Put(interaction, MessageBody.OfNew(data));
                interaction.IsEphemeral = isEphemeral;
                break;
            case 5:
                if ((Flags(data) & ~MessageChecks.Ephemeral) != 0)
                    throw Refusals.Form(new FormError("data.flags", "BASE_TYPE_BAD_INT", "A deferred answer can only be ephemeral."));
                interaction.Original = Put(interaction, MessageBody.OfThinking(isEphemeral));
                interaction.IsEphemeral = isEphemeral;
                break;
            case 6:
                interaction.Original = interaction.Message;
                interaction.IsEphemeral = interaction.Message!.IsEphemeral;
                break;
            case 7:
                Bodies.DemandEdit(discord, operation, data, FlagsOfEdit, interaction.Message!);
                interaction.Message!.Edit(Kept(data, interaction.Message));
                interaction.Original = interaction.Answer = interaction.Message;
                interaction.IsEphemeral = interaction.Message.IsEphemeral;
                break;
            case 8:
                interaction.Choices = Choices(data);
                break;
        }
    }

    private DiscordAnswer FollowUp(DiscordRequest request)
    {
        var (interaction, body) = (Interaction(request), request.Json!.Value);
        Bodies.DemandNew(discord, request.Operation, body, FlagsOfNew, HasFiles(request));
        // The first follow-up to "is thinking" takes its place (receiving-and-responding#followup-messages).
        if (interaction.Original is { IsLoading: true } thinking)
        {
            thinking.Edit(MessageBody.OfNew(body, interaction.IsEphemeral ? MessageChecks.Ephemeral : 0).With(Files(request, interaction)), isEdit: false);
            interaction.Answer = thinking;
            return DiscordAnswer.Ok(thinking.ToJson());
        }

        var message = Put(interaction, MessageBody.OfNew(body).With(Files(request, interaction)));
        interaction.Add(message);
        return DiscordAnswer.Ok(message.ToJson());
    }

    private DiscordAnswer Edit(DiscordRequest request)
    {
        var (interaction, message, body) = (Interaction(request), Message(request), request.Json!.Value);
        if (message.IsLoading)
        {
            Bodies.DemandNew(discord, request.Operation, body, FlagsOfEdit, HasFiles(request));
            message.Edit(MessageBody.OfNew(body, interaction.IsEphemeral ? MessageChecks.Ephemeral : 0).With(Files(request, interaction)), isEdit: false);
        }
        else
        {
            if (HasFiles(request))
                discord.NotPlayed($"{request.Operation} with another file");
            Bodies.DemandEdit(discord, request.Operation, body, FlagsOfEdit, message);
            message.Edit(Kept(body, message));
        }

        if (message == interaction.Original)
            interaction.Answer = message;
        return DiscordAnswer.Ok(message.ToJson());
    }

    private DiscordAnswer Delete(DiscordRequest request)
    {
        Message(request).Delete();
        return DiscordAnswer.Nothing;
    }

    private static bool HasFiles(DiscordRequest request) => request.Files is { Count: > 0 };

    private IEnumerable<JsonObject> Files(DiscordRequest request, FakeInteraction interaction) =>
        (request.Files ?? []).Select(file => discord.Files.Keep(interaction.Channel.Id, file));

    private static MessageBody Kept(JsonElement body, FakeMessage message) =>
        MessageBody.OfChanges(body).Keeping(message.Flags & (MessageChecks.Ephemeral | MessageChecks.ComponentsV2));

    private static int Flags(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty("flags", out var flags) && flags.ValueKind == JsonValueKind.Number ? flags.GetInt32() : 0;

    private static List<DiscordChoice> Choices(JsonElement data)
    {
        List<DiscordChoice> choices = data.TryGetProperty("choices", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(choice => new DiscordChoice(choice.GetProperty("name").GetString()!, choice.GetProperty("value").ToString()))]
            : [];
        if (choices.Count > 25)
            throw Refusals.Form(new FormError("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."));
        if (choices.FindIndex(choice => choice.Name.Length is 0 or > 100 || choice.Value.Length > 100) is >= 0 and var wrong)
            throw Refusals.Form(new FormError($"data.choices.{wrong}", "BASE_TYPE_BAD_LENGTH", "A choice's name must be between 1 and 100 in length, its value up to 100."));
        return choices;
    }

    /// <summary>The interaction that the token in the path is for, if it still lives.</summary>
    private FakeInteraction Interaction(DiscordRequest request)
    {
        var interaction = request.Values["webhook_id"] == discord.ApplicationId ? discord.InteractionByToken(request.Values["webhook_token"]) : null;
        if (interaction is null || !interaction.IsAcknowledged)
            throw new RefusalException(404, 10015, "Unknown Webhook");
        return discord.Time.GetUtcNow() - interaction.SentAt <= Life ? interaction : throw new RefusalException(401, 50027, "Invalid Webhook Token");
    }

    private FakeMessage Message(DiscordRequest request) =>
        Interaction(request).Find(request.Values.GetValueOrDefault("message_id", "@original")) is { IsDeleted: false } message ? message : throw Refusals.UnknownMessage();

    private FakeMessage Put(FakeInteraction interaction, MessageBody body)
    {
        var message = new FakeMessage(discord, interaction.Channel, discord.Bot, discord.NextId(), body);
        if (!message.IsEphemeral)
            interaction.Channel.Add(message);
        return message;
    }

    private static JsonObject Callback(FakeInteraction interaction, int type)
    {
        var json = new JsonObject { ["interaction"] = new JsonObject { ["id"] = interaction.Id, ["type"] = (int)interaction.Kind } };
        if (interaction.Original is not { } message)
            return json;
        json["interaction"]!["response_message_id"] = message.Id;
        json["interaction"]!["response_message_loading"] = message.IsLoading;
        json["interaction"]!["response_message_ephemeral"] = interaction.IsEphemeral;
        if (type is 4 or 7)
            json["resource"] = new JsonObject { ["type"] = type, ["message"] = message.ToJson() };
        return json;
    }
}
