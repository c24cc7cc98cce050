using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Messages.Templates;
using Notifier.Model;

namespace Notifier.Subscriptions;

/// <summary>A form of the chat's own for a feed's entries: checked, shown with the newest entry, and only then kept.</summary>
public sealed class TemplateCommand(NewestEntry newest, EntryMessages messages) : Command("template")
{
    internal const string Example = "<b>{{ title }}</b><br>{{ excerpt }}";

    private const string Off = "off";

    private static readonly Parameter<string> Text = new("text", "commands.template.text", text => text.Trim()) { IsOptional = true, TakesRest = true };

    public override IReadOnlyList<Parameter> Parameters => [SubscribedFeeds.FeedFirst, Text];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var which = call.Get(SubscribedFeeds.FeedFirst);
        var subscribed = await call.ReadAsync(db => SubscribedFeeds.Find(db, call, this, which, call.GetOr(Text) ?? ""));
        if (call.GetOr(Text) is not { Length: > 0 } text)
            return Shown(call, subscribed);
        if (text.Equals(Off, StringComparison.OrdinalIgnoreCase))
            return await call.CommitAsync((db, chat) => Set(db, call, chat, SubscribedFeeds.Find(db, call, this, which), template: null), ct);

        if (EntryTemplate.Read(text, out var reason) is null)
            throw call.Error("template.refused", ("reason", reason!));
        var look = StyleCommand.LookOf(subscribed) with { Style = Style.Custom };
        var shown = await newest.OfAsync(subscribed.Feed, call, ct) is { } entry ? messages.Of(entry, subscribed.Feed, look, text, subscribed.Chat.Zone, out reason) : null;
        if (reason is not null)
            throw call.Error("template.refused", ("reason", reason));
        var reply = await call.CommitAsync((db, chat) => Set(db, call, chat, SubscribedFeeds.Find(db, call, this, which), text), ct);
        return shown?.Card is { } card ? reply with { Text = [.. reply.Text, new Block.Quote(card.Body)] } : reply;
    }

    private static Message Shown(CommandCall call, SubscribedFeed subscribed)
    {
        (string, object)[] named = [("feed", subscribed.Title), ("number", subscribed.Subscription.Number), ("example", Example)];
        return subscribed.Subscription.Template is { } template
            ? new Message { Text = [.. call.Reply("template.is", named).Text, new Block.Code(template, Language: null)] }
            : call.Reply("template.none", named);
    }

    private static Message Set(NotifierDb db, CommandCall call, Chat chat, SubscribedFeed subscribed, string? template)
    {
        var (subscription, feed, _) = subscribed;
        if (template is null && subscription.Template is null)
            return Shown(call, subscribed);
        var before = SubscriptionRecord.Of(feed, subscription).Json;
        var look = StyleCommand.LookOf(subscribed);
        subscription.Template = template;
        if (template is not null)
            subscription.Style = (look with { Style = Style.Custom }).ToString();
        else if (look.Style == Style.Custom)
            subscription.Style = look == new Look(Style.Custom) ? null : (look with { Style = Style.Card }).ToString();
        var line = call.Audit(db, chat, "template", Subscribing.Subject(subscription), before, SubscriptionRecord.Of(feed, subscription).Json);
        return call.Reply(template is null ? "template.off" : "template.set", ("feed", subscribed.Title), ("look", StyleCommand.LookOf(subscribed))) with { Actions = [call.Undo(line.Id)] };
    }
}
