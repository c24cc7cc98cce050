using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Contracts;

/// <summary>
/// Discord's official OpenAPI document, held against every request and every answer. It lies beside the repository, or where
/// <c>NOTIFIER_SHARED</c> says; without it there is no contract, and <see cref="Find"/> gives null.
/// </summary>
internal sealed class DiscordContract
{
    private const string Schemas = "#/components/schemas/";

    private static readonly Lazy<DiscordContract?> Loaded = new(Load);

    private readonly ConcurrentDictionary<string, OpenApiSchema> _schemas = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Operation?> _operations = new(StringComparer.Ordinal);
    private readonly JsonElement _document;

    public DiscordContract(JsonElement document) => _document = document;

    /// <summary>The contract, loaded once a process.</summary>
    public static DiscordContract? Find() => Loaded.Value;

    /// <summary>What is wrong with a request's body; the operation is written as <c>POST /channels/{channel_id}/messages</c>.</summary>
    public IReadOnlyList<string> CheckRequest(string operation, JsonElement? body)
    {
        if (Of(operation) is not { } known)
            return [$"{operation}: is not in the contract"];
        var problems = new List<string>();
        if (body is { } value && known.Request is not null)
            known.Request.Check(value, "body", problems);
        else if (body is not null)
            problems.Add("body: none is expected");
        else if (known.NeedsBody)
            problems.Add("body: is missing");
        return problems;
    }

    public IReadOnlyList<string> CheckQuery(string operation, IEnumerable<KeyValuePair<string, string>> query)
    {
        var problems = new List<string>();
        foreach (var (name, text) in query)
        {
            if (Of(operation)?.Query.GetValueOrDefault(name) is not { } schema)
            {
                problems.Add($"?{name}: unknown parameter");
                continue;
            }

            var value = schema.OnlyType switch
            {
                "integer" when long.TryParse(text, out var number) => JsonSerializer.SerializeToElement(number),
                "boolean" when bool.TryParse(text, out var flag) => JsonSerializer.SerializeToElement(flag),
                _ => JsonSerializer.SerializeToElement(text),
            };
            schema.Check(value, $"?{name}", problems);
        }

        return problems;
    }

    /// <summary>What is wrong with an answer. Server errors are not in the contract and pass.</summary>
    public IReadOnlyList<string> CheckAnswer(string operation, int status, JsonElement? body)
    {
        if (status >= 500)
            return [];
        if (Of(operation) is not { } known || !(known.Answers.TryGetValue($"{status}", out var schema) || known.Answers.TryGetValue($"{status / 100}XX", out schema)))
            return [$"{operation}: {status} is not in the contract"];
        var problems = new List<string>();
        if (schema is null && body is not null)
            problems.Add($"answer: {status} has no body");
        else if (schema is not null && body is null)
            problems.Add($"answer: the body of {status} is missing");
        else if (body is { } value)
            schema!.Check(value, "answer", problems);
        return problems;
    }

    /// <summary>What is wrong with a value by one schema of the document.</summary>
    public IReadOnlyList<string> Check(string schema, JsonElement value)
    {
        var problems = new List<string>();
        Named(Schemas + schema).Check(value, schema, problems);
        return problems;
    }

    private static DiscordContract? Load()
    {
        var folder = Environment.GetEnvironmentVariable("NOTIFIER_SHARED");
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            if (File.Exists(Path.Combine(above.FullName, "Notifier.sln")) && Directory.Exists(Path.Combine(above.FullName, "..", "shared")))
                folder = Path.Combine(above.FullName, "..", "shared");
        }

        if (folder is null || !File.Exists(Path.Combine(folder, "contracts", "discord-openapi.json")))
            return null;
        var document = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "contracts", "discord-openapi.json")))!;
        Correct(document["components"]!["schemas"]!);
        return new DiscordContract(JsonSerializer.SerializeToElement(document));
    }

    /// <summary>Where Discord's prose and its servers say otherwise than the document.</summary>
    private static void Correct(JsonNode schemas)
    {
        foreach (var request in new[] { "ApplicationCommandCreateRequest", "ApplicationCommandUpdateRequest" })
        {
            var properties = schemas[request]!["properties"]!;
            // A bit set is written as a string everywhere (interactions/application-commands).
            properties["default_member_permissions"] = JsonNode.Parse("""{ "type": ["string", "integer", "null"], "pattern": "^[0-9]+$" }""");
            properties["nsfw"] = JsonNode.Parse("""{ "type": ["boolean", "null"] }""");
        }

        // BASE_TYPE_MAX_LENGTH and the like are words, not numbers (reference#error-messages).
        schemas["InnerErrors"]!["properties"]!["_errors"]!["items"] = JsonNode.Parse(
            """{ "type": "object", "properties": { "code": { "type": "string" }, "message": { "type": "string" } }, "required": ["code", "message"] }""");

        // "Returns a channel, with a nested message object" (resources/channel#start-thread-in-forum-or-media-channel).
        schemas["CreatedThreadResponse"]!["properties"]!["message"] = JsonNode.Parse($$"""{ "$ref": "{{Schemas}}MessageResponse" }""");
    }

    private OpenApiSchema Named(string reference) =>
        _schemas.GetOrAdd(reference, name => new OpenApiSchema(At(name), Named));

    private JsonElement At(string reference) =>
        reference.Split('/').Skip(1).Aggregate(_document, (place, part) => place.GetProperty(part));

    private Operation? Of(string operation) => _operations.GetOrAdd(operation, Read);

    private Operation? Read(string operation)
    {
        var (method, path) = (operation.Split(' ')[0].ToLowerInvariant(), operation.Split(' ')[1]);
        if (!_document.GetProperty("paths").TryGetProperty(path, out var item) || !item.TryGetProperty(method, out var found))
            return null;
        var body = found.TryGetProperty("requestBody", out var request) ? Json(request) : null;
        var query = new Dictionary<string, OpenApiSchema>();
        foreach (var owner in new[] { item, found })
        {
            foreach (var parameter in owner.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default)
            {
                if (parameter.GetProperty("in").ValueEquals("query"))
                    query[parameter.GetProperty("name").GetString()!] = new OpenApiSchema(parameter.GetProperty("schema"), Named);
            }
        }

        return new Operation(
            body,
            request.ValueKind == JsonValueKind.Object && request.TryGetProperty("required", out var required) && required.GetBoolean(),
            query,
            found.GetProperty("responses").EnumerateObject().ToDictionary(answer => answer.Name, answer => Json(answer.Value)));
    }

    private OpenApiSchema? Json(JsonElement bodied)
    {
        if (bodied.TryGetProperty("$ref", out var reference))
            bodied = At(reference.GetString()!);
        return bodied.TryGetProperty("content", out var content) && content.TryGetProperty("application/json", out var json)
            ? new OpenApiSchema(json.GetProperty("schema"), Named)
            : null;
    }

    private sealed record Operation(OpenApiSchema? Request, bool NeedsBody, IReadOnlyDictionary<string, OpenApiSchema> Query, IReadOnlyDictionary<string, OpenApiSchema?> Answers);
}
