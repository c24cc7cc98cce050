using Notifier.Messages;

namespace Notifier.Bot.Discord.Messages;

/// <summary>Blocks as text of limited length.</summary>
internal static class DiscordExcerpt
{
    /// <summary>So that no paragraph is broken into lines.</summary>
    private const int EndlessLine = 100_000;

    /// <summary>The blocks as text of at most <paramref name="max"/> characters, cut where a reader would pause.</summary>
    public static string Of(IReadOnlyList<Block> blocks, int max, Func<IReadOnlyList<Block>, string> write)
    {
        if (blocks.Count == 0)
            return "";
        var written = "";
        return Excerpt.Shrink(blocks, max, taken => (written = write(taken)).Length - max) is null ? write(Cut(blocks, max)) : written;
    }

    /// <summary>Words alone, so few that they have room however they are escaped.</summary>
    /// <param name="max">The characters that they may have when they are.</param>
    public static IReadOnlyList<Block> Cut(IReadOnlyList<Block> blocks, int max)
    {
        // Escaping at most doubles a text; around it there may be the signs of a spoiler.
        const int Frame = 4;
        var plain = Plain(Excerpt.Within(blocks, Math.Max(0, max)) is { Count: > 0 } first ? first : blocks);
        return Message.Of(Excerpt.CutText(plain, (max - Frame) / 2)).Text;
    }

    /// <summary>All that the blocks say, without any style; addresses are links.</summary>
    public static string Literal(IReadOnlyList<Block> blocks) => DiscordMarkdown.Literal(Plain(blocks));

    /// <summary>The same, hidden until somebody taps it.</summary>
    public static string Hidden(IReadOnlyList<Block> blocks) => DiscordMarkdown.Hidden(Message.Of(Plain(blocks)).Text);

    private static string Plain(IReadOnlyList<Block> blocks) => string.Join('\n', PlainWriter.Write(blocks, EndlessLine));
}
