using Notifier.Messages;
using Notifier.Texts;

namespace Notifier.Tests.Messages;

public sealed class ListMessagesTests
{
    static readonly Catalogue Texts = Catalogue.Load("en");

    readonly ListMessages _lists = new(new EntryFormatter(Texts), Texts);

    [Fact]
    public void Entries_are_a_list_under_the_feeds_name()
    {
        var message = _lists.Of("News", [new("One", "https://e.org/1"), new(null, "https://e.org/2"), new("Three", null, ["Other", "Third"])]);

        Assert.Equal("News", message.ListOf);
        Assert.Equal(
            ["3 new entries in News", "", "• One (https://e.org/1)", "• https://e.org/2", "• Three (also in Other, Third)"],
            PlainWriter.Write(message, 80));
    }

    [Fact]
    public void One_entry_is_one() => Assert.Equal("1 new entry in News", PlainWriter.Write(_lists.Of("News", [new("One", null)]), 80)[0]);
}
