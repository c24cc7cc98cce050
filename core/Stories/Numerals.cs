using System.Collections.Frozen;
using Notifier.Feeds.Dates;

namespace Notifier.Stories;

/// <summary>
/// Words that count like digits: where they differ, two entries are two. Numbers in words, Roman ones, days of the week and months in the twelve languages
/// of feeds' dates, stages of a version, times of the day and the year, and what turns a sentence round.
/// </summary>
internal static class Numerals
{
    /// <summary>A line per language: English, German, Dutch, French, Spanish, Portuguese, Italian, Polish, Russian, Greek, Hungarian, Czech.</summary>
    private static readonly string[] Counting =
    [
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth twentieth last next previous final once twice half double",
        "null eins ein eine zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig hundert tausend million milliarde erste erster erstes zweite zweiter zweites dritte dritter drittes vierte vierter viertes fünfte fünfter fünftes sechste sechster siebte siebter achte achter neunte neunter zehnte zehnter letzte letzter letztes nächste nächster",
        "nul een één twee drie vijf zes zeven acht negen tien twaalf twintig honderd duizend eerste tweede derde vierde vijfde zesde zevende achtste negende tiende laatste volgende",
        "zéro un une deux trois quatre cinq sept huit neuf dix onze douze treize vingt trente cent mille premier première deuxième seconde troisième quatrième cinquième sixième septième huitième neuvième dixième dernier dernière prochain",
        "cero uno una dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cien mil primero primera primer segundo segunda tercero tercera tercer cuarto cuarta quinto quinta sexto séptimo octavo noveno décimo último última",
        "um uma dois duas três quatro oito nove dez doze vinte primeiro primeira terceiro terceira quarta sétimo oitavo nono",
        "due tre quattro cinque sette otto dieci undici dodici venti cento primo prima secondo seconda terzo terza sesto settimo ottavo ultimo ultima",
        "jeden jedna dwa dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć sto tysiąc pierwszy pierwsza drugi druga trzeci trzecia czwarty czwarta piąty piąta ostatni ostatnia",
        "ноль один одна два две три четыре пять шесть семь восемь девять десять сто тысяча первый первая второй вторая третий третья четвёртый четвертый четвертая пятый пятая последний последняя",
        "μηδέν ένα ένας μία δύο τρία τρεις τέσσερα πέντε έξι επτά οκτώ εννέα δέκα πρώτο πρώτη δεύτερο δεύτερη τρίτο τρίτη τέταρτο πέμπτο τελευταίο",
        "nulla egy kettő két három négy öt hat hét nyolc kilenc tíz száz ezer első második harmadik negyedik ötödik utolsó",
        "nula dva dvě tři čtyři pět šest sedm osm devět deset první druhý druhá třetí čtvrtý čtvrtá pátý pátá poslední",
    ];

    private static readonly string[] Days =
    [
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun weekday weekend",
        "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag wochenende",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim",
        "lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom",
        "segunda terça quarta quinta sexta feira seg ter qua qui sex sab",
        "lunedì martedì mercoledì giovedì venerdì sabato domenica gio",
        "poniedziałek wtorek środa czwartek piątek sobota niedziela pon wt śr czw pt sob nd",
        "понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье пн вт ср чт пт сб вс",
        "δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή",
        "hétfő kedd szerda csütörtök péntek szombat vasárnap",
        "pondělí úterý středa středu čtvrtek pátek sobota sobotu neděle neděli po út st čt pá ne",
    ];

    private static readonly string[] Others =
    [
        "alpha beta gamma delta rc preview prerelease stable lts nightly snapshot canary hotfix patch major minor dev",
        "today tomorrow yesterday tonight morning noon afternoon evening night daily weekly monthly quarterly yearly annual",
        "heute morgen gestern abend mittag nacht täglich wöchentlich monatlich hier demain aujourd matin soir nuit hoy mañana ayer tarde noche oggi domani ieri mattina sera notte",
        "spring summer autumn fall winter frühling sommer herbst printemps été automne hiver primavera verano otoño invierno estate autunno inverno",
        "not no never nor without nicht kein keine nie ohne niet geen pas jamais sans nunca não sem non senza nie nigdy bez не нет без δεν όχι nem ne není",
    ];

    /// <summary>Signs of Chinese and Japanese that count, or say which of two or three parts.</summary>
    private const string Signs = "〇零一二三四五六七八九十百千万萬億亿两兩壱弐参上中下前後后初終终首末";

    private static readonly FrozenSet<ulong> Prints = ReadPrints();

    /// <summary>Whether a word counts; of digits it is known without asking.</summary>
    public static bool Contains(ulong print) => Prints.Contains(print);

    private static FrozenSet<ulong> ReadPrints()
    {
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Counting.Concat(Days).Concat(Others))
            words.UnionWith(line.Split(' '));
        words.UnionWith(DateWords.OfMonths);
        words.UnionWith(Signs.Select(sign => sign.ToString()));
        for (var number = 1; number <= 60; number++)
            words.Add(Roman(number));
        return words.Select(word => WordReader.PrintOf(word)).ToFrozenSet();
    }

    private static string Roman(int number)
    {
        string[] tens = ["", "x", "xx", "xxx", "xl", "l", "lx"];
        string[] ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
        return tens[number / 10] + ones[number % 10];
    }
}
