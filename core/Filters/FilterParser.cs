namespace Notifier.Filters;

/// <summary>
/// Reads a filter as people type it, in one pass: words, "phrases", /patterns/, each perhaps with a field (<c>title:</c>) or a minus in front, beside each
/// other or with <c>or</c> between them, which binds weaker. Pure; any text is either understood or refused with the place and the cure.
/// </summary>
internal sealed class FilterParser
{
    /// <summary>Characters that a filter may have.</summary>
    public const int LongestText = 500;

    /// <summary>Terms and parentheses that a filter may have; this bounds how deep it goes as well.</summary>
    public const int MostTerms = 50;

    private const int LongestQuoted = 20;

    private readonly string _text;
    private int _at;
    private int _terms;
    private FilterReading.Refused? _mistake;

    private FilterParser(string text) => _text = text;

    public static FilterReading Read(string text)
    {
        if (text.Length > LongestText)
            return new FilterReading.Refused("filter.toolong", ("length", text.Length), ("limit", LongestText));

        // A platform may have put blanks of no width into what Notifier showed and somebody copied.
        var parser = new FilterParser(FilterSubject.Seen(text));
        return parser.Whole() is { } filter ? new FilterReading.Understood(filter) : parser._mistake!;
    }

    private bool AtEnd => _at == _text.Length;

    private bool AtEndOfTerm => AtEnd || char.IsWhiteSpace(_text[_at]) || IsClosing(_text[_at]);

    private Filter? Whole()
    {
        SkipBlanks();
        if (AtEnd)
            return Refuse("filter.blank", _at);
        if (AtEndOfTerm)
            return Refuse("filter.close", _at);
        var filter = Alternatives(FilterField.Any);
        return filter is null || AtEnd ? filter : Refuse("filter.close", _at);
    }

    /// <summary>Up to the end, or to a closing parenthesis that belongs to somebody else.</summary>
    private Filter? Alternatives(FilterField field)
    {
        var alternatives = new List<Filter>();
        var between = _at;
        do
        {
            if (Together(field, between) is not { } one)
                return null;
            alternatives.Add(one);
            between = _at;
        }
        while (TakeWord("or"));
        return alternatives is [var only] ? only : new Filter.Any(alternatives);
    }

    /// <param name="between">Where the “or” stands that asks for these terms.</param>
    private Filter? Together(FilterField field, int between)
    {
        var terms = new List<Filter>();
        do
        {
            SkipBlanks();
            if (IsWord("or") || IsWord("and"))
                return RefuseLone(_at);
            if (AtEndOfTerm)
                return RefuseLone(between);
            if (Term(field) is not { } term)
                return null;
            terms.Add(term);
            SkipBlanks();
            between = _at;
        }
        while (TakeWord("and") || !(AtEndOfTerm || IsWord("or")));
        return terms is [var only] ? only : new Filter.All(terms);
    }

    private Filter? Term(FilterField field)
    {
        var start = _at;
        if (++_terms > MostTerms)
            return Refuse("filter.toomany", start, ("limit", MostTerms));
        var negated = TakeMinuses();
        if (AtEndOfTerm)
            return Refuse("filter.minus", start);
        var (name, length, isKnown) = FieldName();
        if (isKnown)
        {
            field = FieldOf(name)!.Value;
            _at += length;
            if (AtEndOfTerm)
                return Refuse("filter.alone", start, ("name", name));
            negated ^= TakeMinuses();
            if (AtEndOfTerm)
                return Refuse("filter.minus", _at - 1);
        }
        else if (name.Length > 0)
        {
            return Refuse("filter.field", _at, ("name", name));
        }

        var term = _text[_at] switch
        {
            '(' or '（' => Group(field),
            '/' => Pattern(field),
            var c when IsQuote(c) => Phrase(field),
            _ => Word(field),
        };
        return negated && term is not null ? new Filter.Not(term) : term;
    }

    private Filter? Group(FilterField field)
    {
        var open = _at++;
        SkipBlanks();
        if (!AtEnd && AtEndOfTerm)
            return Refuse("filter.nothing", open);
        var inner = AtEnd ? Refuse("filter.open", open) : Alternatives(field);
        if (inner is null)
            return null;
        if (AtEnd)
            return Refuse("filter.open", open);
        _at++;
        return inner;
    }

    private Filter? Phrase(FilterField field)
    {
        var open = _at++;
        while (!AtEnd && !IsQuote(_text[_at]))
            _at++;
        return AtEnd ? Refuse("filter.quote", open) : Words(field, open, _text[(open + 1).._at++]);
    }

