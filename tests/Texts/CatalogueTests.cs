using Notifier.Texts;

namespace Notifier.Tests.Texts;

/// <summary>Which language holds where, and what is said later.</summary>
public sealed class CatalogueTests
{
    private readonly Catalogue _texts = Catalogue.Load("en");

    [Fact]
    public async Task A_language_holds_until_its_scope_ends_and_in_that_flow_of_calls_alone()
    {
        var (begun, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var german = GermanAsync();
        await begun.Task;
        Assert.Equal(("en", "just now"), (_texts.Language, _texts.Say("time.now")));
        ended.SetResult();
        await german;
        Assert.Equal("en", _texts.Language);

        async Task GermanAsync()
        {
            using var spoken = _texts.In("de");
            begun.SetResult();
            await ended.Task;
            Assert.Equal(("de", "gerade eben"), (_texts.Language, _texts.Say("time.now")));
            using (_texts.In("en"))
                Assert.Equal("just now", _texts.Say("time.now"));
            using (_texts.In("xx"))
                Assert.Equal("just now", _texts.Say("time.now"));
            Assert.Equal("gerade eben", _texts.Say("time.now"));
        }
    }

    [Fact]
    public void Another_catalogue_goes_on_in_its_own_language()
    {
        using var spoken = _texts.In("de");
        Assert.Equal("en", Catalogue.Load("en").Language);
    }

    [Theory]
    [InlineData("de", "de")]
    [InlineData("DE", "de")]
    [InlineData("de-AT", "de")]
    [InlineData("de_CH", "de")]
    [InlineData("deutsch", "de")]
    [InlineData("German", "de")]
    [InlineData("en-US", "en")]
    [InlineData("", null)]
    [InlineData("den", null)]
    [InlineData(null, null)]
    public void A_language_is_found_by_code_and_by_name(string? named, string? code) => Assert.Equal(code, _texts.Find(named)?.Code);

    [Fact]
    public void Days_and_months_are_the_languages_own()
    {
        var noon = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal("Wed 4 Mar 12:00", RelativeTime.Moment(_texts, noon, TimeZoneInfo.Utc));
        Assert.Equal("4 March", RelativeTime.Of(_texts, noon.AddDays(60), noon, TimeZoneInfo.Utc));
        using var spoken = _texts.In("de");
        Assert.Equal("Mi, 4. März, 12:00", RelativeTime.Moment(_texts, noon, TimeZoneInfo.Utc));
        Assert.Equal("am 4. März", RelativeTime.Of(_texts, noon.AddDays(60), noon, TimeZoneInfo.Utc));
        Assert.Equal("am 4. März 2026", RelativeTime.Of(_texts, noon.AddYears(1), noon, TimeZoneInfo.Utc));
    }

    [Fact]
    public void A_phrase_is_said_in_the_language_that_holds_then_with_the_phrases_in_it()
    {
        var stored = Phrase.Of("fetch.status", ("host", "a.test"), ("status", "404 Not Found"), ("meaning", Phrase.Of("fetch.means.nothing"))).Text;
        Assert.Equal("""{"say":"fetch.status","host":"a.test","status":"404 Not Found","meaning":{"say":"fetch.means.nothing"}}""", stored);
        Assert.Equal("a.test answered 404 Not Found: nothing is at that address.", _texts.Say(new Phrase(stored)));
        using var spoken = _texts.In("de");
        Assert.Equal("a.test antwortete 404 Not Found: Unter dieser Adresse ist nichts.", _texts.Say(new Phrase(stored)));
        Assert.Equal("a.test answered 404 Not Found: nothing is at that address.", _texts.SayToOperator(new Phrase(stored)));
    }

    /// <summary>What an older version stored, or a newer one, or a platform said.</summary>
    [Theory]
    [InlineData("Forbidden: bot was kicked from the group chat")]
    [InlineData("")]
    [InlineData("""{"say":"no.such"}""")]
    [InlineData("""{"say":"fetch.status"}""")]
    [InlineData("""{"say":7}""")]
    [InlineData("""{"say":"fetch.status",""")]
    [InlineData("""{"say":"fetch.status"}x""")]
    public void What_is_no_phrase_of_ours_is_said_as_it_is(string stored) => Assert.Equal(stored, _texts.Say(new Phrase(stored)));

    /// <summary>A value is never read as anything but a value.</summary>
    [Fact]
    public void A_value_that_looks_like_a_phrase_or_a_placeholder_stays_what_it_is()
    {
        const string hostile = """{"say":"claim.done"} {host}""";
        Assert.Equal($"{hostile} did not answer in time.", _texts.Say(new Phrase(Phrase.Of("fetch.intime", ("host", hostile)).Text)));
    }
}
