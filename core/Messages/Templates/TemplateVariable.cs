using System.Net;
using Notifier.Texts;

namespace Notifier.Messages.Templates;

/// <summary>A name that a template can use, and what it stands for.</summary>
/// <param name="About">As docs/templates.md says it.</param>
/// <param name="Of">A text (escaped when it is written), <see cref="SafeHtml"/>, a time, or a list of texts; null for nothing.</param>
internal sealed record TemplateVariable(string Name, string About, Func<TemplateSubject, object?> Of)
{
    /// <summary>All there are.</summary>
    public static IReadOnlyList<TemplateVariable> All { get; } =
    [
        new("title", "the entry's title, never empty", of => of.Card.Title),
        new("link", "the address of the entry's page, without trackers", of => of.Card.Link?.AbsoluteUri),
        new("excerpt", "the beginning of its text as a card shows it, 350 characters at most, as HTML", of => new SafeHtml(WebHtml.Write(of.Card.Body))),
        new("text", "the same as plain text", of => CleanText.Line(Spans.Text(of.Card.Body))),
        new("content", "its whole text as HTML: what the feed says, or its summary for want of that", of => new SafeHtml(of.Content.Content is { Length: > 0 } content ? content : of.Content.Summary ?? "")),
        new("summary", "the feed's own summary as HTML", of => new SafeHtml(of.Content.Summary ?? "")),
        new("author", "who wrote it", of => of.Card.Author),
        new("published", "when it was published, by the chat's time zone; see “Dates”", of => of.Card.Published is { } then ? TimeZoneInfo.ConvertTime(then, of.Zone).DateTime : null),
        new("ago", "the same as people say it: “5 minutes ago”", of => of.Card.Published is { } then ? RelativeTime.Of(of.Texts, of.Now, then, of.Zone) : null),
        new("tags", "its first three categories as a list, without “#”", of => of.Card.Tags),
        new("categories", "all its categories as a list, as the feed has them", of => of.Content.Categories),
        new("image", "the address of its picture", of => of.Card.Image?.AbsoluteUri),
        new("audio", "the address of its recording", of => WebLink.Read(of.Content.Audio)?.AbsoluteUri),
        new("comments", "the address of the page where it is discussed", of => WebLink.Read(of.Content.Comments)?.AbsoluteUri),
        new("feed", "the feed's title", of => of.Card.Feed),
        new("site", "the address of the feed's web site", of => of.Card.Site?.AbsoluteUri),
        new("also_in", "titles of other feeds that tell the same story, as a list", of => of.Content.AlsoIn),
    ];
}

/// <summary>What a template is filled with.</summary>
/// <param name="Zone">By which its times are told.</param>
internal sealed record TemplateSubject(EntryContent Content, EntryCard Card, TimeZoneInfo Zone, DateTimeOffset Now, Catalogue Texts);

/// <summary>HTML that a template writes as it is; it is read like any feed's afterwards. Every other value is escaped.</summary>
internal sealed record SafeHtml(string Html)
{
    public override string ToString() => Html;

    /// <summary>A text as HTML that shows it.</summary>
    public static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
