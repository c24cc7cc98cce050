using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notifier.Tests.Support.Fakes.Discord.Server.Checks;

/// <summary>
/// A command as a person types it in Discord's app: held against what the bot registered, and refused where the app would not offer it.
/// </summary>
internal sealed class TypedCommand
{
    private readonly FakeDiscord _discord;
    private readonly FakeUser _user;
    private readonly FakeChannel _channel;
    private readonly JsonElement _command;
    private readonly List<JsonElement> _subcommands = [];
    private readonly JsonObject _resolved = [];

    public TypedCommand(FakeDiscord discord, FakeUser user, FakeChannel channel, string line)
    {
        (_discord, _user, _channel) = (discord, user, channel);
        var words = line.TrimStart('/').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _command = Named(discord.Commands ?? [], words[0]) ?? throw new NotOfferedException($"There is no command /{words[0]}, only {string.Join(", ", (discord.Commands ?? []).Select(Name))}.");
        foreach (var word in words.Skip(1))
            _subcommands.Add(Named(Options(Innermost), word) ?? throw new NotOfferedException($"/{line} is no subcommand."));
        DemandShown();
    }

    private JsonElement Innermost => _subcommands.Count > 0 ? _subcommands[^1] : _command;

    /// <summary>The data of the interaction when the person presses enter.</summary>
    public JsonObject Run(IReadOnlyList<(string Name, object Value)> given)
    {
        var options = Options(Innermost).ToList();
        if (options.Exists(option => Type(option) is 1 or 2))
            throw new NotOfferedException($"/{Name(Innermost)} wants a subcommand.");
        var missing = options.Find(option => Flag(option, "required") && !given.Any(one => one.Name == Name(option)));
        if (missing.ValueKind == JsonValueKind.Object)
            throw new NotOfferedException($"/{Name(_command)} wants {Name(missing)}.");
        return Data([.. given.Select(one => Option(one.Name, one.Value, isFocused: false))]);
    }

    /// <summary>The data of the interaction while the person types into an option.</summary>
    public JsonObject Complete(string option, string typed, IReadOnlyList<(string Name, object Value)> others)
    {
        if (!Flag(Find(option), "autocomplete"))
            throw new NotOfferedException($"{option} suggests nothing.");
        return Data([.. others.Select(one => Option(one.Name, one.Value, isFocused: false)), Option(option, typed, isFocused: true)]);
    }

    private static string Name(JsonElement named) => named.GetProperty("name").GetString()!;

    private static int Type(JsonElement option) => option.GetProperty("type").GetInt32();

    private static bool Flag(JsonElement json, string name) => json.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    private static JsonElement.ArrayEnumerator Options(JsonElement owner) => owner.TryGetProperty("options", out var options) ? options.EnumerateArray() : default;

    private static JsonElement? Named(IEnumerable<JsonElement> list, string name) => list.Where(one => Name(one) == name).Select(one => (JsonElement?)one).FirstOrDefault();

    private void DemandShown()
    {
        if (_channel.Guild is not { } guild)
        {
            var inDms = _command.TryGetProperty("contexts", out var contexts) && contexts.ValueKind == JsonValueKind.Array
                ? contexts.EnumerateArray().Any(context => context.GetInt32() == 1)
                : !_command.TryGetProperty("dm_permission", out var dm) || dm.ValueKind != JsonValueKind.False;
            if (!inDms || _channel.Other != _user)
                throw new NotOfferedException($"/{Name(_command)} is not offered in {_channel}.");
            return;
        }

        if (!guild.HasBot || !guild.IsMember(_user))
            throw new NotOfferedException($"{_user} or the bot is not in {guild}.");
        var rights = _channel.RightsOf(_user);
        if (!rights.HasFlag(DiscordPermissions.ViewChannel | DiscordPermissions.UseApplicationCommands))
            throw new NotOfferedException($"{_user} may not use commands in {_channel}.");
        if (_command.TryGetProperty("default_member_permissions", out var bits) && bits.ValueKind == JsonValueKind.String)
        {
            var needed = (DiscordPermissions)ulong.Parse(bits.GetString()!, CultureInfo.InvariantCulture);
            if (!rights.HasFlag(needed == DiscordPermissions.None ? DiscordPermissions.Administrator : needed))
                throw new NotOfferedException($"/{Name(_command)} is not shown to {_user}, who lacks {needed & ~rights}.");
        }
    }

