using System.Text.Json;
using System.Text.RegularExpressions;

namespace Notifier.Tests.Support.Fakes.Discord.Server.Checks;

/// <summary>What Discord's prose forbids in the definitions of commands (interactions/application-commands).</summary>
internal static class CommandChecks
{
    private const int Subcommand = 1;
    private const int SubcommandGroup = 2;

    // Discord's own pattern, with the blocks' .NET names for its scripts.
    private static readonly Regex Name = new(@"^[-_'\p{L}\p{N}\p{IsDevanagari}\p{IsThai}]{1,32}$", RegexOptions.CultureInvariant);

    public static IReadOnlyList<FormError> Check(JsonElement commands)
    {
        var errors = new List<FormError>();
        var slash = commands.EnumerateArray().Select((command, index) => (Command: command, Path: $"{index}")).Where(one => Number(one.Command, "type", 1) == 1).ToList();
        if (slash.Count > 100)
            errors.Add(new FormError("", "APPLICATION_COMMAND_TOO_MANY", "At most 100 commands."));
        foreach (var twice in slash.GroupBy(one => Text(one.Command, "name")).Where(same => same.Count() > 1))
            errors.Add(new FormError(twice.Last().Path, "APPLICATION_COMMANDS_DUPLICATE_NAME", $"Application command names must be unique: {twice.Key}"));
        foreach (var (command, path) in slash)
        {
            CheckNamed(command, path, errors);
            CheckOptions(command, path, 0, errors);
            if (Length(command) is > 8000 and var length)
                errors.Add(new FormError(path, "APPLICATION_COMMAND_TOO_LARGE", $"Command exceeds maximum size (8000): {length}"));
        }

        return errors;
    }

    private static void CheckNamed(JsonElement named, string path, List<FormError> errors)
    {
        var name = Text(named, "name");
        if (!Name.IsMatch(name) || name.Any(char.IsUpper))
            errors.Add(new FormError($"{path}.name", "APPLICATION_COMMAND_INVALID_NAME", $"Command name is invalid: {name}"));
        if (Text(named, "description").Trim().Length is 0 or > 100)
            errors.Add(new FormError($"{path}.description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."));
    }

    private static void CheckOptions(JsonElement owner, string path, int depth, List<FormError> errors)
    {
        var options = Items(owner, "options").ToList();
        if (options.Count > 25)
            errors.Add(new FormError($"{path}.options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."));
        if (options.Select(option => Text(option, "name")).Distinct().Count() < options.Count)
            errors.Add(new FormError($"{path}.options", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists."));
        var nested = options.Count(option => Number(option, "type", 0) is Subcommand or SubcommandGroup);
        if ((nested > 0 && nested < options.Count) || (nested > 0 && depth > 1))
            errors.Add(new FormError($"{path}.options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types"));
        var optionalSeen = false;
        for (var index = 0; index < options.Count; index++)
        {
            var (option, place) = (options[index], $"{path}.options.{index}");
            CheckNamed(option, place, errors);
            if (nested > 0)
            {
                CheckOptions(option, place, depth + 1, errors);
                continue;
            }

            if (Flag(option, "required") && optionalSeen)
                errors.Add(new FormError(place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options"));
            optionalSeen |= !Flag(option, "required");
            CheckChoices(option, place, errors);
        }
    }

    private static void CheckChoices(JsonElement option, string path, List<FormError> errors)
    {
        var choices = Items(option, "choices").ToList();
        if (choices.Count > 25)
            errors.Add(new FormError($"{path}.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."));
        if (choices.Count > 0 && Flag(option, "autocomplete"))
            errors.Add(new FormError($"{path}.autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES", "Autocomplete cannot be enabled with choices"));
        if (Flag(option, "autocomplete") && Number(option, "type", 0) is not (3 or 4 or 10))
            errors.Add(new FormError($"{path}.autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_NOT_ALLOWED", "Only text and numbers can be completed"));
        foreach (var choice in choices)
        {
            if (Text(choice, "name").Length is 0 or > 100)
                errors.Add(new FormError($"{path}.choices", "BASE_TYPE_BAD_LENGTH", "A choice's name must be between 1 and 100 in length."));
            if (choice.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 100)
                errors.Add(new FormError($"{path}.choices", "BASE_TYPE_MAX_LENGTH", "A choice's value must be 100 or fewer in length."));
        }
    }

    /// <summary>Names, descriptions and values of a command and of all that is in it.</summary>
    private static int Length(JsonElement part) =>
        Text(part, "name").Length + Text(part, "description").Length + Text(part, "value").Length
        + Items(part, "options").Sum(Length) + Items(part, "choices").Sum(Length);

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static int Number(JsonElement json, string name, int otherwise) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : otherwise;

    private static bool Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static JsonElement.ArrayEnumerator Items(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;
}
