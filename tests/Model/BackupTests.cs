using System.Text;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Model;

public sealed class BackupTests : IDisposable
{
    private const string Secret = "a-password-that-nobody-may-see";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();
    private readonly Storage _storage;

    public BackupTests() => _storage = Storage.Open(_folder.File("notifier.db"));

    private string Copy => _folder.File("copies/backup.db");

    public void Dispose()
    {
        _storage.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task J11_It_is_whole_and_consistent_while_others_write()
    {
        Directory.CreateDirectory(_folder.File("copies"));
        // Each transaction adds two chats: a copy with one of them would be torn.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var started = new TaskCompletionSource();
        var writing = Task.Run(
            async () =>
            {
                for (var n = 0; !stop.IsCancellationRequested; n += 2)
                {
                    await _storage.Writer.RunAsync(db => (db.FindOrAddChat(new ChatAddress("fake", $"{n}"), DateTimeOffset.UnixEpoch), db.FindOrAddChat(new ChatAddress("fake", $"{n + 1}"), DateTimeOffset.UnixEpoch)), Token);
                    started.TrySetResult();
                }
            },
            Token);
        await started.Task;
        using (var beside = Storage.OpenReadOnly(_storage.Path))
        {
            for (var n = 0; n < 5; n++)
            {
                var report = Backup.Write(beside, $"{Copy}{n}", withCredentials: false, Token);
                Assert.Equal(new FileInfo($"{Copy}{n}").Length, report.Bytes);
            }
        }

        await stop.CancelAsync();
        await writing;
        for (var n = 0; n < 5; n++)
        {
            using var copy = Storage.OpenReadOnly($"{Copy}{n}");
            await using var db = copy.Read();
            var chats = db.Chats.Count();
            Assert.True(chats > 0 && chats % 2 == 0, $"{chats} chats");
        }
    }

    /// <summary>Why the papers forbid it: what is committed stands in the log first, and a copy of the file alone has nothing of it.</summary>
    [Fact]
    public async Task J12_A_plain_copy_of_the_live_file_lacks_what_is_in_its_log()
    {
        Directory.CreateDirectory(_folder.File("copies"));
        await _storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", "a"), DateTimeOffset.UnixEpoch), Token);
        File.Copy(_storage.Path, Copy);
        Backup.Write(_storage, Copy + "2", withCredentials: false, Token);

        Assert.Equal((false, true), (Holds(Copy), Holds(Copy + "2")));

        // Copied with its log, but not in one instant, it may be worse: pages of two times.
        static bool Holds(string file)
        {
            using var copy = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
            copy.Open();
            return copy.Scalar<long>("SELECT COUNT(*) FROM sqlite_master WHERE name='Chats'") > 0 && copy.Scalar<long>("SELECT COUNT(*) FROM Chats") > 0;
        }
    }

    [Fact]
    public async Task Credentials_stay_out_unless_asked_for_and_leave_no_trace()
    {
        await GiveCredentialAsync();
        Directory.CreateDirectory(_folder.File("copies"));
        using var beside = Storage.OpenReadOnly(_storage.Path);

        var report = Backup.Write(beside, Copy, withCredentials: false, Token);
        Assert.Equal((Copy, 1), (report.File, report.CredentialsLeftOut));
        Assert.DoesNotContain(Secret, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Copy, Token)), StringComparison.Ordinal);
        using (var copy = Storage.OpenReadOnly(Copy))
        await using (var db = copy.Read())
            Assert.Empty(db.FeedCredentials);

        Assert.Equal(0, Backup.Write(beside, Copy + "2", withCredentials: true, Token).CredentialsLeftOut);
        using (var copy = Storage.OpenReadOnly(Copy + "2"))
        await using (var db = copy.Read())
            Assert.Equal(Secret, db.FeedCredentials.Single().Secret);
        await using (var db = beside.Read())
            Assert.Equal(Secret, db.FeedCredentials.Single().Secret);
    }

    [Fact]
    public void Only_its_owner_may_read_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such rights.");
        Directory.CreateDirectory(_folder.File("copies"));
        Backup.Write(_storage, Copy, withCredentials: false, Token);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Copy));
    }

    [Fact]
    public void What_is_there_stays()
    {
        _folder.Write("copies/backup.db", "Something else.");
        Assert.Throws<IOException>(() => Backup.Write(_storage, Copy, withCredentials: false, Token));
        Assert.Equal("Something else.", File.ReadAllText(Copy));
        Assert.Equal([Copy], Directory.EnumerateFiles(_folder.File("copies")));
    }

    [Fact]
    public void J11_A_failure_leaves_nothing()
    {
        Assert.ThrowsAny<IOException>(() => Backup.Write(_storage, Copy, withCredentials: false, Token));
        Assert.False(Directory.Exists(_folder.File("copies")));

        Directory.CreateDirectory(_folder.File("copies"));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => Backup.Write(_storage, Copy, withCredentials: false, cancelled.Token));
        Assert.Empty(Directory.EnumerateFiles(_folder.File("copies")));
    }

    private Task GiveCredentialAsync() => _storage.Writer.RunAsync(
        db => { db.FeedCredentials.Add(new FeedCredential { Key = "1", Origin = "https://example.org", ChatId = 1, User = "ann", Secret = Secret }); },
        Token);
}
