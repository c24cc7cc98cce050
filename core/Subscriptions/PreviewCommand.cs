using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Messages;
using Notifier.Texts;

namespace Notifier.Subscriptions;

/// <summary>The message that a feed's newest entry would be, in the style it has or in another; delivers nothing.</summary>
public sealed class PreviewCommand(NewestEntry newest, EntryMessages messages, Catalogue texts) : Command("preview")
{
    public override IReadOnlyList<Parameter> Parameters => [SubscribedFeeds.FeedFirst, StyleCommand.Look];

    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var (feed, wanted) = StyleCommand.Split(call.Get(SubscribedFeeds.FeedFirst), call.GetOr(StyleCommand.Look));
        var subscribed = await call.ReadAsync(db => SubscribedFeeds.Find(db, call, this, feed, wanted ?? ""));
        var look = wanted is { Length: > 0 } text ? StyleCommand.Read(call, text) : StyleCommand.LookOf(subscribed);
        var template = subscribed.Subscription.Template;
        if (look.Style == Style.Custom && template is null)
            throw call.Error("look.notemplate", ("feed", subscribed.Title), ("number", subscribed.Subscription.Number), ("example", TemplateCommand.Example));
        if (await newest.OfAsync(subscribed.Feed, call, ct) is not { } entry)
            return call.Reply("preview.none", ("feed", subscribed.Title));
        Message message;
        Phrase? fault;

        // As that chat will read it, whoever asks.
        using (texts.In(subscribed.Chat.Language))
            message = messages.Of(entry, subscribed.Feed, look, template, subscribed.Chat.Zone, out fault);
        if (fault is not null)
            throw call.Error("template.refused", ("reason", fault));
        return message with
        {
            Actions =
            [
                .. Look.Styles.Where(style => style != Look.Styles[(int)look.Style] && (template is not null || style != Look.Styles[(int)Style.Custom]))
                    .Select(style => new MessageAction(style, $"/preview {subscribed.Subscription.Number} {style}")),
            ],
        };
    }
}
