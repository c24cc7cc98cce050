using Notifier.Chats;
using Notifier.Commands;
using Notifier.Feeds;
using Notifier.Messages;
using Notifier.Texts;

namespace Notifier.Subscriptions.Lists;

/// <summary>Gives the chat's feeds as an OPML file. Where others read along it keeps back addresses that may have somebody's key in them.</summary>
public sealed class ExportCommand(Catalogue texts) : Command("export")
{
    public override Rights Needs => Rights.ChatAdmin;

    public override async Task<Message> RunAsync(CommandCall call, CancellationToken ct)
    {
        var document = await call.ReadAsync(db => FeedExport.Of(db, call.Chat, texts));
        if (document is not { Outlines.Count: > 0 and var count })
            throw call.Error("feeds.none");
        if (!call.IsConfidential && document.Outlines.Any(HasKey))
            throw call.Error("export.secret", ("chat", call.Chat));
        return (call.IsLocal ? call.Reply("export.local", ("count", count), ("chat", call.Chat), ("file", FeedExport.FileName)) : call.Reply("export.done", ("count", count)))
            with { File = new MessageFile(FeedExport.FileName, FeedExport.MediaType, document.Write(call.Now)) };
    }

    /// <summary>As in /list, what stands behind a question mark may be a key.</summary>
    private static bool HasKey(OpmlOutline outline) => new Uri(outline.XmlUrl).Query.Length > 1;
}
