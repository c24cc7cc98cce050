using System.Text;

namespace Notifier.Messages.Html;

/// <summary>Reads preformatted text: every blank and line of it counts, and of its tags only those that end a line.</summary>
internal static class HtmlCode
{
    /// <summary>Reads on behind the start tag of <paramref name="element"/>, up to its end or that of an element around it; null for no text.</summary>
    /// <param name="open">The elements around it.</param>
    public static Block.Code? Read(HtmlElement element, OpenElements open, ref HtmlScanner scanner)
    {
        var text = new StringBuilder();
        var language = Language(new HtmlAttributes(scanner.Attributes));
        var (isLabelled, blocks) = (language is not null, 0);
        for (var next = scanner; next.Next(); scanner = next)
        {
            if (next.Kind == HtmlTokenKind.Text)
            {
                var decoded = new char[next.Text.Length];
                text.Append(decoded, 0, HtmlReferences.Text(next.Text, decoded));
            }
            else if (next is { Kind: HtmlTokenKind.Close, Element: { } ended } && (ended == element || (ended.IsBlock && --blocks < 0 && open.FindEndedBy(ended) >= 0)))
            {
                // The end of what is around it, which was never closed inside, is read again.
                if (ended == element)
                    scanner = next;
                break;
            }
            else if (next is { Kind: HtmlTokenKind.Open, Element: { } begun })
            {
                if (begun.Role == HtmlRole.Break)
                    text.Append('\n');
                else if (begun.IsBlock)
                    blocks++;
                if (begun.Role == HtmlRole.Code && !isLabelled)
                    (language, isLabelled) = (Language(new HtmlAttributes(next.Attributes)), true);
            }
        }

        var code = CleanText.Of(text.Replace("\r\n", "\n").Replace('\r', '\n').ToString()).Trim('\n').TrimEnd();
        return code.Length > 0 ? new Block.Code(code, language) : null;
    }

    private static string? Language(HtmlAttributes attributes)
    {
        foreach (var part in attributes.Classes.SplitAny(" \t\r\n\f"))
        {
            var name = attributes.Classes[part];
            var language = name.StartsWith("language-", StringComparison.Ordinal) ? name[9..] : name.StartsWith("lang-", StringComparison.Ordinal) ? name[5..] : default;
            if (language.Length is > 0 and <= 20 && language.ToString().All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '#' or '-'))
                return language.ToString();
        }

        return null;
    }
}
