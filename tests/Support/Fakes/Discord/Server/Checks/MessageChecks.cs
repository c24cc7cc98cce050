using System.Text.Json;

namespace Notifier.Tests.Support.Fakes.Discord.Server.Checks;

/// <summary>
/// What Discord's prose forbids in a message and its OpenAPI document does not (resources/message, components/reference). Lengths
/// are counted in UTF-16 units: how Discord counts is not said, and this is the strictest reading.
/// </summary>
internal sealed class MessageChecks
{
    public const int SuppressEmbeds = 1 << 2;
    public const int Ephemeral = 1 << 6;
    public const int SuppressNotifications = 1 << 12;
    public const int ComponentsV2 = 1 << 15;

    private readonly List<FormError> _errors = [];
    private readonly HashSet<string> _customIds = [];
    private int _embedLength;
    private int _components;
    private int _displayLength;

    private MessageChecks()
    {
    }

    /// <summary>What is wrong with the message; whether it is a change to one that has Components V2 decides on its components.</summary>
    public static IReadOnlyList<FormError> Check(JsonElement message, int allowedFlags, bool isV2 = false)
    {
        var checks = new MessageChecks();
        checks.CheckAll(message, allowedFlags, isV2);
        return checks._errors;
    }

    /// <summary>Whether a message could notify people: unless mentions are switched off, Discord reads them out of the text.</summary>
    public static bool MayPing(JsonElement message)
    {
        // Rows of buttons have no text that could name anybody; Components V2 have.
        var hasText = Any(message, "content") || Any(message, "embeds") || Items(message, "components", "").Any(part => Type(part.Item) != 1);
        if (!hasText)
            return false;
        return !Has(message, "allowed_mentions", JsonValueKind.Object, out var mentions)
            || !Has(mentions, "parse", JsonValueKind.Array, out var parse) || parse.GetArrayLength() > 0
            || Any(mentions, "users") || Any(mentions, "roles")
            || Has(mentions, "replied_user", JsonValueKind.True, out _);
    }

    public static bool IsEmpty(JsonElement message) => !Any(message, "content") && !Any(message, "embeds") && !Any(message, "components");

    private static bool Any(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.String => !string.IsNullOrWhiteSpace(value.GetString()),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => false,
    };

