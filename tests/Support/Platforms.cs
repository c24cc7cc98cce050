using System.Text.RegularExpressions;

namespace Notifier.Tests.Support;

/// <summary>What no text may do on any platform.</summary>
static partial class Platforms
{
    /// <summary>No control character but a line's end, nothing that turns the direction of reading, no broken surrogate.</summary>
    public static void AssertClean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            Assert.False(char.IsControl(c) && c != '\n', $"a control character at {i}: {text}");
            Assert.False(c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'), $"a bidirectional control at {i}: {text}");
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else
                Assert.False(char.IsSurrogate(c), $"a broken surrogate at {i}: {text}");
        }
    }

    /// <summary>No <c>@</c> that follows no letter or digit stands before a word, except inside an address.</summary>
    public static void AssertNobodyIsMentioned(string text)
    {
        if (Mention().Match(Address().Replace(text, "‹address›")) is { Success: true } mention)
            Assert.Fail($"“{mention.Value}” could mention: {text}");
    }

    /// <summary>Markdown as it is read, but without code: in it nothing means anything.</summary>
    public static string WithoutMarkdownCode(string text) => EscapeOrCode().Replace(text, found => found.Value[0] == '\\' ? found.Value[1..] : "‹code›");

    [GeneratedRegex(@"(?<![\p{L}\p{Nd}])@[\w&!]")]
    private static partial Regex Mention();

    [GeneratedRegex(@"<?https?://\S+", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"\\[^\w\s]|```[\s\S]*?```|(`+)(?!`)[\s\S]*?[^`]\1(?!`)")]
    private static partial Regex EscapeOrCode();
}
