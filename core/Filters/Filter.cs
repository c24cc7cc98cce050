using System.Text.RegularExpressions;

namespace Notifier.Filters;

/// <summary>Which entries a subscription wants: a term, or terms put together. <see cref="FilterParser"/> makes one from what people type.</summary>
internal abstract record Filter
{
    /// <summary>
    /// Whether the filter wants this entry. One whose pattern takes too long (<see cref="FilterPattern.TimeLimit"/>) wants it: an entry too
    /// many is better than one lost.
    /// </summary>
    public bool Matches(FilterSubject subject)
    {
        try
        {
            return Holds(subject);
        }
        catch (RegexMatchTimeoutException)
        {
            return true;
        }
    }

    /// <summary>What the filter wants, in Notifier's words, to follow “has”.</summary>
    public abstract string InWords(Wording say);

    /// <exception cref="RegexMatchTimeoutException">It cannot be told in time.</exception>
    protected abstract bool Holds(FilterSubject subject);

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

        protected override bool Holds(FilterSubject subject) => subject.In(Field).Any(text => WholeWords.Contains(text, Text));
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

        protected override bool Holds(FilterSubject subject) => subject.In(Field).Any(Regex.IsMatch);
    }

    /// <summary>What is not wanted.</summary>
    public sealed record Not(Filter Term) : Filter
    {
        public override string InWords(Wording say) => say("filter.words.not", ("what", Part(Term, say)));

        protected override bool Holds(FilterSubject subject) => !Term.Holds(subject);
    }

    /// <summary>Terms beside each other: each must hold.</summary>
    public sealed record All(IReadOnlyList<Filter> Terms) : Filter
    {
        public override string InWords(Wording say) =>
            Terms.Select(term => Part(term, say)).Aggregate((one, other) => say("filter.words.and", ("one", one), ("other", other)));

        protected override bool Holds(FilterSubject subject) => Terms.All(term => term.Holds(subject));
    }

    /// <summary>Terms with “or” between them: one of them must hold.</summary>
    public sealed record Any(IReadOnlyList<Filter> Terms) : Filter
    {
        public override string InWords(Wording say) =>
            Terms.Select(term => Part(term, say)).Aggregate((one, other) => say("filter.words.or", ("one", one), ("other", other)));

        protected override bool Holds(FilterSubject subject) => Terms.Any(term => term.Holds(subject));
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

/// <summary>Says a text of Notifier's by its key, with its values put in.</summary>
internal delegate string Wording(string key, params ReadOnlySpan<(string Name, object Value)> values);
