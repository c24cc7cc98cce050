using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages;
using Notifier.Model;

namespace Notifier.Subscriptions;

/// <summary>How a feed's entries look in this chat; of <c>all</c>, those that have no style of their own.</summary>
public sealed class StyleCommand() : Command("style")
{
    private const string All = "all";
    private const string Default = "default";

    internal static readonly Parameter<string> Look = new("look", "commands.style.look", text => text.Trim())
    {
        IsOptional = true,
        TakesRest = true,
        Suggest = (_, _) => [.. Messages.Look.Styles.Append(Default).Append($"card {Messages.Look.Options[0]}").Select(look => new Suggestion(look, look))],
    };

    private static readonly Parameter<string> Feed = new("feed", "commands.style.feed", text => text.Trim()) { Suggest = (db, chat) => [.. SubscribedFeeds.Suggestions(db, chat), new Suggestion(All, All)] };

    public override IReadOnlyList<Parameter> Parameters => [Feed, Look];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var (text, look) = Split(call.Get(Feed), call.GetOr(Look));
        var isAll = text.Equals(All, StringComparison.OrdinalIgnoreCase);
        if (look is not { Length: > 0 } wanted)
            return isAll ? await ShowAllAsync(call) : Shown(call, await call.ReadAsync(db => SubscribedFeeds.Find(db, call, this, text)));
        var meant = wanted.Equals(Default, StringComparison.OrdinalIgnoreCase) ? null : Read(call, wanted);
        return await call.CommitAsync((db, chat) => isAll ? SetAll(db, call, chat, meant) : Set(db, call, chat, SubscribedFeeds.Find(db, call, this, text, wanted), meant), ct);
    }

    /// <summary>Takes apart what was typed where the feed's title may have blanks and nobody thought of quotes: what can be a look at its end is one.</summary>
    internal static (string Feed, string? Look) Split(string feed, string? rest)
    {
        if (string.IsNullOrWhiteSpace(rest) || IsLook(rest) || feed.All(c => char.IsAsciiDigit(c) || c == '#'))
            return (feed, rest);
        var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var count = 1;
        while (count < words.Length && !IsLook(string.Join(' ', words[count..])))
            count++;
        return (string.Join(' ', [feed, .. words[..count]]), string.Join(' ', words[count..]));
    }

    private static bool IsLook(string text) => text.Equals(Default, StringComparison.OrdinalIgnoreCase) || Messages.Look.Read(text) is not null;

    /// <summary>The look that somebody means.</summary>
    /// <exception cref="CommandError">It is none.</exception>
    internal static Look Read(CommandCall call, string text) =>
        Messages.Look.Read(text) ?? throw call.Error("look.unknown", [("text", text), .. Choices(call)]);

    /// <summary>How a subscription's entries look.</summary>
    internal static Look LookOf(SubscribedFeed subscribed) => Messages.Look.Read(subscribed.Subscription.Style ?? subscribed.Chat.Style) ?? new Look();

    private static (string, object)[] Choices(CommandCall call) => [("styles", call.SayList(Messages.Look.Styles)), ("options", call.SayList(Messages.Look.Options))];

    private static async Task<Message> ShowAllAsync(CommandCall call)
    {
        var style = await call.ReadAsync(db => db.ChatAt(call.Chat)?.Style);
        return call.Reply("look.chatis", [("look", Messages.Look.Read(style) ?? new Look()), .. Choices(call)]);
    }

    private static Message Shown(CommandCall call, SubscribedFeed subscribed) =>
        call.Reply("look.is", [("feed", subscribed.Title), ("look", LookOf(subscribed)), ("number", subscribed.Subscription.Number), .. Choices(call)]) with { Actions = [Preview(call, subscribed)] };

    private static MessageAction Preview(CommandCall call, SubscribedFeed subscribed) => new(call.Say("look.preview"), $"/preview {subscribed.Subscription.Number}");

    private static Message SetAll(NotifierDb db, CommandCall call, Chat chat, Look? look)
    {
        if (look is { Style: Style.Custom })
            throw call.Error("look.notforchat");
        var before = ChatRecord.Of(chat);
        chat.Style = look?.ToString();
        var line = call.Audit(db, chat, "style", ChatRecord.Subject, before.Json, ChatRecord.Of(chat).Json);
        return call.Reply("look.chatset", ("look", look ?? new Look())) with { Actions = [call.Undo(line.Id)] };
    }

    private static Message Set(NotifierDb db, CommandCall call, Chat chat, SubscribedFeed subscribed, Look? look)
    {
        var (subscription, feed, _) = subscribed;
        if (look is { Style: Style.Custom } && subscription.Template is null)
            throw call.Error("look.notemplate", ("feed", subscribed.Title), ("number", subscription.Number), ("example", TemplateCommand.Example));
        var before = SubscriptionRecord.Of(feed, subscription).Json;
        subscription.Style = look?.ToString();
        var line = call.Audit(db, chat, "style", Subscribing.Subject(subscription), before, SubscriptionRecord.Of(feed, subscription).Json);
        return call.Reply("look.set", ("feed", subscribed.Title), ("look", LookOf(subscribed))) with { Actions = [Preview(call, subscribed), call.Undo(line.Id)] };
    }
}
