using System.Collections.Frozen;
using System.Globalization;

namespace Notifier.Texts;

/// <summary>One language that Notifier speaks: what <c>Texts/CODE.json</c> says.</summary>
public sealed class Language
{
    internal Language(string code, FrozenDictionary<string, string> texts)
    {
        (Code, Texts, Plural) = (code, texts, Plural.In(code));
        Culture = CultureOf(texts);
    }

    /// <summary>ISO 639-1: “de”.</summary>
    public string Code { get; }

    /// <summary>As its speakers call it: “Deutsch”.</summary>
    public string Name => Texts["language.name"];

    /// <summary>As English calls it: “German”.</summary>
    public string EnglishName => Texts["language.english"];

    /// <summary>How it writes dates. The names of days and months are the catalogue's own, so a machine without ICU writes them alike.</summary>
    public CultureInfo Culture { get; }

    /// <summary>Every text by its key; all languages have the same keys.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    internal Plural Plural { get; }

    private static CultureInfo CultureOf(FrozenDictionary<string, string> texts)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var dates = culture.DateTimeFormat;
        dates.DayNames = Names("time.weekdays");
        dates.AbbreviatedDayNames = Names("time.weekdays.short");
        dates.MonthNames = dates.MonthGenitiveNames = Months("time.months");
        dates.AbbreviatedMonthNames = dates.AbbreviatedMonthGenitiveNames = Months("time.months.short");
        return culture;

        string[] Names(string key) => texts[key].Split(' ');

        // The calendar of some has thirteen.
        string[] Months(string key) => [.. Names(key), ""];
    }
}
