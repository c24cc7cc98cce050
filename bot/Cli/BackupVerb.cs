using System.Globalization;
using Notifier.Model;

namespace Notifier.Bot.Cli;

/// <summary><c>backup FILE</c>: a copy of the database, made beside the running service.</summary>
internal static class BackupVerb
{
    public static async Task<int> RunAsync(CommandArguments arguments, CancellationToken ct)
    {
        if (arguments.Operands is not [var file])
            throw new StopException(ExitCode.Usage, "backup wants the file to write: backup FILE");
        var withCredentials = arguments.Has("--with-credentials");
        await using var app = NotifierApp.Build(arguments);
        BackupReport report;
        try
        {
            report = Backup.Write(app.Services.GetRequiredService<Storage>(), file, withCredentials, ct);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StopException(ExitCode.Failure, $"No backup was made: {fault.Message} Name a file that is not there yet, in a folder that you may write and that has room.");
        }

        var left = withCredentials ? "with the feeds' credentials, so keep it safe"
            : report.CredentialsLeftOut == 0 ? "no feed has credentials"
            : $"without the credentials of {report.CredentialsLeftOut} feeds, which have to be given again after a restore";
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{report.File}: {Size(report.Bytes)}, {left}; the bots' tokens are never in it"));
        return ExitCode.Done;
    }

    private static string Size(long bytes) => bytes < 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{(bytes + 1023) / 1024} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");
}
