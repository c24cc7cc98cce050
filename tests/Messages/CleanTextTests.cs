using Notifier.Messages;

namespace Notifier.Tests.Messages;

public sealed class CleanTextTests
{
    [Theory]
    [InlineData("a\u0000b\u0007c\u009Bd\u007Fe", "abcde")]
    [InlineData("a\u202Eb\u2066c\u2069d", "abcd")]
    [InlineData("a\u200Bb\u2060c\uFEFFd\u00ADe\u2063f", "abcdef")]
    [InlineData("a\u200Cb\u200Dc\u200Ed", "abcd")]
    [InlineData("\u06A9\u062A\u0627\u0628\u200C\u0647\u0627", "\u06A9\u062A\u0627\u0628\u200C\u0647\u0627")]
    [InlineData("\u0915\u094D\u200D\u0937", "\u0915\u094D\u200D\u0937")]
    [InlineData("\u05D0\u200F!", "\u05D0\u200F!")]
    [InlineData("👨‍👩‍👧‍👦 ❤️‍🔥 🏳️‍🌈 👩🏽‍🚀", "👨‍👩‍👧‍👦 ❤️‍🔥 🏳️‍🌈 👩🏽‍🚀")]
    [InlineData("a\u200D👩\u200Db", "a👩b")]
    [InlineData("🏴󠁧󠁢󠁥󠁮󠁧󠁿 a\U000E0041b", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 ab")]
    [InlineData("e\u0301", "é")]
    [InlineData("\u2126 \u212B", "Ω Å")]
    [InlineData("가\u11A8", "각")]
    [InlineData("Ünïcode – “quotes” … Кириллица ελληνικά 日本語 한국어", "Ünïcode – “quotes” … Кириллица ελληνικά 日本語 한국어")]
    public void What_is_not_fit_to_be_shown_is_left_out(string text, string expected) => Assert.Equal(expected, CleanText.Of(text));

    [Fact]
    public void Half_a_character_is_left_out() => Assert.Equal("a😀", CleanText.Of("\ud83da\ude00😀\ud83d"));

    [Fact]
    public void A_letter_carries_at_most_eight_marks_on_every_platform()
    {
        Assert.Equal("z" + new string('\u0335', 8) + "a", CleanText.Of("z" + new string('\u0335', 500) + "a"));
        Assert.Equal("z" + new string('\u0335', 8) + "a", CleanText.Line(" z" + new string('\u0335', 9) + "a "));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(" a ", "a")]
    [InlineData("a\r\n\t b\u00A0c", "a b c")]
    [InlineData("a b", "a b")]
    public void A_line_has_single_blanks(string text, string expected) => Assert.Equal(expected, CleanText.Line(text));
}
