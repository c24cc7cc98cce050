using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Notifier.Commands;

namespace Notifier.Bot.Doctor;

/// <summary>Every setting: its value, where that comes from, and what is wrong with it. Of a secret, whether it is set.</summary>
internal static class SettingCheck
{
    public static IEnumerable<Finding> Of(Installation installation)
    {
        foreach (var why in installation.Unreadable)
            yield return Finding.Fault("settings", why, "Mend what is named here, or take it away; the service does not start before.");
        foreach (var fault in installation.Faults.Where(fault => !IsKnown(fault.Key)))
        {
            yield return Finding.Fault(
                $"setting {fault.Key}",
                $"{fault.Message.Split(" There are:")[0]} It comes from: {Source(installation, fault.Key)}.",
                $"Take it away there, or correct its name{(Likeness.Nearest(fault.Key, Settings.All.Select(setting => setting.Key)) is { } meant ? $": perhaps {meant}" : "; README.md lists those that there are")}.");
        }

        foreach (var (key, property) in Settings.All)
        {
            var name = $"setting {key}";
            var shown = $"{Value(installation.Configuration, key, property)} ({Source(installation, key)})";
            var faults = installation.Faults.Where(fault => fault.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).ToList();
            if (faults.Count == 0)
                yield return Finding.Ok(name, shown);
            foreach (var fault in faults)
                yield return Finding.Fault(name, $"{shown}: {fault.Message}", $"Correct it there{Bounds(property)}; the service does not start before.");
        }

        yield return Finding.Ok("setting ConnectionStrings:Notifier", string.IsNullOrWhiteSpace(installation.Configuration.GetConnectionString("Notifier"))
            ? "not set: the database is in the data folder"
            : $"{installation.Database} ({Source(installation, "ConnectionStrings:Notifier")})");
    }

    private static bool IsKnown(string key) => Settings.All.Any(setting => setting.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    private static string Source(Installation installation, string key) => installation.Configuration.SourceOf(key) ?? "default";

    private static string Value(ConfigurationManager configuration, string key, PropertyInfo property)
    {
        var given = configuration.GetSection(key);
        if (Settings.IsSecret(property))
            return string.IsNullOrEmpty(given.Value) ? "not set" : "set";
        if (property.PropertyType == typeof(IList<string>))
            return string.Join(", ", given.GetChildren().Select(member => member.Value)) is { Length: > 0 } members ? members : given.Value is { Length: > 0 } single ? single : "none";
        var value = given.Value ?? Convert.ToString(property.GetValue(Activator.CreateInstance(property.DeclaringType!)), CultureInfo.InvariantCulture);
        return string.IsNullOrEmpty(value) ? "not set" : WithoutPassword(value);
    }

    /// <summary>A web address may have a name and a password in it.</summary>
    private static string WithoutPassword(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.UserInfo.Length > 0 ? new UriBuilder(url) { UserName = "", Password = "" }.Uri.AbsoluteUri : value;

    private static string Bounds(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range ? string.Create(CultureInfo.InvariantCulture, $": from {range.Minimum} to {range.Maximum}") : "";
}
