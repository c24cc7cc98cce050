using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Notifier.Texts;

/// <summary>
/// Notifier's own words in every language, each from its <c>Texts/CODE.json</c>: a key and a text in which <c>{name}</c> stands for a value and
/// <c>{count|one entry|# entries}</c> for a form that depends on a number (<c>#</c> is the number; how many forms there are is the language's matter).
/// What is said is said in the language that holds where it is said: the one of <see cref="In"/>, else the default.
/// </summary>
public sealed class Catalogue
{
    private const string Folder = "Notifier.Texts.";
    private const string Extension = ".json";

    private readonly FrozenDictionary<string, Language> _byCode;
    private readonly Language _default;

    /// <summary>Follows the flow of calls, so that what is deep below need not be handed the language of whom it speaks to.</summary>
    private readonly AsyncLocal<Language?> _spoken = new();

    private Catalogue(IReadOnlyList<Language> languages, string language)
    {
        Languages = languages;
        _byCode = languages.ToFrozenDictionary(known => known.Code, StringComparer.Ordinal);
        _default = _byCode.GetValueOrDefault(language) ?? throw new InvalidOperationException($"There is no {Folder}{language}{Extension}.");
    }

    /// <summary>All that there are, by their codes.</summary>
    public IReadOnlyList<Language> Languages { get; }

    /// <summary>The code of the language that holds now.</summary>
    public string Language => Spoken.Code;

    /// <summary>How the language that holds now writes dates.</summary>
    public CultureInfo Culture => Spoken.Culture;

    /// <summary>Every key; all languages have the same.</summary>
    public IEnumerable<string> Keys => _default.Texts.Keys;

    private Language Spoken => _spoken.Value ?? _default;

    /// <summary>Every language there is a catalogue of.</summary>
    /// <param name="language">The default's code.</param>
    /// <exception cref="InvalidOperationException">There is no catalogue for the language.</exception>
    public static Catalogue Load(string language)
    {
        var assembly = typeof(Catalogue).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal));
        return new Catalogue([.. names.Order(StringComparer.Ordinal).Select(Read)], language);

        Language Read(string name)
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var texts = JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.ToFrozenDictionary(StringComparer.Ordinal);
            return new Language(name[Folder.Length..^Extension.Length], texts);
        }
    }

    /// <summary>Speaks a language until disposed, in this flow of calls alone.</summary>
    /// <param name="code">One that there is no catalogue of, or null, means the default.</param>
    public Scope In(string? code)
    {
        var before = _spoken.Value;
        var language = code is not null && _byCode.TryGetValue(code, out var known) ? known : _default;
        if (language == (before ?? _default))
            return default;
        _spoken.Value = language;
        return new Scope(this, before);
    }

    /// <summary>The language that somebody means by its code (“de”, also with a region: “de-AT”) or by its name (“Deutsch”, “German”); null for none that there is.</summary>
    public Language? Find(string? named) => named is null ? null : Languages.FirstOrDefault(known =>
        named.Equals(known.Name, StringComparison.OrdinalIgnoreCase) || named.Equals(known.EnglishName, StringComparison.OrdinalIgnoreCase)
        || named.Split('-', '_')[0].Equals(known.Code, StringComparison.OrdinalIgnoreCase));

    /// <summary>The text of a key with its values put in. Values are never read for placeholders again.</summary>
    /// <exception cref="KeyNotFoundException">No such key, or a placeholder without a value: a mistake in the code.</exception>
    public string Say(string key, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var language = Spoken;
        var text = language.Texts.TryGetValue(key, out var found) ? found : throw new KeyNotFoundException($"No text “{key}”.");
        var said = new StringBuilder(text.Length + 32);
        var rest = text.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open)
        {
            said.Append(rest[..open]);
            var close = rest.IndexOf('}');
            Put(said, language.Plural, key, rest[(open + 1)..close], values);
            rest = rest[(close + 1)..];
        }

        return said.Append(rest).ToString();
    }

    /// <summary>What was to be said later. One that this version does not know is said as it is stored, since nothing must end by it.</summary>
    public string Say(Phrase phrase)
    {
        if (phrase.Read() is not { } read || !_default.Texts.ContainsKey(read.Key))
            return phrase.Text;
        try
        {
            return Say(read.Key, read.Values);
        }
        catch (KeyNotFoundException)
        {
            // Another version had other values in it.
            return phrase.Text;
        }
    }

    /// <summary>The same in the default language, whichever holds now: for logs and the states of platforms, which are the operator's.</summary>
    public string SayToOperator(Phrase phrase)
    {
        using var spoken = In(null);
        return Say(phrase);
    }

    private void Put(StringBuilder said, Plural plural, string key, ReadOnlySpan<char> placeholder, ReadOnlySpan<(string Name, object Value)> values)
    {
        var bar = placeholder.IndexOf('|');
        var name = bar < 0 ? placeholder : placeholder[..bar];
        foreach (var (given, value) in values)
        {
            if (!name.SequenceEqual(given))
                continue;
            var shown = value is Phrase phrase ? Say(phrase) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            said.Append(bar < 0 ? shown : Form(placeholder[(bar + 1)..], plural.Of(shown)).ToString().Replace("#", shown, StringComparison.Ordinal));
            return;
        }

        throw new KeyNotFoundException($"The text “{key}” wants a value for “{name}”.");
    }

    /// <summary>One of several forms, counted from 0; the last one where there are not so many.</summary>
    private static ReadOnlySpan<char> Form(ReadOnlySpan<char> forms, int index)
    {
        for (; index > 0 && forms.IndexOf('|') is >= 0 and var bar; index--)
            forms = forms[(bar + 1)..];
        return forms.IndexOf('|') is >= 0 and var end ? forms[..end] : forms;
    }

    /// <summary>The part of a flow of calls in which a language holds.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly Catalogue? _texts;
        private readonly Language? _before;

        internal Scope(Catalogue texts, Language? before) => (_texts, _before) = (texts, before);

        /// <summary>The language from before holds again.</summary>
        public void Dispose()
        {
            if (_texts is not null)
                _texts._spoken.Value = _before;
        }
    }
}
