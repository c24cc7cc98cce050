using Notifier.Commands;
using Notifier.Texts;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;

namespace Notifier.Bot.Telegram;

/// <summary>Fetches documents that people send. Telegram keeps them under names of its own, which it tells when it is asked for one.</summary>
internal sealed class TelegramFiles(TelegramClient client, Catalogue texts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public IncomingFile File(Document document) => new(document.FileName ?? "", document.FileSize, (limit, ct) => FetchAsync(document, limit, ct));

    private async Task<FileResult> FetchAsync(Document document, int limit, CancellationToken ct)
    {
        if (document.FileSize > limit)
            return new FileResult.TooLarge();
        return await client.CallAsync(new GetFileRequest { FileId = document.FileId }, Patience, ct) switch
        {
            TelegramAnswer<TGFile>.Ok { Value.FilePath: { Length: > 0 } path } => await DownloadAsync(path, limit, ct),
            TelegramAnswer<TGFile>.Refused refused => Refused(refused.Description),
            _ => Lost(),
        };
    }

    private async Task<FileResult> DownloadAsync(string path, int limit, CancellationToken ct) => await client.DownloadAsync(path, limit, Patience, ct) switch
    {
        TelegramAnswer<FileResult>.Ok ok => ok.Value,
        TelegramAnswer<FileResult>.Refused refused => Refused(refused.Description),
        _ => Lost(),
    };

    private FileResult.Failed Refused(string reason) => new(texts.Say("telegram.file.refused", ("reason", reason)));

    private FileResult.Failed Lost() => new(texts.Say("telegram.file.lost"));
}
