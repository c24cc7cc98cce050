using Notifier.Stories;

namespace Notifier.Tests.Stories;

/// <summary>Feeds that fill one text with one other name each time, under one title: each entry says something of its own, and all of them must come.</summary>
public sealed class TemplateTextsTests
{
    private const string Job =
        "We are looking for somebody who likes to build things that last, who reads what others have written before changing it, and who says what is not clear. " +
        "You will work with a small team in {0} on a program that many people depend on, and you will see what becomes of your work. We write tests, we talk about our designs, " +
        "and we go home in time. You have built something like it before, you know at least one language well, and you want to learn others. We offer a fair wage, a quiet room, " +
        "good tools, and colleagues who help. Write to us in your own words, tell us what you have done and what you would like to do, and we shall answer each letter.";

    private const string Region =
        "We are seeing more errors than usual in {0} and are looking into them. Requests may be answered late or not at all, and jobs may have to wait. Work that was begun is kept and will go on " +
        "by itself. We shall write here as soon as we know more about the cause, and again when everything works as it should.";

    private const string Weather =
        "The weather office warns of heavy rain with thunder, hail and gusts of wind in {0} and around it. Small rivers may rise quickly, cellars and underpasses may be flooded, and trees may fall. " +
        "Stay inside if you can, keep windows and doors shut, do not walk through forests, and keep away from rivers. The warning holds until it is lifted.";

    private const string Release =
        "A new version of {0} has been published. It contains corrections only and no new features, and everybody who uses it should install it. Thanks to all who have reported faults, written patches " +
        "and translated texts. The list of changes is in the repository, where you will also find the packages and their signatures. Please tell us if anything does not work as before.";

    private const string Hiring =
        "{0} is now hiring! Join a friendly team that ships every week, works from wherever it likes and takes its customers seriously. Full time, with good pay, stock and paid holidays. " +
        "Apply on our page with a short letter and a link to something that you have made, and we will come back to you within a few days.";

    private const string Offer =
        "For a short time only you get the {0} at a special price. It comes with a charger, a cable and a bag, can be sent back if you do not like it, and is delivered without further cost. " +
        "As long as there are any left. Ask in the shop or order on our page, and tell your friends about it before it is too late.";

    public static TheoryData<string, string, string, string> OfNames => new()
    {
        { "Senior software engineer wanted", Job, "Berlin", "Munich" },
        { "Senior software engineer wanted", Job, "New York", "York" },
        { "Senior software engineer wanted", Job, "Berlin", "Berlin and Munich" },
        { "Higher error rates in one region", Region, "Europe", "Asia" },
        { "Higher error rates in one region", Region, "Europe", "North America" },
        { "Higher error rates in one region", Region, "東京", "大阪" },
        { "Severe thunderstorm warning issued", Weather, "Kent", "Essex" },
        { "Severe thunderstorm warning issued", Weather, "the County of Kent", "the County of Essex" },
        { "Severe thunderstorm warning issued", Weather, "Москве", "Туле" },
        { "A new version was published", Release, "NumPy", "SciPy" },
        { "A new version was published", Release, "C", "C#" },
        { "A company is now hiring", Hiring, "Acme", "Initech" },
        { "A company is now hiring", Hiring, "Acme", "Acme Labs" },
        { "The offer of the hour", Offer, "Lightbook Air", "Lightbook Pro" },
        { "The offer of the hour", Offer, "Lightbook", "Lightbook Pro" },
        { "The offer of the hour", Offer, "Lightbook 2", "Lightbook 3" },
    };

    public static TheoryData<string, string, string, string> OfSmallLetters => new()
    {
        { "A new version was published", Release, "numpy", "pandas" },
        { "A new version was published", Release, "numpy and pandas", "pandas and scipy" },
        { "Senior software engineer wanted", Job, "sales", "support" },
        { "Senior software engineer wanted", Job, "the import of goods", "the export of goods" },
        { "Higher error rates in one region", Region, "us-east", "us-west" },
        { "The offer of the hour", Offer, "red jacket", "blue jacket" },
        { "Severe thunderstorm warning issued", Weather, "the northern valleys", "the southern valleys" },
    };

    [Theory]
    [MemberData(nameof(OfNames))]
    public void Another_name_is_another_entry_whoever_lists_it(string title, string text, string one, string other)
    {
        // Where one page is common, another's “and Munich” may be a longer version of the same.
        var isMore = other.Contains(one, StringComparison.Ordinal) || one.Contains(other, StringComparison.Ordinal);
        Assert.DoesNotContain(Ties(title, Fill(text, one), Fill(text, other)), tie => tie != StoryTie.TwoFeedsOneLink || !isMore);
        Assert.Equal(Enum.GetValues<StoryTie>(), Ties(title, Fill(text, one), Fill(text, one)));
    }

    [Theory]
    [MemberData(nameof(OfSmallLetters))]
    public void Another_word_in_small_letters_is_another_entry_where_no_page_is_common(string title, string text, string one, string other) =>
        Assert.DoesNotContain(Ties(title, Fill(text, one), Fill(text, other)), tie => tie != StoryTie.TwoFeedsOneLink);

    /// <summary>However long the text around it is.</summary>
    [Fact]
    public void One_name_in_many_words_is_enough()
    {
        var around = string.Join(' ', Enumerable.Repeat(Fill(Job, "the city"), 6));
        Assert.Empty(Ties("Senior software engineer wanted", $"{around} We sit in Berlin. {around}", $"{around} We sit in Munich. {around}"));
    }

    private static string Fill(string text, string name) => text.Replace("{0}", name, StringComparison.Ordinal);

    private static IEnumerable<StoryTie> Ties(string title, string text, string otherText)
    {
        var (one, other) = (Telling.Of(title, text), Telling.Of(title, otherText));
        return Enum.GetValues<StoryTie>().Where(tie => StoryMatch.IsOne(one, other, tie, TimeSpan.Zero) || StoryMatch.IsOne(other, one, tie, TimeSpan.Zero));
    }
}
