namespace Notifier.Messages;

/// <summary>How a subscription's entries look: a style, and what else is wished. As people type it and as it is stored: <c>full silent</c>.</summary>
public sealed record Look(Style Style = Style.Card)
{
    /// <summary>The words of the options, in the order in which they are written.</summary>
    public static IReadOnlyList<string> Options { get; } = [Silent, Spoiler, NoImage];

    private static readonly string[] Words = Array.ConvertAll(Enum.GetNames<Style>(), name => name.ToLowerInvariant());

    private const string Silent = "silent";
    private const string Spoiler = "spoiler";
    private const string NoImage = "noimage";

    /// <summary>The message makes no sound.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Text and pictures are hidden until somebody taps them.</summary>
    public bool IsSpoiler { get; init; }

    /// <summary>Neither a picture nor a preview of the link.</summary>
    public bool HasNoImage { get; init; }

    /// <summary>The styles' words, the usual one first.</summary>
    public static IReadOnlyList<string> Styles => Words;

    /// <summary>What the words mean, in any order and case; a look without a style is a card. Null for nothing said or a word that is none; options alone are a look.</summary>
    public static Look? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        Look? look = new();
        var hasStyle = false;
        foreach (var word in text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var style = Array.IndexOf(Words, word);
            look = (word, style) switch
            {
                (Silent, _) => look with { IsSilent = true },
                (Spoiler, _) => look with { IsSpoiler = true },
                (NoImage, _) => look with { HasNoImage = true },
                (_, >= 0) when !hasStyle => look with { Style = (Style)style },
                _ => null,
            };
            if (look is null)
                return null;
            hasStyle |= style >= 0;
        }

        return look;
    }

    public override string ToString()
    {
        var words = new List<string> { Styles[(int)Style] };
        if (IsSilent)
            words.Add(Silent);
        if (IsSpoiler)
            words.Add(Spoiler);
        if (HasNoImage)
            words.Add(NoImage);
        return string.Join(' ', words);
    }
}

/// <summary>The form of an entry's message.</summary>
public enum Style
{
    /// <summary>A box with title, excerpt and picture.</summary>
    Card,

    /// <summary>One line.</summary>
    Compact,

    /// <summary>The whole text, as far as the platform goes.</summary>
    Full,

    /// <summary>The bare address; the platform shows what it finds there.</summary>
    Link,

    /// <summary>A line of a list, together with what else is due.</summary>
    Digest,

    /// <summary>What the subscription's template makes of it.</summary>
    Custom,
}
