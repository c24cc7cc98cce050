using System.Text.Json;
using Notifier.Bot.Discord.Rest;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Bot.Discord;

/// <summary>
/// Acts on what people do with commands and buttons. Discord wants a first word within three seconds, so each is acknowledged before anything
/// else, then stored, then carried out, in order within its channel; the answer is for the asker's eyes only.
/// </summary>
internal sealed partial class DiscordInteractions(
    DiscordRest rest,
    DiscordReplies replies,
    DiscordFiles files,
    CommandRunner commands,
    OfferedActions actions,
    Inbox inbox,
    Catalogue texts,
    IChatPlatform platform,
    TimeProvider time,
    ILogger log) : IDisposable
{
    private const int Deferred = 5;
    private const int Choices = 8;
    private const int LongestChoice = 100;

    /// <summary>How long an interaction's token is good for.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private readonly Lanes _acknowledging = new(atOnce: 64, room: 1000);
    private readonly UpdateLanes _working = new(DiscordPlatform.PlatformName, inbox, time, log);

    /// <summary>Takes what happened; returns at once unless there is more than can be kept.</summary>
    public Task TakeAsync(JsonElement body, CancellationToken ct)
    {
        if (DiscordInteraction.Read(body) is not { } interaction)
        {
            LogUnreadable();
            return Task.CompletedTask;
        }

        return interaction.Type switch
        {
            DiscordInteraction.Autocomplete => _acknowledging.AddAsync(interaction.Id, () => GuardAsync(interaction, () => SuggestAsync(interaction, ct)), ct),
            DiscordInteraction.Command or DiscordInteraction.Component => _acknowledging.AddAsync(interaction.Id, () => GuardAsync(interaction, () => AcknowledgeAsync(interaction, ct)), ct),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>Takes up what an earlier run stored and did not get to, as long as it can still be answered.</summary>
    public Task ResumeAsync(CancellationToken ct) => _working.ResumeAsync(Lane, ActAsync, ct);

    /// <summary>Completes when all that was taken is done.</summary>
    public async Task FinishAsync()
    {
        await _acknowledging.FinishAsync();
        await _working.FinishAsync();
    }

    public void Dispose()
    {
        _acknowledging.Dispose();
        _working.Dispose();
    }

    private static byte[] Bytes(object value) => JsonSerializer.SerializeToUtf8Bytes(value);

    private Task<DiscordAnswer> CallBackAsync(DiscordInteraction interaction, object answer, CancellationToken ct) => rest.SendAsync(
        new DiscordRequest(HttpMethod.Post, "/interactions/{interaction}/{token}/callback", interaction.Id, interaction.Token) { Body = Bytes(answer) },
        ct);

    private async Task SuggestAsync(DiscordInteraction interaction, CancellationToken ct)
    {
        if (interaction.ToSuggest() is not { } asked)
            return;
        var suggestions = await commands.SuggestAsync(asked.Command, asked.Option, asked.Typed, asked.About, interaction.ToCommand().Rights ?? Rights.None);
        var choices = suggestions.Where(s => s.Value.Length <= LongestChoice).Select(s => new { name = CleanText.Cut(CleanText.Line(s.Label), LongestChoice), value = s.Value });
        await CallBackAsync(interaction, new { type = Choices, data = new { choices } }, ct);
    }

    private async Task AcknowledgeAsync(DiscordInteraction interaction, CancellationToken ct)
    {
        switch (await CallBackAsync(interaction, new { type = Deferred, data = new { flags = DiscordReplies.Ephemeral } }, ct))
        {
            // 10062: too late, and the asker has been told that it failed. 40060: it was acknowledged before; whether it was carried out, the inbox knows.
            case DiscordAnswer.Refused { Code: not 40060 } refused:
                LogRefused(interaction.Id, refused.Message);
                return;
            case DiscordAnswer.Wait or DiscordAnswer.NotSent:
                LogRefused(interaction.Id, "Discord could not be reached in time.");
                return;
        }

        try
        {
            await _working.TakeAsync([(interaction.Id, JsonSerializer.SerializeToUtf8Bytes(interaction.Body))], Lane, ActAsync, ct);
        }
        catch (StorageException fault)
        {
            LogRefused(interaction.Id, fault.Message);
            await replies.AnswerAsync(interaction, Message.Of(texts.Say("command.storage")), interaction.ToCommand(), ct);
        }
    }

    private static DiscordInteraction? Read(IncomingUpdate update)
    {
        using var json = JsonDocument.Parse(update.Body);
        return DiscordInteraction.Read(json.RootElement.Clone());
    }

    /// <summary>What happens in one channel happens in order.</summary>
    private static string Lane(IncomingUpdate update) => Read(update)?.Chat.Id ?? "";

    private async Task ActAsync(IncomingUpdate update, CancellationToken ct)
    {
        if (time.GetUtcNow() - update.ReceivedAt >= Life || Read(update) is not { } interaction)
            return;
        using var spoken = commands.SpeakIn(interaction.Chat, interaction.Language);
        var asked = interaction.ToCommand();
        try
        {
            (var reply, asked) = await ReplyAsync(interaction, ct);
            await replies.AnswerAsync(interaction, reply, asked, ct);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Whoever asked sees “thinking” until something is said.
            LogBroke(fault, interaction.Id);
            await replies.AnswerAsync(interaction, Message.Of(texts.Say(fault is StorageException ? "command.storage" : "command.broke")), asked, ct);
        }
    }

    private async Task<(Message? Reply, IncomingCommand Asked)> ReplyAsync(DiscordInteraction interaction, CancellationToken ct)
    {
        var asked = interaction.ToCommand() with { File = interaction.Attachment is { } attached ? files.File(attached) : null };
        if (interaction.Type == DiscordInteraction.Command)
            return (await commands.RunAsync(asked, platform, ct), asked);
        switch (await actions.ChooseAsync(interaction.CustomId, interaction.Chat, interaction.Person.Id, ct))
        {
            case ChosenAction.Meant meant:
                asked = interaction.ToCommand(meant);
                return (await commands.RunAsync(asked, platform, ct), asked);
            case ChosenAction.SomebodyElses:
                return (Message.Of(texts.Say("choice.others")), asked);
            default:
                return (Message.Of(texts.Say("choice.expired")), asked);
        }
    }

    private async Task GuardAsync(DiscordInteraction interaction, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // Stored, it is taken up at the next start.
            LogStopped(interaction.Id);
        }
        catch (Exception fault)
        {
            // A bug met by one of them: the others go on.
            LogBroke(fault, interaction.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Discord sent an interaction that cannot be read; it is passed over")]
    private partial void LogUnreadable();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Discord's interaction {Interaction} could not be acknowledged and is not carried out: {Reason}")]
    private partial void LogRefused(string interaction, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Discord's interaction {Interaction} was stopped with the process")]
    private partial void LogStopped(string interaction);

    [LoggerMessage(Level = LogLevel.Error, Message = "Discord's interaction {Interaction} met a bug")]
    private partial void LogBroke(Exception fault, string interaction);
}
