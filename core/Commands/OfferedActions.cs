using Notifier.Messages;
using Notifier.Model;

namespace Notifier.Commands;

/// <summary>
/// The actions that replies and notices offer as buttons. A button carries a random token and nothing else; what it stands for, who may choose it,
/// where and how long, stays here. So there is nothing in it to forge, and a command line may be as long as it likes. A notice's is for whoever has
/// the right to its command, which is asked for when it is carried out, as with any command.
/// </summary>
public sealed class OfferedActions(Storage storage, TimeProvider time)
{
    /// <summary>Stores the actions of a reply to this command.</summary>
    /// <returns>Each one's token: 22 of A–Z, a–z, 0–9, <c>-</c> and <c>_</c>.</returns>
    public async Task<IReadOnlyList<string>> OfferAsync(IReadOnlyList<MessageAction> actions, IncomingCommand asked, CancellationToken ct)
    {
        if (actions.Count == 0)
            return [];
        var now = time.GetUtcNow();
        var offered = actions.Select(action => new OfferedAction
        {
            Token = OfferedAction.NewToken(),
            Chat = asked.Chat.ToString(),
            Person = asked.Person.Id,
            CommandLine = action.CommandLine,
            Target = asked.Target?.ToString(),
            Until = now + action.Lifetime,
        }).ToList();
        await storage.Writer.RunAsync(db => db.OfferedActions.AddRange(offered), ct);
        return [.. offered.Select(action => action.Token)];
    }

    /// <summary>What a person chose by pressing a button.</summary>
    public async Task<ChosenAction> ChooseAsync(string token, ChatAddress chat, string person, CancellationToken ct)
    {
        await using var db = storage.Read();
        var action = await db.OfferedActions.FindAsync([token], ct);
        if (action is null || action.Chat != chat.ToString() || action.Until <= time.GetUtcNow())
            return new ChosenAction.Expired();
        if (action.Person.Length > 0 && action.Person != person)
            return new ChosenAction.SomebodyElses();
        return new ChosenAction.Meant(action.CommandLine, action.Target is not null && ChatAddress.TryParse(action.Target, out var target) ? target : null);
    }
}

/// <summary>What came of pressing a button.</summary>
public abstract record ChosenAction
{
    private ChosenAction()
    {
    }

    /// <param name="Target">The chat that it is about, where it is not the one it was pressed in.</param>
    public sealed record Meant(string CommandLine, ChatAddress? Target) : ChosenAction;

    /// <summary>Another person was asked.</summary>
    public sealed record SomebodyElses : ChosenAction;

    /// <summary>Its time is over; or there never was such a button here.</summary>
    public sealed record Expired : ChosenAction;
}
