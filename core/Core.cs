using Microsoft.Extensions.DependencyInjection;
using Notifier.ChatSettings;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Feeds.Discovery;
using Notifier.Feeds.Fetching;
using Notifier.Feeds;
using Notifier.Feeds.Formats;
using Notifier.Messages;
using Notifier.Operating;
using Notifier.Polling;
using Notifier.Subscriptions;
using Notifier.Subscriptions.Lists;
using Notifier.Texts;

namespace Notifier;

/// <summary>The table of contents, in the order in which an entry passes through.</summary>
public static class Core
{
    /// <summary>The formats that a document is tried as, in this order.</summary>
    public static IReadOnlyList<IFeedFormat> Formats { get; } =
    [
        new RssFormat(),
        new AtomFormat(),
        new JsonFeedFormat(),
    ];

    /// <summary>
    /// Adds everything that knows no platform. The caller adds <see cref="Model.Storage"/>, the options <see cref="PollOptions"/>,
    /// <see cref="FetchOptions"/>, <see cref="DeliveryOptions"/> and <see cref="CommandOptions"/>, and its platforms.
    /// </summary>
    public static IServiceCollection AddNotifierCore(this IServiceCollection services) => services
        .AddSingleton(TimeProvider.System)

        // From an address to plain records.
        .AddSingleton<FeedFetcher>()
        .AddSingleton(_ => new FeedParser(Formats))

        // From a due feed to what is owed.
        .AddSingleton<HostCooldown>()
        .AddSingleton<Poller>()

        // From what is owed to a message in a chat.
        .AddSingleton<Outbox>()
        .AddSingleton<Notices>()
        .AddSingleton<FeedNotices>()
        .AddSingleton<EntryFormatter>()
        .AddSingleton<ListMessages>()
        .AddSingleton<EntryMessages>()
        .AddSingleton<Composer>()
        .AddSingleton<Outcomes>()
        .AddSingleton<Changes>()
        .AddSingleton<Turn>()
        .AddSingleton<Deliverer>()
        .AddSingleton<Retention>()
        .AddSingleton<ClockChange>()

        // What platforms tell, and remember.
        .AddSingleton<Platforms>()
        .AddSingleton<Inbox>()
        .AddSingleton<PlatformMemory>()
        .AddSingleton<ChatEvents>()

        // What people can ask.
        .AddSingleton(_ => Catalogue.Load("en"))
        .AddSingleton<CommandRunner>()
        .AddSingleton<OfferedActions>()
        .AddSingleton<ClaimCode>()
        .AddSingleton<CommonPaths>()
        .AddSingleton<ApplePodcasts>()
        .AddSingleton<FeedFinder>()
        .AddSingleton<FeedRhythm>()
        .AddSingleton<FeedImport>()
        .AddSingleton<NewestEntry>()
        .AddSingleton<Command, SubscribeCommand>()
        .AddSingleton<Command, UnsubscribeCommand>()
        .AddSingleton<Command, ListCommand>()
        .AddSingleton<Command, FilterCommand>()
        .AddSingleton<Command, ScheduleCommand>()
        .AddSingleton<Command, StyleCommand>()
        .AddSingleton<Command, TemplateCommand>()
        .AddSingleton<Command, PreviewCommand>()
        .AddSingleton<Command, PauseCommand>()
        .AddSingleton<Command, ResumeCommand>()
        .AddSingleton<Command, HeldCommand>()
        .AddSingleton<Command, WithdrawnCommand>()
        .AddSingleton<Command, LatestCommand>()
        .AddSingleton<Command, WhyCommand>()
        .AddSingleton<Command, CheckCommand>()
        .AddSingleton<Command, TimezoneCommand>()
        .AddSingleton<Command, LanguageCommand>()
        .AddSingleton<Command, QuietCommand>()
        .AddSingleton<Command, StoriesCommand>()
        .AddSingleton<Command, DoubtCommand>()
        .AddSingleton<Command, HistoryCommand>()
        .AddSingleton<Command, UndoCommand>()
        .AddSingleton<Command, StatusCommand>()
        .AddSingleton<Command, ImportCommand>()
        .AddSingleton<Command, ExportCommand>()
        .AddSingleton<Command, StartCommand>()
        .AddSingleton<Command, HelpCommand>()
        .AddSingleton<Command, WhoamiCommand>()
        .AddSingleton<Command, SetupCommand>()
        .AddSingleton<Command, ClaimCommand>()
        .AddSingleton<Command, FeedCommand>()
        .AddSingleton<Command, AdminsCommand>();
}
