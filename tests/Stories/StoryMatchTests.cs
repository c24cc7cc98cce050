using CsCheck;
using Notifier.Stories;

namespace Notifier.Tests.Stories;

/// <summary>Which two entries tell one story: the table of ARCHITECTURE.md, and everything that must not be taken for one.</summary>
public sealed class StoryMatchTests
{
    /// <summary>In it nothing counts but “may”, which might be a month.</summary>
    private const string Text =
        "In Django, chained filters over a relation are almost always the same as a combined filter, and everybody knows and expects this, since it is very well documented. " +
        "However, where the relation leads to many rows the chain may join the same table again, which is documented as well, but in my opinion hardly intuitive. " +
        "Lets take a small example with tags and entries, and look closely at the query that comes out of it.";

    private const string Title = "Django sticky queryset filters";

    [Theory]
    [InlineData("Django sticky queryset filters", "DJANGO “Sticky” Queryset-Filters!")]
    [InlineData("Django’s queryset filters", "Django's queryset filters")]
    [InlineData("Die Größe der Städte wächst", "die größe der städte wächst")]
    [InlineData("データベースの移行について書きました", "データベースの移行について、書きました。")]
    public void Case_punctuation_and_white_space_are_no_other_title(string one, string other) =>
        Assert.Equal("OneFeed TwoFeeds TwoFeedsOneLink", Ties(one, Text, other, Text));

    [Theory]
    [InlineData("Django sticky queryset filters", "Django sticky queryset filters - The Django Weblog", "")]
    [InlineData("Django sticky queryset filters and what to do about them", "Django sticky queryset filters …", "TwoFeedsOneLink")]
    [InlineData("Django sticky queryset filters and what to do about them", "Django sticky queryset filters", "")]
    [InlineData("Django sticky queryset filters", "Video: Django sticky queryset filters", "TwoFeedsOneLink")]
    [InlineData("Django sticky queryset filters", "Django sticky queryset filters | Blog", "")]
    [InlineData("Django sticky queryset filters explained", "Django sticky queryset filters explained - Blog", "TwoFeedsOneLink")]
    [InlineData("Django sticky queryset filters", "Django loose queryset filters", "")]
    [InlineData("The rich should decide", "Why the rich should decide", "TwoFeedsOneLink")]
    [InlineData("Open thread", "Open thread", "TwoFeedsOneLink")]
    [InlineData("Release v1.2.3", "Release v1.2.3", "TwoFeedsOneLink")]
    [InlineData("", "", "TwoFeedsOneLink")]
    [InlineData("", "Django sticky queryset filters", "")]
    [InlineData("Wait... what Django does", "Wait... what Python does", "")]
    [InlineData("Is the server up? 🟢", "Is the server up? 🔴", "")]
    [InlineData("Learning C# the hard way", "Learning C the hard way", "")]
    public void Titles_are_near_same_only_over_one_page(string one, string other, string ties) => Assert.Equal(ties, Ties(one, Text, other, Text));

    /// <summary>The text is word for word the same, the link too, and all but the number in the title.</summary>
    [Theory]
    [InlineData("Episode {0} of the Django podcast", "12", "13")]
    [InlineData("Release {0} of the web framework", "5.2.1", "5.2.2")]
    [InlineData("Release {0} of the web framework", "1.10", "11.0")]
    [InlineData("It is {0} degrees in the city", "-5", "5")]
    [InlineData("Learning Django, part {0} of the series", "I", "II")]
    [InlineData("Learning Django, part {0} of the series", "IV", "IX")]
    [InlineData("Learning Django, part {0} of the series", "A", "B")]
    [InlineData("Learning Django, part {0} of the series", "one", "two")]
    [InlineData("The {0} release of the web framework", "first", "second")]
    [InlineData("Lightning talks of the conference, {0}", "Monday", "Tuesday")]
    [InlineData("Der Wetterbericht für {0} im Norden", "Montag", "Dienstag")]
    [InlineData("Le temps de {0} dans le nord", "lundi", "mardi")]
    [InlineData("News from our garden in {0}", "January", "February")]
    [InlineData("Neues aus dem Garten im {0}", "März", "Mai")]
    [InlineData("Новости нашего сада, {0} в саду", "января", "февраля")]
    [InlineData("The web framework, {0} is out now", "beta", "rc")]
    [InlineData("The web framework is out now {0}", "5.2 alpha", "5.2 beta")]
    [InlineData("データベースの移行について第{0}回", "一", "二")]
    [InlineData("データベースの移行について第{0}回", "１", "２")]
    [InlineData("データベースの移行について（{0}）", "上", "下")]
    [InlineData("A square of x{0} in the plane", "²", "³")]
    public void What_counts_in_a_title_parts_two_entries_whatever_else_they_share(string title, string one, string other)
    {
        Assert.Equal("", Ties(string.Format(null, title, one), Text, string.Format(null, title, other), Text));
        Assert.Equal("", Ties(string.Format(null, title, one), Text, string.Format(null, title, ""), Text));
        Assert.NotEqual("", Ties(string.Format(null, title, one), Text, string.Format(null, title, one), Text));
    }

