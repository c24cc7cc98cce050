using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Notifier.Bot.Discord.Rest;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Texts;

namespace Notifier.Bot.Discord;

/// <summary>The commands as Discord offers them, made of the catalog. Registered only when they have changed: Discord counts registrations.</summary>
internal sealed class DiscordCommands(DiscordRest rest, CommandRunner commands, PlatformMemory memory, Catalogue texts)
{
    /// <summary>The option that names another channel than the one it is asked in.</summary>
    public const string ChatOption = "chat";

    /// <summary>The option that takes a file.</summary>
    public const string FileOption = "file";

    private const string Fact = "commands";
    private const int TextOption = 3;
    private const int ChannelOption = 7;
    private const int AttachmentOption = 11;

    /// <summary>Text, announcement, threads of three kinds, forum.</summary>
    private static readonly int[] ChannelTypes = [0, 5, 10, 11, 12, 15];

    /// <returns>Why Discord did not take them; null when it did, or has them already.</returns>
    public async Task<string?> RegisterAsync(string application, CancellationToken ct)
    {
        var body = Json();
        var said = $"{application} {Convert.ToHexStringLower(SHA256.HashData(body))}";
        if (await memory.ReadAsync(DiscordPlatform.PlatformName, Fact) == said)
            return null;
        var answer = await rest.SendAsync(new DiscordRequest(HttpMethod.Put, "/applications/{application}/commands", application) { Body = body }, ct);
        if (answer is not DiscordAnswer.Ok)
            return answer.ToString();
        await memory.WriteAsync(DiscordPlatform.PlatformName, Fact, said, ct);
        return null;
    }

    private byte[] Json()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var command in commands.Catalog)
                Write(json, command);
            json.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json, Command command)
    {
        json.WriteStartObject();
        json.WriteNumber("type", 1);
        json.WriteString("name", command.Name);
        Describe(json, command.Key);
        if (command.Needs >= Rights.ChatAdmin)
            json.WriteString("default_member_permissions", DiscordPermissions.ToConfigure);

        // In servers and in private chats with the bot, and installed to servers only.
        json.WriteStartArray("contexts");
        json.WriteNumberValue(0);
        json.WriteNumberValue(1);
        json.WriteEndArray();
        json.WriteStartArray("integration_types");
        json.WriteNumberValue(0);
        json.WriteEndArray();
        json.WriteStartArray("options");
        foreach (var parameter in command.Parameters)
            Write(json, parameter);
        if (command.TakesFile)
            WriteFile(json);
        if (command.IsAboutChat)
            WriteChat(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, Parameter parameter)
    {
        json.WriteStartObject();
        json.WriteNumber("type", TextOption);
        json.WriteString("name", parameter.Name);
        Describe(json, parameter.Key);
        json.WriteBoolean("required", !parameter.IsOptional);
        if (parameter.Suggest is not null)
            json.WriteBoolean("autocomplete", true);
        json.WriteEndObject();
    }

    /// <summary>Discord shows each person the description in their own language.</summary>
    private void Describe(Utf8JsonWriter json, string key)
    {
        json.WriteString("description", texts.Say(key));
        json.WriteStartObject("description_localizations");
        var own = texts.Language;
        foreach (var other in texts.Languages)
        {
            if (other.Code == own || DiscordLocales.Of(other.Code) is not { } locale)
                continue;
            using var spoken = texts.In(other.Code);
            json.WriteString(locale, texts.Say(key));
        }

        json.WriteEndObject();
    }

    private void WriteFile(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("type", AttachmentOption);
        json.WriteString("name", FileOption);
        Describe(json, "commands.anyfile");
        json.WriteBoolean("required", false);
        json.WriteEndObject();
    }

    private void WriteChat(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("type", ChannelOption);
        json.WriteString("name", ChatOption);
        Describe(json, "commands.anychat");
        json.WriteBoolean("required", false);
        json.WriteStartArray("channel_types");
        foreach (var type in ChannelTypes)
            json.WriteNumberValue(type);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
