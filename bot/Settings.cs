using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Notifier.Bot.Cli;
using Notifier.Bot.Discord;
using Notifier.Bot.Telegram;
using Notifier.Bot.Web;
using Notifier.Commands;
using Notifier.Deliveries;
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
        (DeliveryOptions.Section, typeof(DeliveryOptions)),
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

    /// <summary>Whether it is a secret: shown to nobody.</summary>
    public static bool IsSecret(PropertyInfo property) => property.GetCustomAttribute<PasswordPropertyTextAttribute>() is { Password: true };

    /// <summary>Reads the options from the configuration.</summary>
    /// <exception cref="StopException">A setting that there is not, or some that are out of bounds: named, with what would be right.</exception>
    public static IServiceCollection AddNotifierSettings(this IServiceCollection services, IConfiguration configuration)
    {
        var faults = Faults(configuration);
        if (faults.Count > 0)
            throw new StopException(ExitCode.Configuration, faults[0].IsUnknown ? faults[0].Message : string.Join(' ', faults.Select(fault => fault.Message)));
        return services
            .AddSingleton(Read<PollOptions>(configuration, PollOptions.Section))
            .AddSingleton(Read<FetchOptions>(configuration, PollOptions.Section))
            .AddSingleton(Read<DeliveryOptions>(configuration, DeliveryOptions.Section))
            .AddSingleton(Read<CommandOptions>(configuration, CommandOptions.Section))
            .AddSingleton(Read<DiscordOptions>(configuration, DiscordOptions.Section))
            .AddSingleton(Read<TelegramOptions>(configuration, TelegramOptions.Section))
            .AddSingleton(Read<WebOptions>(configuration, WebOptions.Section));
    }

    /// <summary>All that is wrong: first the settings that there are not, then those that cannot be used.</summary>
    public static IReadOnlyList<SettingFault> Faults(IConfiguration configuration)
    {
        var unreadable = Unreadable(configuration).ToList();
        var readable = Without(configuration, unreadable);
        return [.. Unknown(configuration), .. unreadable, .. Sections.SelectMany(section => OutOfBounds(readable, section.Section, section.Options))];
    }

    /// <summary>The configuration without what is wrong in it: instead of that, the defaults.</summary>
    public static IConfiguration Without(IConfiguration configuration, IReadOnlyList<SettingFault> faults) => new ConfigurationBuilder()
        .AddInMemoryCollection(configuration.AsEnumerable().Where(pair => pair.Value is not null && !faults.Any(fault => Names(fault.Key, pair.Key))))
        .Build();

    /// <exception cref="InvalidOperationException">A value cannot be read; see <see cref="Faults"/>.</exception>
    public static T Read<T>(IConfiguration configuration, string section)
        where T : new()
    {
        var options = new T();
        Values(configuration).GetSection(section).Bind(options);
        return options;
    }

    /// <summary>The name of a file is no value; to the binder it would be one more member of a list.</summary>
    private static IConfiguration Values(IConfiguration configuration) =>
        new ConfigurationBuilder().AddInMemoryCollection(configuration.AsEnumerable().Where(pair => pair.Value is not null && !SettingSources.IsFileSetting(pair.Key))).Build();

    /// <summary>Whether a key is a setting's, or one of its members'.</summary>
    private static bool Names(string setting, string key) =>
        key.Equals(setting, StringComparison.OrdinalIgnoreCase) || key.StartsWith(setting + ":", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<SettingFault> Unreadable(IConfiguration configuration)
    {
        var values = Values(configuration);
        foreach (var (key, property) in All)
        {
            string? fault = null;
            try
            {
                values.GetSection(key).Get(property.PropertyType);
            }
            catch (InvalidOperationException found)
            {
                // The binder names the key and the type; the value's own fault says why.
                fault = $"{found.Message} {found.InnerException?.Message}".Trim();
            }

            if (fault is not null)
                yield return new SettingFault(key, fault);
        }
    }

    private static IEnumerable<SettingFault> OutOfBounds(IConfiguration readable, string section, Type type)
    {
        var options = Activator.CreateInstance(type)!;
        Values(readable).GetSection(section).Bind(options);
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        return from fault in faults
               let key = fault.MemberNames.FirstOrDefault() is { } name ? $"{section}:{name}" : section
               select new SettingFault(key, $"The setting {key} cannot be used: {fault.ErrorMessage}");
    }

    private static IEnumerable<SettingFault> Unknown(IConfiguration configuration)
    {
        var known = All.Select(setting => setting.Key).ToList();

        // The binder passes over a single value for a list without a word.
        var lists = All.Where(setting => setting.Property.PropertyType == typeof(IList<string>)).Select(setting => setting.Key).ToList();
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            if (value is null || !key.StartsWith("Notifier:", StringComparison.OrdinalIgnoreCase) || SettingSources.IsFileSetting(key))
                continue;
            if (value.Length > 0 && lists.Find(name => key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } list)
                yield return new SettingFault(key, $"The setting {list} is a list: give its members as {list}:0, {list}:1 and so on.");
            else if (!known.Exists(name => Names(name, key)))
                yield return new SettingFault(key, $"There is no setting {key}. There are: {string.Join(", ", known)}.", IsUnknown: true);
        }
    }
}

/// <summary>A setting that cannot be used.</summary>
/// <param name="Message">Names it, and says what would be right.</param>
internal sealed record SettingFault(string Key, string Message, bool IsUnknown = false);