    private JsonElement Find(string name) => Named(Options(Innermost), name) ?? throw new NotOfferedException($"/{Name(_command)} has no option {name}, only {string.Join(", ", Options(Innermost).Select(Name))}.");

    private JsonObject Data(JsonArray options)
    {
        foreach (var subcommand in Enumerable.Reverse(_subcommands))
            options = [new JsonObject { ["name"] = Name(subcommand), ["type"] = Type(subcommand), ["options"] = options }];
        var data = new JsonObject { ["id"] = _command.GetProperty("id").GetString(), ["name"] = Name(_command), ["type"] = 1 };
        if (options.Count > 0)
            data["options"] = options;
        if (_resolved.Count > 0)
            data["resolved"] = _resolved;
        return data;
    }

    private JsonObject Option(string name, object value, bool isFocused)
    {
        var option = Find(name);
        var json = new JsonObject { ["name"] = name, ["type"] = Type(option), ["value"] = isFocused ? JsonValue.Create((string)value) : Value(option, value) };
        if (isFocused)
            json["focused"] = true;
        return json;
    }

    private JsonValue Value(JsonElement option, object value)
    {
        var wire = (Type(option), value) switch
        {
            (3, string text) => JsonValue.Create(text),
            (4, int or long) => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
            (5, bool flag) => JsonValue.Create(flag),
            (6, FakeUser user) => Resolve(user),
            (7, FakeChannel channel) => Resolve(option, channel),
            (11, DiscordUpload file) => Resolve(file, toldSize: null),
            (11, (DiscordUpload file, int toldSize)) => Resolve(file, toldSize),
            (10, int or long or double) => JsonValue.Create(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            _ => throw new NotOfferedException($"{Name(option)} does not take {value}."),
        };
        if (option.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0 && !choices.EnumerateArray().Any(choice => choice.GetProperty("value").GetRawText() == wire.ToJsonString()))
            throw new NotOfferedException($"{value} is none of the choices of {Name(option)}.");
        DemandBounds(option, value);
        return wire;
    }

    private static void DemandBounds(JsonElement option, object value)
    {
        var (least, most, measure) = value is string text
            ? ("min_length", "max_length", text.Length)
            : ("min_value", "max_value", value is int or long or double ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : 0);
        if ((option.TryGetProperty(least, out var min) && measure < min.GetDouble()) || (option.TryGetProperty(most, out var max) && measure > max.GetDouble()))
            throw new NotOfferedException($"{value} is out of the bounds of {Name(option)}.");
    }

    private JsonValue Resolve(FakeUser user)
    {
        Resolved("users")[user.Id] = user.ToJson();
        if (_channel.Guild is { } guild && guild.IsMember(user))
        {
            var member = guild.MemberJson(user, withUser: false);
            member["permissions"] = Wire.Bits(_channel.RightsOf(user));
            Resolved("members")[user.Id] = member;
        }

        return JsonValue.Create(user.Id);
    }

    private JsonValue Resolve(JsonElement option, FakeChannel channel)
    {
        if (channel.Guild is null || channel.Guild != _channel.Guild || !channel.RightsOf(_user).HasFlag(DiscordPermissions.ViewChannel))
            throw new NotOfferedException($"{_user} does not see {channel} here.");
        if (option.TryGetProperty("channel_types", out var types) && types.GetArrayLength() > 0 && !types.EnumerateArray().Any(type => type.GetInt32() == (int)channel.Kind))
            throw new NotOfferedException($"{Name(option)} does not offer {channel}.");
        var json = channel.ToJson();
        json["permissions"] = Wire.Bits(channel.RightsOf(_user));
        json["app_permissions"] = Wire.Bits(channel.RightsOf(_discord.Bot));
        Resolved("channels")[channel.Id] = json;
        return JsonValue.Create(channel.Id);
    }

    private JsonValue Resolve(DiscordUpload file, int? toldSize)
    {
        var json = _discord.Files.Keep(_channel.Id, file, toldSize);
        var id = (string)json["id"]!;
        Resolved("attachments")[id] = json;
        return JsonValue.Create(id);
    }

    private JsonObject Resolved(string kind)
    {
        _resolved.TryAdd(kind, new JsonObject());
        return _resolved[kind]!.AsObject();
    }
}
