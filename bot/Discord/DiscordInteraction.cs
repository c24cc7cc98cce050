using System.Globalization;
using System.Text.Json;
using Notifier.Bot.Discord.Gateway;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Model;

namespace Notifier.Bot.Discord;

/// <summary>Something that a person did with a command or a button, as Discord tells it (https://docs.discord.com/developers/interactions/receiving-and-responding).</summary>
internal sealed record DiscordInteraction
{
    public const int Command = 2;
    public const int Component = 3;
    public const int Autocomplete = 4;

    private const int AttachmentOption = 11;
    private const string UnchosenLanguage = "en-US";

    public required string Id { get; init; }

    /// <summary>Authorises the answers to it, for 15 minutes.</summary>
    public required string Token { get; init; }

    public required string Application { get; init; }

    public required long Type { get; init; }

    public required ChatAddress Chat { get; init; }

    public required Person Person { get; init; }

    /// <summary>Empty in a private chat.</summary>
    public required string Guild { get; init; }

    public required JsonElement Body { get; init; }

    public JsonElement Data => Body.Member("data");

    public bool IsPrivate => Guild.Length == 0;

    /// <summary>The language that the server chose, or else the person's, as Discord names it; null where it does not say so. What a server has that chose none says nothing.</summary>
    public string? Language => Body.Text("guild_locale") is { } server and not UnchosenLanguage ? server : Body.Text("locale");

    /// <summary>Which button was pressed.</summary>
    public string CustomId => Data.Text("custom_id") ?? "";

    /// <summary>What was attached to the command; null for nothing.</summary>
    public DiscordAttachment? Attachment =>
        Options().FirstOrDefault(option => option.Number("type") == AttachmentOption).Text("value") is { } id
        && Data.Member("resolved").Member("attachments").Member(id) is var file && file.Text("url") is { } url
            ? new DiscordAttachment(file.Text("filename") ?? "", file.Number("size"), url)
            : null;

    /// <summary>Null where something is missing that every interaction has.</summary>
    public static DiscordInteraction? Read(JsonElement body)
    {
        var user = body.Member("member").Member("user") is { ValueKind: JsonValueKind.Object } member ? member : body.Member("user");
        if (body.Text("id") is not { } id || body.Text("token") is not { } token || body.Text("application_id") is not { } application
            || body.Number("type") is not { } type || body.Text("channel_id") is not { } channel || user.Text("id") is not { } person)
            return null;
        return new DiscordInteraction
        {
            Id = id,
            Token = token,
            Application = application,
            Type = type,
            Chat = new ChatAddress(DiscordPlatform.PlatformName, channel),
            Person = new Person(person, user.Text("global_name") ?? user.Text("username")),
            Guild = body.Text("guild_id") ?? "",
            Body = body,
        };
    }

    /// <summary>The command as it was asked. What it is about, and what the asker and the bot may do there, Discord says with it.</summary>
    public IncomingCommand ToCommand()
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        string? about = null;
        foreach (var option in Options())
        {
            if (option.Text("name") is not { } name)
                continue;
            if (name == DiscordCommands.ChatOption && option.Number("type") == 7)
                about = option.Text("value");
            else if (option.Number("type") == AttachmentOption)
                continue;
            else
                arguments[name] = Value(option.Member("value"));
        }

        return With(about, new IncomingCommand(Id, Chat, Person, $"/{Data.Text("name")}", IsPrivate) { Arguments = arguments, IsAddressed = true, IsConfidential = true });
    }

    /// <summary>The command line that a pressed button stands for.</summary>
    public IncomingCommand ToCommand(ChosenAction.Meant meant) => With(
        null,
        new IncomingCommand(Id, Chat, Person, meant.CommandLine, IsPrivate) { Target = meant.Target, IsAddressed = true, IsConfidential = true });

    /// <summary>What is being typed: of which command which option, so far what, about which chat.</summary>
    public (string Command, string Option, string Typed, ChatAddress About)? ToSuggest()
    {
        var focused = Options().FirstOrDefault(option => option.Member("focused").ValueKind == JsonValueKind.True);
        if (Data.Text("name") is not { } command || focused.Text("name") is not { } name)
            return null;
        var about = Options().FirstOrDefault(option => option.Text("name") == DiscordCommands.ChatOption).Text("value");
        return (command, name, Value(focused.Member("value")), about is null ? Chat : Chat with { Id = about });
    }

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private IEnumerable<JsonElement> Options() => Data.Items("options");

    /// <param name="about">The channel that was named; null for none.</param>
    private IncomingCommand With(string? about, IncomingCommand command)
    {
        var named = about is null ? default : Data.Member("resolved").Member("channels").Member(about);
        var channel = about is null ? Body.Member("channel") : named;
        var missing = DiscordPermissions.Read(about is null ? Body.Text("app_permissions") : named.Text("app_permissions")).MissingToPost(channel.Number("type") ?? 0);
        var isElsewhere = about is not null && about != Chat.Id;
        return command with
        {
            Target = isElsewhere ? Chat with { Id = about! } : command.Target,
            Rights = IsPrivate && !isElsewhere ? Rights.ChatAdmin : RightsIn(about is null ? Body.Member("member").Text("permissions") : named.Text("permissions")),
            Language = Language,
            Space = IsPrivate && isElsewhere ? named.Text("guild_id") : Guild,
            Title = command.Target is not null ? null : channel.Text("name") is { } name ? "#" + name : Person.Name,
            MissingRight = _ => Task.FromResult((IsPrivate && !isElsewhere) || command.Target is not null ? null : missing),
        };
    }

    /// <summary>Where Discord does not say, nothing is allowed.</summary>
    private static Rights RightsIn(string? permissions) => permissions is null ? Rights.None : DiscordPermissions.Read(permissions).Rights;
}
