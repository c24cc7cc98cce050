using System.Text.RegularExpressions;
using CsCheck;
using Notifier.Filters;

namespace Notifier.Tests.Filters;

/// <summary>F01 to F05: filters and entries made to cost time, memory or an exception.</summary>
public sealed class HostileFilterTests
{
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
        for (var n = 0; n < 1200; n++)
        {
            Assert.NotNull(cache.Begin($"/word{n}/"));
            Assert.NotNull(cache.Begin("always"));
            Assert.Null(cache.Begin($"\"broken {n % 3}"));
            Assert.True(cache.Count <= FilterCache.Most);
        }

        Assert.Equal(FilterCache.Most, cache.Count);
    }

    /// <summary>The time of a filter's patterns is bounded in one poll, and a cache does not keep what they grew to.</summary>
    [Fact]
    public void A_filter_whose_time_is_used_up_wants_everything_and_is_read_anew_by_the_next_poll()
    {
        var clock = new SteppingClock();
        var cache = new FilterCache(clock);
        var run = cache.Begin("never")!;
        for (var n = 0; n < 5; n++)
            Assert.False(run.Matches(Text("a")));
        Assert.True(run.Matches(Text("a")));
        Assert.Equal(0, cache.Count);
        Assert.False(cache.Begin("never")!.Matches(Text("a")));
        Assert.Equal(1, cache.Count);
    }

    /// <summary>In one pass, but from a thousand places at once.</summary>
    [Theory]
    [InlineData("/(.{0,50}a){19}c/")]
    [InlineData("-/(.{0,50}a){19}c|b/")]
    public void A_match_that_takes_too_long_is_a_match(string filter)
    {
        var random = new Random(1);
        Assert.True(FilterTests.Understood(filter).Matches(Text(new string([.. Enumerable.Range(0, FilterSubject.Longest).Select(_ => random.Next(2) == 0 ? 'a' : 'x')]))));
    }

    private static FilterSubject Text(string text) => new(null, null, null, [], text);

    /// <summary>Each look at it is a tenth of a second later.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 10;

        public override long GetTimestamp() => _now++;
    }
}
