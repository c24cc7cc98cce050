using System.Globalization;

namespace Notifier.Messages.Wording;

/// <summary>What texts end with that go on elsewhere, or were copied from there.</summary>
internal static class ReadOnPhrases
{
    private const int LongestTitle = 200;

    private static readonly string[] Comments = ["comments", "Kommentare", "commentaires", "comentarios", "commenti", "comentários", "reacties"];

    private static readonly string[] CutMarks = ["[…]", "[...]", "[ … ]", "[....]"];

    private static readonly string[] Invitations =
    [
        "Continue reading", "Keep reading", "Read more", "Read the full story", "Read the full article", "Read the full post", "Read the rest", "Read full article", "Read full story", "Click here to read",
        "Weiterlesen", "Mehr lesen", "Den ganzen Artikel lesen", "Den vollständigen Artikel lesen", "Zum Artikel", "Lire la suite", "Lire plus", "Lire l’article", "Lire l'article", "Continuer la lecture", "Continuer à lire",
        "Leer más", "Sigue leyendo", "Seguir leyendo", "Continuar leyendo", "Continúa leyendo", "Leggi tutto", "Leggi l'articolo", "Leggi l’articolo", "Continua a leggere", "Leia mais", "Continue lendo", "Lees verder", "Lees meer",
        "Läs mer", "Læs mere", "Les mer", "Читать далее", "Читать дальше", "Czytaj więcej", "Czytaj dalej", "続きを読む", "もっと読む", "阅读全文", "阅读更多", "閱讀全文", "계속 읽기",
    ];

    /// <summary>In a sentence, a button or a headline: but not in the middle of somebody's own words, where they begin with a small letter.</summary>
    private static readonly string[] Reading = [.. Invitations, .. Invitations.Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase).Except(Invitations, StringComparer.Ordinal)];

    private static readonly string[] Brackets = ["(more…)", "(more...)", "(read more)", "(read more…)", "(read more...)", "(continue)", "(continued)", "(continued…)", "(continued...)", "(mehr…)", "(mehr...)", "(weiterlesen)"];

    /// <summary>How software says where a text was first: how it begins, and what stands between its title and its place.</summary>
    private static readonly (string[] Starts, string[] Middles)[] Firsts =
    [
        (["The post "], [" appeared first on ", " first appeared on "]),
        (["Der Beitrag ", "Der Artikel ", "Der Post "], [" erschien zuerst auf ", " erschien zuerst bei ", " ist zuerst erschienen auf "]),
        (["L’article ", "L'article ", "Cet article "], [" est apparu en premier sur ", " est apparu en premier dans "]),
        (["La entrada ", "El artículo "], [" se publicó primero en ", " apareció primero en ", " aparece primero en "]),
        (["L'articolo ", "L’articolo ", "Il post "], [" proviene da ", " sembra essere il primo su ", " è apparso per primo su "]),
        (["O post ", "O artigo "], [" apareceu primeiro em ", " apareceu primeiro no "]),
        (["Het bericht "], [" verscheen eerst op "]),
        (["Artykuł ", "Wpis "], [" pojawił się poraz pierwszy w ", " pochodzi z serwisu "]),
    ];

    /// <summary>Whether a line is the name of the place where a text is discussed.</summary>
    public static bool IsComments(string line) => line.Length <= 40 && Array.Exists(Comments, name => Letters.Same(line, name));

    /// <summary>Where the last piece of such at a text's end begins, -1 for none; and whether the text was cut there.</summary>
    /// <param name="text">The end of a paragraph.</param>
    public static (int At, bool IsCut) Find(ReadOnlySpan<char> text)
    {
        text = text.TrimEnd(" \t\n\u00A0»→›>⟶");
        foreach (var mark in CutMarks)
        {
            if (text.EndsWith(mark, StringComparison.Ordinal))
                return (text.Length - mark.Length, true);
        }

        foreach (var bracket in Brackets)
        {
            if (text.EndsWith(bracket, StringComparison.OrdinalIgnoreCase))
                return (text.Length - bracket.Length, false);
        }

        if (text.EndsWith("[comments]", StringComparison.Ordinal))
            return (Submitted(text), false);
        var at = Reads(text);
        return (at >= 0 ? at : First(text), false);
    }

    /// <summary>Reddit's <c>submitted by /u/ann to r/x [link] [comments]</c>.</summary>
    private static int Submitted(ReadOnlySpan<char> text)
    {
        var links = text.LastIndexOf("[link]", StringComparison.Ordinal);
        if (links < 0 || !text[(links + 6)..^10].IsWhiteSpace())
            return -1;
        var by = text[..links].LastIndexOf("submitted by", StringComparison.Ordinal);
        return by >= 0 && links - by < 120 ? by : links;
    }

    /// <summary>An invitation, and at most the rest of its sentence, such as the title of what is to be read.</summary>
    private static int Reads(ReadOnlySpan<char> text)
    {
        // One sign may end it.
        var sentence = text.Length > 0 ? text[..^1].LastIndexOfAny('.', '!', '?') + 1 : 0;
        var from = Math.Max(sentence, text.Length - LongestTitle);
        foreach (var phrase in Reading)
        {
            if (text[from..].IndexOf(phrase, StringComparison.Ordinal) is >= 0 and var at && (at + from == 0 || !char.IsLetterOrDigit(text[at + from - 1]))
                && (at + from + phrase.Length == text.Length || !char.IsAsciiLetterOrDigit(text[at + from + phrase.Length])))
                return at + from;
        }

        return -1;
    }

    private static int First(ReadOnlySpan<char> text)
    {
        foreach (var (starts, middles) in Firsts)
        {
            foreach (var middle in middles)
            {
                if (text.LastIndexOf(middle, StringComparison.Ordinal) is not (> 0 and var end))
                    continue;
                foreach (var start in starts)
                {
                    if (text.StartsWith(start, StringComparison.Ordinal))
                        return 0;
                    if (text[..end].LastIndexOf(start, StringComparison.Ordinal) is > 0 and var at && (at == 0 || !char.IsLetterOrDigit(text[at - 1])))
                        return at;
                }
            }
        }

        return -1;
    }
}
