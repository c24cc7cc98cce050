using Notifier.Messages;

namespace Notifier.Tests.Messages;

/// <summary>What is made again and again of the same is made once, as long as it is remembered.</summary>
public sealed class LastMadeTests
{
    private readonly List<string> _made = [];

    [Fact]
    public void Of_more_than_it_keeps_the_oldest_is_made_anew()
    {
        var made = new LastMade<string, string>(2, Make);
        foreach (var key in new[] { "a", "b", "a", "b", "c", "b", "c", "a" })
            Assert.Equal(key + "!", made.Of(key));
        Assert.Equal(["a", "b", "c", "a"], _made);
    }

    [Fact]
    public void What_could_not_be_made_is_tried_again()
    {
        var fails = true;
        var made = new LastMade<string, string>(2, key => fails ? throw new InvalidOperationException("A bug.") : Make(key));
        Assert.Throws<InvalidOperationException>(() => made.Of("a"));
        fails = false;
        Assert.Equal("a!", made.Of("a"));
    }

    [Fact]
    public void Entries_are_the_same_when_every_word_is()
    {
        var entry = new EntryContent { Feed = "f", Title = "t", Content = "c", Categories = ["x", "y"], AlsoIn = ["g"] };
        Assert.Equal(entry, entry with { Categories = ["x", "y"], AlsoIn = ["g"] });
        Assert.Equal(entry.GetHashCode(), (entry with { Categories = ["x", "y"], AlsoIn = ["g"] }).GetHashCode());
        EntryContent[] others =
        [
            entry with { Feed = "F" }, entry with { Site = "w" }, entry with { Icon = "i" }, entry with { Comments = "c" }, entry with { Audio = "a" }, entry with { Title = null }, entry with { Link = "l" }, entry with { Summary = "s" }, entry with { Content = "d" }, entry with { Base = "b" },
            entry with { Author = "a" }, entry with { Published = DateTimeOffset.UnixEpoch }, entry with { Categories = ["y", "x"] }, entry with { Image = "i" }, entry with { AlsoIn = [] },
        ];
        Assert.All(others, other => Assert.NotEqual(entry, other));
        Assert.Equal(typeof(EntryContent).GetProperties().Length, others.Length);
    }

    private string Make(string key)
    {
        _made.Add(key);
        return key + "!";
    }
}
