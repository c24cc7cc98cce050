using Notifier.Polling;

namespace Notifier.Tests.Polling;

/// <summary>Which edits readers should see.</summary>
public sealed class MaterialEditTests
{
    private const string Long = "The council has decided that the bridge over the river will be closed from Monday on since the inspection found cracks in two of its pillars.";

    [Theory]
    [InlineData("A storm is coming", "A storm is over", true)]
    [InlineData("A storm is coming", "A  storm is\u00a0coming ", false)]
    [InlineData("A storm", "a storm", true)]
    [InlineData(null, "A storm", true)]
    [InlineData(null, "", false)]
    [InlineData("東京で地震", "東京で 地震", false)]
    public void A_title_differs_by_anything_but_white_space(string? before, string? after, bool isMaterial) =>
        Assert.Equal(isMaterial, MaterialEdit.Is((before, Long), (after, Long)));

    [Theory]
    [InlineData(Long, Long, false)]
    [InlineData(Long, "<p>The council has <b>decided</b> that the bridge over the river</p><div>will be closed from Monday on since the inspection found cracks in two of its pillars.</div>", false)]
    [InlineData(Long, "the council has decided – that the bridge, over the river, will be CLOSED from Monday on, since the inspection found cracks in two of its pillars!", false)]
    [InlineData(Long + " 17 comments", Long + " 204 comments", false)]
    [InlineData(Long + " Updated 24 November 12:04", Long + " Updated 24 November 13:17", false)]
    [InlineData(Long, Long + " Read more", false)]
    [InlineData(Long, Long + " The mayor asks everybody to take the ferry, which goes each hour.", true)]
    [InlineData(Long, "The council has decided nothing.", true)]
    [InlineData("Five people were hurt.", "Seven people were hurt.", true)]
    [InlineData("17 points", "18 points", true)]
    [InlineData(null, Long, true)]
    [InlineData(Long, null, true)]
    [InlineData(null, "<img src='a.png'>", false)]
    [InlineData("大阪で大きな地震があり、電車が止まっています。", "大阪で大きな地震があり、電車は止まっています。", false)]
    [InlineData("大阪で大きな地震があり、電車が止まっています。", "東京で小さな火事があり、道路は閉じています。", true)]
    public void A_text_differs_by_more_than_a_tenth_of_its_words(string? before, string? after, bool isMaterial)
    {
        Assert.Equal(isMaterial, MaterialEdit.Is(("Bridge", before), ("Bridge", after)));
        Assert.Equal(isMaterial, MaterialEdit.Is(("Bridge", after), ("Bridge", before)));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void A_tenth_is_not_more_than_a_tenth(int differing, bool isMaterial)
    {
        string Text(Func<int, string> word) => string.Join(' ', Enumerable.Range(0, 10).Select(word));
        Assert.Equal(isMaterial, MaterialEdit.Is((null, Text(n => $"w{n}")), (null, Text(n => n < differing ? $"x{n}" : $"w{n}"))));
    }

    [Fact]
    public void Paragraphs_that_change_places_are_no_other_words() =>
        Assert.False(MaterialEdit.Is((null, "<p>one two three</p><p>four five six</p>"), (null, "<p>four five six</p><p>one two three</p>")));
}
