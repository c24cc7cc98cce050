using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Notifier.Tests.Support.Fakes.Contracts;

/// <summary>
/// One schema of an OpenAPI 3.1 document, read once and asked often. Beyond what the schema says it complains about fields that the
/// schema does not name, unless the schema leaves its names open.
/// </summary>
internal sealed class OpenApiSchema
{
    private readonly Func<string, OpenApiSchema> _named;
    private readonly string? _reference;
    private readonly HashSet<string> _types = [];
    private readonly HashSet<string>? _values;
    private readonly List<OpenApiSchema> _all = [];
    private readonly List<OpenApiSchema> _any = [];
    private readonly Dictionary<string, OpenApiSchema> _properties = [];
    private readonly List<string> _required = [];
    private readonly OpenApiSchema? _additional;
    private readonly OpenApiSchema? _items;
    private readonly Regex? _pattern;
    private readonly string? _format;
    private readonly Range _length = new(null, null);
    private readonly Range _count = new(null, null);
    private readonly Range _size = new(null, null);
    private readonly Range _value = new(null, null);
    private readonly bool _unique;
    private readonly bool _closed;

    public OpenApiSchema(JsonElement schema, Func<string, OpenApiSchema> named)
    {
        _named = named;
        foreach (var keyword in schema.EnumerateObject())
        {
            var value = keyword.Value;
            switch (keyword.Name)
            {
                case "$ref":
                    _reference = value.GetString();
                    break;
                case "type":
                    _types.UnionWith(value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(type => type.GetString()!) : [value.GetString()!]);
                    break;
                case "const":
                    _values = [value.GetRawText()];
                    break;
                case "enum":
                    _values = [.. value.EnumerateArray().Select(one => one.GetRawText())];
                    break;
                case "allOf":
                    _all.AddRange(value.EnumerateArray().Select(Read));
                    break;
                case "oneOf" or "anyOf":
                    _any.AddRange(value.EnumerateArray().Select(Read));
                    break;
                case "properties":
                    foreach (var property in value.EnumerateObject())
                        _properties[property.Name] = Read(property.Value);
                    break;
                case "required":
                    _required.AddRange(value.EnumerateArray().Select(name => name.GetString()!));
                    break;
                case "additionalProperties" when value.ValueKind == JsonValueKind.False:
                    _closed = true;
                    break;
                case "additionalProperties" when value.ValueKind == JsonValueKind.Object:
                    _additional = Read(value);
                    break;
                case "items":
                    _items = Read(value);
                    break;
                case "pattern":
                    _pattern = new Regex(value.GetString()!, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
                    break;
                case "format":
                    _format = value.GetString();
                    break;
                case "uniqueItems":
                    _unique = value.GetBoolean();
                    break;
                case "minLength" or "maxLength":
                    _length = _length.With(keyword);
                    break;
                case "minItems" or "maxItems":
                    _count = _count.With(keyword);
                    break;
                case "minProperties" or "maxProperties":
                    _size = _size.With(keyword);
                    break;
                case "minimum" or "maximum":
                    _value = _value.With(keyword);
                    break;
                case "title" or "description" or "default" or "discriminator" or "contentEncoding" or "deprecated":
                case var extension when extension.StartsWith("x-", StringComparison.Ordinal):
                    break;
                default:
                    throw new NotSupportedException($"The checker does not know the keyword {keyword.Name}.");
            }
        }
    }

    /// <summary>The type in words of JSON Schema, if the schema names one alone.</summary>
    public string? OnlyType => Target._types.Count == 1 ? Target._types.Single() : null;

    private OpenApiSchema Target => _reference is null ? this : _named(_reference).Target;

    /// <summary>Adds a line for everything that is wrong with the value, each beginning with the place in it.</summary>
    public void Check(JsonElement value, string path, List<string> problems, bool names = true)
    {
        if (_reference is not null)
        {
            Target.Check(value, path, problems, names);
            return;
        }

        if (_types.Count > 0 && !_types.Any(type => Is(value, type)))
        {
            problems.Add($"{path}: is {Kind(value)}, must be {string.Join(" or ", _types)}");
            return;
        }

        if (_values is not null && !_values.Contains(value.GetRawText()))
            problems.Add($"{path}: is {Short(value)}, must be {string.Join(" or ", _values.Take(9))}");
        foreach (var part in _all)
            part.Check(value, path, problems, names: false);
        if (_any.Count > 0)
            CheckAny(value, path, problems);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(value, path, problems, names);
                break;
            case JsonValueKind.Array:
                CheckArray(value, path, problems);
                break;
            case JsonValueKind.String:
                CheckString(value.GetString()!, path, problems);
                break;
            case JsonValueKind.Number:
                _value.Check(value.GetDouble(), path, "", problems);
                if (_format == "int32" && !value.TryGetInt32(out _))
                    problems.Add($"{path}: {value.GetRawText()} does not fit 32 bits");
                break;
        }
    }

