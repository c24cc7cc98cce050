using System.Text.RegularExpressions;
using CsCheck;
using Notifier.Filters;
using Notifier.Tests.Support;

namespace Notifier.Tests.Filters;

/// <summary>F01 to F05: filters and entries made to cost time, memory or an exception.</summary>
public sealed class HostileFilterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Letters = new('a', FilterSubject.Longest);

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|a)*$")]
    [InlineData("(\\w+\\s?)*$")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    [InlineData("(.*a){12}$")]
    [InlineData("(a?){30}a{30}$")]
    public void F01_A_catastrophic_pattern_is_matched_without_going_back(string pattern)
    {
        var filter = Assert.IsType<Filter.Pattern>(FilterTests.Understood($"/{pattern}/"));
        Assert.True(filter.Regex.Options.HasFlag(RegexOptions.NonBacktracking));
        Assert.NotEqual(Regex.InfiniteMatchTimeout, filter.Regex.MatchTimeout);
        foreach (var text in new[] { Letters, Letters + "!", Letters[..^1] + "!", string.Concat(Enumerable.Repeat("aaaa ", 1600)) + "!" })
            filter.Matches(Text(text));
    }

    [Theory]
    [InlineData("(a{1000}){1000}", "too large")]
    [InlineData("(a{100}){11}", "too large")]
    [InlineData("a{1001}", "too large")]
    [InlineData("((a{0,5}b){0,15}c){0,15}", "too large")]
    [InlineData("([(]a{500}){3}", "too large")]
    [InlineData("(?x)(a{500}) {3}", "too large")]
    [InlineData("(a{99}){99999999999}", "too large")]
    [InlineData("a(?=b)", "looks ahead")]
    [InlineData("a(?!b)", "looks ahead")]
    [InlineData("(?<=a)b", "looks ahead")]
    [InlineData("(?<!a)b", "looks ahead")]
    [InlineData("(a)\\1", "looks ahead")]
    [InlineData("(?<x>a)\\k<x>", "looks ahead")]
    [InlineData("a\\1", "looks ahead")]
    [InlineData("(?>a+)b", "looks ahead")]
    [InlineData("(a)?(?(1)b|c)", "looks ahead")]
    [InlineData("\\Ga", "looks ahead")]
    public void F02_A_pattern_that_cannot_be_matched_in_bounds_is_refused_with_the_reason(string pattern, string reason) =>
        Assert.Contains(reason, FilterTests.Refused($"/{pattern}/"), StringComparison.Ordinal);

    [Fact]
    public void F02_Three_thousand_alternatives_are_refused() =>
        Assert.Contains("500 is the most", FilterTests.Refused($"/{string.Join('|', Enumerable.Range(0, 3000))}/"), StringComparison.Ordinal);

    [Theory]
    [InlineData("\\d{4}-\\d{2}-\\d{2}")]
    [InlineData("(january|february).{0,50}(1st|2nd)")]
    [InlineData("a{1000}")]
    [InlineData("[a{2000}]")]
    [InlineData("[]{900}]{2}")]
    [InlineData("\\p{Lu}{1000}")]
    [InlineData("\\{2000}")]
    [InlineData("a{x}{,3}")]
    public void A_pattern_that_only_looks_large_is_taken(string pattern) => FilterTests.Understood($"/{pattern}/");

    [Fact]
    public void F03_Ten_thousand_random_patterns_never_throw()
    {
        string[] pieces =
        [
            "a", "b", "é", "東", "🦆", "\uD800", ".", "\\w", "\\d", "\\s", "\\b", "\\p{L}", "\\P{Lu}", "\\p{", "\\1", "\\", "[", "]", "[^", "a-z", "-", "(", ")", "(?:", "(?=", "(?<!", "(?<n>", "(?i)", "(?x)", "(?#",
            "*", "+", "?", "{2}", "{0,30}", "{3,}", "{,2}", "{9", "}", "|", "^", "$", " ", "\\/", "{2147483648}", "#", "\0",
        ];
        var subject = new FilterSubject("a b 12 東京 🦆", "é", "http://a.example/b", ["aab", "b"], string.Concat(Enumerable.Repeat("ab é12 東b ", 50)));
        var patterns = Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[0, 60].Select(all => string.Concat(all));
        patterns.Sample(
            pattern =>
            {
                if (FilterParser.Read($"/{(pattern.Length > 256 ? pattern[..256] : pattern)}/") is FilterReading.Understood { Filter: var filter })
                    filter.Matches(subject);
            },
            iter: 10_000);
    }

    [Fact]
    public void F04_Two_hundred_filters_see_no_more_than_8_KiB_of_a_field()
    {
        var padding = string.Concat(Enumerable.Repeat("padding ", 1024));
        Assert.Equal(FilterSubject.Longest, padding.Length);
        var text = padding + string.Join(' ', Enumerable.Range(0, 200).Select(n => $"word{n}"));
        text += new string('x', (64 * 1024) - text.Length);
        var subject = new FilterSubject(text, text, text, [padding[..^1], "late"], text);
        for (var n = 0; n < 200; n++)
        {
            Assert.False(FilterTests.Understood($"word{n}").Matches(subject));
            Assert.False(FilterTests.Understood($"title:/word{n}/ or author:word{n} or link:word{n}").Matches(subject));
        }

        Assert.True(FilterTests.Understood("padding category:padding").Matches(subject));
        Assert.False(FilterTests.Understood("category:late").Matches(subject));
    }

    /// <summary>One character may become eighteen when it is folded.</summary>
    [Fact]
    public void F04_A_text_that_grows_when_it_is_folded_is_cut_again() =>
        Assert.Equal(FilterSubject.Longest, FilterSubject.Folded(new string('\uFDFA', FilterSubject.Longest)).Length);

    [Fact]
    public void F05_No_more_than_500_filters_are_kept_and_the_one_not_asked_for_longest_goes()
    {
        var cache = new FilterCache(TimeProvider.System);
        var budget = cache.Budget();
        for (var n = 0; n < 1200; n++)
        {
            Assert.NotNull(cache.Begin($"/word{n}/", budget));
            Assert.NotNull(cache.Begin("always", budget));
            Assert.Null(cache.Begin($"\"broken {n % 3}", budget));
            Assert.True(cache.Count <= FilterCache.Most);
        }

        Assert.Equal(FilterCache.Most, cache.Count);
    }

    /// <summary>A cache does not keep what patterns grew to, but it does keep that they were too slow.</summary>
    [Fact]
    public void A_filter_whose_patterns_have_used_up_their_share_wants_all_that_its_words_do_not_refuse_and_rests()
    {
        var clock = new SteppingClock(Now, FilterRun.Share / 2);
        var cache = new FilterCache(clock);
        var budget = cache.Budget();
        var run = cache.Begin("title:/never/ -beta", budget)!;
        Assert.False(run.Matches(Text("a")));
        Assert.False(run.IsTooSlow);
        Assert.False(run.Matches(Text("a")));
        Assert.True(run.IsTooSlow);
        Assert.True(run.Matches(Text("a")));
        Assert.False(run.Matches(Text("beta")));
        Assert.False(cache.Begin("title:/others/", budget)!.Matches(Text("a")));
        Assert.True(cache.Begin("title:/never/ -beta", cache.Budget())!.Matches(Text("a")));
        Assert.Equal(2 * 3, clock.Looks);
        Assert.Equal(2, cache.Count);

        clock.Now += FilterCache.Rest;
        Assert.False(cache.Begin("title:/never/ -beta", cache.Budget())!.Matches(Text("a")));
    }

    [Fact]
    public void Where_no_time_is_left_for_patterns_only_what_hangs_on_them_is_not_known()
    {
        var clock = new SteppingClock(Now, FilterBudget.Limit);
        var budget = new FilterBudget(clock);
        Assert.False(budget.IsMatch(new Regex("a", RegexOptions.NonBacktracking, FilterPattern.TimeLimit), "b"));
        Assert.Null(Wants("/a/"));
        Assert.Null(Wants("-/a/"));
        Assert.Null(Wants("word /a/"));
        Assert.Null(Wants("/a/ or none"));
        Assert.Null(Wants("-(/a/ or none)"));
        Assert.False(Wants("/a/ none"));
        Assert.False(Wants("-(/a/ or word)"));
        Assert.True(Wants("/a/ or word"));
        Assert.True(Wants("-(/a/ none)"));
        Assert.Equal(2, clock.Looks);

        bool? Wants(string filter) => new FilterRun(FilterTests.Understood(filter), budget).Wants(Text("a word"));
    }

    /// <summary>Whatever the clock says that was handed in: a match that was given up took its limit.</summary>
    [Fact]
    public void A_match_that_is_given_up_counts_as_its_limit()
    {
        var budget = new FilterBudget(new SteppingClock(Now, TimeSpan.Zero));
        var run = new FilterRun(FilterTests.Understood("/(.{0,50}a){19}c/"), budget);
        Assert.Null(run.Wants(Text(Mixed())));
        Assert.Equal(FilterPattern.TimeLimit, budget.Spent);
        Assert.True(run.IsTooSlow);
    }

    /// <summary>In one pass, but from a thousand places at once.</summary>
    [Theory]
    [InlineData("/(.{0,50}a){19}c/")]
    [InlineData("-/(.{0,50}a){19}c|b/")]
    public void A_match_that_takes_too_long_is_a_match(string filter)
    {
        Assert.True(FilterTests.Understood(filter).Matches(Text(Mixed())));
    }

    private static string Mixed()
    {
        var random = new Random(1);
        return new string([.. Enumerable.Range(0, FilterSubject.Longest).Select(_ => random.Next(2) == 0 ? 'a' : 'x')]);
    }

    private static FilterSubject Text(string text) => new(null, null, null, [], text);
}
