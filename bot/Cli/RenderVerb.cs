using System.Text.Encodings.Web;
using System.Text.Json;
using Notifier.Bot.Discord.Messages;
using Notifier.Bot.Telegram.Messages;
using Notifier.Bot.Terminal;
using Notifier.Deliveries;
using Notifier.Feeds;
using Notifier.Feeds.Fetching;
using Notifier.Messages;
using Notifier.Model;
using Notifier.Polling;
using Notifier.Texts;

namespace Notifier.Bot.Cli;

/// <summary>
/// <c>render FILE|URL --style S --platform P</c>: prints what would be sent about each entry of a feed, one line of JSON a message, by the same hands as a delivery. It needs
/// no database and sends nothing. Of the Terminal and of web pages, which know no JSON, it is the text in an object.
/// </summary>
internal sealed class RenderVerb(FeedParser parser, FeedFetcher fetcher, EntryMessages messages, Catalogue texts, TimeProvider time)
{
    private const int TerminalWidth = 80;
    private const string Discord = "discord";
    private const string Telegram = "telegram";
    private const string Terminal = "terminal";
    private const string Web = "web";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="StopException">It was asked wrongly, or there is no such feed.</exception>
    public async Task<int> RunAsync(CommandArguments arguments, TextWriter output, CancellationToken ct)
    {
        if (arguments.Operands is not [var source])
            throw new StopException(ExitCode.Usage, "render wants a feed: render FILE|URL --style card --platform discord");
        var platform = arguments.Switches.GetValueOrDefault("--platform", Discord);
        if (platform is not (Discord or Telegram or Terminal or Web))
            throw new StopException(ExitCode.Usage, $"“{platform}” is no platform: write {Discord}, {Telegram}, {Terminal} or {Web}.");
        var style = arguments.Switches.GetValueOrDefault("--style", "card");
        if (Look.Read(style) is not { } look)
            throw new StopException(ExitCode.Usage, $"“{style}” is no style: write one of {string.Join(", ", Look.Styles)}, after it any of {string.Join(", ", Look.Options)}.");
        var template = arguments.Switches.GetValueOrDefault("--template");
        if (look.Style == Style.Custom && template is null)
            throw new StopException(ExitCode.Usage, "The style custom wants --template \"<b>{{ title }}</b>\".");

        var (document, url) = await ReadAsync(source, ct);
        var feed = new Feed { Url = url.AbsoluteUri, Title = document.Title, Site = document.Link, Icon = document.Image };
        var entries = document.Entries.Select(entry => Poller.EntryOf(entry, 0, time.GetUtcNow())).ToList();
        foreach (var line in look.Style == Style.Digest
            ? entries.Chunk(DeliveryPlan.ListLength).SelectMany(part => Lists(feed, part, look, platform))
            : entries.Select(entry => One(feed, entry, look, template, platform)))
            await output.WriteLineAsync(line.AsMemory(), ct);
        return ExitCode.Done;
    }

    /// <summary>As many entries to a message as the platform has room for.</summary>
    private IEnumerable<string> Lists(Feed feed, Entry[] entries, Look look, string platform) =>
        Rendered(messages.Of(feed, [.. entries.Select(entry => new ListedEntry(entry.Title, entry.Link))], look), platform) is { } line
            ? [line]
            : entries.Chunk((entries.Length + 1) / 2).SelectMany(half => Lists(feed, half, look, platform));

    private string One(Feed feed, Entry entry, Look look, string? template, string platform)
    {
        var message = messages.Of(entry, feed, look, template, "UTC", out var fault);
        return fault is null ? Rendered(message, platform)! : throw new StopException(ExitCode.Usage, $"The template cannot be used: {texts.Say(fault)}");
    }

    /// <summary>Null for a list that is too long for one message.</summary>
    private string? Rendered(Message message, string platform) => platform switch
    {
        Discord => Utf8(DiscordMessages.Render(message, 0) is { } made ? new RenderedMessage(made).ForReply([], flags: 0) : null),
        Telegram => Utf8(new TelegramMessages(new HashSet<string>(StringComparer.Ordinal)).Render(message, 0)),
        Terminal => JsonSerializer.Serialize(new { text = new TerminalWriter(time, texts, colour: false).Write(message, TerminalWidth) }, Relaxed),
        _ => JsonSerializer.Serialize(new { html = WebHtml.Write(message.Card?.Body ?? message.Text) }, Relaxed),
    };

    private static string? Utf8(byte[]? body) => body is null ? null : System.Text.Encoding.UTF8.GetString(body);

    private async Task<(ParsedFeed Document, Uri Url)> ReadAsync(string source, CancellationToken ct)
    {
        var isUrl = Uri.TryCreate(source, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        try
        {
            var result = isUrl ? await FetchAsync(url!, ct) : parser.Parse(await File.ReadAllBytesAsync(source, ct), url = new Uri("https://feed.invalid/"));
            return result is ParseResult.Parsed parsed ? (parsed.Feed, url!) : throw new StopException(ExitCode.Failure, $"{source} is no feed.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StopException(ExitCode.Failure, $"{source} cannot be read: {fault.Message}");
        }
    }

    private async Task<ParseResult> FetchAsync(Uri url, CancellationToken ct) => await fetcher.FetchAsync(new FetchRequest(url), ct) switch
    {
        FetchResult.Fetched fetched => parser.Parse(fetched.Body, fetched.Base, fetched.ContentType),
        FetchResult.Failed failed => throw new StopException(ExitCode.Failure, texts.Say(failed.Reason)),
        var other => throw new StopException(ExitCode.Failure, $"{url} sent no document: {other.GetType().Name}"),
    };
}
