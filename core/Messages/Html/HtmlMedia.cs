using System.Globalization;
using AngleSharp.Dom;

namespace Notifier.Messages.Html;

/// <summary>Reads the pictures, films and sounds of feed HTML.</summary>
internal static class HtmlMedia
{
    /// <summary>Whether an image stands for a character, which its alternative text is.</summary>
    public static bool IsEmoji(IElement image) =>
        image.ClassName is { } name && (name.Contains("emoji", StringComparison.OrdinalIgnoreCase) || name.Contains("smiley", StringComparison.OrdinalIgnoreCase));

    /// <summary>Null for tracking pixels.</summary>
    public static Block.Media? Image(IElement image, Uri? baseUri) =>
        IsPixel(image, "width") || IsPixel(image, "height") ? null : Media(MediaKind.Image, image.GetAttribute("src"), image.GetAttribute("alt"), baseUri);

    public static Block.Media? Film(IElement film, MediaKind kind, Uri? baseUri) =>
        Media(kind, film.GetAttribute("src") ?? film.QuerySelector("source")?.GetAttribute("src"), film.GetAttribute("title"), baseUri);

    /// <summary>A player of YouTube or Vimeo becomes a link to its page; other frames hold widgets and advertisements.</summary>
    public static Block.Paragraph? Frame(IElement frame, Uri? baseUri)
    {
        if (WebLink.Read(frame.GetAttribute("src"), baseUri) is not { } source || source.Segments is not [_, var folder, var id, ..])
            return null;
        var page = (source.Host, folder) switch
        {
            ("www.youtube.com" or "youtube.com" or "www.youtube-nocookie.com", "embed/") => WebLink.Read("https://www.youtube.com/watch?v=" + id.TrimEnd('/')),
            ("player.vimeo.com", "video/") => WebLink.Read("https://vimeo.com/" + id.TrimEnd('/')),
            _ => null,
        };
        if (page is null)
            return null;
        var title = CleanText.Line(frame.GetAttribute("title"));
        return new Block.Paragraph([new Span.Text("▶️ "), new Span.Link(page, [new Span.Text(title.Length > 0 ? title : page.Host)])]);
    }

    private static Block.Media? Media(MediaKind kind, string? source, string? caption, Uri? baseUri) => WebLink.Read(source, baseUri) is { } url
        ? new Block.Media(kind, url, CleanText.Line(caption) is { Length: > 0 } text ? text : null)
        : null;

    private static bool IsPixel(IElement image, string side) =>
        int.TryParse(image.GetAttribute(side)?.Replace("px", "", StringComparison.OrdinalIgnoreCase), NumberStyles.Integer, CultureInfo.InvariantCulture, out var length) && length <= 1;
}
