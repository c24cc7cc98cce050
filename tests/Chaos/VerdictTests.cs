using Notifier.Tests.Support.Chaos;

namespace Notifier.Tests.Chaos;

/// <summary>The judge of the fault harness must not let anything pass.</summary>
public sealed class VerdictTests
{
    private static readonly Place Channel = new("#one", "discord", "1", MayRepeat: false, ["Alpha"]);
    private static readonly Place Private = new("Telegram, in private", "telegram", "2", MayRepeat: true, ["Alpha"]);

    [Fact]
    public void I01_All_of_it_once_and_in_order_is_well() => Assert.Empty(Broken(Channel, 4, [Of(1), Of(2, 3), Of(4)]));

    [Fact]
    public void I01_What_nobody_was_told_is_lost()
    {
        Assert.Equal(["lost: #one was never told Alpha0002"], Broken(Channel, 3, [Of(1), Of(3)]));
        Assert.Equal(["lost: #one was never told Alpha0003"], Broken(Channel, 3, [Of(1, 2)]));
        Assert.Equal(["lost: #one was never told Alpha0001 (never seen in a poll)"], Judge(Channel, 1, []).Broken((_, _) => "never seen in a poll"));
    }

    [Fact]
    public void H15_An_entry_that_comes_too_late_is_out_of_order()
    {
        Assert.Equal(["order: #one was told Alpha0002 too late, or again long after it"], Broken(Channel, 3, [Of(1), Of(3), Of(2)]));
        Assert.Equal(["order: #one was told Alpha0001 too late, or again long after it"], Broken(Channel, 2, [Of(2, 1)]));
    }

    [Fact]
    public void I01_What_nobody_published_is_invented() => Assert.Equal(["invented: #one was told Alpha0002, which was not published"], Broken(Channel, 1, [Of(1), Of(2)]));

    [Fact]
    public void I01_Where_messages_are_recognized_nothing_may_come_twice()
    {
        var doubt = new Doubtful("1", Entries(1), Recorded: 1, Kills: 1, Faults: 1);
        Assert.StartsWith("twice: #one was told Alpha0001 again: nothing may come twice there", Assert.Single(Broken(Channel, 1, [Of(1), Of(1)], doubt)), StringComparison.Ordinal);
    }

    [Fact]
    public void I01_Elsewhere_a_copy_needs_a_lost_answer_that_is_on_record()
    {
        Assert.Single(Broken(Private, 1, [Of(1), Of(1)]));
        Assert.Single(Broken(Private, 2, [Of(1), Of(1), Of(2)], new Doubtful("2", Entries(2), Recorded: 1, Kills: 1, Faults: 0)));
        Assert.Single(Broken(Private, 1, [Of(1), Of(1)], new Doubtful("3", Entries(1), Recorded: 1, Kills: 1, Faults: 0)));
        Assert.Single(Broken(Private, 1, [Of(1), Of(1)], new Doubtful("2", Entries(1), Recorded: 1, Kills: 0, Faults: 0)));
        Assert.Single(Broken(Private, 1, [Of(1), Of(1)], new Doubtful("2", Entries(1), Recorded: 0, Kills: 1, Faults: 0)));
        Assert.Single(Broken(Private, 1, [Of(1), Of(1), Of(1)], new Doubtful("2", Entries(1), Recorded: 1, Kills: 1, Faults: 0)));

        Assert.Empty(Broken(Private, 1, [Of(1), Of(1)], new Doubtful("2", Entries(1), Recorded: 1, Kills: 1, Faults: 0)));
        Assert.Empty(Broken(Private, 3, [Of(1, 2), Of(1, 2), Of(1, 2), Of(3)], new Doubtful("2", Entries(1, 2), Recorded: 2, Kills: 1, Faults: 1)));
    }

