using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Notifier.Model;
using Notifier.Tests.Support;

namespace Notifier.Tests.Machine;

/// <summary>
/// The power fails. What a process of ours wrote and flushed is recorded, and played back up to a random point: what was flushed is there; of the rest
/// each 512 bytes are, or are not. No commit that was promised may be missing in any of those worlds.
/// </summary>
public sealed class PowerCutTests : IDisposable
{
    private const int Sector = 512;

    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Database => _folder.File("recorded/notifier.db");

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 300_000)]
    public async Task J01_No_promised_commit_is_lost_and_nothing_is_damaged_by_a_power_cut()
    {
        var (cuts, damaged, lost) = await CutAsync(isFull: true, cuts: 300);
        Assert.Equal((300, 0, 0), (cuts, damaged, lost));
    }

    /// <summary>The control: without a flush for each commit the same method finds losses.</summary>
    [Fact(Timeout = 300_000)]
    public async Task J02_With_less_care_promised_commits_are_lost()
    {
        var (_, damaged, lost) = await CutAsync(isFull: false, cuts: 60);
        Assert.Equal(0, damaged);
        Assert.True(lost > 0, "Nothing was lost, so the test above shows nothing.");
    }

    /// <summary>A power cut right after a copy got its name finds it whole.</summary>
    [Fact]
    public async Task J11_A_copy_is_on_disk_before_it_has_its_name()
    {
        DiskRecord.Require();
        using (var storage = Storage.Open(Database))
            await storage.Writer.RunAsync(db => db.FindOrAddChat(new ChatAddress("fake", "a"), DateTimeOffset.UnixEpoch), Stop);
        var record = await DiskRecord.OfAsync(_folder.File("strace"), ["env", $"NOTIFIER_DATA={Path.GetDirectoryName(Database)}", "dotnet", NotifierProcess.Program, "backup", _folder.File("copy.db")], Stop);
        var named = record.Single(e => e is DiskEvent.Named && e.File.StartsWith(_folder.File("copy.db.unfinished"), StringComparison.Ordinal));
        Assert.IsType<DiskEvent.Flush>(record.TakeWhile(e => e != named).Last(e => e.File == named.File));
        Assert.True(File.Exists(_folder.File("copy.db")));
    }

    private async Task<(int Cuts, int Damaged, int Lost)> CutAsync(bool isFull, int cuts)
    {
        DiskRecord.Require();
        Storage.Open(Database).Dispose();
        var disk = new Disk();
        disk.Put(Database, await File.ReadAllBytesAsync(Database, Stop));
        var told = _folder.File("told");
        var record = await DiskRecord.OfAsync(_folder.File("strace"), [Environment.ProcessPath!, Commits.Verb, Database, told, isFull.ToString()], Stop);
        var (flushes, checkpoints) = (record.Count(e => e is DiskEvent.Flush && e.File == Database + "-wal"), record.Count(e => e is DiskEvent.Flush && e.File == Database));
        Assert.True(checkpoints > 0, "The log was never emptied.");

        var seed = (int)(TimeProvider.System.GetUtcNow().Ticks & int.MaxValue);
        var random = new Random(seed);
        var first = record.Select((e, i) => (e, i)).First(one => one.e.File == told).i;
        var points = new Queue<int>(Enumerable.Range(0, cuts).Select(_ => random.Next(first, record.Count)).Order());
        var (promised, damaged, lost, lossy) = (0, 0, 0, 0);
        for (var i = 0; i < record.Count && points.Count > 0; i++)
        {
            if (record[i] is DiskEvent.Write { Data: var number } && record[i].File == told)
                promised = int.Parse(Encoding.ASCII.GetString(number), CultureInfo.InvariantCulture);
            else if (record[i].File == Database || record[i].File == Database + "-wal")
                disk.Take(record[i]);
            for (; points.TryPeek(out var point) && point == i; points.Dequeue())
            {
                var kept = Kept(disk, random);
                damaged += kept is null ? 1 : 0;
                lost += Math.Max(0, promised - (kept ?? promised));
                lossy += kept < promised ? 1 : 0;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {Commits.Count} commits, {flushes} flushes of the log, {checkpoints} of the database; {cuts} cuts, {damaged} damaged, {lost} commits lost in {lossy}");
        return (cuts, damaged, lost);
    }

    /// <summary>How many commits a start after the cut finds, each of them whole and none missing between them; null for a damaged database.</summary>
    private int? Kept(Disk disk, Random random)
    {
        Directory.CreateDirectory(_folder.File("cut"));
        var file = _folder.File("cut/notifier.db");
        foreach (var end in (string[])["", "-wal", "-shm"])
            File.Delete(file + end);
        foreach (var (name, bytes) in disk.AfterCut(random))
            File.WriteAllBytes(file + name[Database.Length..], bytes);
        try
        {
            using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
            connection.Open();
            if (connection.Scalar<string>("PRAGMA integrity_check") != "ok")
                return null;
            var kept = connection.Scalar<int>("SELECT COUNT(*) FROM Chats");
            return connection.Scalar<int>("SELECT IFNULL(MAX(Id), 0) FROM Chats WHERE length(Title)=Id*37%3000") == kept ? kept : null;
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    /// <summary>Files with what is on disk for certain, and what was done to them since.</summary>
    private sealed class Disk
    {
        private readonly Dictionary<string, (byte[] Certain, List<DiskEvent> Since)> _files = new(StringComparer.Ordinal);

        public void Put(string file, byte[] bytes) => _files[file] = (bytes, []);

        public void Take(DiskEvent done)
        {
            if (done is DiskEvent.Gone)
            {
                _files.Remove(done.File);
                return;
            }

            if (!_files.ContainsKey(done.File))
                Put(done.File, []);
            var (certain, since) = _files[done.File];
            if (done is DiskEvent.Flush)
                Put(done.File, Apply(certain, since, () => true));
            else
                since.Add(done);
        }

        /// <summary>One of the worlds that a power cut now may leave.</summary>
        public IEnumerable<(string File, byte[] Bytes)> AfterCut(Random random)
        {
            foreach (var (file, (certain, since)) in _files)
            {
                // A share of what is not certain, wherever it is; or all up to some point, and nothing after it.
                var share = (ReadOnlySpan<double>)[0, 0.5, 0.9, 1];
                var kept = share[random.Next(share.Length)];
                var left = random.Next(3) == 0 ? random.Next(1 + (since.Count * 9)) : -1;
                yield return (file, Apply(certain, since, () => left >= 0 ? left-- > 0 : random.NextDouble() < kept));
            }
        }

        private static byte[] Apply(byte[] certain, List<DiskEvent> since, Func<bool> isKept)
        {
            var bytes = new MemoryStream();
            bytes.Write(certain);
            foreach (var done in since)
            {
                switch (done)
                {
                    case DiskEvent.Cut cut when isKept():
                        bytes.SetLength(cut.Length);
                        break;
                    case DiskEvent.Write write:
                        for (var from = 0; from < write.Data.Length;)
                        {
                            var to = (int)Math.Min(write.Data.Length, ((write.At + from) / Sector * Sector) + Sector - write.At);
                            if (isKept())
                            {
                                bytes.Position = write.At + from;
                                bytes.Write(write.Data.AsSpan(from..to));
                            }

                            from = to;
                        }

                        break;
                }
            }

            return bytes.ToArray();
        }
    }
}
