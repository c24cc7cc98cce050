namespace Notifier.Texts;

/// <summary>How many forms a language has for what is counted, and which of them a number takes: the cardinal categories of CLDR, in their order (zero, one, two, few, many, other).</summary>
/// <param name="Forms">As many stand in each <c>{count|…|…}</c> of its catalogue.</param>
/// <param name="Of">Which of them, from 0, by the number as it is written.</param>
internal sealed record Plural(int Forms, Func<string, int> Of)
{
    /// <summary>One, other: English, German and most of their relatives.</summary>
    private static readonly Plural OneOther = new(2, number => number == "1" ? 0 : 1);

    /// <summary>A language that counts in another way gets a line of its own here.</summary>
    public static Plural In(string language) => language switch
    {
        _ => OneOther,
    };
}
