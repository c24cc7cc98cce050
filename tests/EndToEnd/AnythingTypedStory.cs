using System.Text;
using System.Text.RegularExpressions;
using Notifier.Tests.Support;

namespace Notifier.Tests.EndToEnd;

/// <summary>Lines that nobody would type; in a process of their own, since some of them change what it has.</summary>
public sealed class AnythingTypedStory(RunningNotifier running) : IClassFixture<RunningNotifier>
{
    [Fact]
    public async Task Whatever_is_typed_gets_one_answer_or_none_and_meets_no_bug()
    {
        await running.SaysAsync("/subscribe " + new string('x', 10_240), "bot> That line is too long: 4096 characters is the most.", TestContext.Current.CancellationToken);
        foreach (var title in (string[])["Garden diary", "Kitchen diary"])
            await running.AskAsync($"/subscribe {running.Web.Put($"/{title[0]}.xml", SampleFeed.Rss(title, "News"))} none", TestContext.Current.CancellationToken);
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var n = 0; n < 1000; n++)
        {
            var line = RandomLine(random);

            // An entry that an earlier line asked for may come in between; it begins with its box.
            var answers = Regex.Count(await running.AskAsync(line, TestContext.Current.CancellationToken), "^bot> (?!┌)", RegexOptions.Multiline);
            Assert.True(answers <= 1, $"{answers} answers to {line}");
        }

        Assert.DoesNotContain("fail:", running.Notifier.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", running.Notifier.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("went wrong on my side", running.Notifier.Output.Text, StringComparison.Ordinal);
    }

    /// <summary>Commands, true and mistyped, with arguments that reach no host, and plain noise.</summary>
    private static string RandomLine(Random random)
    {
        string[] words =
        [
            "/subscribe", "/unsubscribe", "/list", "/latest", "/check", "/undo", "/help", "/start", "/whoami", "/", "//", "/x", "all", "yes", "1", "2", "-1", "99999999999999999999",
            "none", "last", "backfill:3", "feed:", "page:2", "n:", "\"", "“", "”", "#1", "@", "<b>", "%", "{0}", "{count}", "'; DROP TABLE Feeds; --", "\0", "\t", "\x1b[2J", "\u202e", "👨‍👩‍👧", "é", "ß", "\ud800", "http://", "https://[", "http:///", "feed://",
        ];
        var line = new StringBuilder();
        for (var n = random.Next(6); n >= 0; n--)
        {
            if (random.Next(4) > 0)
                line.Append(words[random.Next(words.Length)]);
            else
                line.Append([.. Enumerable.Range(0, random.Next(30)).Select(_ => Noise(random))]);
            line.Append(random.Next(5) > 0 ? " " : "");
        }

        return line.ToString();
    }

    /// <summary>Any character, but none that ends a line, and no dot, so that no noise is a host's name.</summary>
    private static char Noise(Random random)
    {
        var c = (char)(random.Next(2) == 0 ? random.Next(1, 128) : random.Next(1, 0x3000));
        return c is '\n' or '\r' or '.' or ':' or '\u3002' or '\u2024' ? '_' : c;
    }
}
