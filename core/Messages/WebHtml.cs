namespace Notifier.Messages;
internal static class WebHtml { public static string Write(IReadOnlyList<Block> blocks) => Spans.Text(blocks); }
