using System.Text.RegularExpressions;

namespace Notifier.Filters;

/// <summary>Which entries a subscription wants: a term, or terms put together. <see cref="FilterParser"/> makes one from what people type.</summary>
internal abstract record Filter
{
    /// <summary>
    /// Whether the filter wants this entry. One whose pattern takes too long (<see cref="FilterPattern.TimeLimit"/>) wants it: an entry too
    /// many is better than one lost.
    /// </summary>
    public bool Matches(FilterSubject subject) => Wants(subject, FilterPattern.IsMatch) is not false;

    /// <summary>Whether the filter wants this entry; null when a pattern that this hangs on has no answer.</summary>
    public abstract bool? Wants(FilterSubject subject, PatternMatch isMatch);

    /// <summary>What the filter wants, in Notifier's words, to follow “has”.</summary>
    public abstract string InWords(Wording say);

    /// <summary>A word or phrase.</summary>
    /// <param name="Text">Folded as a subject's fields are, and not empty.</param>
    public sealed record Words(FilterField Field, string Text) : Filter
    {
        public override string InWords(Wording say) => Field switch
        {
            FilterField.Title => say("filter.words.title", ("text", Text)),
            FilterField.Author => say("filter.words.author", ("text", Text)),
            FilterField.Category => say("filter.words.category", ("text", Text)),
            FilterField.Link => say("filter.words.link", ("text", Text)),
            _ => say("filter.words.any", ("text", Text)),
        };

        public override bool? Wants(FilterSubject subject, PatternMatch isMatch) => subject.In(Field).Any(text => WholeWords.Contains(text, Text)) ? true : subject.Lacks(Field);
    }

    /// <summary>A regular expression.</summary>
    public sealed record Pattern(FilterField Field, Regex Regex) : Filter
    {
        public override string InWords(Wording say) => Field switch
        {
            FilterField.Title => say("filter.pattern.title", ("pattern", Regex)),
            FilterField.Author => say("filter.pattern.author", ("pattern", Regex)),
            FilterField.Category => say("filter.pattern.category", ("pattern", Regex)),
            FilterField.Link => say("filter.pattern.link", ("pattern", Regex)),
            _ => say("filter.pattern.any", ("pattern", Regex)),
        };

        public override bool? Wants(FilterSubject subject, PatternMatch isMatch) => AnyOf(subject.In(Field), text => isMatch(Regex, text)) is not false and var found ? found : subject.Lacks(Field);
    }

    /// <summary>What is not wanted.</summary>
    public sealed record Not(Filter Term) : Filter
    {
        public override string InWords(Wording say) => say("filter.words.not", ("what", Part(Term, say)));

        public override bool? Wants(FilterSubject subject, PatternMatch isMatch) => !Term.Wants(subject, isMatch);
    }

    /// <summary>Terms beside each other: each must hold.</summary>
    public sealed record All(IReadOnlyList<Filter> Terms) : Filter
    {
        public override string InWords(Wording say) =>
            Terms.Select(term => Part(term, say)).Aggregate((one, other) => say("filter.words.and", ("one", one), ("other", other)));

        public override bool? Wants(FilterSubject subject, PatternMatch isMatch) => !AnyOf(Terms, term => !term.Wants(subject, isMatch));
    }

    /// <summary>Terms with “or” between them: one of them must hold.</summary>
    public sealed record Any(IReadOnlyList<Filter> Terms) : Filter
    {
        public override string InWords(Wording say) =>
            Terms.Select(term => Part(term, say)).Aggregate((one, other) => say("filter.words.or", ("one", one), ("other", other)));

        public override bool? Wants(FilterSubject subject, PatternMatch isMatch) => AnyOf(Terms, term => term.Wants(subject, isMatch));
    }

    /// <summary>One that holds decides, whatever is not known of the others.</summary>
    private static bool? AnyOf<T>(IEnumerable<T> all, Func<T, bool?> holds)
    {
        bool? any = false;
        foreach (var one in all)
        {
            switch (holds(one))
            {
                case true:
                    return true;
                case null:
                    any = null;
                    break;
            }
        }

        return any;
    }

    private static string Part(Filter term, Wording say) => term is All or Any ? $"({term.InWords(say)})" : term.InWords(say);
}

/// <summary>Where a term looks.</summary>
internal enum FilterField
{
    /// <summary>What people read of an entry: everything but its link.</summary>
    Any,
    Title,
    Author,
    Category,
    Link,
}

/// <summary>Whether a pattern is found in a text; null when that cannot be told in time.</summary>
internal delegate bool? PatternMatch(Regex pattern, string text);

/// <summary>Says a text of Notifier's by its key, with its values put in.</summary>
internal delegate string Wording(string key, params ReadOnlySpan<(string Name, object Value)> values);
