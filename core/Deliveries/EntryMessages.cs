using Notifier.Messages;
using Notifier.Messages.Templates;
using Notifier.Model;
using Notifier.Schedules;
using Notifier.Texts;

namespace Notifier.Deliveries;

/// <summary>Entries as messages, in every look: for deliveries, previews and trials alike, without a database. What many chats are told alike is made once.</summary>
public sealed class EntryMessages(EntryFormatter formatter, ListMessages lists, Catalogue texts, TimeProvider time)
{
    /// <summary>As many as are told at the same time; the longest entry has a quarter of a million characters.</summary>
    private const int Kept = 32;

    private readonly LastMade<(EntryContent Content, Look Look, string Language), Message> _messages =
        new(Kept, made => new Message { Card = formatter.Card(made.Content, made.Look), IsSilent = made.Look.IsSilent });

    private readonly LastMade<string, (EntryTemplate? Template, Phrase? Reason)> _templates = new(Kept, text => (EntryTemplate.Read(text, out var reason), reason));

    /// <summary>One entry's message, in the language that holds now. A template that cannot be used is no reason to lose the entry: it is told as a card.</summary>
    /// <param name="template">Of the style <see cref="Style.Custom"/>.</param>
    /// <param name="zone">By which a template's times are told.</param>
    /// <param name="fault">Why the template could not be used; null where nothing is wrong.</param>
    /// <param name="alsoIn">Titles of other feeds that tell its story.</param>
    public Message Of(Entry entry, Feed feed, Look look, string? template, string zone, out Phrase? fault, IReadOnlyList<string>? alsoIn = null)
    {
        fault = null;
        if (look.Style == Style.Digest)
            return Of(feed, [new ListedEntry(entry.Title, entry.Link, alsoIn)], look);
        var content = Content(entry, feed, alsoIn ?? []);
        if (look.Style == Style.Custom && template is not null)
        {
            if (Custom(content, look, template, Zones.Named(zone), out fault) is { } card)
                return new Message { Card = card, IsSilent = look.IsSilent };
        }

        return _messages.Of((content, look, texts.Language));
    }

    /// <summary>Many entries of one feed as one list; the platform says whether it has room for so many.</summary>
    public Message Of(Feed feed, IReadOnlyList<ListedEntry> entries, Look look) =>
        lists.Of(Composer.FeedTitle(feed), entries) with { IsSilent = look.IsSilent };

    private EntryCard? Custom(EntryContent content, Look look, string template, TimeZoneInfo zone, out Phrase? fault)
    {
        var (read, why) = _templates.Of(template);
        var card = formatter.Card(content with { AlsoIn = [] }, look);
        var result = read?.Fill(new TemplateSubject(content, card, zone, time.GetUtcNow(), texts), time) ?? new TemplateResult.Failed(why!);
        var custom = result is TemplateResult.Made made ? EntryFormatter.Custom(content, card, made.Html) : null;
        fault = result is TemplateResult.Failed failed ? failed.Reason : custom!.Body.Count == 0 ? Phrase.Of("template.nothing") : null;
        return fault is null ? custom : null;
    }

    private static EntryContent Content(Entry entry, Feed feed, IReadOnlyList<string> alsoIn) => new()
    {
        Feed = Composer.FeedTitle(feed),
        Site = feed.Site,
        Icon = feed.Icon,
        Title = entry.Title,
        Link = entry.Link,
        Summary = entry.Summary,
        Content = entry.Content,
        Base = entry.Base ?? entry.Link ?? feed.Site ?? feed.Url,
        Author = entry.Author,
        Published = entry.Date,
        Categories = entry.Categories,
        Image = entry.Image,
        Comments = entry.Comments,
        Audio = entry.Audio,
        AlsoIn = alsoIn,
    };
}
