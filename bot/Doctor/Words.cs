using System.Globalization;
using Notifier.Feeds;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Bot.Doctor;

/// <summary>How the doctor writes times and feeds.</summary>
internal static class Words
{
    private static readonly Catalogue Texts = Catalogue.Load("en");

    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Its title and address; what stands behind a question mark may be somebody's key.</summary>
    public static string Feed(Feed feed) => $"“{feed.Title ?? "without a title"}” ({FeedUrl.Display(new Uri(feed.Url), hideQuery: true)})";

    /// <summary>What is stored of a fault, in words.</summary>
    public static string Said(string? stored) => Texts.Say(new Phrase(stored ?? ""));

    /// <summary>One line, and nothing that a terminal would act on.</summary>
    public static string Plain(string text) => string.Concat(text.ReplaceLineEndings(" ").Where(letter => !char.IsControl(letter) && letter is not ((>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'))));
}
