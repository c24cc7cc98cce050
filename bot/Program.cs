using Microsoft.Data.Sqlite;
using Notifier.Bot.Cli;
using Notifier.Model;

using var interrupted = new CancellationTokenSource();
try
{
    var arguments = CommandArguments.Read(args, Verbs.All);
    if (arguments.Verb.Length > 0)
    {
        // The service has its own way to stop.
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            interrupted.Cancel();
        };
    }

    return await Verbs.RunAsync(arguments, interrupted.Token);
}
catch (StopException stop)
{
    await Console.Error.WriteLineAsync($"notifier: {stop.Message}");
    return stop.ExitCode;
}
catch (StorageException fault)
{
    await Console.Error.WriteLineAsync($"notifier: {fault.Message}");
    return fault.Fault switch
    {
        StorageFault.Held => ExitCode.Held,
        StorageFault.NotWritable or StorageFault.Newer => ExitCode.Configuration,
        _ => ExitCode.Unavailable,
    };
}
catch (SqliteException fault)
{
    await Console.Error.WriteLineAsync($"notifier: the database cannot be used: {fault.Message}");
    return ExitCode.Unavailable;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return ExitCode.Failure;
}
