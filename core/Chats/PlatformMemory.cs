using Notifier.Model;

namespace Notifier.Chats;

/// <summary>The few facts that a platform wants to find again after a restart, by name: which commands it registered, when it logged in.</summary>
public sealed class PlatformMemory(Storage storage)
{
    public async Task<string?> ReadAsync(string platform, string name)
    {
        await using var db = storage.Read();
        return db.PlatformFacts.SingleOrDefault(fact => fact.Platform == platform && fact.Name == name)?.Value;
    }

    public Task WriteAsync(string platform, string name, string value, CancellationToken ct) => storage.Writer.RunAsync(
        db => db.Connection().Execute(
            "INSERT INTO PlatformFacts (Platform, Name, Value) VALUES ($platform, $name, $value) ON CONFLICT DO UPDATE SET Value=$value",
            ("$platform", platform),
            ("$name", name),
            ("$value", value)),
        ct);
}
