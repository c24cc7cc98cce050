using System.Globalization;
using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Telegram.Api;

namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>The presses of buttons that wait for the bot's answer. Each can be answered once, and only for a while.</summary>
internal sealed class Callbacks(FakeTelegram world)
{
    private readonly Dictionary<string, Query> _queries = new(StringComparer.Ordinal);
    private long _lastId = 4_382_000_000_000;

    /// <summary>How long a press can be answered; Telegram says no number, this is about it.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>What the bot answered, oldest first.</summary>
    public IReadOnlyList<CallbackAnswer> Answers
    {
        get
        {
            lock (world.Lock)
                return [.. _queries.Values.Select(query => query.Answer).OfType<CallbackAnswer>()];
        }
    }

    internal Query Press(FakeTelegramMessage message, FakeTelegramUser user, string data)
    {
        lock (world.Lock)
        {
            var query = new Query((++_lastId).ToString(CultureInfo.InvariantCulture), world.Clock.GetUtcNow());
            _queries.Add(query.Id, query);
            user.IsKnown = true;
            world.Updates.Queue("callback_query", new()
            {
                ["id"] = query.Id,
                ["from"] = user.ToJson(),
                ["message"] = message.IsDeleted
                    ? new JsonObject { ["chat"] = message.Chat.ToJson(), ["message_id"] = message.Id, ["date"] = 0 }
                    : message.ToJson(),
                ["chat_instance"] = message.Chat.Id.ToString(CultureInfo.InvariantCulture),
                ["data"] = data,
            });
            return query;
        }
    }

    /// <summary>Takes the bot's answer; one that is unknown, too late or a second one is refused.</summary>
    internal void Answer(string id, CallbackAnswer answer)
    {
        if (answer.Text.Length > 200)
            throw Refusal.Bad("MESSAGE_TOO_LONG");
        if (!_queries.TryGetValue(id, out var query) || query.Answer is not null || world.Clock.GetUtcNow() - query.At > Lifetime)
            throw Refusal.Bad("query is too old and response timeout expired or query ID is invalid");
        query.Answer = answer;
        world.Changed.Ring();
    }

    /// <summary>One press of a button.</summary>
    internal sealed class Query(string id, DateTimeOffset at)
    {
        public string Id => id;

        public DateTimeOffset At => at;

        public CallbackAnswer? Answer { get; set; }
    }
}

/// <summary>The bot's answer to a press: the notice that the person sees (empty: none), as an alert or not.</summary>
internal sealed record CallbackAnswer(string Text, bool ShowAlert, string? Url);