    /// <summary>A parenthesis in it is its own where both are: <c>link:/Rust_(language)</c>, but <c>(rust)</c>.</summary>
    private Filter? Word(FilterField field)
    {
        var start = _at;
        for (var open = 0; !AtEnd && !char.IsWhiteSpace(_text[_at]) && !IsQuote(_text[_at]); _at++)
        {
            if (_text[_at] is '(' or '（')
                open++;
            else if (IsClosing(_text[_at]) && --open < 0)
                break;
        }

        return Words(field, start, _text[start.._at]);
    }

    private Filter? Words(FilterField field, int start, string text)
    {
        var words = string.Join(' ', FilterSubject.Folded(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length == 0 ? Refuse("filter.nothing", start) : new Filter.Words(field, words);
    }

    private Filter? Pattern(FilterField field)
    {
        var open = _at++;
        while (!AtEnd && _text[_at] != '/')
            _at += _text[_at] == '\\' && _at + 1 < _text.Length ? 2 : 1;
        if (AtEnd)
            return Refuse("filter.slash", open);
        var pattern = _text[(open + 1).._at++];
        if (pattern.Length == 0)
            return Refuse("filter.nothing", open);

        // The case never counts; people who know regular expressions say so all the same.
        if (!AtEnd && _text[_at] is 'i' or 'I')
            _at++;
        if (!AtEndOfTerm)
            return Refuse("filter.behind", _at);
        var (regex, mistake) = FilterPattern.Read(pattern);
        _mistake = mistake;
        return regex is null ? null : new Filter.Pattern(field, regex);
    }

    /// <summary>
    /// The letters in front of a colon, if they are or may be meant as a field. An address (<c>https://…</c>) and a name in a name (<c>std::vector</c>) are
    /// no field, nor is what has a digit (<c>12:30</c>). A full-width colon counts behind a known name alone: it is also punctuation.
    /// </summary>
    private (string Name, int Length, bool IsKnown) FieldName()
    {
        var end = _at;
        while (end < _text.Length && char.IsLetter(_text[end]))
            end++;
        if (end == _at || end == _text.Length || _text[end] is not (':' or '：'))
            return ("", 0, false);
        var name = _text[_at..end];
        if (FieldOf(name) is not null)
            return (name.ToLowerInvariant(), end + 1 - _at, true);
        var rest = _text.AsSpan(end);
        return rest[0] == '：' || rest.StartsWith("://") || rest.StartsWith("::") ? ("", 0, false) : (name, 0, false);
    }

    private static FilterField? FieldOf(string name) => name.ToUpperInvariant() switch
    {
        "TITLE" => FilterField.Title,
        "AUTHOR" => FilterField.Author,
        "CATEGORY" => FilterField.Category,
        "LINK" => FilterField.Link,
        _ => null,
    };

    private bool TakeMinuses()
    {
        var negated = false;
        for (; !AtEnd && _text[_at] is '-' or '－' or '−' or '–'; _at++)
            negated = !negated;
        return negated;
    }

    private bool TakeWord(string word)
    {
        if (!IsWord(word))
            return false;
        _at += word.Length;
        return true;
    }

    private bool IsWord(string word)
    {
        var end = _at + word.Length;
        return string.Compare(_text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0
            && (end == _text.Length || char.IsWhiteSpace(_text[end]) || _text[end] is '(' or '（' || IsClosing(_text[end]));
    }

    private void SkipBlanks()
    {
        while (!AtEnd && char.IsWhiteSpace(_text[_at]))
            _at++;
    }

    private static bool IsQuote(char c) => c is '"' or '“' or '”' or '„' or '‟' or '＂';

    private static bool IsClosing(char c) => c is ')' or '）';

    private Filter? RefuseLone(int at) => Refuse("filter.lone", at, ("word", _text.Substring(at, _text[at] is 'o' or 'O' ? 2 : 3)));

    /// <summary>Every refusal tells the place, as a number and by what stands there.</summary>
    private Filter? Refuse(string key, int at, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var there = _text[at..];
        if (there.Length > LongestQuoted)
            there = there[..(char.IsHighSurrogate(there[LongestQuoted - 1]) ? LongestQuoted - 1 : LongestQuoted)] + "…";
        _mistake = new FilterReading.Refused(key, [("at", at + 1), ("text", there), .. values]);
        return null;
    }
}
