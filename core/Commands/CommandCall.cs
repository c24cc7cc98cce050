using Notifier.Chats;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Schedules;
using Notifier.Texts;

namespace Notifier.Commands;

/// <summary>One asking of a command: by whom, where, with what arguments; and the two ways to the database.</summary>
public sealed class CommandCall(
    IncomingCommand incoming,
    Rights rights,
    IReadOnlyDictionary<Parameter, object> arguments,
    Storage storage,
    Catalogue texts,
    TimeProvider time)
{
    private readonly Lazy<TimeZoneInfo> _zone = new(() =>
    {
        using var db = storage.Read();
        return Zones.Named(db.ChatAt(incoming.About)?.Zone);
    });

    /// <summary>The chat that the command is about.</summary>
    public ChatAddress Chat => incoming.About;

    /// <summary>The chat in which it was asked.</summary>
    public ChatAddress From => incoming.Chat;

    public Person Person => incoming.Person;

    public Rights Rights => rights;

    /// <summary>See <see cref="IncomingCommand.Space"/>.</summary>
    public string? Space => incoming.Space;

    /// <summary>Nobody but the asker reads the answer.</summary>
    public bool IsConfidential => incoming.IsPrivate || incoming.IsConfidential;

    /// <summary>See <see cref="IncomingCommand.IsLocal"/>.</summary>
    public bool IsLocal => incoming.IsLocal;

    /// <summary>See <see cref="IncomingCommand.File"/>.</summary>
    public IncomingFile? File => incoming.File;

    /// <summary>The code of the language that a new chat takes from whoever asks; null for the default.</summary>
    public string? Language => texts.Find(incoming.Language)?.Code;

    /// <summary>See <see cref="IncomingCommand.MissingRight"/>.</summary>
    public Task<string?> MissingRightAsync(CancellationToken ct) => incoming.MissingRight(ct);

    /// <summary>The time of the call.</summary>
    public DateTimeOffset Now { get; } = time.GetUtcNow();

    /// <summary>The value of a parameter that must be given.</summary>
    public T Get<T>(Parameter<T> parameter)
        where T : notnull => (T)arguments[parameter];

    public T? GetOr<T>(Parameter<T> parameter, T? otherwise = default)
        where T : notnull => arguments.TryGetValue(parameter, out var value) ? (T)value : otherwise;

    /// <summary>Notifier's words in the language of the chat in which it was asked.</summary>
    public string Say(string key, params ReadOnlySpan<(string Name, object Value)> values) => texts.Say(key, values);

    /// <summary>What was to be said later, or is stored.</summary>
    public string Say(Phrase phrase) => texts.Say(phrase);

    /// <summary>When something was, as people say it: by the clock of the chat that the command is about.</summary>
    public string SayTime(DateTimeOffset then) => RelativeTime.Of(texts, Now, then, _zone.Value);

    /// <summary>A language by its own name.</summary>
    public string SayLanguage(string code) => texts.Find(code)?.Name ?? code;

    /// <summary>A schedule in words that follow “polled” or “delivered”.</summary>
    public string SaySchedule(string cron) => ScheduleWords.Of(texts, cron);

    /// <summary>How long, as words that follow “within” or “every”; of one, the unit alone.</summary>
    public string SaySpan(TimeSpan span) => ScheduleWords.Of(texts, span);

    /// <summary>The next times of a schedule, by the clock of its zone; three at most.</summary>
    public string SayNext(Schedule schedule, TimeZoneInfo zone) => string.Join(" · ", schedule.NextTimes(Now).Take(3).Select(next => RelativeTime.Moment(texts, next, zone)));

    /// <summary>A time to come, by the clock of a zone.</summary>
    public string SayMoment(DateTimeOffset then, TimeZoneInfo zone) => RelativeTime.Moment(texts, then, zone);

    /// <summary>“a”, “a and b”, “a, b and c”.</summary>
    public string SayList(IReadOnlyList<string> parts) => ScheduleWords.Listed(texts, parts);

    /// <summary>A mistake, in the same language.</summary>
    public CommandError Error(string key, params ReadOnlySpan<(string Name, object Value)> values) => new(texts.Say(key, values));

    /// <summary>Reads, without changing anything.</summary>
    public async Task<T> ReadAsync<T>(Func<NotifierDb, T> query)
    {
        await using var db = storage.Read();
        return query(db);
    }

    /// <summary>
    /// The command's effect: the processed update, what is changed and the audit line commit together. A redelivered update is refused.
    /// </summary>
    /// <exception cref="AlreadyProcessedException">The same update came before.</exception>
    public Task<T> CommitAsync<T>(Func<NotifierDb, Chat, T> effect, CancellationToken ct) => storage.Writer.RunAsync(
        db =>
        {
            if (db.Connection().Execute(
                "INSERT INTO ProcessedUpdates (Platform, UpdateId, At) VALUES ($platform, $id, $at) ON CONFLICT DO NOTHING",
                ("$platform", incoming.Chat.Platform),
                ("$id", incoming.UpdateId),
                ("$at", Now.UtcTicks)) == 0)
                throw new AlreadyProcessedException();
            var chat = db.FindOrAddChat(Chat, Now, Language);
            chat.Space = incoming.Space ?? db.SpaceOf(Chat);
            chat.Title = incoming.Title ?? chat.Title;
            return effect(db, chat);
        },
        ct);

    /// <summary>Writes down who changed what; inside the effect.</summary>
    public AuditLine Audit(NotifierDb db, Chat chat, string command, string subject, string? before, string? after)
    {
        var line = new AuditLine
        {
            At = Now,
            ChatId = chat.Id,
            Person = Person.Id,
            PersonName = Person.Name,
            Command = command,
            Subject = subject,
            Before = before,
            After = after,
        };
        db.AuditLines.Add(line);
        db.SaveChanges();
        return line;
    }

    /// <summary>The button that takes a change back, by the number of its audit line.</summary>
    public MessageAction Undo(long change) => new(Say("undo.choice"), $"/undo {change}");

    /// <summary>A reply of plain paragraphs.</summary>
    public Message Reply(string key, params ReadOnlySpan<(string Name, object Value)> values) => Message.Of(texts.Say(key, values).Split('\n'));
}

/// <summary>The update was acted on before; there is nothing to say.</summary>
public sealed class AlreadyProcessedException() : Exception("This update was processed before.");
