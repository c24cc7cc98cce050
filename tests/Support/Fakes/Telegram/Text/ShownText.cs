using System.Text;
using System.Text.RegularExpressions;

namespace Notifier.Tests.Support.Fakes.Telegram.Text;

/// <summary>What Telegram makes of a parsed text before it shows it: control characters go, the ends are trimmed, names and commands come alive.</summary>
internal static partial class ShownText
{
    /// <summary>The text without what Telegram strips, its entities moved along, those that cannot stand dropped.</summary>
    public static FormattedText Clean(FormattedText parsed)
    {
        var (text, moved) = Strip(parsed.Text);
        var kept = Kept(parsed.Entities.Select(entity => entity with { Offset = moved[entity.Offset], Length = moved[entity.End] - moved[entity.Offset] }));

        var end = text.Length;
        while (end > 0 && char.IsWhiteSpace(text[end - 1]))
            end--;
        var first = kept.Count == 0 ? end : kept[0].Offset;
        var begin = 0;
        while (begin < first && begin < end && text[begin] is ' ' or '\n')
            begin++;
        return new(text[begin..end],
            [.. kept.Select(entity => entity with { Offset = entity.Offset - begin, Length = Math.Min(entity.End, end) - entity.Offset }).Where(entity => entity.Length > 0)]);
    }

    /// <summary>Whether a quote stands in a quote: Telegram takes it and forgets the inner one.</summary>
    public static bool NestsQuotes(FormattedText parsed)
    {
        var quotes = parsed.Entities.Where(IsQuote).ToList();
        return quotes.Where((quote, i) => quotes.Skip(i + 1).Any(other => other.Overlaps(quote.Offset, quote.End))).Any();
    }

    /// <summary>The entities that Telegram finds by itself: <c>@names</c>, <c>/commands</c> (not in channels) and bare URLs.</summary>
    public static IReadOnlyList<TextEntity> Detect(FormattedText shown, bool commands)
    {
        var taken = shown.Entities.Where(entity => entity.Type is "code" or "pre" or "text_link" or "text_mention" or "custom_emoji" or "date_time").ToList();
        var found = Urls().Matches(shown.Text).Select(match => new TextEntity("url", match.Index, match.Length))
            .Concat(Mentions().Matches(shown.Text).Select(match => new TextEntity("mention", match.Index, match.Length)))
            .Concat(commands ? Commands().Matches(shown.Text).Select(match => new TextEntity("bot_command", match.Index, match.Length)) : [])
            .OrderBy(entity => entity.Offset).ThenByDescending(entity => entity.Length);
        var kept = new List<TextEntity>();
        foreach (var entity in found)
        {
            if (!taken.Concat(kept).Any(other => other.Overlaps(entity.Offset, entity.End)))
                kept.Add(entity);
        }

        return kept;
    }

    /// <summary>What of this text calls on somebody or does something when it is touched: mentions and commands, as they read.</summary>
    public static IReadOnlyList<string> Pings(FormattedText shown, bool commands) =>
        [.. shown.Entities.Where(entity => entity.Type == "text_mention").Concat(Detect(shown, commands).Where(entity => entity.Type != "url")).OrderBy(entity => entity.Offset).Select(shown.Under)];

    private static (string Text, int[] Moved) Strip(string text)
    {
        var kept = new StringBuilder(text.Length);
        var moved = new int[text.Length + 1];
        for (var i = 0; i < text.Length; i++)
        {
            moved[i] = kept.Length;
            switch (text[i])
            {
                case '\r' or (>= '\u2028' and <= '\u202e') or '\u0333' or '\u033f' or '\u030a':
                    break;
                case < ' ' and not '\n':
                    kept.Append(' ');
                    break;
                default:
                    kept.Append(text[i]);
                    break;
            }
        }

        moved[^1] = kept.Length;
        return (kept.ToString(), moved);
    }

    /// <summary>
    /// Those that Telegram keeps: of quotes, and of links, code, dates and emoji, the first of two that overlap; bold and its like joined, but never over code or
    /// a date. (Where bold crosses the border of a link the server gives it in two pieces, which look the same; here it stays one.)
    /// </summary>
    private static List<TextEntity> Kept(IEnumerable<TextEntity> entities)
    {
        var sorted = Sort(entities.Where(entity => entity.Length > 0));
        var kept = new List<TextEntity>();
        foreach (var entity in sorted.Where(entity => !IsStyle(entity)))
        {
            if (!kept.Any(other => IsQuote(other) == IsQuote(entity) && other.Overlaps(entity.Offset, entity.End)))
                kept.Add(entity.Type == "code" ? entity with { Language = null } : entity);
        }

        var plain = kept.Where(entity => entity.Type is "code" or "pre" or "date_time").ToList();
        foreach (var style in sorted.Where(IsStyle).GroupBy(entity => entity.Type))
            kept.AddRange(Joined(style).SelectMany(entity => Around(entity, plain)));
        return [.. Sort(kept)];
    }

    private static IEnumerable<TextEntity> Joined(IEnumerable<TextEntity> style)
    {
        TextEntity? open = null;
        foreach (var next in style)
        {
            if (open is not null && next.Offset <= open.End)
            {
                open = open with { Length = Math.Max(open.End, next.End) - open.Offset };
                continue;
            }

            if (open is not null)
                yield return open;
            open = next;
        }

        if (open is not null)
            yield return open;
    }

    private static IEnumerable<TextEntity> Around(TextEntity style, List<TextEntity> holes)
    {
        var from = style.Offset;
        foreach (var hole in holes.Where(hole => hole.Overlaps(style.Offset, style.End)))
        {
            if (hole.Offset > from)
                yield return style with { Offset = from, Length = hole.Offset - from };
            from = Math.Max(from, hole.End);
        }

        if (from < style.End)
            yield return style with { Offset = from, Length = style.End - from };
    }

    private static List<TextEntity> Sort(IEnumerable<TextEntity> entities) => [.. entities.OrderBy(entity => entity.Offset).ThenByDescending(entity => entity.Length).ThenBy(entity => entity.Type switch
    {
        "blockquote" or "expandable_blockquote" => 0,
        "pre" => 1,
        "code" => 2,
        "date_time" => 3,
        "text_link" or "text_mention" => 4,
        "bold" => 5,
        "italic" => 6,
        "underline" => 7,
        "strikethrough" => 8,
        "spoiler" => 9,
        _ => 10,
    })];

    private static bool IsStyle(TextEntity entity) => entity.Type is "bold" or "italic" or "underline" or "strikethrough" or "spoiler";

    private static bool IsQuote(TextEntity entity) => entity.Type is "blockquote" or "expandable_blockquote";

    [GeneratedRegex(@"(?<!\w)@[A-Za-z0-9_]{4,32}(?!\w)")]
    private static partial Regex Mentions();

    [GeneratedRegex(@"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])")]
    private static partial Regex Commands();

    [GeneratedRegex(@"(?<![\w@])(?:(?:https?|ftp|tg|ton)://[^\s<>""]+|(?:[\w-]+\.)+(?:com|org|net|io|dev|de|ru|uk|me)(?::\d+)?(?:/[^\s<>""]*)?(?!\w))", RegexOptions.IgnoreCase)]
    private static partial Regex Urls();
}
