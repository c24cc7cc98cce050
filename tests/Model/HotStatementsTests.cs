using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Notifier.Bot.Web;
using Notifier.Deliveries;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Tests.Support;

namespace Notifier.Tests.Model;

/// <summary>What is asked again and again, however little there is to do, is answered by indexes: it costs the same with a million feeds as with ten.</summary>
public sealed class HotStatementsTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder _folder = new();

    private static readonly Dictionary<string, Action<SqliteConnection, NotifierDb>> All = new(StringComparer.Ordinal)
    {
        ["the next poll"] = (connection, _) => PollStore.NextDue(connection, PartitionRange.All),
        ["claiming what is due"] = (connection, _) => PollStore.ClaimDue(connection, Now, Now.AddMinutes(5), PartitionRange.All, 1000),
        ["claiming one feed"] = (connection, _) => PollStore.Claim(connection, 1, Now.AddMinutes(5)),
        ["a feed's memory"] = (connection, _) => PollStore.Memory(new Statements(connection), 1),
        ["who wants an entry"] = (connection, _) => new Matching(new Statements(connection), null).Wishes(1, Now),
        ["the chats to serve"] = (connection, _) => DeliveryStore.Due(new Statements(connection), "fake", Now, 100),
        ["a chat's turn"] = (connection, _) => DeliveryStore.TurnOf(new Statements(connection), "fake", 1, Now),
        ["a chat's oldest delivery"] = (connection, _) => DeliveryStore.Head(new Statements(connection), new ChatTurn(1, 1, new ChatAddress("fake", "a"), "en"), Now),
        ["the next delivery"] = (connection, _) => DeliveryStore.NextDue(new Statements(connection), "fake", Now),
        ["how late it is"] = (_, db) => Lag.ReadAsync(db, ["fake"], Now, CancellationToken.None).GetAwaiter().GetResult(),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_hot_statement_walks_through_no_table(string name)
    {
        using var storage = Storage.Open(_folder.File("notifier.db"));
        await storage.Writer.RunAsync(db => db.Connection().Execute("ANALYZE"), TestContext.Current.CancellationToken);
        await using var connection = new SqliteConnection($"Data Source={storage.Path};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var context = new NotifierDb(new DbContextOptionsBuilder<NotifierDb>().UseSqlite(connection).Options);
        var said = new List<string>();
        SQLitePCL.raw.sqlite3_trace(connection.Handle, (_, statement) => said.Add(statement), null);
        All[name](connection, context);
        SQLitePCL.raw.sqlite3_trace(connection.Handle, (SQLitePCL.strdelegate_trace?)null, null);

        var asked = said.FindAll(sql => !sql.StartsWith("PRAGMA", StringComparison.Ordinal));
        Assert.NotEmpty(asked);
        foreach (var sql in asked)
        {
            var plan = connection.Query($"EXPLAIN QUERY PLAN {sql}", row => row.GetString(3));
            TestContext.Current.TestOutputHelper?.WriteLine($"{sql}\n  {string.Join("\n  ", plan)}");
            Assert.DoesNotContain(plan, step => IsWalk(connection, step, plan));
        }
    }

    /// <summary>Whether a step reads all of a table, or of an index in which every row of its table stands.</summary>
    private static bool IsWalk(SqliteConnection connection, string step, List<string> plan)
    {
        if (step.Split(' ') is not ["SCAN", var what, .. var how] || step == "SCAN CONSTANT ROW" || plan.Contains($"CO-ROUTINE {what}") || plan.Contains($"MATERIALIZE {what}"))
            return false;
        return Array.IndexOf(how, "INDEX") is not (>= 0 and var at)
            || connection.Scalar<long>("SELECT COUNT(*) FROM sqlite_master WHERE type='index' AND name=$name AND sql LIKE '% WHERE %'", ("$name", how[at + 1])) == 0;
    }
}
