using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Notifier.Bot;
using Notifier.Bot.Cli;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Messages.Templates;
using Notifier.Tests.Feeds;
using Notifier.Tests.Support;
using Notifier.Texts;

namespace Notifier.Tests.House;

/// <summary>The tables of README.md as the program's own code says them.</summary>
internal static partial class ProgramTables
{
    private static readonly Catalogue Texts = Catalogue.Load("en");

    /// <summary>What a template can use, as docs/templates.md says it.</summary>
    public static IEnumerable<string> TemplateNames() =>
        ["| name | what it is |", "|---|---|", .. TemplateVariable.All.Select(variable => $"| `{variable.Name}` | {variable.About} |")];

    /// <summary>The commands, in the order of the catalog.</summary>
    public static async Task<IReadOnlyList<Command>> CatalogAsync()
    {
        using var folder = new TempFolder();
        await using var app = NotifierApp.Build(CommandArguments.Read(["poll", $"--ConnectionStrings:Notifier={folder.File("notifier.db")}"], Verbs.All));
        return app.Services.GetRequiredService<CommandRunner>().Catalog;
    }

    public static IEnumerable<string> Commands(IEnumerable<Command> catalog) =>
    [
        "| command | who | does |",
        "|---|---|---|",
        .. catalog.Select(command => $"| `{CommandLine.Usage(command)}` | {Who(command.Needs)} | {Texts.Say(command.Key)}{Also(command)} |"),
    ];

    public static IEnumerable<string> Settings() =>
    [
        "| setting | default | bounds | meaning |",
        "|---|---|---|---|",
        .. Bot.Settings.All.Select(setting => $"| `{setting.Key}` | {Default(setting.Property)} | {Bounds(setting.Property)} | {Meaning(setting.Property)} |"),
    ];

    public static IEnumerable<int> ExitCodes() =>
        typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(code => (int)code.GetRawConstantValue()!).Order();

    private static string Who(Rights rights) => rights switch
    {
        Rights.ChatAdmin => "chat admin",
        _ => rights.ToString().ToLowerInvariant(),
    };

    private static string Also(Command command) =>
        command.Aliases.Count == 0 ? "" : $" (also {string.Join(", ", command.Aliases.Select(alias => $"`/{alias}`"))})";

    private static string Default(PropertyInfo property) => property.GetValue(Activator.CreateInstance(property.DeclaringType!)) switch
    {
        IEnumerable<string> list when !list.Any() => "none",
        "" => "none",
        bool value => value ? "`true`" : "`false`",
        var value => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };

    private static string Bounds(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range ? FormattableString.Invariant($"`{range.Minimum}` to `{range.Maximum}`") : "–";

    /// <summary>The property's doc comment: its one sentence is the setting's meaning everywhere.</summary>
    private static string Meaning(PropertyInfo property)
    {
        var name = property.DeclaringType!.Name + ".cs";
        var source = File.ReadAllText(Directory.EnumerateFiles(Repository.Root, name, SearchOption.AllDirectories).Single());
        var comment = Regex.Match(
            source,
            $$"""/// <summary>([^\n]+)</summary>\n(?:\s*\[[^\n]*\]\n)*\s*public \S+ {{property.Name}} \{""",
            RegexOptions.NonBacktracking).Groups[1].Value;
        return Code().Replace(comment, "`${code}`");
    }

    [GeneratedRegex("<c>(?<code>.*?)</c>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
