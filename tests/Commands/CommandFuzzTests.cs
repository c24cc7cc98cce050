using System.Text;
using Notifier.Chats;
using Notifier.Messages;

namespace Notifier.Tests.Commands;

/// <summary>E14: whatever is typed, there is one reply or silence, and no exception.</summary>
public sealed class CommandFuzzTests : IAsyncDisposable
{
    private const int Seed = 20261124;

    private static readonly string[] Pieces =
    [
        " ", "  ", "\n", "\t", "/", "//", "@", "@notifier_bot", ":", "\"", "“", "”", "#", "-1", "0", "1", "007", "99999999999", "-", "all", "yes", "none", "last", "add",
        "chat:", "chat:fake:b", "chat:other:9/4", "chat:\"fake:b\"", "chat:fake:", "CHAT:fake:b ", "feed:", "url:", "url:demo", "n:", "n:3", "backfill:", "backfill:none", "page:2", "daily", "0 9 * * *", "* * * * *", "every 2 hours", "mon 18:00", "22:00-07:00", "Europe/Berlin", "berlin", "send", "skip", "off", "when:", "/(a+)+$/", "title:rust", "or", "-", "schedule:daily", "filter:", "pause", "health", "{feed}", "{count|one|two}", "{", "}",
        "http://", "https://", "ftp://f.test/", "https://user:word@f.test/", "http://[::1", "mailto:ann", "example", "f.test", "\0", "\u202E", "\uD800", "\uDC00", "🦆", "e\u0301\u0301\u0301", "%s%n", "'; DROP TABLE Feeds; --",
    ];

    private readonly FrontDoor _door = new();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task E14_Ten_thousand_random_lines_get_one_reply_each_or_silence()
    {
        var names = _door.Runner.Catalog.SelectMany(command => (string[])[command.Name, .. command.Aliases]).ToList();
        await _door.Desk.SubscribeAsync(new Uri("http://127.0.0.1:1/"), "a", "b");
        var random = new Random(Seed);
        for (var n = 0; n < 10_000; n++)
        {
            var line = Line(random, names);
            var rights = (Rights)random.Next(4);
            _door.Desk.Platform.RightsOf = (_, _) => rights;
            var incoming = _door.Line(line) with { IsPrivate = random.Next(2) == 0, IsAddressed = random.Next(4) == 0, IsLocal = true };
            var reply = await _door.SendAsync(incoming);

            Assert.False(reply is null && incoming.IsPrivate && !string.IsNullOrWhiteSpace(line), $"{n}: no reply to “{line}”");
            Assert.False(reply is not null && Spans.Text(reply.Text).Length == 0, $"{n}: an empty reply to “{line}”");
            Assert.False(_door.Log.Errors.Any(), $"{n}: “{line}”: {_door.Log.Everything}");
        }
    }

    private static string Line(Random random, List<string> names)
    {
        var line = new StringBuilder();
        if (random.Next(4) > 0)
            line.Append('/').Append(random.Next(5) == 0 ? "" : names[random.Next(names.Count)]);
        if (random.Next(8) == 0 && line.Length > 2)
            line[random.Next(1, line.Length)] = (char)random.Next('a', 'z' + 1);
        for (var pieces = random.Next(8); pieces > 0; pieces--)
        {
            if (random.Next(3) > 0)
                line.Append(' ');
            line.Append(random.Next(10) == 0 ? ((char)random.Next(1, 0xFFFF)).ToString() : Pieces[random.Next(Pieces.Length)]);
        }

        if (random.Next(200) == 0)
            line.Append('x', 5000);
        return line.ToString();
    }
}
