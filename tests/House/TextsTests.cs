using System.Text.RegularExpressions;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Tests.Feeds;
using Notifier.Texts;

namespace Notifier.Tests.House;

/// <summary>Notifier's own words: none is missing and none is left over, and what platforms show fits all of them.</summary>
public sealed partial class TextsTests
{
    private static readonly Catalogue Texts = Catalogue.Load("en");
    private static readonly IReadOnlySet<string> Keys = Texts.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>What German says in the same words.</summary>
    private static readonly string[] SameInGerman = ["help.optional", "history.line", "history.other", "schedule.refused"];

    public static TheoryData<string> Codes => [.. Texts.Languages.Select(language => language.Code)];

    [Fact]
    public void There_are_English_and_German()
    {
        Assert.Equal(["de Deutsch German", "en English English"], Texts.Languages.Select(language => $"{language.Code} {language.Name} {language.EnglishName}"));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_language_says_everything_with_the_same_values(string code)
    {
        var (english, language) = (Texts.Languages.Single(known => known.Code == "en"), Texts.Languages.Single(known => known.Code == code));
        Assert.Equal(english.Texts.Keys.Order(StringComparer.Ordinal), language.Texts.Keys.Order(StringComparer.Ordinal));
        Assert.All(language.Texts, text =>
        {
            Assert.NotEqual("", text.Value.Trim());
            Assert.Equal(Placeholders(english.Texts[text.Key]), Placeholders(text.Value));
            Assert.All(Placeholder().Matches(text.Value).Where(match => match.Groups["forms"].Length > 0), match => Assert.Equal(language.Plural.Forms, match.Groups["forms"].Value.Count(c => c == '|')));
            Assert.DoesNotContain('{', Placeholder().Replace(text.Value, ""));
            Assert.DoesNotContain('}', Placeholder().Replace(text.Value, ""));
        });
        Assert.Equal(7, language.Texts["time.weekdays"].Split(' ').Distinct().Count());
        Assert.Equal(7, language.Texts["time.weekdays.short"].Split(' ').Distinct().Count());
        Assert.Equal(12, language.Texts["time.months"].Split(' ').Distinct().Count());
        Assert.Equal(12, language.Texts["time.months.short"].Split(' ').Distinct().Count());
    }

    /// <summary>What can be typed must be typed alike in every language: a command, an address, an argument.</summary>
    [Theory]
    [MemberData(nameof(Codes))]
    public void A_language_names_the_same_commands(string code)
    {
        var (english, language) = (Texts.Languages.Single(known => known.Code == "en"), Texts.Languages.Single(known => known.Code == code));
        Assert.All(language.Texts, text => Assert.Equal(Typed(english.Texts[text.Key]), Typed(text.Value)));

        static IEnumerable<string> Typed(string text) => Command().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void German_is_not_English()
    {
        var (english, german) = (Texts.Languages.Single(known => known.Code == "en"), Texts.Languages.Single(known => known.Code == "de"));
        Assert.Equal(SameInGerman, german.Texts.Where(text => text.Value == english.Texts[text.Key]).Select(text => text.Key).Order(StringComparer.Ordinal));
        Assert.All(german.Texts, text => Assert.Equal(text.Value.Count(c => c == '„'), text.Value.Count(c => c == '“')));
    }

    [Fact]
    public async Task Every_key_that_the_code_uses_is_there()
    {
        Assert.Empty(Used(Sources()).Except(Keys, StringComparer.Ordinal));
        Assert.All(await ProgramTables.CatalogAsync(), command => Assert.Contains(command.Key, Keys));
        foreach (var rights in Enum.GetValues<Rights>())
        {
            var name = rights.ToString().ToLowerInvariant();
            Assert.Contains($"rights.name.{name}", Keys);
            if (rights > Rights.None)
                Assert.Contains($"rights.{name}", Keys);
        }
    }

    [Fact]
    public async Task Every_key_is_used()
    {
        var used = Used(Sources()).Concat((await ProgramTables.CatalogAsync()).Select(command => command.Key)).ToHashSet(StringComparer.Ordinal);
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
            Assert.All(Texts.Languages, language => Assert.All([command.Key, .. command.Parameters.Select(parameter => parameter.Key)], key => Assert.InRange(language.Texts[key].Length, 1, 100)));

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

    /// <summary>The values of a text, each as often as it is said; and those that forms depend on, of which one language needs more than another.</summary>
    private static IEnumerable<string> Placeholders(string text)
    {
        var all = Placeholder().Matches(text).ToLookup(match => match.Groups["forms"].Length > 0, match => match.Groups["name"].Value);
        return all[false].Concat(all[true].Distinct().Select(name => name + "|")).Order(StringComparer.Ordinal);
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

    [GeneratedRegex(@"\{(?<name>[a-z]+)(?<forms>\|[^{}]*)?\}", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?<![\w/])/[a-z]+\b(?!/)", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Command();
}
