using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Notifier.Feeds;

namespace Notifier.Tests.Feeds;

/// <summary>Every document in Fixtures/feeds is read as the <c>.expected.json</c> beside it says. To add a case, add the pair.</summary>
public sealed class FeedFixtureTests
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public static TheoryData<string> Documents() => [.. Fixtures().Select(path => Path.GetFileName(path))];

    internal static IEnumerable<string> Fixtures() =>
        Directory.GetFiles(Repository.Fixtures).Where(path => !path.EndsWith(".expected.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_is_read_as_the_expectation_beside_it_says(string name)
    {
        var path = Path.Combine(Repository.Fixtures, name);
        var parsed = Assert.IsType<ParseResult.Parsed>(new FeedParser(Core.Formats).Parse(File.ReadAllBytes(path), new Uri("https://host.example/dir/feed")));
        var actual = JsonSerializer.Serialize(parsed.Feed, Readable);

        var expectation = path + ".expected.json";
        Assert.True(File.Exists(expectation), $"{name} has no expectation. It was read as:\n{actual}");
        Assert.Equal(File.ReadAllText(expectation).Trim(), actual, ignoreLineEndingDifferences: true);
    }
}
