using Notifier.Tests.Machine;
using Notifier.Tests.Support.Internet;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Notifier.Tests;

/// <summary>Runs the tests, or what they start in a process of its own. In place of the one that xunit makes, which it is like otherwise.</summary>
internal static class EntryPoint
{
    public static Task<int> Main(string[] args) => args switch
    {
        [HostileTour.Verb, var file] => HostileTour.RunAsync(file),
        [Commits.Verb, var database, var told, var isFull] => Commits.RunAsync(database, told, bool.Parse(isFull)),
        _ when args.Any(arg => arg is "--server" or "--internal-msbuild-node") => TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => ConsoleRunner.Run(args),
    };
}
