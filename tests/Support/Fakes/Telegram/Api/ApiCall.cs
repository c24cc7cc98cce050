using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Notifier.Tests.Support.Fakes.Telegram.Api;

/// <summary>
/// A method with its parameters as they came: as JSON, as a form, or in the URL. As on the real server a number, a flag or an object may also come as text.
/// </summary>
internal sealed class ApiCall(string method, JsonObject parameters, bool asText, IReadOnlyDictionary<string, FakeTelegramFile>? files = null)
{
    public string Method => method;

    public JsonObject Parameters => parameters;

    /// <summary>Every value came as text, so that its type is to be read out of it.</summary>
    public bool AsText => asText;

    /// <summary>The files that came with it, by parameter.</summary>
    public IReadOnlyDictionary<string, FakeTelegramFile> Files { get; } = files ?? new Dictionary<string, FakeTelegramFile>();

    /// <summary>Reads the parameters of a request; a body that is not what its content type says is refused.</summary>
    public static async Task<ApiCall> ReadAsync(HttpContext http, string method)
    {
        var request = http.Request;
        var parameters = new JsonObject();
        foreach (var (name, values) in request.Query)
            parameters[name] = values.ToString();
        if (request.HasFormContentType)
        {
            var form = await request.ReadFormAsync(http.RequestAborted);
            foreach (var (name, values) in form)
                parameters[name] = values.ToString();
            var files = new Dictionary<string, FakeTelegramFile>();
            foreach (var file in form.Files)
            {
                using var content = new MemoryStream();
                await file.CopyToAsync(content, http.RequestAborted);
                parameters[file.Name] = $"attach://{file.FileName}";
                files[file.Name] = new FakeTelegramFile(file.FileName, content.ToArray(), file.ContentType);
            }

            return new(method, parameters, asText: true, files);
        }

        if (!request.HasJsonContentType() || request.ContentLength == 0)
            return new(method, parameters, asText: true);
        try
        {
            if (await JsonNode.ParseAsync(request.Body, cancellationToken: http.RequestAborted) is not JsonObject body)
                throw Refusal.Bad("object expected as the request's body");
            foreach (var (name, value) in body)
                parameters[name] = value?.DeepClone();
            return new(method, parameters, asText: false);
        }
        catch (JsonException)
        {
            throw Refusal.Bad("can't parse the request's body as JSON");
        }
    }

    /// <summary>The value as text; an absent one is empty.</summary>
    public string Text(string name) => parameters[name] switch
    {
        null => "",
        JsonValue value when value.TryGetValue(out string? text) => text,
        var value => value.ToJsonString(),
    };

    public long Integer(string name, long otherwise = 0) => long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    public bool Flag(string name) => Text(name).ToLowerInvariant() is "true" or "yes" or "1";

    /// <summary>The value as JSON, which may have come as text; null if absent.</summary>
    public JsonNode? Json(string name, string what)
    {
        if (parameters[name] is not { } value)
            return null;
        if (value is not JsonValue || !value.AsValue().TryGetValue(out string? text))
            return value;
        if (text.Length == 0)
            return null;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw Refusal.Bad($"can't parse {what} JSON object");
        }
    }
}
