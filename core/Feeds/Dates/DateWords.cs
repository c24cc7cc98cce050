using System.Collections.Frozen;

namespace Notifier.Feeds.Dates;

/// <summary>The words in dates: months in seventeen languages, zones, and those that mean nothing.</summary>
internal static class DateWords
{
    /// <summary>A line per month: English, German, Dutch, French, Spanish, Portuguese, Italian, Polish, Russian, Greek, Hungarian, Czech; in full, then the short forms that are no beginning of it; then Turkish, Romanian, Scandinavian, Ukrainian.</summary>
    private static readonly string[] MonthNames =
    [
        "january januar januari janvier enero janeiro gennaio styczeń stycznia январь января ιανουάριος ιανουαρίου január leden ledna jänner ιαν gen ene sty янв led ocak ianuarie ian січень січня січ",
        "february februar februari février febrero fevereiro febbraio luty lutego февраль февраля φεβρουάριος φεβρουαρίου február únor února φεβ fév fev lut фев úno şubat şub februarie лютий лютого лют",
        "march märz maart mars marzo março marzec marca март марта μάρτιος μαρτίου március březen března μαρ mär mrz mrt мар bře márc marts martie березень березня бер",
        "april avril abril aprile kwiecień kwietnia апрель апреля απρίλιος απριλίου április duben dubna απρ avr abr kwi апр dub ápr nisan nis aprilie квітень квітня кві",
        "may mai mei mayo maio maggio maj maja май мая μάιος μαΐου május květen května μάϊ μαϊ mag май kvě máj mayıs травень травня тра",
        "june juni juin junio junho giugno czerwiec czerwca июнь июня ιούνιος ιουνίου június červen června ιούν ιουν giu cze июн čer jún haziran haz iunie iun червень червня чер",
        "july juli juillet julio julho luglio lipiec lipca июль июля ιούλιος ιουλίου július červenec července ιούλ ιουλ juil lug lip čvc июл júl temmuz tem iulie iul липень липня лип",
        "august augustus août agosto sierpień sierpnia август августа αύγουστος αυγούστου augusztus srpen srpna αύγ αυγ aoû aou ago sie авг srp augusti ağustos ağu серпень серпня сер",
        "september septembre septiembre setembro settembre wrzesień września сентябрь сентября σεπτέμβριος σεπτεμβρίου szeptember září σεπ sept set wrz сен szept zář eylül eyl septembrie вересень вересня вер",
        "october oktober octobre octubre outubro ottobre październik października октябрь октября οκτώβριος οκτωβρίου október říjen října οκτ okt out ott paź окт říj ekim eki octombrie жовтень жовтня жов",
        "november novembre noviembre novembro listopad listopada listopadu ноябрь ноября νοέμβριος νοεμβρίου νοέ νοε lis ноя kasım kas noiembrie листопада лис",
        "december dezember décembre diciembre dezembro dicembre grudzień grudnia декабрь декабря δεκέμβριος δεκεμβρίου prosinec prosince δεκ dez déc dic gru дек pro aralık ara decembrie desember des грудень грудня гру",
    ];

    private static readonly FrozenDictionary<string, int> Months = ReadMonths();

    private static readonly FrozenDictionary<string, TimeSpan> Zones = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase)
    {
        ["Z"] = 0, ["UT"] = 0, ["UTC"] = 0, ["GMT"] = 0, ["WET"] = 0, ["Etc/GMT"] = 0, ["Etc/UTC"] = 0, ["WEST"] = 1, ["BST"] = 1, ["IST"] = 5.5, ["CET"] = 1, ["MET"] = 1, ["MEZ"] = 1,
        ["CEST"] = 2, ["MEST"] = 2, ["MESZ"] = 2, ["EET"] = 2, ["SAST"] = 2, ["EEST"] = 3, ["MSK"] = 3, ["MSD"] = 4, ["SGT"] = 8, ["HKT"] = 8, ["AWST"] = 8, ["JST"] = 9, ["KST"] = 9,
        ["ACST"] = 9.5, ["AEST"] = 10, ["AEDT"] = 11, ["NZST"] = 12, ["NZDT"] = 13, ["BRT"] = -3, ["ART"] = -3, ["NST"] = -3.5, ["NDT"] = -2.5,
        ["AT"] = -4, ["AST"] = -4, ["ADT"] = -3, ["ET"] = -5, ["EST"] = -5, ["EDT"] = -4, ["CT"] = -6, ["CST"] = -6, ["CDT"] = -5,
        ["MT"] = -7, ["MST"] = -7, ["MDT"] = -6, ["PT"] = -8, ["PST"] = -8, ["PDT"] = -7, ["AKST"] = -9, ["AKDT"] = -8, ["HST"] = -10,
    }.ToFrozenDictionary(pair => pair.Key, pair => TimeSpan.FromHours(pair.Value), StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Fillers = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "at", "of", "de", "del", "the", "um", "à", "a", "las", "uhr", "kl", "o", "clock", "n", "年", "月", "日");

    /// <summary>Every word that means a month.</summary>
    public static IEnumerable<string> OfMonths => Months.Keys;

    /// <summary>1–12, or 0 if it is none. Three letters and more of a name stand for it.</summary>
    public static int Month(ReadOnlySpan<char> word) => Months.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var month) ? month : 0;

    /// <summary>The fixed offset from UTC that a zone's short name means, whatever the season.</summary>
    public static TimeSpan? Zone(ReadOnlySpan<char> word)
    {
        if (Zones.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var offset)) return offset;

        // The military letters were specified the wrong way round, so they say nothing (RFC 2822 § 4.3).
        return word.Length == 1 && char.IsAsciiLetter(word[0]) && word[0] is not ('J' or 'j' or 'T' or 't') ? TimeSpan.Zero : null;
    }

    /// <summary>Without meaning in a date, such as an English day of the week in an unusual place.</summary>
    public static bool IsFiller(ReadOnlySpan<char> word)
    {
        if (Fillers.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word)) return true;
        if (word.Length < 3) return false;
        foreach (var day in Enum.GetNames<DayOfWeek>())
        {
            if (day.AsSpan().StartsWith(word, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static FrozenDictionary<string, int> ReadMonths()
    {
        var months = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var month = 1; month <= MonthNames.Length; month++)
        {
            foreach (var name in MonthNames[month - 1].Split(' '))
            {
                months.TryAdd(name, month);
                for (var length = 3; length < name.Length && char.IsAscii(name[0]) && length <= 5; length++) months.TryAdd(name[..length], month);
            }
        }

        return months.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
