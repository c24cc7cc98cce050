using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
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
    /// <exception cref="StopException">A named file cannot be read.</exception>
    public static void AddNotifierSources(this ConfigurationManager configuration, string runSecrets = RunSecrets)
    {
        var sources = ((IConfigurationBuilder)configuration).Sources;
        try
        {
            if (Directory.Exists(runSecrets))
                sources.Insert(AfterFiles(sources), new ConfigurationBuilder().AddKeyPerFile(runSecrets, optional: true).Sources[0]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StopException(ExitCode.Configuration, $"A file in {runSecrets} cannot be read: {fault.Message}");
        }

        Before<EnvironmentVariablesConfigurationSource>(sources, ShortForms.Select(form => KeyValuePair.Create(form.Key, configuration[form.Short])));

        // Of two that name the same setting the long form counts, as among the variables.
        Before<CommandLineConfigurationSource>(sources, Files(configuration).ToList());
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
            // The innermost one names the line.
            throw new StopException(
                ExitCode.Configuration,
                $"{Path.Combine(dataFolder, SecretsFile.Name)} cannot be read: {fault.GetBaseException().Message} Mend it, or delete it and set the platforms up again.");
        }
    }

    private static int AfterFiles(IList<IConfigurationSource> sources) => sources.IndexOf(sources.OfType<JsonConfigurationSource>().Last()) + 1;

    /// <summary>The settings that name a file instead of a value: <c>Notifier__Telegram__Token_FILE</c>.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Files(ConfigurationManager configuration)
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
                throw new StopException(ExitCode.Configuration, $"The setting {key} names a file that cannot be read: {(Path.IsPathRooted(path) ? fault.Message : "give its whole path.")}");
            }

            yield return KeyValuePair.Create(Array.Find(ShortForms, form => form.Short == setting) is { Key: { } meant } ? meant : setting, (string?)value);
        }
    }

    /// <summary>Whether it names a file, and is no setting by itself.</summary>
    public static bool IsFileSetting(string key) => key.EndsWith(FileSuffix, StringComparison.Ordinal)
        && (key.StartsWith("Notifier:", StringComparison.OrdinalIgnoreCase)
            || key.StartsWith("ConnectionStrings:", StringComparison.OrdinalIgnoreCase)
            || Array.Exists(ShortForms, form => key == form.Short + FileSuffix));

    /// <summary>Puts values in just before the first source of a kind, which stays the stronger one; at the end where there is none.</summary>
    private static void Before<T>(IList<IConfigurationSource> sources, IEnumerable<KeyValuePair<string, string?>> values)
    {
        var given = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in values.Where(pair => !string.IsNullOrEmpty(pair.Value)))
            given[key] = value;
        if (given.Count == 0)
            return;
        var at = sources.ToList().FindLastIndex(source => source is T);
        sources.Insert(at < 0 ? sources.Count : at, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = given });
    }
}
