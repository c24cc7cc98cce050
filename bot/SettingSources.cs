using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.FileProviders;
using Notifier.Bot.Cli;
using Notifier.Bot.Secrets;

namespace Notifier.Bot;

/// <summary>
/// Where settings come from, each before the next: <c>appsettings.json</c>, the data folder's <c>secrets.json</c>, the files of
/// <c>/run/secrets</c>, the environment, files named by a setting that ends in <c>_FILE</c>, the command line.
/// </summary>
internal static class SettingSources
{
    private const string RunSecrets = "/run/secrets";
    private const string FileSuffix = "_FILE";

    private static readonly (string Short, string Key)[] ShortForms =
    [
        ("TELEGRAM_TOKEN", "Notifier:Telegram:Token"),
        ("DISCORD_TOKEN", "Notifier:Discord:Token"),
    ];

    /// <summary>Adds the sources that are found without the data folder, which is a setting itself.</summary>
    /// <param name="refuse">Told what cannot be read; null to stop there.</param>
    /// <exception cref="StopException">A named file cannot be read.</exception>
    public static void AddNotifierSources(this ConfigurationManager configuration, string runSecrets = RunSecrets, Action<string>? refuse = null)
    {
        refuse ??= why => throw new StopException(ExitCode.Configuration, why);
        var sources = ((IConfigurationBuilder)configuration).Sources;
        var mounted = new ConfigurationBuilder().AddKeyPerFile(runSecrets, optional: true).Sources[0];
        try
        {
            if (Directory.Exists(runSecrets))
                sources.Insert(AfterFiles(sources), mounted);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            sources.Remove(mounted);
            refuse($"A file in {runSecrets} cannot be read: {fault.Message}");
        }

        Before<EnvironmentVariablesConfigurationSource>(sources, ShortForms.Select(form => (form.Key, configuration[form.Short], $"{form.Short}, {configuration.SourceOf(form.Short)}")).ToList());

        // Of two that name the same setting the long form counts, as among the variables.
        Before<CommandLineConfigurationSource>(sources, Files(configuration, refuse).ToList());
    }

    /// <summary>Adds the data folder's <c>secrets.json</c>.</summary>
    /// <exception cref="StopException">It cannot be read.</exception>
    public static void AddStoredSecrets(this ConfigurationManager configuration, string dataFolder)
    {
        var sources = ((IConfigurationBuilder)configuration).Sources;
        var stored = new JsonConfigurationSource { Path = Path.Combine(dataFolder, SecretsFile.Name), Optional = true };
        stored.ResolveFileProvider();
        try
        {
            sources.Insert(AfterFiles(sources), stored);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            sources.Remove(stored);

            // The innermost one names the line.
            throw new StopException(
                ExitCode.Configuration,
                $"{Path.Combine(dataFolder, SecretsFile.Name)} cannot be read: {fault.GetBaseException().Message} Mend it, or delete it and set the platforms up again.");
        }
    }

    private static int AfterFiles(IList<IConfigurationSource> sources) => sources.IndexOf(sources.OfType<JsonConfigurationSource>().Last()) + 1;

    /// <summary>The settings that name a file instead of a value: <c>Notifier__Telegram__Token_FILE</c>.</summary>
    private static IEnumerable<(string Key, string? Value, string Origin)> Files(ConfigurationManager configuration, Action<string> refuse)
    {
        foreach (var (key, path) in configuration.AsEnumerable().OrderBy(pair => pair.Key.Contains(':', StringComparison.Ordinal)))
        {
            if (string.IsNullOrEmpty(path) || !IsFileSetting(key))
                continue;
            var setting = key[..^FileSuffix.Length];
            string value;
            try
            {
                value = File.ReadAllText(path).Trim();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // What is no whole path may be the token itself, put there by mistake.
                refuse($"The setting {key} names a file that cannot be read: {(Path.IsPathRooted(path) ? fault.Message : "give its whole path.")}");
                continue;
            }

            yield return (Array.Find(ShortForms, form => form.Short == setting) is { Key: { } meant } ? meant : setting, value, $"the file of {key}");
        }
    }

    /// <summary>Whether it names a file, and is no setting by itself.</summary>
    public static bool IsFileSetting(string key) => key.EndsWith(FileSuffix, StringComparison.Ordinal)
        && (key.StartsWith("Notifier:", StringComparison.OrdinalIgnoreCase)
            || key.StartsWith("ConnectionStrings:", StringComparison.OrdinalIgnoreCase)
            || Array.Exists(ShortForms, form => key == form.Short + FileSuffix));

    /// <summary>Where a setting's value comes from, in words; null where no source has it.</summary>
    public static string? SourceOf(this ConfigurationManager configuration, string key)
    {
        // One provider for each source, in their order; the last that has a value counts.
        var providers = ((IConfigurationRoot)configuration).Providers;
        return ((IConfigurationBuilder)configuration).Sources.Zip(providers).LastOrDefault(pair => Has(pair.Second, key)).First switch
        {
            null => null,
            JsonConfigurationSource { FileProvider: PhysicalFileProvider files, Path: SecretsFile.Name } => Path.Combine(files.Root, SecretsFile.Name),
            JsonConfigurationSource file => file.Path,
            KeyPerFileConfigurationSource { FileProvider: PhysicalFileProvider files } => files.Root.TrimEnd('/'),
            EnvironmentVariablesConfigurationSource => "environment",
            CommandLineConfigurationSource => "command line",
            Given given => given.Origins[key],
            var other => other.GetType().Name,
        };
    }

    private static bool Has(IConfigurationProvider provider, string key) => provider.TryGet(key, out var value) ? value is not null : provider.GetChildKeys([], key).Any();

    /// <summary>Puts values in just before the first source of a kind, which stays the stronger one; at the end where there is none.</summary>
    private static void Before<T>(IList<IConfigurationSource> sources, IReadOnlyList<(string Key, string? Value, string Origin)> values)
    {
        var given = new Given();
        foreach (var (key, value, origin) in values.Where(one => !string.IsNullOrEmpty(one.Value)))
            (given.Values[key], given.Origins[key]) = (value, origin);
        if (given.Values.Count == 0)
            return;
        given.InitialData = given.Values;
        var at = sources.ToList().FindLastIndex(source => source is T);
        sources.Insert(at < 0 ? sources.Count : at, given);
    }

    /// <summary>Values that another source gave under another name.</summary>
    private sealed class Given : MemoryConfigurationSource
    {
        public Dictionary<string, string?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

        public Dictionary<string, string> Origins { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
