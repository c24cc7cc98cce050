using System.Text;

namespace Notifier.Messages.Html;

/// <summary>
/// Rewrites feed HTML so that parsing it costs little: at most 256 KB, only the allowed tags and attributes, and, where tags nest too deep or
/// would be re-opened too often, no tags at all but the ends of lines. A parser's tree over hostile nesting takes it half a minute; this takes milliseconds.
/// </summary>
internal static class HtmlGuard
{
    public const int MaxLength = 256 * 1024;
    private const int MaxDepth = 512;

    /// <summary>The sum, over all tags, of how many others are open: bounds how often a parser re-opens what was left open (the adoption agency).</summary>
    private const int MaxWork = 200_000;

    public static string Reduce(string html)
    {
        var source = html.AsSpan(0, Math.Min(html.Length, MaxLength));
        return Rewrite(source) ?? Flatten(source);
    }

    private static string? Rewrite(ReadOnlySpan<char> html)
    {
        var output = new StringBuilder(html.Length);
        var open = new Stack<string>();
        var work = 0;
        var scanner = new HtmlScanner(html);
        while (scanner.Next())
        {
            work += open.Count;
            if (open.Count > MaxDepth || work > MaxWork)
                return null;
            if (scanner.Kind == HtmlTokenKind.Text)
            {
                AppendText(output, scanner.Text);
            }
            else if (HtmlElements.IsAllowed(scanner.Name))
            {
                if (scanner.Kind == HtmlTokenKind.Open)
                    Open(output, open, scanner);
                else
                    Close(output, open, scanner.Name);
            }
        }

        return output.ToString();
    }

    private static void Open(StringBuilder output, Stack<string> open, HtmlScanner tag)
    {
        output.Append('<').Append(tag.Name);
        var attributes = tag.Attributes;
        while (HtmlScanner.NextAttribute(ref attributes, out var name, out var value))
        {
            if (HtmlElements.IsAllowedAttribute(name))
                output.Append(' ').Append(name).Append("=\"").Append(value).Replace("\"", "&quot;", output.Length - value.Length, value.Length).Append('"');
        }

        output.Append(tag.Name == "iframe" ? "></iframe>" : ">");
        if (HtmlElements.IsVoid(tag.Name))
            return;
        while (open.TryPeek(out var top) && HtmlElements.Ends(tag.Name, top))
            open.Pop();
        // A paragraph ends at the next block by itself and rarely says so: it adds no depth.
        if (tag.Name != "p")
            open.Push(tag.Name);
    }

    private static void Close(StringBuilder output, Stack<string> open, string name)
    {
        if (HtmlElements.IsVoid(name))
            return;
        output.Append("</").Append(name).Append('>');
        // Only the innermost element is taken as closed: whatever the parser makes of a stray end tag, its tree is no deeper than this count.
        if (open.TryPeek(out var top) && top == name)
            open.Pop();
    }

    private static string Flatten(ReadOnlySpan<char> html)
    {
        var output = new StringBuilder(html.Length);
        var atLineStart = true;
        var scanner = new HtmlScanner(html);
        while (scanner.Next())
        {
            if (scanner.Kind == HtmlTokenKind.Text)
            {
                AppendText(output, scanner.Text);
                atLineStart &= scanner.Text.IsWhiteSpace();
            }
            else if (!atLineStart && (scanner.Name == "br" || HtmlElements.IsBlock(scanner.Name)))
            {
                output.Append("<br>");
                atLineStart = true;
            }
        }

        return output.ToString();
    }

    private static void AppendText(StringBuilder output, ReadOnlySpan<char> text)
    {
        // A "<" that opens no tag stands for itself.
        if (text[0] == '<')
        {
            output.Append("&lt;");
            text = text[1..];
        }

        output.Append(text);
    }
}
