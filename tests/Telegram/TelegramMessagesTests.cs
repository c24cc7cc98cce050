using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Notifier.Bot.Telegram.Messages;
using Notifier.Messages;
using Notifier.Tests.Messages;
using Notifier.Tests.Support;
using Notifier.Texts;

namespace Notifier.Tests.Telegram;

public sealed partial class TelegramMessagesTests
{
    static readonly EntryContent Entry = new()
    {
        Feed = "News",
        Title = "A title",
        Link = "https://e.org/a",
        Content = """<p>Text with <b>bold</b>.</p><img src="/i.png">""",
        Author = "Ann",
        Published = DateTimeOffset.UnixEpoch.AddDays(20_000),
        Categories = ["Machine Learning", "日本"],
    };

    static readonly EntryFormatter Formatter = new(Catalogue.Load("en"));

    static readonly TelegramMessages Messages = new(new HashSet<string> { "subscribe", "list" });

    [Fact]
    public void An_entry_is_a_text_with_its_picture_above()
    {
        Assert.Equal(
            """
            <b><a href="https://e.org/a">A title</a></b>
            Text with <b>bold</b>.

            <i>News · Ann</i> · <tg-time unix="1728000000" format="r">4 October 2024, 00:00 UTC</tg-time>
            #Machine_Learning #日本
            """,
            Text(Rendered(Entry)));
        Assert.Equal("HTML", Rendered(Entry).GetProperty("parse_mode").GetString());
        Assert.Equal("""{"url":"https://e.org/i.png","prefer_large_media":true,"show_above_text":true}""", Preview(Rendered(Entry)));
    }

    [Fact]
    public void Without_a_picture_the_link_is_shown_and_without_either_nothing()
    {
        Assert.Equal("""{"url":"https://e.org/a","prefer_large_media":true,"show_above_text":true}""", Preview(Rendered(Entry with { Content = "x" })));
        Assert.Equal("""{"is_disabled":true}""", Preview(Rendered(Entry with { Content = "x", Link = null })));
    }

    [Fact]
    public void An_entry_that_says_little_is_two_lines() =>
        Assert.Equal("<b>A title</b>\n<i>News</i>", Text(Rendered(new EntryContent { Feed = "News", Title = "A title" })));

