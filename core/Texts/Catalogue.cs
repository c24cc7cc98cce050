using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Notifier.Texts;

/// <summary>
/// Notifier's own words in one language, from <c>Texts/LANGUAGE.json</c>: a key and a text in which <c>{name}</c> stands for a value and
/// <c>{count|one entry|# entries}</c> for a form that depends on a number (<c>#</c> is the number).
/// </summary>
public sealed class Catalogue
{
    private readonly FrozenDictionary<string, string> _texts;

    private Catalogue(FrozenDictionary<string, string> texts, CultureInfo culture)
    {
        _texts = texts;
        Culture = culture;
    }

    /// <summary>The code of the language that holds now.</summary>
    public string Language => "en";

    /// <summary>How the language writes dates.</summary>
    public CultureInfo Culture { get; }

    /// <summary>Every key; all catalogues have the same.</summary>
    public IEnumerable<string> Keys => _texts.Keys;

    /// <exception cref="InvalidOperationException">There is no catalogue for the language.</exception>
    public static Catalogue Load(string language)
    {
        var name = $"Notifier.Texts.{language}.json";
        using var stream = typeof(Catalogue).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"There is no {name}.");
        return new Catalogue(JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.ToFrozenDictionary(StringComparer.Ordinal), CultureOf(language));
    }

    /// <summary>The text of a key with its values put in. Values are never read for placeholders again.</summary>
    /// <exception cref="KeyNotFoundException">No such key, or a placeholder without a value: a mistake in the code.</exception>
    public string Say(string key, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var text = _texts.TryGetValue(key, out var found) ? found : throw new KeyNotFoundException($"No text “{key}”.");
        var said = new StringBuilder(text.Length + 32);
        var rest = text.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open)
        {
            said.Append(rest[..open]);
            var close = rest.IndexOf('}');
            Put(said, key, rest[(open + 1)..close], values);
            rest = rest[(close + 1)..];
        }

        return said.Append(rest).ToString();
    }

    /// <summary>Without ICU (a container without libicu) the runtime knows no language: dates are written as in English then.</summary>
    private static CultureInfo CultureOf(string language)
    {
        try
        {
            return CultureInfo.GetCultureInfo(language);
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }

    private static void Put(StringBuilder said, string key, ReadOnlySpan<char> placeholder, ReadOnlySpan<(string Name, object Value)> values)
    {
        var bar = placeholder.IndexOf('|');
        var name = bar < 0 ? placeholder : placeholder[..bar];
        foreach (var (given, value) in values)
        {
            if (!name.SequenceEqual(given))
                continue;
            var shown = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            if (bar < 0)
            {
                said.Append(shown);
                return;
            }

            var forms = placeholder[(bar + 1)..];
            var split = forms.IndexOf('|');
            said.Append((shown == "1" ? forms[..split] : forms[(split + 1)..]).ToString().Replace("#", shown, StringComparison.Ordinal));
            return;
        }

        throw new KeyNotFoundException($"The text “{key}” wants a value for “{name}”.");
    }
}
