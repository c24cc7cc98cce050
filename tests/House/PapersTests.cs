using System.Text.RegularExpressions;
using Notifier.Bot.Cli;
using Notifier.Bot.Secrets;
using Notifier.Tests.Feeds;

namespace Notifier.Tests.House;

/// <summary>What README.md, ARCHITECTURE.md and their sisters say about the code is so.</summary>
public sealed partial class PapersTests
{
    public static TheoryData<string> Papers { get; } = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/delivery.md", "docs/templates.md"];

    [Fact]
    public async Task The_table_of_commands_is_the_catalog()
    {
        var right = ProgramTables.Commands(await ProgramTables.CatalogAsync());
        Same(right, Table("## Commands"));
    }

    [Fact]
    public void The_table_of_settings_is_the_options()
    {
        var table = Table("## Settings").Where(row => !row.StartsWith("| `ConnectionStrings:Notifier`", StringComparison.Ordinal)).ToList();
        Same(ProgramTables.Settings(), table);
        Assert.Contains("| `ConnectionStrings:Notifier` |", Read("README.md"), StringComparison.Ordinal);
        Assert.Contains("`NOTIFIER_DATA`", Read("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_of_a_templates_names_is_the_codes() =>
        Same(ProgramTables.TemplateNames(), Read("docs/templates.md").Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')));

    [Fact]
    public void The_table_of_exit_codes_is_the_programs()
    {
        var codes = Table("### Exit codes").Skip(2).Select(row => int.Parse(row.Split('|')[1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(ProgramTables.ExitCodes(), codes);
    }

    [Fact]
    public void Every_verb_and_switch_is_described()
    {
        var section = Section("## The program");
        foreach (var (verb, switches) in Verbs.All)
        {
            Assert.Contains(verb == "help" ? "--help" : verb, section, StringComparison.Ordinal);
            foreach (var name in switches)
                Assert.Contains(name.TrimEnd('='), section, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Papers))]
    public void Every_file_that_is_named_is_there(string paper)
    {
        var files = Directory.EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("artifacts/", StringComparison.Ordinal) && !path.StartsWith(".git/", StringComparison.Ordinal) && !path.Contains("/node_modules/", StringComparison.Ordinal))
            .Select(path => "/" + path)
            .ToList();
        var missing = Named().Matches(Read(paper)).Select(name => name.Groups["name"].Value.Replace("../", "", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)
            // What the program itself writes is not in the repository.
            .Where(name => name != SecretsFile.Name)
            .Where(name => !files.Exists(path => path.EndsWith("/" + name, StringComparison.Ordinal)));
        Assert.Empty(missing);
    }

    /// <summary>The rule above finds what is missing.</summary>
    [Fact]
    public void A_name_is_found_where_it_is_written()
    {
        var names = Named().Matches("`Poller.cs`, `core/Nowhere.cs`, [x](bot/Gone.cs) and Notifier.sln").Select(name => name.Groups["name"].Value);
        Assert.Equal(["Poller.cs", "core/Nowhere.cs", "bot/Gone.cs", "Notifier.sln"], names);
    }

    private static void Same(IEnumerable<string> right, IEnumerable<string> written)
    {
        var (expected, actual) = (string.Join('\n', right), string.Join('\n', written));
        if (expected != actual)
            Assert.Fail($"It should have this table:\n\n{expected}\n\nIt has:\n\n{actual}");
    }

    /// <summary>The rows of the first table under a heading.</summary>
    private static IEnumerable<string> Table(string heading) =>
        Section(heading).Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'));

    private static string Section(string heading)
    {
        var text = Read("README.md");
        var start = text.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"README.md has no “{heading}”.");
        var end = text.IndexOf("\n## ", start + heading.Length, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    private static string Read(string paper) => File.ReadAllText(Path.Combine(Repository.Root, paper));

    [GeneratedRegex(@"(?<![\w/.-])(?<name>[\w./-]+\.(?:cs|json|sln|csproj|props|txt|md))(?![\w/])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();
}
