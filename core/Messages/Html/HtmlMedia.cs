using System.Globalization;

namespace Notifier.Messages.Html;

/// <summary>Reads the pictures, films and sounds of feed HTML.</summary>
internal static class HtmlMedia
{
    private const int WidestWanted = 2000;

    /// <summary>What an image's address begins with or has in it when it is there to count readers, or to make them share.</summary>
    private static readonly string[] Counters =
    [
        "//feeds.feedburner.com/~", "//feeds2.feedburner.com/~", ".feedsportal.com/", "//stats.wordpress.com/", "//pixel.wp.com/", "//feeds.wordpress.com/1.0/", ".met.vgwort.de/",
        "//pixel.quantserve.com/", "//b.scorecardresearch.com/", "//www.google-analytics.com/", ".doubleclick.net/", "/piwik.php", "/matomo.php", "//medium.com/_/stat",
        "blogger.googleusercontent.com/tracker/", "/__utm.gif", "//assets.feedblitz.com/", "//a.fsdn.com/sd/twitter_icon", "//a.fsdn.com/sd/facebook_icon",
    ];

    private static readonly string[] LateSources = ["data-src", "data-lazy-src", "data-original"];

    private static readonly string[] Placeholders = ["data:", "about:", "blank.gif", "blank.png", "placeholder", "spacer.gif", "transparent.", "lazy.png", "lazyload", "grey.gif", "1x1.", "/clear.gif"];

    /// <summary>Whether an image stands for a character, which its alternative text is.</summary>
    public static bool IsEmoji(HtmlAttributes image) => image.IsOfClass("emoji") || image.IsOfClass("smiley");

    /// <summary>Null for what shows no picture: counters, pixels, what has no address.</summary>
    /// <param name="others">The addresses that the picture's other sources give, as a <c>srcset</c>.</param>
    public static Block.Media? Image(HtmlAttributes image, string? others, Uri? baseUri)
    {
        var (width, height) = (Pixels(image["width"]), Pixels(image["height"]));
        if (width <= 1 || height <= 1 || Address(image, others) is not { } address || WebLink.Read(address, baseUri) is not { } url || IsCounter(url))
            return null;
        return new Block.Media(MediaKind.Image, url, Said(image["alt"])) { Width = width, Height = height };
    }

    public static Block.Media? Film(HtmlAttributes film, MediaKind kind, string? source, Uri? baseUri) => WebLink.Read(film["src"] ?? source, baseUri) is { } url
        ? new Block.Media(kind, url, Said(film["title"])) { Width = Pixels(film["width"]), Height = Pixels(film["height"]), Poster = WebLink.Read(film["poster"], baseUri) }
        : null;

    /// <summary>A player of YouTube or Vimeo becomes a link to its page; other frames hold widgets and advertisements.</summary>
    public static Block.Paragraph? Frame(HtmlAttributes frame, Uri? baseUri)
    {
        if ((WebLink.Read(frame["src"], baseUri) ?? WebLink.Read(frame["data-src"], baseUri)) is not { } source || source.Segments is not [_, var folder, var id, ..])
            return null;
        var page = (source.Host, folder) switch
        {
            ("www.youtube.com" or "youtube.com" or "www.youtube-nocookie.com", "embed/") => WebLink.Read("https://www.youtube.com/watch?v=" + id.TrimEnd('/')),
            ("player.vimeo.com", "video/") => WebLink.Read("https://vimeo.com/" + id.TrimEnd('/')),
            _ => null,
        };
        return page is null ? null : new Block.Paragraph([new Span.Text("▶️ "), new Span.Link(page, [new Span.Text(Said(frame["title"]) ?? page.Host)])]);
    }

    /// <summary>The address of the picture itself, where a placeholder waits for a script to load it.</summary>
    private static string? Address(HtmlAttributes image, string? others)
    {
        var source = image["src"];
        if (source is not null && !Array.Exists(Placeholders, placeholder => source.Contains(placeholder, StringComparison.OrdinalIgnoreCase)))
            return source;
        foreach (var name in LateSources)
        {
            if (image[name] is { Length: > 0 } late && !late.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
                return late;
        }

        return Widest(image["srcset"]) ?? Widest(image["data-srcset"]) ?? Widest(image["data-lazy-srcset"]) ?? Widest(others) ?? source;
    }

    /// <summary>Of <c>a.jpg 300w, b.jpg 1200w</c> the widest that is not wider than 2,000 pixels, else the first.</summary>
    private static string? Widest(string? sources)
    {
        var (widest, width) = (default(string), -1.0);
        for (var rest = sources.AsSpan().Trim(" \t\r\n\f,"); rest.Length > 0; rest = rest.TrimStart(" \t\r\n\f,"))
        {
            var end = rest.IndexOfAny(" \t\r\n\f");
            var address = (end < 0 ? rest : rest[..end]).TrimEnd(',');
            // An address may have commas in it; one at its end separates.
            var isAlone = end < 0 || rest[end - 1] == ',';
            rest = end < 0 ? default : rest[end..];
            var comma = rest.IndexOf(',');
            var size = isAlone ? default : (comma < 0 ? rest : rest[..comma]).Trim();
            rest = isAlone ? rest : comma < 0 ? default : rest[comma..];
            var found = size.Length > 1 && double.TryParse(size[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 1;
            if ((found > width && found <= WidestWanted && !address.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) || widest is null)
                (widest, width) = (address.ToString(), found > WidestWanted ? 0 : found);
        }

        return widest;
    }

    private static bool IsCounter(Uri url) => Array.Exists(Counters, counter => url.OriginalString.Contains(counter, StringComparison.OrdinalIgnoreCase) || url.AbsoluteUri.Contains(counter, StringComparison.OrdinalIgnoreCase));

    private static string? Said(string? text) => CleanText.Line(text) is { Length: > 0 } said ? said : null;

    private static int? Pixels(string? length)
    {
        var digits = length.AsSpan().Trim();
        if (digits.EndsWith("px", StringComparison.OrdinalIgnoreCase))
            digits = digits[..^2].TrimEnd();
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var pixels) && pixels <= 100_000 ? (int)pixels : null;
    }
}
