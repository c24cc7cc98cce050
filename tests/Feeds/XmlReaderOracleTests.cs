using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Notifier.Feeds;
using Notifier.Feeds.Charsets;
using Notifier.Feeds.Markup;

namespace Notifier.Tests.Feeds;

/// <summary>On well-formed documents, the tolerant reader sees what .NET's strict one sees; but for what HTML means by the numbers 128–159.</summary>
public sealed partial class XmlReaderOracleTests
{
    [Fact]
    public void Well_formed_fixtures_have_the_same_elements_for_both_readers()
    {
        var compared = 0;
        foreach (var path in FeedFixtureTests.Fixtures())
        {
            if (Strict(File.ReadAllBytes(path)) is not { } strict) continue;
            compared++;
            Assert.Equal(Describe(strict), Describe(Tolerant(File.ReadAllBytes(path))), StringComparer.Ordinal);
        }

        Assert.True(compared >= 7, $"Only {compared} fixtures are well-formed.");
    }

    [Fact]
    public void Well_formed_documents_of_the_corpus_have_the_same_elements_for_both_readers()
    {
        var folder = Repository.Shared("corpus", "open");
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "manifest.json")));
        var different = new List<string>();
        var (compared, repaired) = (0, 0);
        foreach (var item in manifest.RootElement.GetProperty("cases").EnumerateArray())
        {
            var bytes = File.ReadAllBytes(Path.Combine(folder, item.GetProperty("file").GetString()!));
            if (Strict(bytes) is not { } strict) continue;
            if (EscapedByte().IsMatch(DocumentText.Read(bytes)))
            {
                repaired++;
                continue;
            }

            compared++;
            if (!Describe(strict).SequenceEqual(Describe(Tolerant(bytes)), StringComparer.Ordinal)) different.Add($"{item.GetProperty("file")}: {FirstDifference(strict, Tolerant(bytes))}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{different.Count} of {compared} differ, {repaired} are repaired on purpose\n{string.Join('\n', different)}");
        Assert.True(compared >= 2030, $"Only {compared} were compared.");
        Assert.InRange(repaired, 0, 5);
        Assert.Empty(different);
    }

    /// <summary>The bytes of UTF-8 escaped one by one, of which XML makes characters that nobody meant.</summary>
    [GeneratedRegex("&#(19[4-9]|2[0-4][0-9]|x[c-fC-F][0-9a-fA-F]);&#(1[2-8][0-9]|19[01]|x[89abAB][0-9a-fA-F]);", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EscapedByte();

    private static string FirstDifference(XElement strict, MarkupElement tolerant) =>
        Describe(strict).Zip(Describe(tolerant)).Where(pair => pair.First != pair.Second).Select(pair => $"{pair.First} ≠ {pair.Second}").FirstOrDefault() ?? "one has more";

    /// <summary>Null where the document is not well-formed, or no feed.</summary>
    private static XElement? Strict(byte[] bytes)
    {
        var text = DocumentText.Read(bytes);
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root is { } root && root.Name.LocalName is "rss" or "RDF" or "feed" or "channel" ? root : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static MarkupElement Tolerant(byte[] bytes) => MarkupReader.Read(DocumentText.Read(bytes).ToCharArray()).Root ?? throw new InvalidOperationException("No root.");

    /// <summary>A line per element: depth, name, attributes, and its text if it has no elements.</summary>
    private static IEnumerable<string> Describe(XElement element, int depth = 0)
    {
        var attributes = element.Attributes().Select(attribute => $"{attribute.Name.LocalName}={Collapsed(attribute.Value)}");
        var isXhtml = IsXhtml(element);
        var children = element.Elements().Where(child => !isXhtml || !IsXhtml(child)).ToList();
        var text = element.HasElements ? "" : element.Value.Trim();
        yield return Line(depth, element.Name.LocalName, attributes, text);
        foreach (var line in children.SelectMany(child => Describe(child, depth + 1))) yield return line;
    }

    private static IEnumerable<string> Describe(MarkupElement element, int depth = 0)
    {
        yield return Line(depth, element.Name.ToString(), Attributes(element), HasTags(element) ? "" : element.Text() ?? "");
        for (var child = element.FirstChild; child is { } found; child = found.NextSibling)
        {
            foreach (var line in Describe(found, depth + 1)) yield return line;
        }
    }

    private static string Line(int depth, string name, IEnumerable<string> attributes, string text) =>
        $"{depth} {name} [{string.Join(' ', attributes.Order(StringComparer.Ordinal))}] {text}".Replace("\r", "", StringComparison.Ordinal);

    /// <summary>XML makes spaces of an attribute's line ends; whoever wants an attribute here collapses or drops them anyway.</summary>
    private static string? Collapsed(string value) => PlainText.Collapse(value);

    private static bool IsXhtml(XElement element) => element.Name.NamespaceName.Contains("/1999/xhtml", StringComparison.OrdinalIgnoreCase);

    private static List<string> Attributes(MarkupElement element)
    {
        var found = new List<string>();
        var attributes = new MarkupAttributes(element.Tag);
        while (attributes.Read()) found.Add($"{attributes.Name[(attributes.Name.IndexOf(':') + 1)..]}={Collapsed(MarkupText.Read(attributes.Value))}");
        return found;
    }

    private static bool HasTags(MarkupElement element)
    {
        var inside = element.Inside.ToString();
        var tokens = new MarkupTokenizer(inside, 0, inside.Length);
        while (tokens.Read())
        {
            if (tokens.Token == MarkupToken.StartTag) return true;
        }

        return false;
    }
}
