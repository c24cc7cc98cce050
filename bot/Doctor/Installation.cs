using Notifier.Bot.Cli;
using Notifier.Bot.Secrets;

namespace Notifier.Bot.Doctor;

/// <summary>
/// The settings and places of this Notifier, as the service would read them; but what is wrong with them is kept to be told, and the default
/// stands in its place.
/// </summary>
internal sealed class Installation : IDisposable
{
    private readonly List<string> _unreadable = [];
    private readonly IConfiguration _usable;

    public Installation(CommandArguments arguments)
    {
        Configuration = Read(arguments);
        Configuration.AddNotifierSources(refuse: _unreadable.Add);
        var database = Kept(() => NotifierApp.DatabaseSetting(Configuration));
        DataFolder = database is null ? Bot.DataFolder.Path : Path.GetDirectoryName(Path.GetFullPath(database))!;
        Database = database is null ? Path.Combine(DataFolder, Bot.DataFolder.Database) : Path.GetFullPath(database);
        _ = Kept<string>(() =>
        {
            Configuration.AddStoredSecrets(DataFolder);
            return null;
        });
        Faults = Settings.Faults(Configuration);
        _usable = Settings.Without(Configuration, Faults);
        foreach (var (key, _) in Settings.All.Where(setting => Settings.IsSecret(setting.Property)))
        {
            foreach (var provider in ((IConfigurationRoot)Configuration).Providers)
                Secrets.Add(provider.TryGet(key, out var value) ? value : null);
        }
    }

    public ConfigurationManager Configuration { get; }

    /// <summary>Files of settings that cannot be read, and why.</summary>
    public IReadOnlyList<string> Unreadable => _unreadable;

    /// <summary>Settings that there are not, or that cannot be used.</summary>
    public IReadOnlyList<SettingFault> Faults { get; }

    /// <summary>Absolute; it may not be there.</summary>
    public string DataFolder { get; }

    /// <summary>Absolute; it may not be there.</summary>
    public string Database { get; }

    public KnownSecrets Secrets { get; } = new();

    public T Options<T>(string section)
        where T : new() => Settings.Read<T>(_usable, section);

    public void Dispose() => Configuration.Dispose();

    private ConfigurationManager Read(CommandArguments arguments)
    {
        if (Kept(() => NotifierApp.NewBuilder(arguments)) is { } builder)
            return builder.Configuration;
        var without = new ConfigurationManager();
        without.AddJsonFile("none.json", optional: true).AddEnvironmentVariables().AddCommandLine(arguments.Settings);
        return without;
    }

    private T? Kept<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (StopException stop)
        {
            _unreadable.Add(stop.Message);
            return null;
        }
    }
}
