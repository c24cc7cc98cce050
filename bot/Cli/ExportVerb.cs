using Notifier.Model;
using Notifier.Subscriptions;
using Notifier.Subscriptions.Lists;
using Notifier.Texts;

namespace Notifier.Bot.Cli;

/// <summary>Prints the feeds of a chat as an OPML list. It only reads, so the service may run beside it.</summary>
internal static class ExportVerb
{
    private const int MostNamed = 20;

    /// <exception cref="StopException">No such chat.</exception>
    public static async Task<int> RunAsync(CommandArguments arguments, CancellationToken ct)
    {
        if (arguments.Operands.Count > 0 || !arguments.Switches.TryGetValue("--chat", out var chat))
            throw new StopException(ExitCode.Usage, "export wants a chat: export --chat terminal:local");
        if (!ChatAddress.TryParse(chat, out var where))
            throw new StopException(ExitCode.Usage, $"“{chat}” is not a chat: write platform:id or platform:id/thread, for example terminal:local.");
        await using var app = NotifierApp.Build(arguments);
        await using var db = app.Services.GetRequiredService<Storage>().Read();
        if (FeedExport.Of(db, where, app.Services.GetRequiredService<Catalogue>()) is not { } document)
            throw new StopException(ExitCode.Failure, $"There is no chat {where} here. {Known(db)}");
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(document.Write(app.Services.GetRequiredService<TimeProvider>().GetUtcNow()), ct);
        await output.WriteAsync("\n"u8.ToArray(), ct);
        return ExitCode.Done;
    }

    private static string Known(NotifierDb db)
    {
        var chats = db.Chats.OrderBy(chat => chat.Id).Take(MostNamed + 1).AsEnumerable().Select(chat => chat.Where.ToString()).ToList();
        return chats.Count == 0 ? "There is none yet."
            : $"There {(chats.Count == 1 ? "is" : "are")}: {string.Join(", ", chats.Take(MostNamed))}{(chats.Count > MostNamed ? " and more" : "")}.";
    }
}