    [Theory]
    [InlineData("in my opinion", "in my option", "TwoFeedsOneLink")]
    [InlineData("but in my opinion", "but also in my opinion", "TwoFeeds TwoFeedsOneLink")]
    [InlineData("but in my opinion", "but in Berlin in my opinion", "TwoFeedsOneLink")]
    [InlineData("but in my opinion", "but in Москва in my opinion", "TwoFeedsOneLink")]
    [InlineData("but in my opinion", "but in ירושלים in my opinion", "TwoFeedsOneLink")]
    [InlineData("but in my opinion", "but + in my opinion", "TwoFeedsOneLink")]
    [InlineData("but in my opinion", "but a in my opinion", "TwoFeedsOneLink")]
    [InlineData("In Django", "In Flask", "")]
    [InlineData("the same table again", "the same table\nagain", "OneFeed TwoFeeds TwoFeedsOneLink")]
    [InlineData("the same table again", "<p>the <b>same</b> table</p><p>again</p>", "OneFeed TwoFeeds TwoFeedsOneLink")]
    [InlineData("many rows", "12 rows", "")]
    [InlineData("a small example", "the second example", "")]
    [InlineData("hardly intuitive", "not intuitive", "")]
    [InlineData("closely at the query", "closely on Monday at the query", "")]
    [InlineData("over a relation are almost always the same as a combined filter", "of something and quite another that nobody here has ever seen before", "")]
    public void A_word_more_is_the_same_text_and_another_name_or_number_is_not(string words, string corrected, string ties) =>
        Assert.Equal(ties, Ties(Title, Text, Title, Text.Replace(words, corrected, StringComparison.Ordinal)));

    /// <summary>Of 110 words one feed may have one more, two feeds two.</summary>
    [Theory]
    [InlineData(1, "OneFeed TwoFeeds TwoFeedsOneLink")]
    [InlineData(2, "TwoFeeds TwoFeedsOneLink")]
    [InlineData(3, "TwoFeedsOneLink")]
    public void A_long_text_with_a_word_more_is_one_also_within_a_feed(int more, string ties)
    {
        var text = string.Join(' ', Text, string.Join(' ', Text.Replace("the", "some", StringComparison.Ordinal).Split(' ')[..35]));
        Assert.Equal(ties, Ties(Title, text, Title, text.Replace("Lets", string.Join(' ', Enumerable.Repeat("indeed", more)) + " Lets", StringComparison.Ordinal)));
    }

    [Fact]
    public void Many_words_more_are_another_text_however_long_it_is()
    {
        var text = string.Join(' ', Enumerable.Repeat(Text, 20));
        Assert.Equal("OneFeed TwoFeeds TwoFeedsOneLink", Ties(Title, text, Title, text + string.Concat(Enumerable.Repeat(" indeed", 8))));
        Assert.Equal("TwoFeedsOneLink", Ties(Title, text, Title, text + string.Concat(Enumerable.Repeat(" indeed", 9))));
    }

    [Fact]
    public void A_word_more_here_and_another_there_are_another_text()
    {
        var text = string.Join(' ', Text, Text, Text);
        Assert.Equal("TwoFeedsOneLink", Ties(Title, "thus " + text, Title, text + " indeed"));
    }

