using System.Text.Json;
using Notifier.Messages;

namespace Notifier.Bot.Discord.Messages;

/// <summary>Buttons under a message: those that Notifier hears of when they are pressed, and those that open an address.</summary>
internal static class DiscordButtons
{
    /// <summary>Of a message without Components V2.</summary>
    public const int MostRows = 5;

    private const int MaxLabel = 80;
    private const int MaxCustomId = 100;
    private const int MaxUrl = 512;
    private const int RowLength = 5;
    private const int MaxButtons = MostRows * RowLength;

    /// <summary>Rows of up to five buttons, 25 in all, as JSON.</summary>
    public static byte[] Actions(IReadOnlyList<(string Label, string CustomId)> buttons) => DiscordBody.Json(json =>
    {
        json.WriteStartArray();
        WriteActions(json, buttons);
        json.WriteEndArray();
    });

    /// <summary>The same as the items of an array.</summary>
    public static void WriteActions(Utf8JsonWriter json, IReadOnlyList<(string Label, string CustomId)> buttons)
    {
        foreach (var row in buttons.Take(MaxButtons).Chunk(RowLength))
        {
            BeginRow(json);
            foreach (var (label, customId) in row)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThan(customId.Length, MaxCustomId, nameof(buttons));
                Write(json, 2, label, "custom_id", customId);
            }

            EndRow(json);
        }
    }

    /// <summary>The components that so many buttons are, with their rows.</summary>
    public static int Components(int buttons) => Math.Min(buttons, MaxButtons) is var most ? most + ((most + RowLength - 1) / RowLength) : 0;

    /// <summary>Those that can be buttons: five, of addresses that are not too long for one.</summary>
    public static List<CardLink> Openable(IReadOnlyList<CardLink> links) => links.Count == 0
        ? []
        : [.. links.Where(link => WebLink.Address(link.Url) is { Length: <= MaxUrl }).Take(RowLength)];

    /// <param name="links">From <see cref="Openable"/>, not none.</param>
    public static void WriteLinks(Utf8JsonWriter json, List<CardLink> links)
    {
        BeginRow(json);
        foreach (var link in links)
            Write(json, 5, link.Label, "url", WebLink.Address(link.Url)!);
        EndRow(json);
    }

    /// <summary>What a button shows.</summary>
    public static string Label(string label) => CleanText.Line(label) is { Length: > 0 } said ? CleanText.Cut(said, MaxLabel) : "…";

    private static void BeginRow(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("type", 1);
        json.WriteStartArray("components");
    }

    private static void EndRow(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, int style, string label, string what, string value)
    {
        json.WriteStartObject();
        json.WriteNumber("type", 2);
        json.WriteNumber("style", style);
        json.WriteString("label", Label(label));
        json.WriteString(what, value);
        json.WriteEndObject();
    }
}