    private static bool Has(JsonElement json, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out value) && value.ValueKind == kind;
    }

    private static string? Text(JsonElement json, string name) => Has(json, name, JsonValueKind.String, out var text) ? text.GetString()!.Trim() : null;

    private static IEnumerable<(JsonElement Item, string Path)> Items(JsonElement json, string name, string path) =>
        Has(json, name, JsonValueKind.Array, out var list) ? list.EnumerateArray().Select((item, index) => (item, $"{path}{name}.{index}")) : [];

    private void CheckAll(JsonElement message, int allowedFlags, bool isV2)
    {
        var flags = Has(message, "flags", JsonValueKind.Number, out var number) ? number.GetInt32() : 0;
        if ((flags & ~allowedFlags) != 0)
            Add("flags", "BASE_TYPE_BAD_INT", $"The flags {flags & ~allowedFlags} cannot be set here.");
        isV2 |= (flags & ComponentsV2) != 0;
        if (isV2 && (Any(message, "content") || Any(message, "embeds")))
            Add(Any(message, "content") ? "content" : "embeds", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
        if (Has(message, "content", JsonValueKind.String, out var content) && content.GetString()!.Length > 2000)
            TooLong("content", 2000);
        if (Has(message, "embeds", JsonValueKind.Array, out var embeds) && embeds.GetArrayLength() > 10)
            TooLong("embeds", 10);
        foreach (var (embed, path) in Items(message, "embeds", ""))
            CheckEmbed(embed, path);
        if (_embedLength > 6000)
            Add("embeds", "MAX_EMBED_SIZE_EXCEEDED", $"Embed size exceeds maximum size of 6000 ({_embedLength}).");
        foreach (var (component, path) in Items(message, "components", ""))
            CheckTop(component, path, isV2);
        if (!isV2 && Items(message, "components", "").Count() > 5)
            TooLong("components", 5);
        if (_components > 40)
            TooLong("components", 40);
        // What counts as displayable is not said: the strictest reading is all that anybody sees.
        if (isV2 && _displayLength > 4000)
            Add("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "Components displayable text size exceeds maximum size of 4000");
    }

    private void CheckEmbed(JsonElement embed, string path)
    {
        Words(embed, "title", path, 256);
        Words(embed, "description", path, 4096);
        Link(embed, "url", path);
        if (Has(embed, "author", JsonValueKind.Object, out var author))
        {
            Words(author, "name", $"{path}.author", 256, required: true);
            Link(author, "url", $"{path}.author");
            Link(author, "icon_url", $"{path}.author");
        }

        if (Has(embed, "footer", JsonValueKind.Object, out var footer))
        {
            Words(footer, "text", $"{path}.footer", 2048, required: true);
            Link(footer, "icon_url", $"{path}.footer");
        }

        foreach (var picture in new[] { "image", "thumbnail" })
        {
            if (Has(embed, picture, JsonValueKind.Object, out var image))
                Link(image, "url", $"{path}.{picture}", required: true);
        }

        if (Has(embed, "fields", JsonValueKind.Array, out var fields) && fields.GetArrayLength() > 25)
            TooLong($"{path}.fields", 25);
        foreach (var (field, place) in Items(embed, "fields", $"{path}."))
        {
            Words(field, "name", place, 256, required: true);
            Words(field, "value", place, 1024, required: true);
        }

        if (Has(embed, "color", JsonValueKind.Number, out var color) && color.GetInt64() is < 0 or > 0xFFFFFF)
            Add($"{path}.color", "NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215.");
        var shows = Text(embed, "title") is { Length: > 0 } || Text(embed, "description") is { Length: > 0 } || Any(embed, "fields")
            || new[] { "author", "footer", "image", "thumbnail" }.Any(part => Has(embed, part, JsonValueKind.Object, out _));
        if (!shows)
            Add($"{path}.description", "BASE_TYPE_REQUIRED", "This field is required");
    }

    /// <summary>A component directly under the message: a row of buttons, or with Components V2 more.</summary>
    private void CheckTop(JsonElement component, string path, bool isV2)
    {
        CheckComponent(component, path, isV2 ? [1, 9, 10, 12, 13, 14, 17] : [1]);
    }

    /// <summary>components/reference: which component may stand where, and what each must have.</summary>
    private void CheckComponent(JsonElement component, string path, params ReadOnlySpan<int> allowed)
    {
        _components++;
        if (!allowed.Contains(Type(component)))
            Add(path, "UNION_TYPE_CHOICES", $"Value of field \"type\" must be one of ({string.Join(", ", allowed.ToArray())},).");
        var parts = Items(component, "components", $"{path}.").ToList();
        ReadOnlySpan<int> inside = [];
        switch (Type(component))
        {
            case 1:
                CheckRow(component, path);
                inside = [2, 3, 5, 6, 7, 8];
                break;
            case 9:
                if (parts.Count is 0 or > 3)
                    Add($"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.");
                if (!Has(component, "accessory", JsonValueKind.Object, out _))
                    Add($"{path}.accessory", "BASE_TYPE_REQUIRED", "This field is required");
                inside = [10];
                break;
            case 11:
                CheckMedia(component, path);
                break;
            case 12:
                var items = Items(component, "items", $"{path}.").ToList();
                if (items.Count is 0 or > 10)
                    Add($"{path}.items", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.");
                items.ForEach(item => CheckMedia(item.Item, item.Path));
                break;
            case 17:
                if (parts.Count == 0)
                    Add($"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be 1 or more in length.");
                if (Has(component, "accent_color", JsonValueKind.Number, out var color) && color.GetInt64() is < 0 or > 0xFFFFFF)
                    Add($"{path}.accent_color", "NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215.");
                inside = [1, 9, 10, 12, 13, 14];
                break;
            case 2:
                CheckButton(component, path);
                break;
            case 3 or 5 or 6 or 7 or 8:
                CheckSelect(component, path);
                break;
            case 10:
                var text = Text(component, "content") ?? "";
                _displayLength += text.Length;
                if (text.Length == 0)
                    Add($"{path}.content", "BASE_TYPE_REQUIRED", "This field is required");
                break;
        }

        foreach (var (part, place) in parts)
            CheckComponent(part, place, inside);
        if (Has(component, "accessory", JsonValueKind.Object, out var accessory))
            CheckComponent(accessory, $"{path}.accessory", 2, 11);
    }

    /// <summary>A picture of a gallery, or one beside a text.</summary>
    private void CheckMedia(JsonElement item, string path)
    {
        if (!Has(item, "media", JsonValueKind.Object, out var media))
            Add($"{path}.media", "BASE_TYPE_REQUIRED", "This field is required");
        else
            Link(media, "url", $"{path}.media", required: true);
        if (!Has(item, "description", JsonValueKind.String, out var description))
            return;
        _displayLength += description.GetString()!.Length;
        if (description.GetString()!.Length is 0 or > 1024)
            Add($"{path}.description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 1024 in length.");
    }

    private void CheckRow(JsonElement row, string path)
    {
        var types = Items(row, "components", "").Select(part => Type(part.Item)).ToList();
        if (types.Count is 0 or > 5 || (types.Exists(type => type != 2) && types.Count > 1))
            Add($"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length, or one select.");
    }

    private void CheckButton(JsonElement button, string path)
    {
        var style = Has(button, "style", JsonValueKind.Number, out var number) ? number.GetInt32() : 0;
        if (style == 5)
        {
            Link(button, "url", path, required: true, "discord", most: 512);
            if (Text(button, "custom_id") is not null)
                Add($"{path}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified");
        }
        else
        {
            CheckCustomId(button, path);
            if (Text(button, "url") is not null)
                Add($"{path}.url", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified");
        }

        _displayLength += Text(button, "label")?.Length ?? 0;
        if (Text(button, "label") is { Length: > 80 })
            TooLong($"{path}.label", 80);
        if (string.IsNullOrEmpty(Text(button, "label")) && !Has(button, "emoji", JsonValueKind.Object, out _))
            Add(path, "BUTTON_COMPONENT_INVALID_STYLE", "A button must have a label or an emoji.");
    }

    private void CheckSelect(JsonElement select, string path)
    {
        CheckCustomId(select, path);
        if (Text(select, "placeholder") is { Length: > 150 })
            TooLong($"{path}.placeholder", 150);
        var options = Items(select, "options", $"{path}.").ToList();
        if (Type(select) == 3 && options.Count is 0 or > 25)
            Add($"{path}.options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.");
        if (options.Select(option => Text(option.Item, "value")).Distinct().Count() < options.Count)
            Add($"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used");
    }

    private void CheckCustomId(JsonElement component, string path)
    {
        var id = Has(component, "custom_id", JsonValueKind.String, out var text) ? text.GetString()! : "";
        if (id.Length == 0)
            Add($"{path}.custom_id", "BASE_TYPE_REQUIRED", "This field is required");
        else if (id.Length > 100)
            TooLong($"{path}.custom_id", 100);
        else if (!_customIds.Add(id))
            Add($"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
    }

    private static int Type(JsonElement component) => Has(component, "type", JsonValueKind.Number, out var type) ? type.GetInt32() : 0;

    /// <summary>A text of an embed: each counts towards the 6000 of all.</summary>
    private void Words(JsonElement json, string name, string path, int most, bool required = false)
    {
        var text = Text(json, name) ?? "";
        _embedLength += text.Length;
        if (text.Length > most)
            TooLong($"{path}.{name}", most);
        else if (text.Length == 0 && required)
            Add($"{path}.{name}", "BASE_TYPE_REQUIRED", "This field is required");
    }

    private void Link(JsonElement json, string name, string path, bool required = false, string also = "attachment", int most = 2048)
    {
        if (Text(json, name) is not { } link)
        {
            if (required)
                Add($"{path}.{name}", "BASE_TYPE_REQUIRED", "This field is required");
            return;
        }

        if (link.Length > most)
            TooLong($"{path}.{name}", most);
        if (!Uri.TryCreate(link, UriKind.Absolute, out var url) || link.Any(char.IsWhiteSpace))
            Add($"{path}.{name}", "URL_TYPE_INVALID_URL", "Not a well formed URL.");
        else if (url.Scheme is not ("http" or "https") && url.Scheme != also)
            Add($"{path}.{name}", "URL_TYPE_INVALID_SCHEME", $"Scheme \"{url.Scheme}\" is not supported. Scheme must be one of ('http', 'https').");
    }

    private void TooLong(string path, int most) => Add(path, "BASE_TYPE_MAX_LENGTH", $"Must be {most} or fewer in length.");

    private void Add(string path, string code, string message) => _errors.Add(new FormError(path, code, message));
}
