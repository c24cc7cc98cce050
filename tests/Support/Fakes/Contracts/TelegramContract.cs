using System.Text.Json;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Telegram.Api;

namespace Notifier.Tests.Support.Fakes.Contracts;

/// <summary>
/// The Bot API as its machine-readable description has it: which methods there are, which fields each takes and gives, and of which types. What is wrong with a
/// request or an answer is told in a sentence; nothing wrong gives none. The document lies beside the repository; without it <see cref="Find"/> gives null.
/// </summary>
internal sealed class TelegramContract
{
    private const string Name = "contracts/telegram-bot-api.json";
    private const string ArrayOf = "Array of ";

    private readonly Dictionary<string, Shape> _methods = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Shape> _types = new(StringComparer.Ordinal);

    private TelegramContract(JsonObject document)
    {
        Read(document["methods"]!.AsObject(), _methods);
        Read(document["types"]!.AsObject(), _types);
        Extend();
    }

    /// <summary>The contract, if its document lies in <c>../shared</c> beside the repository or where <c>NOTIFIER_SHARED</c> says.</summary>
    public static TelegramContract? Find()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Notifier.sln")))
            root = root.Parent;
        string?[] places = [root?.Parent is { } beside ? Path.Combine(beside.FullName, "shared") : null, Environment.GetEnvironmentVariable("NOTIFIER_SHARED")];
        var found = places.OfType<string>().Select(place => Path.Combine(place, Name)).FirstOrDefault(File.Exists);
        return found is null ? null : new(JsonNode.Parse(File.ReadAllText(found))!.AsObject());
    }

    public bool Knows(string method) => _methods.ContainsKey(method);

    /// <summary>What is wrong with the parameters of a call.</summary>
    public IEnumerable<string> Request(ApiCall call)
    {
        if (!_methods.TryGetValue(call.Method, out var method))
            return [$"{call.Method} is no method"];
        return Fields(call.Method, method, call.Parameters, call.AsText);
    }

    /// <summary>What is wrong with a method's result.</summary>
    public IEnumerable<string> Result(string method, JsonNode result) => OneOf(_methods[method].Returns, result, method + "()", asText: false);

    /// <summary>What is wrong with a value of a type.</summary>
    public IEnumerable<string> Value(string type, JsonNode value) => Of(type, value, type, asText: false);

    private static bool Is(JsonNode? value, params ReadOnlySpan<JsonValueKind> kinds) => value is not null && kinds.Contains(value.GetValueKind());

    private static bool IsWhole(JsonNode? value) => Is(value, JsonValueKind.Number) && value!.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-');

    private static JsonNode? FromText(JsonNode value)
    {
        if (!Is(value, JsonValueKind.String))
            return value;
        try
        {
            return JsonNode.Parse(value.GetValue<string>());
        }
        catch (JsonException)
        {
            return value;
        }
    }

    private static void Read(JsonObject from, Dictionary<string, Shape> into)
    {
        foreach (var (name, shape) in from)
        {
            into.Add(name, new(
                (shape!["fields"]?.AsArray() ?? []).ToDictionary(field => field!["name"]!.GetValue<string>(), field => new Field(Words(field!["types"]), field!["required"]!.GetValue<bool>())),
                Words(shape["subtypes"]),
                Words(shape["returns"])));
        }
    }

    private static string[] Words(JsonNode? list) => [.. (list?.AsArray() ?? []).Select(word => word!.GetValue<string>())];

    /// <summary>What came after the document's version 10.1, as far as the product or Telegram.Bot 22.10 speaks it.</summary>
    private void Extend()
    {
        var rich = _types["InputRichMessage"].Fields;
        rich.TryAdd("blocks", new(["Array of InputRichBlock"], false));
        rich.TryAdd("media", new(["Array of InputRichMessageMedia"], false));
        foreach (var method in (string[])["sendMessage", "sendRichMessage"])
            _methods[method].Fields.TryAdd("ephemeral_message_parameters", new(["EphemeralMessageParameters"], false));
        _types["BotCommand"].Fields.TryAdd("is_ephemeral", new(["Boolean"], false));
        _types["InlineKeyboardButton"].Fields.TryAdd("disabled", new(["Boolean"], false));
        _types["ChatMemberAdministrator"].Fields.TryAdd("can_send_welcome_messages", new(["Boolean"], false));
    }

    private List<string> Fields(string where, Shape shape, JsonObject value, bool asText)
    {
        var problems = new List<string>();
        foreach (var (name, field) in shape.Fields.Where(field => field.Value.Required && value[field.Key] is null))
            problems.Add($"{where}.{name} is missing ({string.Join(" or ", field.Types)})");
        foreach (var (name, given) in value)
        {
            if (!shape.Fields.TryGetValue(name, out var field))
                problems.Add($"{where}.{name} is unknown");
            else if (given is not null)
                problems.AddRange(OneOf(field.Types, given, $"{where}.{name}", asText));
        }

        return problems;
    }

    private IReadOnlyList<string> OneOf(IReadOnlyList<string> types, JsonNode value, string where, bool asText)
    {
        IReadOnlyList<string>? fewest = null;
        foreach (var type in types)
        {
            var problems = Of(type, value, where, asText);
            if (fewest is null || problems.Count < fewest.Count)
                fewest = problems;
        }

        return fewest ?? [];
    }

    private IReadOnlyList<string> Of(string type, JsonNode value, string where, bool asText)
    {
        // A file may be uploaded, or named by an id or a URL.
        if (type is "String" or "InputFile")
            return Is(value, JsonValueKind.String) ? [] : Wrong();
        if (asText)
            value = FromText(value) ?? value;
        if (type.StartsWith(ArrayOf, StringComparison.Ordinal))
            return value is JsonArray list ? [.. list.SelectMany((item, i) => item is null ? Wrong() : Of(type[ArrayOf.Length..], item, $"{where}[{i}]", asText: false))] : Wrong();
        switch (type)
        {
            case "Integer":
                return IsWhole(value) ? [] : Wrong();
            case "Float":
                return Is(value, JsonValueKind.Number) ? [] : Wrong();
            case "Boolean" or "True":
                return Is(value, JsonValueKind.True, JsonValueKind.False) ? [] : Wrong();
        }

        if (!_types.TryGetValue(type, out var shape))
            return [];
        if (shape.Subtypes.Length > 0)
            return OneOf(shape.Subtypes, value, where, asText: false);
        return value is JsonObject fields ? Fields(where, shape, fields, asText: false) : Wrong();

        string[] Wrong() => [$"{where} is no {type}: {Short(value)}"];
    }

    private static string Short(JsonNode value) => value.ToJsonString() is { Length: > 60 } text ? text[..60] + "…" : value.ToJsonString();

    private sealed record Shape(Dictionary<string, Field> Fields, string[] Subtypes, string[] Returns);

    private sealed record Field(string[] Types, bool Required);
}
