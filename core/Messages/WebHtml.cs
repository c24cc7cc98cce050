namespace Notifier.Messages;
public static class WebHtml { public static string Write(IReadOnlyList<Block> blocks) => Spans.Text(blocks); }
