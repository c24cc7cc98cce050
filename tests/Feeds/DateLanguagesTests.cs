using Notifier.Feeds.Dates;

namespace Notifier.Tests.Feeds;

/// <summary>Publishing programs write dates in the language of their machine: weekday and month in full or in short.</summary>
public sealed class DateLanguagesTests
{
    /// <summary>A weekday, the months in full, the months in short.</summary>
    public static TheoryData<string, string, string, string> Languages() => new()
    {
        { "English", "Tue,", "January February March April May June July August September October November December", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec" },
        { "German", "Di,", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember", "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez" },
        { "Austrian", "Dienstag,", "Jänner Februar März April Mai Juni Juli August September Oktober November Dezember", "Jän Feb Mrz Apr Mai Jun Jul Aug Sept Okt Nov Dez" },
        { "French", "mardi", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre", "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc." },
        { "Spanish", "mar,", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre", "ene feb mar abr may jun jul ago sep oct nov dic" },
        { "Portuguese", "Ter,", "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro", "Jan Fev Mar Abr Mai Jun Jul Ago Set Out Nov Dez" },
        { "Italian", "mar,", "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre", "gen feb mar apr mag giu lug ago set ott nov dic" },
        { "Dutch", "di,", "januari februari maart april mei juni juli augustus september oktober november december", "jan feb mrt apr mei jun jul aug sep okt nov dec" },
        { "Polish", "wt.,", "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia", "sty lut mar kwi maj cze lip sie wrz paź lis gru" },
        { "Czech", "út,", "ledna února března dubna května června července srpna září října listopadu prosince", "led úno bře dub kvě čer čvc srp zář říj lis pro" },
        { "Hungarian", "kedd,", "január február március április május június július augusztus szeptember október november december", "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec." },
        { "Russian", "Вт,", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря", "янв фев мар апр мая июн июл авг сен окт ноя дек" },
        { "Greek", "Τρι,", "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου", "Ιαν Φεβ Μαρ Απρ Μαϊ Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ" },
        { "Ukrainian", "Вт,", "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня", "січ лют бер кві тра чер лип сер вер жов лис гру" },
        { "Turkish", "Salı,", "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık", "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara" },
        { "Romanian", "mar,", "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie", "ian. feb. mar. apr. mai iun. iul. aug. sept. oct. nov. dec." },
        { "Swedish", "tis,", "januari februari mars april maj juni juli augusti september oktober november december", "jan feb mar apr maj jun jul aug sep okt nov dec" },
        { "Danish", "tir.,", "januar februar marts april maj juni juli august september oktober november december", "jan feb mar apr maj jun jul aug sep okt nov dec" },
        { "Norwegian", "tir.,", "januar februar mars april mai juni juli august september oktober november desember", "jan feb mar apr mai jun jul aug sep okt nov des" },
    };

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_month_of_a_language_is_read_in_full_and_in_short(string language, string weekday, string full, string brief)
    {
        foreach (var names in (string[][])[full.Split(' '), brief.Split(' ')])
        {
            Assert.Equal(12, names.Length);
            foreach (var (month, name) in names.Index())
            {
                var expected = new DateTimeOffset(2025, month + 1, 7, 10, 0, 0, TimeSpan.Zero);
                foreach (var text in (string[])[$"{weekday} 07 {name} 2025 12:00:00 +0200", $"{weekday} 07 {name.ToUpperInvariant()} 2025 12:00:00 +0200", $"7 {name} 2025 10:00"])
                    Assert.Equal((language, text, expected), (language, text, FeedDates.Parse(text)));
            }
        }
    }

    [Theory]
    [InlineData("7 de octubre de 2025, 10:00")]
    [InlineData("7. Oktober 2025 um 10:00 Uhr")]
    [InlineData("le 7 octobre 2025 à 10:00")]
    [InlineData("2025年10月7日 10:00:00")]
    [InlineData("2025. október 7. 10:00")]
    public void A_date_in_a_sentences_clothes_is_read(string text) =>
        Assert.Equal(new DateTimeOffset(2025, 10, 7, 10, 0, 0, TimeSpan.Zero), FeedDates.Parse(text));
}
