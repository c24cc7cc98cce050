using System.Text.RegularExpressions;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Tests.Feeds;
using Notifier.Texts;

namespace Notifier.Tests.House;

/// <summary>Notifier's own words: none is missing and none is left over, and what platforms show fits all of them.</summary>
public sealed partial class TextsTests
{
    private static readonly IReadOnlySet<string> Keys = Catalogue.Load("en").Keys.ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void Every_key_that_the_code_uses_is_there()
    {
        Assert.Empty(Used(Sources()).Except(Keys, StringComparer.Ordinal));
        foreach (var rights in Enum.GetValues<Rights>())
        {
            var name = rights.ToString().ToLowerInvariant();
            Assert.Contains($"rights.name.{name}", Keys);
            if (rights > Rights.None)
                Assert.Contains($"rights.{name}", Keys);
        }
    }

    [Fact]
    public void Every_key_is_used()
    {
        var used = Used(Sources()).ToHashSet(StringComparer.Ordinal);
        var left = Keys.Where(key => !used.Contains(key) && !key.StartsWith("rights.", StringComparison.Ordinal));
        Assert.Empty(left);
    }

    [Fact]
    public void Keys_are_found_where_they_are_used()
    {
        Assert.Equal(["no.such", "nosuch", "list.nosuch"], Used("call.Say(\"no.such\") call.Reply(\"nosuch\", x) mistake(\"list.nosuch\") \"example.com\""));
    }

    [Fact]
    public async Task Commands_fit_every_platform()
    {
        foreach (var command in await ProgramTables.CatalogAsync())
        {
            Assert.All([command.Name, .. command.Aliases, .. command.Parameters.Select(parameter => parameter.Name)], name => Assert.Matches("^[a-z0-9_]{1,32}$", name));
            Assert.All([command.Description, .. command.Parameters.Select(parameter => parameter.Description)], text => Assert.InRange(text.Length, 1, 100));

            // Discord: required options stand before optional ones; and what takes the rest of a line is the last.
            Assert.Equal(command.Parameters, command.Parameters.OrderBy(parameter => parameter.IsOptional));
            Assert.DoesNotContain(command.Parameters.SkipLast(1), parameter => parameter.TakesRest);
        }
    }

    [Fact]
    public async Task No_name_or_alias_means_two_commands()
    {
        var names = (await ProgramTables.CatalogAsync()).SelectMany(command => (string[])[command.Name, .. command.Aliases]).ToList();
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
    }

    /// <summary>What is said, and every other text that looks like a key because its first word is one's.</summary>
    private static IEnumerable<string> Used(string source)
    {
        var sections = Keys.Where(key => key.Contains('.', StringComparison.Ordinal)).Select(key => key[..key.IndexOf('.', StringComparison.Ordinal)]).ToHashSet(StringComparer.Ordinal);
        return Key().Matches(source)
            .Where(match => match.Groups["said"].Success || sections.Contains(match.Groups["key"].Value.Split('.')[0]))
            .Select(match => match.Groups["key"].Value)
            .Distinct(StringComparer.Ordinal);
    }

    private static string Sources() => string.Join('\n', new[] { "core", "bot" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Select(File.ReadAllText));

    [GeneratedRegex("""(?<said>\b(?:Say|Reply|Error)\(\s*)?(?<!\$)"(?<key>(?(said)[a-z.]+|[a-z]+\.[a-z.]+))"[,)]?""", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Key();
}
