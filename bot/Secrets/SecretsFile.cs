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

    // As configuration files are read, so that what the process started with can be written to.
    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };
    private static readonly JsonDocumentOptions Lenient = new() { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly Lock _lock = new();

    /// <summary>Absolute.</summary>
    public string Path { get; } = path;

    /// <summary>Stores a setting under its key, such as <c>Notifier:Telegram:Token</c>.</summary>
    /// <exception cref="IOException">The folder cannot be written, or the file is no JSON object.</exception>
    public void Store(string key, string value)
    {
        lock (_lock)
            Write(With(Read(), key, value));
    }

    /// <summary>Puts a value in, in place of the one it has by whatever way of writing the key: two of them could not be read.</summary>
    private static JsonObject With(JsonObject all, string key, string value)
    {
        Remove(all, key);
        var section = all;
        var parts = key.Split(':');
        foreach (var part in parts[..^1])
        {
            if (section[part] is not JsonObject inner)
                section[part] = inner = new JsonObject(AnyCase);
            section = inner;
        }

        section[parts[^1]] = value;
        return all;
    }

    private static void Remove(JsonObject section, string key)
    {
        foreach (var (name, value) in section.ToList())
        {
            if (name.Equals(key, StringComparison.OrdinalIgnoreCase))
                section.Remove(name);
            else if (value is JsonObject inner && key.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                Remove(inner, key[(name.Length + 1)..]);
        }
    }

    private void Write(JsonObject all)
    {
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
            return new JsonObject(AnyCase);
        try
        {
            return JsonNode.Parse(File.ReadAllText(Path), AnyCase, Lenient) as JsonObject ?? throw new IOException($"{Path} holds no JSON object.");
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            throw new IOException($"{Path} is no JSON: {fault.Message}", fault);
        }
    }
}
