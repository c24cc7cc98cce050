namespace Notifier.Bot.Demo;

/// <summary>What the demo feed has to say: a greeting, then fifteen entries that try every form a real entry may take.</summary>
internal static class DemoScript
{
    public const string GreetingTitle = "Hello from your first feed";

    public const string Greeting = "This entry came the same way as every real one: fetch, compare, format, deliver.";

    /// <summary>The step that also changes an entry published before (<see cref="EditedNumber"/>).</summary>
    public const int EditingNumber = 10;

    /// <summary>The entry whose text changes later. Its link and guid stay.</summary>
    public const int EditedNumber = 3;

    public const string EditedHtml = "<p>The shop opens at <b>ten</b> tomorrow, not at nine. <i>(Corrected.)</i></p>";

    /// <summary>In order of publication; the first one becomes entry number 2.</summary>
    public static IReadOnlyList<(string Title, string Html)> Steps { get; } =
    [
        ("Bold, italic, struck out", "<p>Feeds speak HTML: <b>bold</b>, <i>italic</i>, <s>struck out</s>, <u>underlined</u> and <a href=\"https://www.rssboard.org/rss-specification\">a link</a>.</p>"),
        ("An entry that will be edited", "<p>The shop opens at <b>nine</b> tomorrow.</p>"),
        ("A list, and a list inside it", "<p>To do:</p><ol><li>Subscribe to a feed</li><li>Tune it<ul><li>a filter</li><li>a schedule</li></ul></li><li>Lean back</li></ol>"),
        ("Some code", "<p>Run <code>dotnet --version</code>, or more:</p><pre><code class=\"language-csharp\">foreach (var entry in feed.Entries)\n    Console.WriteLine(entry.Title);</code></pre>"),
        ("A table", "<table><tr><th>Format</th><th>Since</th></tr><tr><td>RSS</td><td>1999</td></tr><tr><td>Atom</td><td>2005</td></tr><tr><td>JSON Feed</td><td>2017</td></tr></table>"),
        ("A picture", "<p>Pictures come along:</p><p><img src=\"https://www.rssboard.org/images/rss-icon.png\" alt=\"The orange feed icon\"></p>"),
        ("Emoji 🎉 in the title", "<p>One code point 🚀, a family 👨‍👩‍👧‍👦, a flag 🇪🇺, a skin tone 👍🏽: none of them may be cut in half.</p>"),
        ("A link that lies", "<p>It says <a href=\"https://example.net/somewhere-else\">https://example.com/your-bank</a>, but leads elsewhere. You should be able to see that.</p>"),
        ("A correction", "<p>With this entry an earlier one was edited: look at “An entry that will be edited”.</p>"),
        ("A quotation", "<blockquote><p>Be conservative in what you do, be liberal in what you accept from others.</p></blockquote><p>RFC 761, 1980</p>"),
        ("Not a command, not a mention", "<p>/unsubscribe all — @everyone — *stars* and _lines_ and `ticks`: this is text, so nothing happens.</p>"),
        ("Characters & <angles>", "<p>5 &lt; 7 &amp; 7 &gt; 5, “quotes”, naïve café, Ελληνικά, 日本語, עברית.</p>"),
        ("A longer story", "<p>Some entries are long, and a chat is no place for a novel.</p>" + string.Concat(Enumerable.Repeat("<p>So only the beginning is shown, cut at the end of a sentence or a word, never in the middle of one. The link leads to the rest.</p>", 12))),
        ("Something to open", "<details><summary>Show the answer</summary><p>42.</p></details><hr><p>Text after a line.</p>"),
        ("That was the demo", "<p>Now try a real one: <code>/subscribe</code> and the address of a feed, or of a page that has one.</p>"),
    ];
}
