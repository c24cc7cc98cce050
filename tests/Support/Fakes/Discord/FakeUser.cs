using System.Globalization;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Discord.Server;
using Notifier.Tests.Support.Fakes.Discord.Server.Checks;

namespace Notifier.Tests.Support.Fakes.Discord;

/// <summary>A person on Discord, or the bot itself. A person types commands and presses buttons.</summary>
internal sealed class FakeUser(FakeDiscord discord, string id, string name, bool isBot = false)
{
    public string Id => id;

    public string Name => name;

    public bool IsBot => isBot;

    /// <summary>Whether the bot may write to this person; when not, a send answers 50007.</summary>
    public bool AcceptsMessages { get; set; } = true;

    public string Locale { get; set; } = "en-US";

    internal FakeChannel? Dm { get; set; }

    /// <summary>The private chat with the bot, opened if there was none.</summary>
    public FakeChannel OpenDm()
    {
        lock (discord.Sync)
            return Dm ??= discord.AddDm(this);
    }

    /// <summary>
    /// Types a command; a subcommand stands after a space. Values are text, numbers, flags, <see cref="FakeChannel"/>, <see cref="FakeUser"/>,
    /// or <see cref="DiscordUpload"/> (with the size that Discord tells of it, where that is not true).
    /// Waits until the bot is there and has registered commands, and refuses like Discord's app what those do not allow.
    /// </summary>
    public async Task<FakeInteraction> CommandAsync(FakeChannel channel, string command, params (string Name, object Value)[] options)
    {
        await discord.WaitUntilServingAsync();
        return discord.Interact(this, channel, DiscordInteractionKind.Command, new TypedCommand(discord, this, channel, command).Run(options));
    }

    /// <summary>Types into an option of a command, and gives what the bot suggests.</summary>
    public async Task<IReadOnlyList<DiscordChoice>> AutocompleteAsync(FakeChannel channel, string command, string option, string typed, params (string Name, object Value)[] others)
    {
        await discord.WaitUntilServingAsync();
        var interaction = discord.Interact(this, channel, DiscordInteractionKind.Autocomplete, new TypedCommand(discord, this, channel, command).Complete(option, typed, others));
        return await interaction.ChoicesAsync();
    }

    /// <summary>
    /// A component interaction on a message with any custom id, even one that the message does not have. People cannot do that; what
    /// holds against it holds against every client.
    /// </summary>
    public FakeInteraction Forge(FakeMessage message, string customId, int componentType = 2, params string[] values)
    {
        var data = new JsonObject { ["custom_id"] = customId, ["component_type"] = componentType, ["id"] = 1 };
        if (componentType != 2)
            data["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
        return discord.Interact(this, message.Channel, DiscordInteractionKind.Component, data, message);
    }

    /// <summary>Writes in a channel, as people do; the bot does not see it.</summary>
    public FakeMessage Say(FakeChannel channel, string text) => discord.Say(this, channel, text);

    public override string ToString() => name;

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["id"] = id,
            ["username"] = name.ToLowerInvariant(),
            ["global_name"] = isBot ? null : name,
            ["discriminator"] = isBot ? (ulong.Parse(id, CultureInfo.InvariantCulture) % 10_000).ToString("0000", CultureInfo.InvariantCulture) : "0",
            ["avatar"] = null,
            ["public_flags"] = 0,
            ["flags"] = 0,
            ["primary_guild"] = null,
        };
        if (isBot)
            json["bot"] = true;
        return json;
    }
}