    private static bool Is(JsonElement value, string type) => (type, value.ValueKind) switch
    {
        ("null", JsonValueKind.Null) or ("string", JsonValueKind.String) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => value.TryGetInt64(out _) || double.IsInteger(value.GetDouble()),
        _ => false,
    };

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static string Short(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : value.GetRawText();

    private OpenApiSchema Read(JsonElement schema) => new(schema, _named);

    /// <summary>Passes if one alternative has nothing to say; else the one that fits best speaks.</summary>
    private void CheckAny(JsonElement value, string path, List<string> problems)
    {
        List<string>? fewest = null;
        foreach (var alternative in _any)
        {
            var found = new List<string>();
            alternative.Check(value, path, found);
            if (found.Count == 0)
                return;
            // An object that is another kind of thing altogether says less than one of the same kind with mistakes in it.
            if (alternative.Target.IsOtherKind(value))
                found.AddRange(Enumerable.Repeat($"{path}.type: {Short(value)} is none of the kinds allowed here", 100));
            if (fewest is null || found.Count < fewest.Count)
                fewest = found;
        }

        problems.AddRange(_any.All(alternative => alternative.Target._values is not null) ? [$"{path}: {Short(value)} is none of the values allowed here"] : fewest!.Distinct());
    }

    private bool IsOtherKind(JsonElement value) =>
        value.ValueKind != JsonValueKind.Object
            ? _types.Count > 0 && !_types.Any(type => Is(value, type))
            : _types.Count > 0 && !_types.Contains("object")
              || (_properties.TryGetValue("type", out var type) && type._values is { } kinds && value.TryGetProperty("type", out var kind) && !kinds.Contains(kind.GetRawText()));

    private void CheckObject(JsonElement value, string path, List<string> problems, bool names)
    {
        foreach (var name in _required)
        {
            if (!value.TryGetProperty(name, out _))
                problems.Add($"{path}.{name}: is missing");
        }

        var count = 0;
        foreach (var property in value.EnumerateObject())
        {
            count++;
            if (_properties.TryGetValue(property.Name, out var schema))
                schema.Check(property.Value, $"{path}.{property.Name}", problems);
            else if (_additional is not null)
                _additional.Check(property.Value, $"{path}.{property.Name}", problems);
            else if (names && !LeavesNamesOpen() && !Knows(property.Name))
                problems.Add($"{path}.{property.Name}: unknown field");
        }

        _size.Check(count, path, " fields", problems);
    }

    private bool LeavesNamesOpen() => !_closed && (_any.Count > 0 || (_properties.Count == 0 && _all.Count == 0) || _all.Exists(part => part.Target.LeavesNamesOpen()));

    private bool Knows(string name) => _properties.ContainsKey(name) || _all.Exists(part => part.Target.Knows(name));

    private void CheckArray(JsonElement value, string path, List<string> problems)
    {
        _count.Check(value.GetArrayLength(), path, " items", problems);
        if (_unique && value.EnumerateArray().Select(item => item.GetRawText()).Distinct().Count() < value.GetArrayLength())
            problems.Add($"{path}: an item stands there twice");
        if (_items is null)
            return;
        var index = 0;
        foreach (var item in value.EnumerateArray())
            _items.Check(item, $"{path}[{index++}]", problems);
    }

    private void CheckString(string value, string path, List<string> problems)
    {
        if (_length.IsSet)
            _length.Check(value.EnumerateRunes().Count(), path, " characters", problems);
        if (_pattern is not null && !_pattern.IsMatch(value))
            problems.Add($"{path}: \"{value}\" does not match {_pattern}");
        var fits = _format switch
        {
            "date-time" => DateTimeOffset.TryParseExact(value, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "uri" => Uri.TryCreate(value, UriKind.Absolute, out _),
            _ => true,
        };
        if (!fits)
            problems.Add($"{path}: \"{value}\" is no {_format}");
    }

    private sealed record Range(double? Least, double? Most)
    {
        public bool IsSet => Least is not null || Most is not null;

        public Range With(JsonProperty keyword) =>
            keyword.Name.StartsWith("min", StringComparison.Ordinal) ? this with { Least = keyword.Value.GetDouble() } : this with { Most = keyword.Value.GetDouble() };

        public void Check(double value, string path, string unit, List<string> problems)
        {
            if (value < Least)
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {value}{unit} are fewer than {Least}"));
            if (value > Most)
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {value}{unit} are more than {Most}"));
        }
    }
}
