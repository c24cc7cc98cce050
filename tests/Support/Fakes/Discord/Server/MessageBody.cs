using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>What a request makes of a message: the parts it names, as Discord stores them (trimmed, without nulls, components numbered).</summary>
internal sealed class MessageBody
{
    private static readonly string[] Parts = ["content", "embeds", "components", "flags"];

    private readonly JsonObject _parts = [];

    private MessageBody()
    {
    }

    /// <summary>A whole message: what the request does not name is empty.</summary>
    public static MessageBody OfNew(JsonElement request, int flags = 0)
    {
        var body = OfChanges(request);
        body._parts.TryAdd("content", "");
        body._parts.TryAdd("embeds", new JsonArray());
        body._parts.TryAdd("components", new JsonArray());
        body._parts["flags"] = ((int?)body._parts["flags"] ?? 0) | flags;
        return body;
    }

    /// <summary>Only what the request names; null empties a part.</summary>
    public static MessageBody OfChanges(JsonElement request)
    {
        var body = new MessageBody();
        foreach (var name in Parts)
        {
            if (request.ValueKind == JsonValueKind.Object && request.TryGetProperty(name, out var value))
                body._parts[name] = Read(name, value);
        }

        return body;
    }

    /// <summary>The same with these files, as messages tell of them.</summary>
    public MessageBody With(IEnumerable<JsonObject> files)
    {
        if (new JsonArray([.. files]) is { Count: > 0 } attachments)
            _parts["attachments"] = attachments;
        return this;
    }

    public static MessageBody OfText(string text) => OfNew(JsonSerializer.SerializeToElement(new { content = text }));

    /// <summary>What stands where the bot "is thinking".</summary>
    public static MessageBody OfThinking(bool ephemeral)
    {
        var body = OfText("");
        body._parts["flags"] = (1 << 7) | (ephemeral ? 1 << 6 : 0);
        return body;
    }

    /// <summary>These parts under flags that this request cannot change, such as "only for one person".</summary>
    public MessageBody Keeping(int flags)
    {
        _parts["flags"] = ((int?)_parts["flags"] ?? 0) | flags;
        return this;
    }

    public void WriteTo(JsonObject message)
    {
        foreach (var (name, value) in _parts)
            message[name] = value?.DeepClone();
    }

    private static JsonNode Read(string name, JsonElement value) => (name, value.ValueKind) switch
    {
        ("content", JsonValueKind.String) => value.GetString()!.Trim(),
        ("content", _) => "",
        ("flags", JsonValueKind.Number) => value.GetInt32(),
        ("flags", _) => 0,
        ("embeds", JsonValueKind.Array) => new JsonArray([.. value.EnumerateArray().Select(Embed)]),
        ("components", JsonValueKind.Array) => Components(value),
        _ => new JsonArray(),
    };

    private static JsonNode Embed(JsonElement embed)
    {
        var json = Trimmed(Wire.WithoutNulls(JsonObject.Create(embed)!));
        json["type"] = "rich";
        return json;
    }

    private static JsonObject Trimmed(JsonObject json)
    {
        foreach (var (name, value) in json.ToList())
        {
            if (value is JsonValue text && text.TryGetValue<string>(out var words) && name is "title" or "description" or "text" or "name" or "value")
                json[name] = ((string)value!).Trim();
            else if (value is JsonObject inner)
                Trimmed(inner);
            else if (value is JsonArray list)
                list.OfType<JsonObject>().ToList().ForEach(one => Trimmed(one));
        }

        foreach (var field in (json["fields"] as JsonArray)?.OfType<JsonObject>() ?? [])
            field.TryAdd("inline", false);
        return json;
    }

    private static JsonArray Components(JsonElement components)
    {
        var json = new JsonArray([.. components.EnumerateArray().Select(component => Wire.WithoutNulls(JsonObject.Create(component)!))]);
        var next = 1;
        Number(json.OfType<JsonObject>());
        return json;

        void Number(IEnumerable<JsonObject> parts)
        {
            foreach (var part in parts)
            {
                if ((int?)part["id"] is null or 0)
                    part["id"] = next++;
                Complete(part);
                Number((part["components"] as JsonArray ?? []).OfType<JsonObject>());
                if (part["accessory"] is JsonObject accessory)
                    Number([accessory]);
            }
        }
    }

    /// <summary>Adds what answers always have.</summary>
    private static void Complete(JsonObject component)
    {
        switch ((int?)component["type"])
        {
            case 3:
                component.TryAdd("min_values", 1);
                component.TryAdd("max_values", 1);
                break;
            case 11:
                CompleteMedia(component);
                break;
            case 12:
                foreach (var item in component["items"]!.AsArray().OfType<JsonObject>())
                    CompleteMedia(item);
                break;
            case 14:
                component.TryAdd("divider", true);
                component.TryAdd("spacing", 1);
                break;
            case 17:
                component.TryAdd("spoiler", false);
                component.TryAdd("accent_color", null);
                break;
        }
    }

    private static void CompleteMedia(JsonObject item)
    {
        item.TryAdd("description", null);
        item.TryAdd("spoiler", false);
        item["media"]!["id"] = "1";
        item["media"]!["proxy_url"] = item["media"]!["url"]!.DeepClone();
    }
}
