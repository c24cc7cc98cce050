using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Notifier.Bot.Discord.Messages;
using Notifier.Messages;
using Notifier.Messages.Html;
using Notifier.Tests.Messages;

namespace Notifier.Tests.Discord;

public sealed partial class DiscordMarkdownTests
{
    [Theory]
    [MemberData(nameof(MappingTable.Discord), MemberType = typeof(MappingTable))]
    public void Feed_HTML_becomes_this_markdown(string what, string html, string expected)
    {
        var markdown = MappingTable.Shown(DiscordMarkdown.Write(HtmlReader.Read(html, MappingTable.Base)));

        Assert.True(markdown == expected, $"{what}:\n{markdown}\n{expected}");
    }

    [Theory]
    [InlineData("https://e.org/a_b *x*", @"https:/⟨ZWSP⟩/e.org/a\_b \*x\*")]
    [InlineData("[bank](http://evil.example) @here", @"\[bank\](http:/⟨ZWSP⟩/evil.example) @⟨ZWSP⟩here")]
    public void A_title_has_no_links_of_its_own(string title, string expected) =>
        Assert.Equal(expected, MappingTable.Shown(DiscordMarkdown.Title(title)));

    [Fact]
    public void A_table_that_is_too_wide_for_a_phone_is_written_row_by_row()
    {
        var wide = new string('w', 58);

        var markdown = DiscordMarkdown.Write(HtmlReader.Read($"<table><tr><td>{wide}</td><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>", null));

        Assert.Equal($"{wide} \\| a\nb \\| c", markdown);
    }

    [Fact]
    public void Text_read_as_markdown_is_that_text()
    {
        HtmlSoup.Text.Sample(
            text =>
            {
                var read = Read(DiscordMarkdown.Literal(text));

                Assert.Equal(CleanText.Of(text).Replace("\u200B", "", StringComparison.Ordinal).Replace('\t', ' '), read);
            },
            iter: 2000);
    }

    /// <summary>Undoes escapes and unwraps addresses; any other character that means something to Discord is an error.</summary>
    static string Read(string markdown)
    {
        var text = new StringBuilder();
        for (var i = 0; i < markdown.Length; i++)
        {
            var rest = markdown.AsSpan(i);
            if (markdown[i] == '\\')
            {
                Assert.False(char.IsLetterOrDigit(markdown[i + 1]) || char.IsWhiteSpace(markdown[i + 1]), $"nothing is escaped at {i}: {markdown}");
                text.Append(markdown[++i]);
            }
            else if (rest.StartsWith("<http", StringComparison.OrdinalIgnoreCase))
            {
                var end = rest.IndexOf('>');
                text.Append(rest[1..end]);
                i += end;
            }
            else
            {
                Assert.DoesNotContain(markdown[i], "*_~`|[]<");
                var isLineStart = i == 0 || markdown[..i].TrimEnd(' ') is [] or [.., '\n'];
                Assert.False(isLineStart && BlockSign().IsMatch(markdown, i), $"a block begins at {i}: {markdown}");
                if (markdown[i] != '\u200B')
                    text.Append(markdown[i]);
            }
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\G(#{1,3} |-# |[-+] |>>> |> |\d+\. )")]
    private static partial Regex BlockSign();

    [Fact]
    public void What_is_no_web_address_is_never_a_link()
    {
        Block[] blocks = [new Block.Paragraph([new Span.Link(new Uri("tg://user?id=1"), [new Span.Text("x")]), new Span.Link(new Uri("https://u:p@e.org/"), [new Span.Text("y")])])];

        Assert.Equal("x[y](<https://e.org/>)", DiscordMarkdown.Write(blocks));
    }
}
