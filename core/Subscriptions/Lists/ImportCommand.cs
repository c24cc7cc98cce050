using System.Text.Json;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Feeds;
using Notifier.Feeds.Fetching;
using Notifier.Messages;

namespace Notifier.Subscriptions.Lists;

/// <summary>Subscribes the chat to the feeds of an OPML list, which is attached or stands at an address.</summary>
public sealed class ImportCommand(FeedFetcher fetcher, FeedImport import) : Command("import")
{
    private const int LargestList = 1024 * 1024;
    private const int MostFeeds = 500;
    private const int MostReasons = 10;
    private const int LongestName = 100;

    private static readonly Parameter<string> Url = new("url", "commands.import.url", text => text) { IsOptional = true };

    public override IReadOnlyList<Parameter> Parameters => [Url];

    public override Rights Needs => Rights.ChatAdmin;

    public override bool TakesFile => true;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        if (await call.MissingRightAsync(ct) is { } right)
            throw call.Error("subscribe.noright", ("right", right));
        var (name, bytes) = await ListAsync(call, ct);
        var document = OpmlDocument.Read(new MemoryStream(bytes.ToArray(), writable: false), LargestList, MostFeeds) switch
        {
            OpmlResult.Read read => read.Document,
            OpmlResult.Unreadable unreadable => throw call.Error("import.unreadable", ("name", name), ("reason", unreadable.Reason)),
            var other => throw new InvalidOperationException($"No such result: {other}"),
        };
        if (document.Outlines.Count == 0)
            throw call.Error("import.empty", ("name", name));

        // In several commits, so that the writer is free for others; asked for again after a crash, it finds the first of them known.
        var report = await import.ImportAsync(
            document.Outlines,
            new ImportTarget(call.Chat, call.Person.Id) { Space = call.Space, Language = call.Language, IsBounded = call.Rights != Rights.Operator },
            ct);
        return await call.CommitAsync(
            (db, chat) =>
            {
                call.Audit(db, chat, Name, "chat", null, JsonSerializer.Serialize(new { report.Added, report.Known, Refused = report.Refused.Count }));
                return Reply(call, name, report, document.More);
            },
            ct);
    }

    private static Message Reply(CommandCall call, string name, ImportReport report, bool more)
    {
        var text = new List<Block> { Line(call.Say("import.head", ("name", name))) };
        var counts = new List<ListItem> { Item(call.Say("import.added", ("count", report.Added))) };
        if (report.Known > 0)
            counts.Add(Item(call.Say("import.known", ("count", report.Known))));
        text.Add(new Block.List(null, counts));
        if (report.Refused.Count > 0)
            text.AddRange([Line(call.Say("import.refused", ("count", report.Refused.Count))), Reasons(call, report.Refused)]);
        if (report.Incomplete.Count > 0)
            text.AddRange([Line(call.Say("import.incomplete", ("count", report.Incomplete.DistinctBy(fault => fault.Feed).Count()))), Reasons(call, report.Incomplete)]);
        if (more)
            text.Add(Line(call.Say("import.cut", ("limit", MostFeeds))));
        return new Message { Text = text };
    }

    private static Block.List Reasons(CommandCall call, IReadOnlyList<ImportFault> faults)
    {
        var items = faults.Take(MostReasons).Select(fault => Item(fault.ToString())).ToList();
        if (faults.Count > MostReasons)
            items.Add(Item(call.Say("import.others", ("count", faults.Count - MostReasons))));
        return new Block.List(null, items);
    }

    private static Block.Paragraph Line(string text) => new([new Span.Text(text)]);

    private static ListItem Item(string text) => new([Line(text)]);

    private static CommandError TooLarge(CommandCall call) => call.Error("import.large", ("limit", LargestList / 1024));

    /// <summary>The list, and what to call it.</summary>
    /// <exception cref="CommandError">There is none, or it cannot be had.</exception>
    private async Task<(string Name, ReadOnlyMemory<byte> Bytes)> ListAsync(CommandCall call, CancellationToken ct)
    {
        if (call.File is { } file)
        {
            var name = CleanText.Line(file.Name) is { Length: > 0 } said ? CleanText.Cut(said, LongestName) : "OPML";
            return file.Length > LargestList ? throw TooLarge(call) : (name, await BytesAsync(file, call, ct));
        }

        if (call.GetOr(Url) is { } typed)
            return await BytesAsync(typed, call, ct);
        throw call.IsLocal ? call.Error("import.nothinglocal", ("chat", call.Chat)) : call.Error("import.nothing");
    }

    private static async Task<ReadOnlyMemory<byte>> BytesAsync(IncomingFile file, CommandCall call, CancellationToken ct) => await file.Fetch(LargestList, ct) switch
    {
        FileResult.Fetched fetched => fetched.Bytes,
        FileResult.TooLarge => throw TooLarge(call),
        FileResult.Failed failed => throw call.Error("import.nofile", ("reason", failed.Reason)),
        var other => throw new InvalidOperationException($"No such result: {other}"),
    };

    private async Task<(string Name, ReadOnlyMemory<byte> Bytes)> BytesAsync(string typed, CommandCall call, CancellationToken ct)
    {
        if (!FeedUrl.TryParse(typed, out var url, out var error))
            throw new CommandError(error);
        if (url.Credentials is not null)
            throw call.Error("find.credentials");
        var host = url.Url.Host;
        return await fetcher.FetchAsync(new FetchRequest(url.Url), ct) switch
        {
            FetchResult.Fetched fetched => fetched.Body.Length > LargestList ? throw TooLarge(call) : (FeedUrl.Display(url.Url, hideQuery: true), fetched.Body),
            FetchResult.Failed failed => throw new CommandError(failed.Reason),
            FetchResult.Throttled => throw call.Error("find.throttled", ("host", host)),
            FetchResult.Gone => throw call.Error("find.gone", ("host", host)),
            var other => throw new InvalidOperationException($"An unconditional request ended in {other}"),
        };
    }
}