    [Fact]
    public void A_list_is_text_without_previews()
    {
        var json = Json(Messages.Render(List(3), 0)!);

        Assert.Equal("""
            <b>3 new entries in News</b>

            • <a href="https://e.org/1">Title 1</a>
            • <a href="https://e.org/2">Title 2</a>
            • <a href="https://e.org/3">Title 3</a>
            """, Text(json));
        Assert.Equal("""{"is_disabled":true}""", Preview(json));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_list_that_is_too_long_is_not_rendered_but_one_entry_always_is(int fallback)
    {
        Assert.NotNull(Messages.Render(List(90), fallback));
        Assert.Null(Messages.Render(List(90, new string('x', 100)), fallback));
        Assert.NotNull(Messages.Render(List(1, new string('x', 5000)), fallback));
        Assert.NotNull(Messages.Render(Message.Of(new string('x', 5000)), fallback));
    }

    [Fact]
    public void A_list_of_more_links_than_Telegram_keeps_is_not_rendered() => Assert.Null(Messages.Render(List(101, "T"), 0));

    [Fact]
    public void A_reply_has_its_text_before_its_card()
    {
        var json = Json(Messages.Render(Message.Of("Subscribed to “/start”, see /list.") with { Card = Formatter.Card(Entry with { Title = "/list" }), Actions = [new("Undo", "/undo")] }, 0)!);

        Assert.StartsWith("Subscribed to “/⟨WJ⟩start”, see /list.⏎⏎<b><a href=\"https://e.org/a\">/⟨WJ⟩list</a></b>⏎", MappingTable.Shown(Text(json)), StringComparison.Ordinal);
        Assert.False(json.TryGetProperty("reply_markup", out _));
    }

    [Fact]
    public void What_was_refused_goes_as_plain_text_and_then_as_title_and_link()
    {
        var message = new Message { Card = Formatter.Card(Entry with { Title = "<T> @x", Content = "<p>a <b>b</b> &amp;</p><ul><li>d</ul>" }) };

        Assert.Equal("""{"text":"<T> @⟨WJ⟩x\nhttps://e.org/a\n\na b &\n\n• d\n\nNews · Ann","link_preview_options":{"is_disabled":true}}""", MappingTable.Shown(Encoding.UTF8.GetString(Messages.Render(message, 1)!)));
        Assert.Equal("""{"text":"<T> @⟨WJ⟩x\nhttps://e.org/a","link_preview_options":{"is_disabled":true}}""", MappingTable.Shown(Encoding.UTF8.GetString(Messages.Render(message, 2)!)));
    }

    [Fact]
    public void Short_buttons_share_a_row_and_long_ones_do_not()
    {
        Assert.Equal("""{"inline_keyboard":[[{"text":"Undo","callback_data":"a"},{"text":"More","callback_data":"b"}]]}""", Encoding.UTF8.GetString(TelegramKeyboard.Of([new("Undo", "a"), new("More", "b")])));
        Assert.Equal("""{"inline_keyboard":[[{"text":"Undo","callback_data":"a"}],[{"text":"Only new entries from now on","callback_data":"b"}]]}""", Encoding.UTF8.GetString(TelegramKeyboard.Of([new("Undo", "a"), new("Only new entries from now on", "b")])));
        Assert.Throws<ArgumentOutOfRangeException>(() => TelegramKeyboard.Of([new("x", new string('ä', 33))]));
        Assert.Throws<ArgumentException>(() => TelegramKeyboard.Of([new("x", "")]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void D01_Nobody_is_mentioned_and_no_command_can_be_tapped(int fallback)
    {
        const string Mentions = "@everyone @durov <@&1> /start (/start@evil)";
        var json = Rendered(Entry with { Feed = Mentions, Title = Mentions, Author = Mentions, Content = Mentions.Replace("<", "&lt;", StringComparison.Ordinal) }, fallback);

        AssertValid(json);
        Assert.DoesNotContain("@durov", Text(json), StringComparison.Ordinal);
        Assert.DoesNotContain("/start", Text(json), StringComparison.Ordinal);
    }

    [Fact]
    public void D02_Nobody_is_mentioned_by_a_list_or_a_reply()
    {
        foreach (var message in new[] { List(2, "@durov /start"), Message.Of("No feed here is called “@durov /start”.") })
        {
            var text = Text(Json(Messages.Render(message, 0)!));
            Assert.DoesNotContain("@durov", text, StringComparison.Ordinal);
            Assert.DoesNotContain("/start", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[bank](http://e.org/b)")]
    [InlineData("**b** `c` ||s|| __u__ # h -# s > q <t:1:R> :smile:")]
    [InlineData("_x_ *y* ~z~ \\ ! . - = | { } + ( )")]
    public void D03_Markdown_in_a_title_is_shown_literally(string text)
    {
        var markup = TelegramMarkup.Read(Text(Rendered(Entry with { Title = text, Link = null, Content = text.Replace("<", "&lt;", StringComparison.Ordinal) + " x" })));

        Assert.StartsWith(text + "\n" + text + " x\n", markup.Text, StringComparison.Ordinal);
        Assert.Empty(markup.Links);
    }

    [Fact]
    public void D03_A_title_that_names_another_place_than_its_link_says_where_it_leads() =>
        Assert.StartsWith("""<b>https:/⟨ZWSP⟩/⟨WJ⟩bank.example/ (<a href="https://e.org/a">e.org</a>)</b>""", MappingTable.Shown(Text(Rendered(Entry with { Title = "https://bank.example/" }))), StringComparison.Ordinal);

    [Theory]
    [InlineData("""<a href="tg://user?id=1">x</a> &amp; <b>""")]
    [InlineData("<script>alert(1)</script></b></i>")]
    [InlineData("<pre><code class=\"x\">&lt;&nosuch;\"'")]
    public void D04_HTML_in_a_title_is_shown_literally(string title)
    {
        var markup = TelegramMarkup.Read(Text(Rendered(Entry with { Title = title, Feed = title, Author = "by " + title, Link = null, Content = null })));

        var shown = title.Replace("://", ":/\u200B/", StringComparison.Ordinal);
        Assert.Equal($"{shown}\n{shown} · by {shown} · 4 October 2024, 00:00 UTC\n#Machine_Learning #日本", markup.Text.Replace("\u2060", "", StringComparison.Ordinal));
        Assert.Empty(markup.Links);
    }

    [Fact]
    public void D05_A_huge_entry_is_inside_the_limits()
    {
        var card = new EntryCard
        {
            Feed = new string('&', 100_000),
            Title = new string('<', 100_000),
            Link = new Uri("https://e.org/" + new string('a', 2000)),
            Author = new string('@', 100_000),
            Body = [new Block.Paragraph([new Span.Text(string.Concat(Enumerable.Repeat("Some @words & 👨‍👩‍👧‍👦. ", 40_000)))])],
        };

        for (var fallback = 0; fallback <= 2; fallback++)
            AssertValid(Json(Messages.Render(new Message { Card = card }, fallback)!));
        Assert.InRange(TelegramMarkup.Read(Text(Json(Messages.Render(new Message { Card = card }, 0)!))).Text.Length, 2000, 4096);
    }

    [Fact]
    public void D05_More_than_a_hundred_styles_are_cut_to_what_Telegram_keeps()
    {
        var json = Json(Messages.Render(new Message { Card = new EntryCard { Feed = "f", Title = "t", Body = Blocks(string.Concat(Enumerable.Repeat("<b>a</b> ", 300))) } }, 0)!);

        AssertValid(json);
        Assert.InRange(TelegramMarkup.Read(Text(json)).Entities, 20, 100);
    }

    [Fact]
    public void D06_Characters_that_are_not_seen_but_act_are_gone()
    {
        var text = TelegramMarkup.Read(Text(Rendered(Entry with { Title = "abc\u202Egnp\u0000\u0007" + new string('\u0335', 500), Author = "A\u202En\u009Bn" }))).Text;

        Assert.StartsWith("abcgnp" + new string('\u0335', 8) + "\n", text, StringComparison.Ordinal);
        Assert.Contains("News · Ann ·", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "https://e.org/a", """<b><a href="https://e.org/a">e.org/a</a></b>""")]
    [InlineData("""<img src="/i.png">""", "https://e.org/a", """<b><a href="https://e.org/a">e.org/a</a></b>""")]
    [InlineData("", null, "<b>(untitled)</b>")]
    public void D07_An_empty_entry_has_a_title(string? html, string? link, string expected) =>
        Assert.StartsWith(expected + "\n<i>", Text(Rendered(Entry with { Title = "", Content = html, Link = link })), StringComparison.Ordinal);

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("tg://user?id=1")]
    [InlineData("discord://x")]
    [InlineData("data:text/html,x")]
    [InlineData("5 kB")]
    public void D08_What_is_no_web_address_is_no_link(string link)
    {
        link = link == "5 kB" ? "https://e.org/" + new string('a', 5000) : link;

        Assert.StartsWith("<b>A title</b>\nwords\n", Text(Rendered(Entry with { Link = link, Content = $"<p><a href=\"{link}\">words</a></p>" })), StringComparison.Ordinal);
    }

    [Fact]
    public void D09_A_links_credentials_are_not_told()
    {
        for (var fallback = 0; fallback <= 2; fallback++)
        {
            var json = Rendered(Entry with { Link = "https://user:secret@e.org/", Content = """<a href="https://user:secret@e.org/x">y</a>""" }, fallback).GetRawText();
            Assert.DoesNotContain("secret", json, StringComparison.Ordinal);
            Assert.Contains("https://e.org/", json, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void D14_No_whole_character_is_cut()
    {
        var family = "👨‍👩‍👧‍👦";
        var lines = Text(Rendered(Entry with { Title = string.Concat(Enumerable.Repeat(family, 100)), Link = null, Content = string.Concat(Enumerable.Repeat(family, 100)) })).Split('\n');

        Assert.Equal("<b>…</b>", lines[0].Replace(family, "", StringComparison.Ordinal));
        Assert.Equal("…", lines[1].Replace(family, "", StringComparison.Ordinal));
    }

    [Fact]
    public void Anything_becomes_a_valid_message_inside_the_limits()
    {
        Gen.Select(HtmlSoup.Text, HtmlSoup.Html, HtmlSoup.Text, Gen.Int[0, 2], Gen.Int[0, 5]).Sample(
            (title, html, name, fallback, size) =>
            {
                var card = Formatter.Card(new EntryContent { Feed = name, Title = title, Author = name, Link = "https://e.org/a?b=(c)&d", Content = html, Categories = [name, title] });
                // A card of any size, which the formatter would not make.
                var whole = new EntryCard { Feed = name, Title = string.Concat(Enumerable.Repeat(title, size)), Link = card.Link, Body = [.. Enumerable.Repeat(Blocks(html), size).SelectMany(blocks => blocks)] };
                AssertValid(Json(Messages.Render(new Message { Card = card }, fallback)!));
                AssertValid(Json(Messages.Render(new Message { Card = whole, Text = Message.Of(title).Text }, fallback)!));
                if (Messages.Render(new Message { Text = whole.Body }, fallback) is { } text)
                    AssertValid(Json(text));
                else
                    Assert.Contains(whole.Body, block => block is Block.List { Items.Count: > 1 });
            },
            iter: 2000);
    }

    [Fact]
    public void Text_without_its_markup_is_what_the_feed_says()
    {
        HtmlSoup.Html.Sample(
            html =>
            {
                Block[] blocks = [.. Blocks(html).OfType<Block.Paragraph>()];

                var read = TelegramMarkup.Read(TelegramHtml.Write(blocks)).Text;

                // Names of hosts, and shapes of small digits, are Notifier's.
                if (!HasMore(blocks.SelectMany(block => ((Block.Paragraph)block).Spans)))
                    Assert.Equal(Letters(Spans.Text(blocks)), Letters(read));
            },
            iter: 2000);

        static bool HasMore(IEnumerable<Span> spans) => spans.Any(span => span switch
        {
            Span.Link link => AddressText.Misleads(Spans.Text(link.Spans), link.Url) || HasMore(link.Spans),
            Span.Styled styled => styled.Style is SpanStyle.Superscript or SpanStyle.Subscript || HasMore(styled.Spans),
            _ => false,
        });

        static string Letters(string text) => string.Concat(CleanText.Of(text).Where(c => !char.IsWhiteSpace(c) && c is not ('\u2060' or '\u200B')));
    }

    [Fact]
    public void What_fits_is_shown_whole_and_a_long_reply_splits_into_what_fits()
    {
        Gen.Select(HtmlSoup.Html, Gen.Int[1, 60]).Sample(
            (html, size) =>
            {
                var message = new Message { Text = [.. Enumerable.Repeat(Blocks(html), size).SelectMany(blocks => blocks)] };
                foreach (var part in MessageParts.Split(message, Messages.Fits))
                {
                    Assert.True(Messages.Fits(part));
                    if (TelegramHtml.Write(part.Text) is var shown && !string.IsNullOrWhiteSpace(shown))
                        Assert.Equal(shown, Text(Json(Messages.Render(part, 0)!)));
                }
            },
            iter: 200);
    }

    [Fact]
    public void A_card_is_rendered_quickly()
    {
        var message = new Message { Card = Formatter.Card(Entry with { Content = string.Concat(Enumerable.Repeat("<p>Some <b>words</b> of *text* with <a href='/x'>a link</a>.</p>", 20)) }) };
        var watch = Stopwatch.StartNew();

        for (var i = 0; i < 5000; i++)
            Messages.Render(message, 0);

        TestContext.Current.SendDiagnosticMessage("5,000 cards in {0} ms", watch.ElapsedMilliseconds);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    static IReadOnlyList<Block> Blocks(string html) => Notifier.Messages.Html.HtmlReader.Read(html, MappingTable.Base);

    static Message List(int count, string title = "Title") =>
        new ListMessages(new EntryFormatter(Catalogue.Load("en")), Catalogue.Load("en")).Of("News", [.. Enumerable.Range(1, count).Select(i => new ListedEntry($"{title} {i}", $"https://e.org/{i}"))]);

    static JsonElement Rendered(EntryContent entry, int fallback = 0) => Json(Messages.Render(new Message { Card = Formatter.Card(entry) }, fallback)!);

    static string Text(JsonElement json) => json.GetProperty("text").GetString()!;

    static string Preview(JsonElement json) => json.GetProperty("link_preview_options").GetRawText();

    static JsonElement Json(byte[] bytes)
    {
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        return JsonDocument.Parse(bytes).RootElement;
    }

    static void AssertValid(JsonElement json)
    {
        var text = Text(json);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 32_768);
        Platforms.AssertClean(text);
        var isHtml = json.TryGetProperty("parse_mode", out _);
        var markup = isHtml ? TelegramMarkup.Read(text) : null;
        Assert.True((markup?.Text ?? text).Trim().Length is >= 1 and <= 4096, json.GetRawText());
        Assert.InRange(markup?.Entities ?? 0, 0, 100);
        var read = markup?.OutsideCode ?? text;
        Platforms.AssertNobodyIsMentioned(read);
        foreach (Match command in Command().Matches(Address().Replace(read, "‹")))
            Assert.True(command.Groups["name"].Value is "subscribe" or "list", $"{command.Value} at {command.Index} could be tapped: {read}");
    }

    /// <summary>As Telegram finds commands: behind anything but a word's character, a slash or an angle bracket.</summary>
    [GeneratedRegex(@"(?<![\w/<>])/(?<name>[A-Za-z0-9_]{1,64}(@\w+)?)")]
    private static partial Regex Command();

    [GeneratedRegex(@"https?://\S+", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
