using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Notifier.Bot.Cli;
using Notifier.Bot.Demo;
using Notifier.Bot.Discord;
using Notifier.Bot.Secrets;
using Notifier.Bot.Telegram;
using Notifier.Bot.Terminal;
using Notifier.Bot.Web;
using Notifier.Bot.Workers;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Feeds;
using Notifier.Model;
using Notifier.Texts;

namespace Notifier.Bot;

/// <summary>Puts the process together: settings, storage, core, platforms, workers, pages. Every verb uses the same; only the service starts it.</summary>
internal static class NotifierApp
{
    /// <exception cref="StopException">A setting is wrong, or the data folder cannot be used.</exception>
    public static WebApplication Build(CommandArguments arguments)
    {
        var builder = NewBuilder(arguments);
        var terminal = arguments.Verb.Length == 0 && (arguments.Has("--terminal") || !Console.IsInputRedirected);
        AddLogging(builder, terminal, arguments.Verb.Length == 0);
        builder.Configuration.AddNotifierSources();
        var database = DatabaseSetting(builder.Configuration);
        var dataFolder = database is null ? DataFolder.Path : Path.GetDirectoryName(Path.GetFullPath(database))!;
        builder.Configuration.AddStoredSecrets(dataFolder);
        builder.Services
            .AddNotifierSettings(builder.Configuration)
            .AddNotifierCore()
            .AddSingleton(_ => Verbs.ReadOnly.Contains(arguments.Verb)
                ? Storage.OpenReadOnly(database ?? Path.Combine(dataFolder, DataFolder.Database))
                : Storage.Open(database ?? Path.Combine(DataFolder.Open(), DataFolder.Database)))
            .AddSingleton(new SecretsFile(Path.Combine(dataFolder, SecretsFile.Name)))
            .AddSingleton<OwnAddress>()
            .AddPages()
            .AddDemo(arguments.Time("--demo-interval"))
            .AddSingleton<IChatPlatform, DiscordPlatform>()
            .AddSingleton<TelegramPlatform>()
            .AddSingleton<IChatPlatform>(services => services.GetRequiredService<TelegramPlatform>());
        if (terminal)
        {
            builder.Services
                .AddSingleton(services => new ConsoleScreen(typed => services.GetRequiredService<CommandRunner>().Complete(typed)))
                .AddSingleton(services => services.GetRequiredService<ConsoleScreen>().Screen)
                .AddSingleton(services => new TerminalWriter(services.GetRequiredService<TimeProvider>(), services.GetRequiredService<Catalogue>(), services.GetRequiredService<ConsoleScreen>().HasColour))
                .AddSingleton<FirstScreen>()
                .AddSingleton<IChatPlatform, TerminalPlatform>();
        }

        builder.Services
            .AddHostedService<PollWorker>()
            .AddHostedService<DeliveryWorker>()
            .AddHostedService<PlatformWorker>()
            .AddHostedService<RetentionWorker>()
            .AddHostedService<ClockWorker>()
            .AddHostedService<WholenessWorker>()
            .Configure<HostOptions>(options =>
            {
                // The process has 10 s: all workers are asked at once, and what hangs then is left to the next start.
                options.ServicesStopConcurrently = true;
                options.ShutdownTimeout = TimeSpan.FromSeconds(8);
            });

        var app = builder.Build();
        app.MapPages();
        app.MapDemoFeed();
        app.MapTelegramWebhook();
        return app;
    }

    /// <summary>A process to be, with the settings that ASP.NET Core finds by itself.</summary>
    /// <exception cref="StopException">The file of settings is no JSON.</exception>
    public static WebApplicationBuilder NewBuilder(CommandArguments arguments)
    {
        try
        {
            return WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = arguments.Settings, ContentRootPath = AppContext.BaseDirectory });
        }
        catch (InvalidDataException fault)
        {
            throw new StopException(ExitCode.Configuration, $"{fault.Message} {fault.GetBaseException().Message} Mend that file.");
        }
    }
    /// <summary>The database's file by the setting: a path or SQLite's <c>Data Source=…</c>. Null where the data folder has it.</summary>
    /// <exception cref="StopException">The setting names no file.</exception>
    public static string? DatabaseSetting(IConfiguration configuration)
    {
        var setting = configuration.GetConnectionString("Notifier");
        if (string.IsNullOrWhiteSpace(setting))
            return null;
        if (!setting.Contains('=', StringComparison.Ordinal))
            return setting;
        try
        {
            if (new SqliteConnectionStringBuilder(setting).DataSource is { Length: > 0 } path and not ":memory:")
                return path;
            throw new ArgumentException("It names no file.", nameof(configuration));
        }
        catch (ArgumentException fault)
        {
            throw new StopException(ExitCode.Configuration, $"The setting ConnectionStrings:Notifier cannot be used: {fault.Message} Give the path of the database file.");
        }
    }

    /// <summary>No token gets into a log, whoever writes it.</summary>
    private static void AddRedaction(WebApplicationBuilder builder) => builder.Services
        .AddSingleton<KnownSecrets>()
        .AddSingleton<ILoggerFactory>(services => new RedactedLogs(
            new LoggerFactory(services.GetServices<ILoggerProvider>(), services.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>()),
            services.GetRequiredService<KnownSecrets>()));

    /// <summary>To stdout; but where stdout is a chat's, or a verb's result, to stderr, and a person at the Terminal sees only what is wrong.</summary>
    private static void AddLogging(WebApplicationBuilder builder, bool terminal, bool service)
    {
        AddRedaction(builder);
        builder.Logging.ClearProviders();
        if (terminal && !Console.IsInputRedirected && !Console.IsOutputRedirected)
        {
            builder.Services.AddSingleton<ILoggerProvider, TerminalLog>();
            builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter<TerminalLog>(null, LogLevel.Warning);
            return;
        }

        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
        });
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = terminal || !service ? LogLevel.Trace : LogLevel.None);
        if (!service)
            builder.Logging.AddFilter<ConsoleLoggerProvider>(null, LogLevel.Error);
    }
}
