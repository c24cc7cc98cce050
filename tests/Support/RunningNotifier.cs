using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Notifier.Tests.Support;

/// <summary>One program and one web for all tests of a class: the guard is open for loopback, and nothing is polled by itself.</summary>
public sealed class RunningNotifier : IAsyncLifetime
{
    private readonly TempFolder _data = new();

    internal NotifierProcess Notifier { get; private set; } = null!;

    internal FeedServer Web { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Web = await FeedServer.StartAsync(TestContext.Current.CancellationToken);
        Notifier = NotifierProcess.Serve(_data.Path, "--Notifier:Polling:AllowPrivateNetworks=true", "--Notifier:Polling:Schedule=0 * * * *");
        await Notifier.ReadyAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Notifier.DisposeAsync();
        await Web.DisposeAsync();
        _data.Dispose();
    }

    internal static string OneLine(string said) => Regex.Replace(said.Trim(), @"\s*\n\s*", " ");

    internal async Task<string> AskAsync(string line, CancellationToken ct) => (await Notifier.AskAsync(line, ct)).Trim('\n');

    /// <summary>Expects this answer, and no more; its line breaks aside where it is expected in one line.</summary>
    internal async Task SaysAsync(string line, string answer, CancellationToken ct)
    {
        var said = await AskAsync(line, ct);
        Assert.Equal(answer, answer.Contains('\n', StringComparison.Ordinal) ? said : OneLine(said));
    }

    internal async Task SaysAsync(string line, Regex answer, CancellationToken ct) => Assert.Matches(answer, OneLine(await AskAsync(line, ct)));

    internal async Task<int> NumberOfAsync(string title, CancellationToken ct)
    {
        var listed = Regex.Match(await AskAsync("/list", ct), $@"(\d+)\. {Regex.Escape(title)} ");
        Assert.True(listed.Success, $"“{title}” is not listed.");
        return int.Parse(listed.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Lets the last poll of a feed be an hour ago.</summary>
    internal async Task AgeAsync(string title, CancellationToken ct)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _data.File("notifier.db"), Pooling = false }.ToString());
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE Feeds SET LastPoll=LastPoll-$hour WHERE Title=$title";
        command.Parameters.AddWithValue("$hour", TimeSpan.FromHours(1).Ticks);
        command.Parameters.AddWithValue("$title", title);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(ct));
    }
}