    [Fact]
    public void I01_Copies_are_told_apart_by_their_cause()
    {
        var verdict = Judge(Private, 2, [Of(1), Of(1), Of(1), Of(2), Of(2)], new Doubtful("2", Entries(1), Recorded: 2, Kills: 1, Faults: 1), new Doubtful("2", Entries(2), Recorded: 1, Kills: 1, Faults: 0));
        Assert.Equal((2, 1), verdict.Copies(_ => true));
    }

    [Fact]
    public void H15_A_copy_comes_right_after_its_message()
    {
        var doubt = new Doubtful("2", Entries(1), Recorded: 1, Kills: 1, Faults: 0);
        Assert.Equal(["order: Telegram, in private was told Alpha0001 too late, or again long after it"], Broken(Private, 2, [Of(1), Of(2), Of(1)], doubt));
        Assert.NotEmpty(Broken(Private, 2, [Of(1), Of(1, 2)], doubt));
    }

    [Fact]
    public void I01_A_message_that_a_kill_cut_off_is_the_same_when_it_comes_whole()
    {
        var doubt = new Doubtful("2", Entries(1, 2, 3), Recorded: 2, Kills: 2, Faults: 0);
        Assert.Empty(Broken(Private, 3, [Of(1, 2) with { IsCut = true }, Of(1) with { IsCut = true }, Of(1, 2, 3)], doubt));
        Assert.NotEmpty(Broken(Private, 3, [Of(1, 2), Of(1, 2, 3)], doubt));
    }

    [Fact]
    public void I01_More_than_a_copy_for_every_second_kill_is_too_many()
    {
        var copies = Enumerable.Range(1, 51).ToList();
        Doubtful[] doubts = [.. copies.Select(n => new Doubtful("2", Entries(n), Recorded: 1, Kills: 1, Faults: 0))];
        List<Telling> told = [.. copies.SelectMany(n => new[] { Of(n), Of(n) })];
        Assert.StartsWith("too many: 51 messages came twice through 100 kills", Assert.Single(Judge(Private, 51, told, 100, doubts).Broken()), StringComparison.Ordinal);
        Assert.Empty(Judge(Private, 51, told, 102, doubts).Broken());
    }

    [Fact]
    public void I01_A_message_is_about_the_entries_that_it_names_whole_and_each_of_them_once()
    {
        Assert.Equal(Entries(7, 8), EntryName.In("• Alpha0007 (https://example.org/Alpha0007)\n• alpha0008\n• Alpha00"));
        Assert.Empty(EntryName.In("Alpha before 3, 3 new entries in News of Alpha"));
    }

    [Fact]
    public void One_seed_decides_the_same_again_and_another_something_else()
    {
        Assert.Equal(Lives(1), Lives(1));
        Assert.NotEqual(Lives(1), Lives(2));

        static List<string> Lives(int seed)
        {
            var script = new Script(seed, feeds: 4);
            return [.. Enumerable.Range(0, 60).Select(_ => script.Next()).Select(life => $"{life.Death} {string.Join(' ', [.. life.Incidents, .. life.OnDiscord, .. life.InForums, .. life.OnTelegram])}")];
        }
    }

    private static IReadOnlyList<string> Broken(Place place, int published, IReadOnlyList<Telling> told, params IReadOnlyList<Doubtful> doubtful) => Judge(place, published, told, doubtful).Broken();

    private static Verdict Judge(Place place, int published, IReadOnlyList<Telling> told, params IReadOnlyList<Doubtful> doubtful) => Judge(place, published, told, 20, doubtful);

    private static Verdict Judge(Place place, int published, IReadOnlyList<Telling> told, int kills, IReadOnlyList<Doubtful> doubtful) =>
        Verdict.Of(new Dictionary<string, int> { ["Alpha"] = published }, [new Ledger(place, told)], doubtful, kills);

    private static Telling Of(params int[] numbers) => new(Entries(numbers));

    private static IReadOnlyList<EntryName> Entries(params int[] numbers) => [.. numbers.Select(number => new EntryName("Alpha", number))];
}
