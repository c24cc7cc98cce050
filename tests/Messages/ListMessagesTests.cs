using Notifier.Texts;
using CsCheck;
using Notifier.Messages;

namespace Notifier.Tests.Messages;

public sealed class ListMessagesTests
{
    readonly ListMessages _lists = new(Catalogue.Load("en"));

    [Fact]
    public void A_few_entries_are_one_list()
    {
        var messages = _lists.Of("News", [new("One", "https://e.org/1"), new(null, "https://e.org/2"), new("Three", null)]);

        var message = Assert.Single(messages);
        Assert.Equal(
            ["3 new entries in News", "", "• One (https://e.org/1)", "• https://e.org/2", "• Three"],
            PlainWriter.Write(message, 80));
    }

    [Fact]
    public void A_long_list_goes_on_in_further_messages()
    {
        var messages = _lists.Of("News", [.. Enumerable.Range(1, 7).Select(i => new ListedEntry("T" + i, null))], maxEntries: 3);

        Assert.Equal(["7 new entries in News (1/3)", "7 new entries in News (2/3)", "7 new entries in News (3/3)"], messages.Select(message => PlainWriter.Write(message, 80)[0]));
    }

    [Fact]
    public void One_entry_is_one() => Assert.Equal("1 new entry in News", PlainWriter.Write(_lists.Of("News", [new("One", null)])[0], 80)[0]);

    [Fact]
    public void No_entries_are_no_message() => Assert.Empty(_lists.Of("News", []));

    [Fact]
    public void Every_entry_is_named_exactly_once_and_no_message_is_too_long()
    {
        var entries = Gen.Int[1, 200].SelectMany(length => Gen.Bool.Select(linked => (length, linked))).List[0, 80];

        Gen.Select(entries, Gen.Int[1, 12], Gen.Int[400, 2000]).Sample((list, maxEntries, maxCharacters) =>
        {
            var listed = list.Select((entry, i) => new ListedEntry($"{i}:".PadRight(entry.length, 'x'), entry.linked ? $"https://e.org/{i}" : null)).ToList();

            var messages = _lists.Of("Feed", listed, maxEntries, maxCharacters);

            var items = messages.Select(message => message.Text.OfType<Block.List>().Single().Items).ToList();
            var lines = items.SelectMany(part => part).Select(item => Spans.Text(item.Blocks).Split(':')[0]);
            Assert.Equal(listed.Select((_, i) => $"{i}"), lines);
            Assert.All(items, part => Assert.InRange(part.Count, 1, maxEntries));
            Assert.All(messages, message => Assert.InRange(PlainWriter.Write(message, 100_000).Sum(line => line.Length + 1), 1, maxCharacters));
        });
    }
}
