using Microsoft.Data.Sqlite;
using Notifier.Bot.Web;
using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Bot.Doctor;

/// <summary>All checks, in the order in which their findings are told. They read, ask and change nothing; the whole takes seconds.</summary>
internal static class Examination
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(Installation installation, TimeProvider time, CancellationToken ct)
    {
        List<Finding> findings = [.. SettingCheck.Of(installation), .. DataFolderCheck.Of(installation)];
        var now = time.GetUtcNow();
        using var storage = DatabaseCheck.Look(installation.Database, findings);
        findings.AddRange(DatabaseCheck.Log(installation.Database));
        var holder = Storage.HolderOf(installation.Database);
        findings.Add(DatabaseCheck.Service(holder));
        findings.AddRange(Read(() => [ClockCheck.Clock(storage, now)]));
        findings.AddRange(Read(() => ClockCheck.Zones(storage, installation.Options<PollOptions>(PollOptions.Section))));
        var tokens = TokenCheck.AskAsync(installation, time, ct);
        var outbound = OutboundCheck.AskAsync(installation, storage, time, ct);
        findings.AddRange(await tokens);
        findings.AddRange(await outbound);
        findings.Add(await WebCheck.AskAsync(installation.Options<WebOptions>(WebOptions.Section), serviceRuns: holder is not null, ct));
        if (storage is not null)
        {
            if (holder is not null)
                findings.AddRange(Read(() => PipelineCheck.Lag(storage, now)));
            findings.AddRange(Read(() => PipelineCheck.Feeds(storage)));
            findings.AddRange(Read(() => PipelineCheck.Chats(storage, now)));
        }

        return findings;
    }

    /// <summary>What a check of the database finds, unless it meets a page that is damaged.</summary>
    private static List<Finding> Read(Func<IEnumerable<Finding>> check)
    {
        try
        {
            return [.. check()];
        }
        catch (SqliteException fault)
        {
            return [Finding.Fault("database", $"It cannot be read everywhere ({fault.Message}).", "Stop the service and put a backup in its place.")];
        }
    }
}
