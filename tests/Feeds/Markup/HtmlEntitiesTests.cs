using System.Collections;
using System.Reflection;
using AngleSharp.Html;
using Notifier.Feeds.Markup;

namespace Notifier.Tests.Feeds.Markup;

/// <summary>All 2,231 names of https://html.spec.whatwg.org/#named-character-references.</summary>
public sealed class HtmlEntitiesTests
{
    [Fact]
    public void Every_name_of_HTML_is_read_and_there_are_2231()
    {
        var names = Names();
        Assert.Equal(2231, names.Count);
        Assert.Equal(106, names.Keys.Count(name => !name.EndsWith(';')));
        foreach (var (name, symbol) in names)
        {
            Assert.Equal((name, symbol, name.Length + 1), (name, HtmlEntities.Read($"&{name}", bare: true, out var length), length));
            if (!name.EndsWith(';'))
            {
                HtmlEntities.Read($"&{name} ", bare: false, out length);
                Assert.Equal((name, 0), (name, length));
            }
            else if (name is not ("lang;" or "rang;"))
            {
                Assert.Equal((name, symbol), (name, HtmlEntities.Read($"&{name}", bare: false, out _)));
            }
        }
    }

    [Theory]
    [InlineData("&hellip;", "…", 8)]
    [InlineData("&NotEqualTilde;", "\u2242\u0338", 15)]
    [InlineData("&CounterClockwiseContourIntegral;", "∳", 33)]
    [InlineData("&notit;", "¬", 4)]
    [InlineData("&AMPx", "&", 4)]
    [InlineData("&#8230;", "…", 7)]
    [InlineData("&#x2026", "…", 7)]
    [InlineData("&#150;", "–", 6)]
    [InlineData("&#195;&#169;", "é", 12)]
    [InlineData("&#xE2;&#x80;&#xA6;x", "…", 18)]
    [InlineData("&#195;&#195;", "Ã", 6)]
    [InlineData("&#195;é", "Ã", 6)]
    [InlineData("&nosuch;", "", 0)]
    [InlineData("&;", "", 0)]
    [InlineData("&#;", "", 0)]
    [InlineData("&", "", 0)]
    public void A_reference_is_read_as_far_as_it_goes(string text, string symbol, int length)
    {
        Assert.Equal(symbol, HtmlEntities.Read(text, bare: true, out var taken));
        Assert.Equal(length, taken);
    }

    /// <summary>The table of the package, which shows it to nobody.</summary>
    private static Dictionary<string, string> Names()
    {
        var field = typeof(HtmlEntityProvider).GetField("_entities", BindingFlags.Instance | BindingFlags.NonPublic);
        Assert.NotNull(field);
        var byLetter = Assert.IsType<IDictionary>(field.GetValue(HtmlEntityProvider.Resolver), exactMatch: false);
        return byLetter.Values.Cast<IDictionary>().SelectMany(names => names.Keys.Cast<object>().Select(name => (Name: name.ToString()!, Symbol: (string)names[name]!))).ToDictionary(entry => entry.Name, entry => entry.Symbol, StringComparer.Ordinal);
    }
}
