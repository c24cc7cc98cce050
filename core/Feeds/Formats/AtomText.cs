using System.Buffers.Text;
using System.Text;
using Notifier.Feeds.Markup;

namespace Notifier.Feeds.Formats;

/// <summary>Reads Atom's text constructs and content (RFC 4287 § 3.1 and § 4.1.3), and those of Atom 0.3 with its <c>mode</c>.</summary>
internal static class AtomText
{
    private enum Kind
    {
        Text,
        Html,
        Markup,
        Base64,
    }

    public static string? ToPlain(MarkupElement? element) => element is not { } e ? null : KindOf(e) switch
    {
        Kind.Html => PlainText.OfHtml(e.Html()),
        Kind.Markup => PlainText.OfHtml(WithoutDiv(e)),
        Kind.Base64 => PlainText.OfText(FromBase64(e.Text())),
        _ => PlainText.OfText(e.Text()),
    };

    public static string? ToHtml(MarkupElement? element) => element is not { } e ? null : KindOf(e) switch
    {
        Kind.Html => e.Html(),
        Kind.Markup => WithoutDiv(e),
        Kind.Base64 => FromBase64(e.Text()),
        _ => e.Text() is not { } text ? null : PlainText.LooksLikeHtml(text) ? text : PlainText.ToHtml(text),
    };

    private static Kind KindOf(MarkupElement element)
    {
        var type = element.Attribute("type") ?? "";
        if (type.IndexOf(';') is var parameters and >= 0) type = type[..parameters].TrimEnd();
        if (element.Attribute("mode") is { } mode && mode.Equals("base64", StringComparison.OrdinalIgnoreCase)) return Kind.Base64;
        if (element.FirstChild is not null && !Is(type, "html") && !Is(type, "text/html")) return Kind.Markup;
        if (Is(type, "html") || Is(type, "text/html")) return Kind.Html;

        // Markup without any element in it was escaped by mistake, or is plain.
        if (Is(type, "xhtml") || Is(type, "application/xhtml+xml")) return element.Text() is { } text && PlainText.LooksLikeHtml(text) ? Kind.Html : Kind.Markup;
        if (type.Length == 0 || Is(type, "text") || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || !type.Contains('/', StringComparison.Ordinal)) return Kind.Text;
        return type.EndsWith("xml", StringComparison.OrdinalIgnoreCase) ? Kind.Markup : Kind.Base64;
    }

    private static bool Is(string type, string expected) => type.Equals(expected, StringComparison.OrdinalIgnoreCase);

    /// <summary>The div that XHTML content is wrapped in is not part of it.</summary>
    private static string? WithoutDiv(MarkupElement element) =>
        element.FirstChild is { NextSibling: null } only && only.Is("div") ? only.InnerMarkup() : element.InnerMarkup();

    /// <summary>What it says if it says text, else as it is.</summary>
    private static string? FromBase64(string? text)
    {
        if (text is null || !Base64.IsValid(text)) return text;
        var bytes = Convert.FromBase64String(text);
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes).Trim() : null;
    }
}
