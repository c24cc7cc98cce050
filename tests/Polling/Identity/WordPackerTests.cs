using CsCheck;
using Notifier.Polling.Identity;

namespace Notifier.Tests.Polling.Identity;

public sealed class WordPackerTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \t\n\u00A0\u2003", "")]
    [InlineData("The ferry sails at noon, and again at five.", "Theferrysailsatnoon,andagainatfive.")]
    [InlineData("<p>Seven words <b>in</b> a row</p>", "Sevenwordsinarow")]
    [InlineData("1 < 2 and 3 <4", "1<2and3<4")]
    [InlineData("cut <a href=\"", "cut")]
    [InlineData("Fähre läuft aus — 港", "Fähreläuftaus—港")]
    public void Markup_and_white_space_are_left_out(string html, string words) => Assert.Equal(words, Pack(html));

    [Fact]
    public void Whatever_the_text_it_is_what_a_look_at_each_character_gives() =>
        Gen.Char["abcdefgh      <<>>/!&;~\u007F\u0001\n\u00A0\u2003äЖ"].Array[0, 80].Sample(text => Assert.Equal(OneByOne(new string(text)), Pack(new string(text))));

    private static string Pack(string html) => WordPacker.Pack(html, new char[html.Length + WordPacker.Room]).ToString();

    private static string OneByOne(string html)
    {
        var words = new System.Text.StringBuilder();
        for (var i = 0; i < html.Length; i++)
        {
            if (html[i] == '<' && i + 1 < html.Length && (char.IsAsciiLetter(html[i + 1]) || html[i + 1] is '/' or '!'))
            {
                var close = html.IndexOf('>', i);
                if (close < 0)
                    break;
                i = close;
            }
            else if (!char.IsWhiteSpace(html[i]))
            {
                words.Append(html[i]);
            }
        }

        return words.ToString();
    }
}
