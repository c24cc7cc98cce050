using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Notifier.Bot.Cli;
using Notifier.Bot.Discord;
using Notifier.Bot.Telegram;
using Notifier.Bot.Web;
using Notifier.Commands;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;
using Notifier.Polling;

namespace Notifier.Bot;

/// <summary>Notifier's settings: which there are, and that each is known and in its bounds before anything starts.</summary>
internal static class Settings
{
    /// <summary>The sections with the classes that read them; all of Notifier's own settings are their properties.</summary>
    public static IReadOnlyList<(string Section, Type Options)> Sections { get; } =
    [
        (PollOptions.Section, typeof(PollOptions)),
        (PollOptions.Section, typeof(FetchOptions)),
        (CommandOptions.Section, typeof(CommandOptions)),
        (DiscordOptions.Section, typeof(DiscordOptions)),
        (TelegramOptions.Section, typeof(TelegramOptions)),
        (WebOptions.Section, typeof(WebOptions)),
    ];

    /// <summary>Every setting with its class's property.</summary>
    public static IEnumerable<(string Key, PropertyInfo Property)> All =>
        from section in Sections
        from property in section.Options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.CanWrite && property.GetCustomAttribute<BrowsableAttribute>() is not { Browsable: false }
        select ($"{section.Section}:{property.Name}", property);

    /// <summary>Reads the options from the configuration.</summary>
    /// <exception cref="StopException">A setting that there is not, or one that is out of bounds: named, with what would be right.</exception>
    public static IServiceCollection AddNotifierSettings(this IServiceCollection services, IConfiguration configuration)
    {
        RefuseUnknown(configuration);
        return services
            .AddSingleton(Read<PollOptions>(configuration, PollOptions.Section))
            .AddSingleton(Read<FetchOptions>(configuration, PollOptions.Section))
            .AddSingleton(Read<CommandOptions>(configuration, CommandOptions.Section))
            .AddSingleton(Read<DiscordOptions>(configuration, DiscordOptions.Section))
            .AddSingleton(Read<TelegramOptions>(configuration, TelegramOptions.Section))
            .AddSingleton(Read<WebOptions>(configuration, WebOptions.Section));
    }

    private static T Read<T>(IConfiguration configuration, string section)
        where T : new()
    {
        var options = new T();

        // The name of a file is no value; to the binder it would be one more member of a list.
        var values = new ConfigurationBuilder().AddInMemoryCollection(configuration.AsEnumerable().Where(pair => pair.Value is not null && !SettingSources.IsFileSetting(pair.Key))).Build();
        try
        {
            values.GetSection(section).Bind(options);
        }
        catch (InvalidOperationException fault)
        {
            // The binder names the key and the type; the value's own fault says why.
            throw new StopException(ExitCode.Configuration, $"{fault.Message} {fault.InnerException?.Message}".Trim());
        }

        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true))
        {
            throw new StopException(
                ExitCode.Configuration,
                string.Join(' ', faults.Select(fault => $"The setting {string.Join(", ", fault.MemberNames.Select(name => $"{section}:{name}"))} cannot be used: {fault.ErrorMessage}")));
        }

        return options;
    }

    private static void RefuseUnknown(IConfiguration configuration)
    {
        var known = All.Select(setting => setting.Key).ToList();

        // The binder passes over a single value for a list without a word.
        var lists = All.Where(setting => setting.Property.PropertyType == typeof(IList<string>)).Select(setting => setting.Key).ToList();
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            if (value is null || !key.StartsWith("Notifier:", StringComparison.OrdinalIgnoreCase) || SettingSources.IsFileSetting(key))
                continue;
            if (value.Length > 0 && lists.Find(name => key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } list)
                throw new StopException(ExitCode.Configuration, $"The setting {list} is a list: give its members as {list}:0, {list}:1 and so on.");
            if (known.Exists(name => key.Equals(name, StringComparison.OrdinalIgnoreCase) || key.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)))
                continue;
            throw new StopException(ExitCode.Configuration, $"There is no setting {key}. There are: {string.Join(", ", known)}.");
        }
    }
}
