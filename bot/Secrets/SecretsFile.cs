using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notifier.Bot.Secrets;

/// <summary>
/// The data folder's <c>secrets.json</c>: the tokens that were given at the Terminal, as settings. Only its owner may read it (0600), and it
/// is replaced as a whole, so that a crash leaves the old one or the new one.
/// </summary>
internal sealed class SecretsFile(string path)
{
    public const string Name = "secrets.json";

    /// <summary>Absolute.</summary>
    public string Path { get; } = path;

    /// <summary>Stores a setting under its key, such as <c>Notifier:Telegram:Token</c>.</summary>
    /// <exception cref="IOException">The folder cannot be written, or the file is no JSON object.</exception>
    public void Store(string key, string value)
    {
        var all = Read();
        var section = all;
        var parts = key.Split(':');
        foreach (var part in parts[..^1])
        {
            if (section[part] is not JsonObject inner)
                section[part] = inner = [];
            section = inner;
        }

        section[parts[^1]] = value;
        var draft = Path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            using (var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true }))
                all.WriteTo(writer);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, Path, overwrite: true);
    }

    private JsonObject Read()
    {
        if (!File.Exists(Path))
            return [];
        try
        {
            return JsonNode.Parse(File.ReadAllText(Path)) as JsonObject ?? throw new IOException($"{Path} holds no JSON object.");
        }
        catch (JsonException fault)
        {
            throw new IOException($"{Path} is no JSON: {fault.Message}", fault);
        }
    }
}
