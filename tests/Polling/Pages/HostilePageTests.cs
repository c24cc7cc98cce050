using System.Text;
using Notifier.Feeds.Fetching;
using Notifier.Polling.Pages;

namespace Notifier.Tests.Polling.Pages;

/// <summary>
/// Pages made to keep the reader busy: each is refused by a count or costs little. What it costs is told by what is allocated, which is the same on every machine
/// and grows as the time does: half a second on a slow machine makes some 300 MB. What compares without allocating is told by the clock, ten times as generous.
/// </summary>
public sealed class HostilePageTests
{
    private const long Most = 300 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private const string Sentence = "The council has decided, after a long debate, that the bridge over the river will be closed from Monday on, since cracks were found. ";

    private static readonly Dictionary<string, string> Pages = new(StringComparer.Ordinal)
    {
        ["20,000 nested"] = Repeat("<div>", 20_000) + Sentence,
        ["nested as deep as may be"] = Repeat("<div>", 95) + Repeat($"<p>{Sentence}{Sentence}</p>", 220),
        ["nested and bushy"] = Repeat(Repeat("<div>x, y", 20) + Repeat("</div>", 20), 140),
        ["one text, deep"] = Repeat("<div>", 95) + Repeat(Sentence, 450),
        ["50,000 siblings"] = Repeat("<div>ab, c</div>", 50_000),
        ["as many siblings as may be"] = Repeat("<div>ab, c</div>", 2_200),
        ["20,000 line breaks"] = Repeat("a<br>", 20_000),
        ["1,100 line breaks"] = Repeat("a<br><br>", 700),
        ["a table of 20,000 cells"] = "<table><tr>" + Repeat("<td>ab, cd</td>", 20_000) + "</table>",
        ["a table of 2,000 cells"] = "<table><tr>" + Repeat("<td>ab, cd</td>", 2_000) + "</table>",
        ["tables in tables"] = Repeat(Repeat("<table><tr><td>x, y", 25) + Repeat("</table>", 25), 30),
        ["lists of links"] = Repeat("<ul>" + Repeat("<li><a href=x>abc, d</a></li>", 20) + "</ul>", 72),
        ["links"] = Repeat("<a href='/x'>link text, here</a>", 2_200),
        ["forms"] = Repeat("<section>" + Repeat("<form>a, b, c</form>", 70) + "</section>", 40),
        ["as many forms as may be"] = Repeat("<section>" + Repeat("<div><form><a href=x>a, b, c</a></form></div>", 25) + "</section>", 16),
        ["formatting left open"] = string.Concat(Enumerable.Range(0, 90).Select(n => $"<b class=c{n}>")) + Repeat("<p>x, y</p>", 2_000),
        ["formatting opened again"] = string.Concat(Enumerable.Range(0, 2_900).Select(n => $"<p><b class=c{n}>x")),
        ["what a table throws out"] = Repeat("<table>" + Repeat("<i>a, b</i>", 40) + "</table>", 70),
        ["rows without a table"] = Repeat("<tr>" + Repeat("<i>a, b</i> ", 50) + "</tr>", 58),
        ["tags in a value that is none"] = "<div =\"" + Repeat("<p>", 50_000) + "\">" + Sentence,
        ["a value of 1 MB"] = $"<div class=\"{Repeat("comment ", 130_000)}\"><p>{Sentence}</p></div>",
        ["many long values"] = Repeat($"<img data-src=\"{new string('a', 1_000)}.jpg\">", 1_500),
        ["10,000 attributes"] = "<div " + string.Concat(Enumerable.Range(0, 10_000).Select(n => $"a{n}=1 ")) + ">" + Sentence,
        ["descriptions"] = Repeat($"<meta property=\"og:title\" content=\"{Repeat("x ", 500)}\">", 1_900),
        ["scripts never closed"] = Repeat("<script>\"", 100_000),
        ["quotes never closed"] = Repeat("<a href=\"x' b='\">", 60_000) + "<a href=\"",
        ["commas"] = "<p>" + new string(',', 500_000),
        ["blanks"] = "<p>" + new string(' ', 500_000) + "x",
        ["2 MB of text"] = "<p>" + Repeat(Sentence, 15_000),
        ["a long title and headings"] = $"<title>{Repeat("a ", 120_000)}</title>{Repeat($"<h2>{Repeat("b ", 12_000)}</h2>", 10)}" + Repeat($"<p>{Sentence}</p>", 20),
        ["a long title in a description"] = $"<meta property=\"og:title\" content=\"{Repeat("a ", 500)}\">{Repeat($"<h1>{Repeat("b ", 100)}</h1>", 1_200)}" + Repeat($"<p>{Sentence}</p>", 20),
        ["headings in headings"] = $"<title>{Repeat("a ", 150)}</title>{Repeat("<h2><div>", 40)}{Repeat("b ", 60_000)}{Repeat("</div></h2>", 40)}" + Repeat($"<p>{Sentence}</p>", 20),
        ["a title of 500 kB"] = $"<title>{Repeat("a | b: ", 70_000)}</title>" + Repeat($"<p>{Sentence}</p>", 20),
    };

    public static TheoryData<string> Names => [.. Pages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_costs_little_or_is_refused(string name)
    {
        var page = new FetchResult.Fetched(Encoding.UTF8.GetBytes("<html><body>" + Pages[name]), 0, new Uri("http://a.test/one"), "text/html", null, null, null, null);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var started = TimeProvider.System.GetTimestamp();
        ArticleReader.Read(page, out _);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Most);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, Longest);
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
