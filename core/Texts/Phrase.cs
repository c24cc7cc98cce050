using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Notifier.Texts;

/// <summary>
/// Something that is said later, perhaps in several languages: the key of a text and its values, as a compact text that can be stored; <see cref="Catalogue.Say(Phrase)"/>
/// says it. Any other text is a sentence already (a platform's own words, or what an older version stored), and is said as it is.
/// </summary>
/// <param name="Text">As it is stored.</param>
public sealed record Phrase(string Text)
{
    private const string Key = "say";
    private const string Mark = $$"""{"{{Key}}":""";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A sentence, said as it is.</summary>
    public static implicit operator Phrase(string sentence) => new(sentence);

    /// <param name="values">Of the text's placeholders; a value may be a phrase itself.</param>
    public static Phrase Of(string key, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            json.WriteStartObject();
            json.WriteString(Key, key);
            foreach (var (name, value) in values)
            {
                json.WritePropertyName(name);
                if (value is Phrase phrase && phrase.Text.StartsWith(Mark, StringComparison.Ordinal))
                    json.WriteRawValue(phrase.Text);
                else
                    json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
            }

            json.WriteEndObject();
        }

        return new Phrase(Encoding.UTF8.GetString(stream.ToArray()));
    }

    public override string ToString() => Text;

    /// <summary>The key and the values; null for a sentence.</summary>
    internal (string Key, (string Name, object Value)[] Values)? Read()
    {
        if (!Text.StartsWith(Mark, StringComparison.Ordinal))
            return null;
        try
        {
            using var json = JsonDocument.Parse(Text);
            var members = json.RootElement.EnumerateObject().Select(member => (member.Name, Value: Value(member.Value))).ToList();
            return (members[0].Value.ToString()!, [.. members.Skip(1)]);
        }
        catch (JsonException)
        {
            // Only looks like one.
            return null;
        }
    }

    private static object Value(JsonElement value) => value.ValueKind == JsonValueKind.Object ? new Phrase(value.GetRawText()) : value.ToString();
}
