using Notifier.Tests.Support;
using Xunit.Sdk;

namespace Notifier.Tests.EndToEnd;

/// <summary>The judge of <see cref="RealFeedsStory"/> must not let anything pass.</summary>
public sealed class ToldStoryTests
{
    private static readonly PublishedFeed Feed = new("/f", "", "The feed", [], [], ["One", "Two", "Three"]);

    [Fact]
    public void All_in_order_leaves_nothing_missing() => Assert.Empty(Judge([Card("One"), List("Two", "Three")]).Missing);

    [Fact]
    public void What_was_not_told_is_missing() => Assert.Equal(["“Three” of “The feed”"], Judge([Card("One"), Card("Two")]).Missing);

    [Fact]
    public void A_skipped_entry_fails() => Assert.ThrowsAny<XunitException>(() => Judge([Card("One"), Card("Three")]));

    [Fact]
    public void An_entry_out_of_order_fails() => Assert.ThrowsAny<XunitException>(() => Judge([List("Two", "One")]));

    [Fact]
    public void An_entry_that_nobody_published_fails() => Assert.ThrowsAny<XunitException>(() => Judge([List("One", "Four")]));

    [Fact]
    public void A_repeat_fails_unless_a_kill_left_it_in_doubt()
    {
        Assert.ThrowsAny<XunitException>(() => Judge([Card("One"), Card("One")]));
        Assert.ThrowsAny<XunitException>(() => Judge([Card("One"), Card("One")], new Doubt("The feed", ["Two"])));
        Assert.ThrowsAny<XunitException>(() => Judge([Card("One"), Card("One"), Card("One")], new Doubt("The feed", ["One"])));

        Assert.Equal(1, Judge([Card("One"), Card("One"), Card("Two")], new Doubt("The feed", ["One"])).Repeats);
    }

    [Fact]
    public void A_repeat_long_after_fails() =>
        Assert.ThrowsAny<XunitException>(() => Judge([Card("One"), Card("Two"), Card("One")], new Doubt("The feed", ["One"])));

    [Fact]
    public void A_list_that_a_kill_cut_off_comes_whole_once_more()
    {
        ToldMessage cutOff = List("One", "Tw") with { IsLast = true };

        Assert.Empty(Judge([cutOff, List("One", "Two", "Three")], new Doubt("The feed", ["One", "Two", "Three"])).Missing);
        Assert.ThrowsAny<XunitException>(() => Judge([cutOff with { IsLast = false }, List("One", "Two", "Three")], new Doubt("The feed", ["One", "Two", "Three"])));
    }

    [Fact]
    public void Messages_are_read_off_the_terminal_however_they_are_wrapped()
    {
        const string output = """
            you> /list
            bot> One feed in this chat:

                 1. The feed (https://example.org/) · polled every hour
            bot> ┌ The feed
                 │ On
                 │ e
                 └ just now
            bot> 2 new entries in The feed

                 • Two (https://example.org/2)
                 • Thr
                   ee (https://example.org/3)
            you> 
            """;

        Assert.Empty(Judge([.. TerminalMessages.Of(output)]).Missing);
    }

    private static ToldStory Judge(IReadOnlyList<ToldMessage> told, params IReadOnlyList<Doubt> doubts) => new([Feed], told, doubts);

    private static ToldMessage Card(string title) => new(null, [TerminalMessages.Key($"The feed {title} https://example.org/")]);

    private static ToldMessage List(params IEnumerable<string> titles) => new(TerminalMessages.Key("3 new entries in The feed"), [.. titles.Select(TerminalMessages.Key)]);
}
