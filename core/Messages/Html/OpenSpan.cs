namespace Notifier.Messages.Html;

/// <summary>A style, a link or code around a piece of text. <paramref name="Style"/> and <paramref name="Url"/> are null for code, inside of which nothing else counts.</summary>
internal sealed record OpenSpan(OpenSpan? Outer, SpanStyle? Style, Uri? Url)
{
    /// <summary>How many styles and links there are, this one included.</summary>
    public int Depth { get; } = (Outer?.Depth ?? 0) + (Style is null && Url is null ? 0 : 1);

    public bool IsCode => Style is null && Url is null;

    /// <summary>A style inside itself, a link inside a link and whatever is inside code add nothing.</summary>
    public static OpenSpan? In(OpenSpan? outer, SpanStyle? style, Uri? url)
    {
        for (var open = outer; open is not null; open = open.Outer)
        {
            if (open.IsCode || (url is not null ? open.Url is not null : style is not null && open.Style == style))
                return outer;
        }

        return new OpenSpan(outer, style, url);
    }
}