    /// <summary>What stands behind the part that is read may be what parts them; over one page the beginning says enough.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_a_text_too_long_to_be_read_to_its_end_nothing_is_folded_but_over_one_page(bool isMarkup)
    {
        var text = isMarkup ? Text + string.Concat(Enumerable.Repeat("<br class=\"nothing at all\">", 20_000)) : string.Join(' ', Enumerable.Repeat(Text, 120));
        Assert.Equal("TwoFeedsOneLink", Ties(Title, text + " Berlin", Title, text + " Munich"));
        Assert.Equal("TwoFeedsOneLink", Ties(Title, text, Title, text));
    }

    /// <summary>The writer compares while everybody waits: a feed of 1 MiB texts must cost neither memory nor time for each of its pairs.</summary>
    [Fact]
    public void A_long_text_is_read_as_far_as_it_is_needed_and_compared_without_copies()
    {
        var text = string.Concat(Enumerable.Repeat("a b c d e f g h ", 65536));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (one, other) = (Telling.Of(Title, text), Telling.Of(Title, text[..2000]));
        Assert.InRange(one.Text.Length, 1000, 10_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);

        before = GC.GetAllocatedBytesForCurrentThread();
        for (var pair = 0; pair < 1000; pair++)
        {
            Assert.False(StoryMatch.IsOne(one, other, StoryTie.OneFeed, TimeSpan.Zero));
            Assert.False(StoryMatch.IsOne(other, one, StoryTie.TwoFeeds, TimeSpan.Zero));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData(9, "")]
    [InlineData(10, "TwoFeedsOneLink")]
    [InlineData(24, "TwoFeedsOneLink")]
    [InlineData(25, "OneFeed TwoFeeds TwoFeedsOneLink")]
    public void A_short_text_is_not_judged(int words, string ties)
    {
        var text = string.Join(' ', Text.Split(' ').Take(words));
        Assert.Equal(ties, Ties(Title, text, Title, text));
    }

    [Fact]
    public void Signs_of_scripts_without_spaces_are_half_a_word()
    {
        const string Japanese = "先週から新しいデータベースへの移行を始めました。最初に古い表を写して、次に索引を作り直しました。";
        Assert.Equal("OneFeed TwoFeeds TwoFeedsOneLink", Ties("データベースの移行について", Japanese + "とても簡単です。", "データベースの移行について", Japanese + "とても簡単です。"));
        Assert.Equal("TwoFeedsOneLink", Ties("データベースの移行について", Japanese[..40], "データベースの移行について", Japanese[..40]));
        Assert.Equal("", Ties("データベースの移行について", Japanese, "データベースの移行について", string.Concat(Japanese.Reverse())));
    }

    /// <summary>A summary, or the first words, over the page that the other feed has in full.</summary>
    [Theory]
    [InlineData(" …")]
    [InlineData("…")]
    [InlineData("...")]
    [InlineData(" [&#8230;]")]
    [InlineData(" […] <p>The post <a>Django sticky queryset filters</a> appeared first on <a>The Weblog</a>.</p>")]
    [InlineData("")]
    public void A_text_cut_off_is_the_same_over_one_page(string mark)
    {
        Assert.Equal("TwoFeedsOneLink", Ties(Title, Text, Title, Text[..200] + mark));
        Assert.Equal("", Ties(Title, Text, "Django loose queryset filters", Text[..200] + mark));
    }

    [Fact]
    public void Two_texts_cut_at_nearly_one_place_are_compared_as_far_as_both_go()
    {
        Assert.Equal("OneFeed TwoFeeds TwoFeedsOneLink", Ties(Title, Text[..300] + " …", Title, Text[..320] + "…"));
        Assert.Equal("TwoFeedsOneLink", Ties(Title, Text[..300], Title, Text[..220] + "…"));
        Assert.Equal("TwoFeedsOneLink", Ties(Title, Text[..200] + " …", Title, Text[..400] + "…"));
    }

    [Fact]
    public void A_number_behind_the_dots_is_no_cut() =>
        Assert.Equal("", Ties(Title, Text + " And the winner is... 3", Title, Text + " And the winner is... 2"));

    [Fact]
    public void A_column_that_comes_again_is_told_again()
    {
        var (one, other) = (Telling.Of("Photo of the day", Text), Telling.Of("Photo of the day", Text));
        Assert.True(StoryMatch.IsOne(one, other, StoryTie.OneFeed, TimeSpan.FromHours(12)));
        Assert.False(StoryMatch.IsOne(one, other, StoryTie.OneFeed, TimeSpan.FromHours(13)));
        Assert.False(StoryMatch.IsOne(one, other, StoryTie.OneFeed, TimeSpan.FromHours(-13)));
        Assert.False(StoryMatch.IsOne(one, other, StoryTie.TwoFeeds, TimeSpan.FromHours(13)));
        Assert.True(StoryMatch.IsOne(one, other, StoryTie.TwoFeedsOneLink, TimeSpan.FromDays(6)));
    }

    [Fact]
    public void Which_comes_first_makes_no_difference_and_other_numbers_are_never_one()
    {
        string[] words = ["django", "release", "notes", "part", "5", "6", "v2", "ii", "iii", "monday", "may", "beta", "…", "the", "of", "twelve", "…", "二", "移", "#", "a", "b", "-1"];
        var word = Gen.Int[0, words.Length - 1].Select(i => words[i]);
        var title = word.Array[0, 7].Select(parts => string.Join(' ', parts));
        var text = Gen.OneOf(Gen.Const(Text), word.Array[0, 80].Select(parts => string.Join(' ', parts)), Gen.Int[0, Text.Length].Select(length => Text[..length] + "…"));
        Gen.Select(title, text, title, text).Sample(
            (title1, text1, title2, text2) =>
            {
                foreach (var (a, b) in new[] { (title1, title2), (title1, title1), (title1, title1 + " " + title2) })
                {
                    var (one, other) = (Telling.Of(a, text1), Telling.Of(b, text2));
                    foreach (var tie in Enum.GetValues<StoryTie>())
                    {
                        var isOne = StoryMatch.IsOne(one, other, tie, TimeSpan.Zero);
                        Assert.Equal(isOne, StoryMatch.IsOne(other, one, tie, TimeSpan.Zero));
                        Assert.False(isOne && Digits(a) != Digits(b), $"{tie}: {a} / {b}");
                    }
                }
            },
            iter: 20_000);

        static string Digits(string title) => string.Concat(title.Where(char.IsDigit));
    }

    [Fact]
    public void Likely_texts_share_a_print_and_unlike_ones_do_not()
    {
        var words = Text.Split(' ');
        var one = StoryPrints.Of(Telling.Of(Title, string.Join(' ', Enumerable.Range(0, 200).Select(i => words[i % 58] + (i / 58 * 7)))), 0);
        Assert.Equal(2, one.Distinct().Count());
        var found = 0;
        for (var changed = 0; changed < 200; changed++)
        {
            var other = StoryPrints.Of(Telling.Of(Title, string.Join(' ', Enumerable.Range(0, 200).Select(i => i == changed ? "other" : words[i % 58] + (i / 58 * 7)))), 0);
            found += one.Intersect(other).Any() ? 1 : 0;
        }

        Assert.InRange(found, 198, 200);
        Assert.Empty(one.Intersect(StoryPrints.Of(Telling.Of(Title, Text), 0)));
        Assert.Empty(StoryPrints.Of(Telling.Of("Open thread", Text), 0));
        Assert.Equal([5L], StoryPrints.Of(Telling.Of("Open thread", Text), 5));
        Assert.Equal([5L], StoryPrints.Of(Telling.Of(Title, "Comments"), 5));
    }

    /// <summary>Prints are stored: another version of the program must find what this one has left.</summary>
    [Fact]
    public void Prints_are_the_same_in_every_version() =>
        Assert.Equal(0xAF63DC4C8601EC8CUL, WordReader.PrintOf("a"));

    private static string Ties(string title1, string text1, string title2, string text2)
    {
        var (one, other) = (Telling.Of(title1, text1), Telling.Of(title2, text2));
        return string.Join(' ', Enum.GetValues<StoryTie>().Where(tie => StoryMatch.IsOne(one, other, tie, TimeSpan.Zero)));
    }
}
