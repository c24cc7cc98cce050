using System.Text.RegularExpressions;
using Notifier.Tests.Feeds;

namespace Notifier.Tests.House;

/// <summary>
/// Nothing but the writer begins a transaction that may write. One that began by reading and goes on to write can be refused for good
/// (SQLITE_BUSY_SNAPSHOT), and the driver would wait for it in vain as long as for a lock.
/// </summary>
public sealed partial class OneWriterTests
{
    [Fact]
    public void J08_Only_the_writer_begins_transactions_and_begins_them_for_writing()
    {
        var found = new[] { "core", "bot" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Begins().Matches(File.ReadAllText(file)).Select(begin => (File: Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), begin.Value)))
            .ToList();

        // The start tries whether it may write, and takes it back.
        Assert.Equal([("core/Model/Storage.cs", "\"BEGIN IMMEDIATE\""), ("core/Model/Writer.cs", "\"BEGIN IMMEDIATE\"")], found.Order());
    }

    [Theory]
    [InlineData("db.Database.BeginTransaction()")]
    [InlineData("await db.Database.BeginTransactionAsync(ct)")]
    [InlineData("connection.BeginTransaction(deferred: true)")]
    [InlineData("connection.Execute(\"BEGIN\")")]
    [InlineData("Execute(\"begin exclusive; DELETE FROM Chats\")")]
    [InlineData("new TransactionScope()")]
    public void J08_What_begins_one_is_seen(string code) => Assert.Matches(Begins(), code);

    [GeneratedRegex("""BeginTransaction|TransactionScope|"\s*(BEGIN|begin)\b[^"]*"?""")]
    private static partial Regex Begins();
}
