using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Notifier.Bot.Discord.Messages;
using Notifier.Messages;
using Notifier.Tests.Messages;
using Notifier.Tests.Support;
using Notifier.Texts;

namespace Notifier.Tests.Discord;

public sealed class DiscordMessagesTests
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

    [Fact]
    public void An_entry_is_one_embed()
    {
        var json = Rendered(Entry);

        Assert.Equal(
            """{"embeds":[{"title":"A title","description":"Text with **bold**.","url":"https://e.org/a","timestamp":"2024-10-04T00:00:00Z","color":COLOUR,"author":{"name":"News"},"image":{"url":"https://e.org/i.png"},"footer":{"text":"Ann · #Machine_Learning #日本"}}],"allowed_mentions":{"parse":[]},"post":{"name":"A title","tags":["Machine_Learning","日本"]}}""",
            json.GetRawText().Replace(Embed(json).GetProperty("color").GetRawText(), "COLOUR", StringComparison.Ordinal));
    }

    [Fact]
    public void A_feed_has_a_colour_of_its_own_that_stays()
    {
        Assert.Equal(Colour("News"), Colour("News"));
        Assert.NotEqual(Colour("News"), Colour("Other news"));
        Assert.InRange(Colour("News"), 1, 0xFFFFFF);

        static int Colour(string feed) => Embed(Rendered(Entry with { Feed = feed })).GetProperty("color").GetInt32();
    }

    [Fact]
    public void A_list_is_an_embed_in_the_feeds_colour_and_its_heading_the_title()
    {
        var list = Json(DiscordMessages.Render(List(3), 0)!);

        Assert.Equal("3 new entries in News", Embed(list).GetProperty("title").GetString());
        Assert.Equal("- [Title 1](<https://e.org/1>)\n- [Title 2](<https://e.org/2>)\n- [Title 3](<https://e.org/3>)", Embed(list).GetProperty("description").GetString());
        Assert.Equal(Embed(Rendered(Entry)).GetProperty("color").GetInt32(), Embed(list).GetProperty("color").GetInt32());
        Assert.False(list.TryGetProperty("content", out _));
        Assert.False(list.TryGetProperty("flags", out _)); // it would hide the embed
        Assert.Equal(80, Embed(Json(DiscordMessages.Render(List(80), 0)!)).GetProperty("description").GetString()!.Split('\n').Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_list_that_is_too_long_is_not_rendered_but_one_entry_always_is(int fallback)
    {
        Assert.Null(DiscordMessages.Render(List(200), fallback));
        Assert.NotNull(DiscordMessages.Render(List(1, new string('x', 5000)), fallback));
        Assert.NotNull(DiscordMessages.Render(Message.Of(new string('x', 5000)), fallback));
    }

    [Fact]
    public void A_reply_has_its_text_as_content_and_its_card_as_embed()
    {
        var json = Json(DiscordMessages.Render(Message.Of("Subscribed to “*News*”.") with { Card = Formatter.Card(Entry), Actions = [new("Undo", "/undo")] }, 0)!);

        Assert.Equal(@"Subscribed to “\*News\*”.", json.GetProperty("content").GetString());
        Assert.Equal("A title", Embed(json).GetProperty("title").GetString());
        Assert.False(json.TryGetProperty("flags", out _)); // it would hide the card
        Assert.False(json.TryGetProperty("components", out _));
    }

    [Fact]
    public void What_was_refused_goes_as_literal_text_and_then_as_title_and_link()
    {
        var message = new Message { Card = Formatter.Card(Entry with { Title = "*T*", Content = "<p>a <b>b</b> *c*</p><ul><li>d</ul>" }) };

        Assert.Equal("""{"content":"\\*T\\*\n<https://e.org/a>\n\na b \\*c\\*\n\n• d\n\nNews · Ann","flags":4,"allowed_mentions":{"parse":[]},"post":{"name":"*T*"}}""", Encoding.UTF8.GetString(DiscordMessages.Render(message, 1)!));
        Assert.Equal("""{"content":"\\*T\\*\n<https://e.org/a>","flags":4,"allowed_mentions":{"parse":[]},"post":{"name":"*T*"}}""", Encoding.UTF8.GetString(DiscordMessages.Render(message, 2)!));
    }

    [Fact]
    public void Buttons_come_in_rows_of_five()
    {
        var json = Json(DiscordButtons.Actions([.. Enumerable.Range(1, 30).Select(i => (i == 1 ? new string('x', 79) + "👨‍👩‍👧‍👦" : $"B{i}", $"id{i}"))]));

        Assert.Equal([5, 5, 5, 5, 5], json.EnumerateArray().Select(row => row.GetProperty("components").GetArrayLength()));
        var first = json[0].GetProperty("components")[0];
        Assert.Equal(new string('x', 79) + "…", first.GetProperty("label").GetString());
        Assert.Equal("id1", first.GetProperty("custom_id").GetString());
        Assert.Throws<ArgumentOutOfRangeException>(() => DiscordButtons.Actions([("x", new string('y', 101))]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void D01_Nobody_is_mentioned(int fallback)
    {
        const string Mentions = "@everyone @here <@&1> <@2> <#3>";
        var json = Rendered(Entry with { Feed = Mentions, Title = Mentions, Content = Mentions.Replace("<", "&lt;", StringComparison.Ordinal) }, fallback);

        Assert.Equal("""{"parse":[]}""", json.GetProperty("allowed_mentions").GetRawText());
        Assert.All(Parsed(json), text => Assert.DoesNotContain("@everyone", text, StringComparison.Ordinal));
        Assert.All(Parsed(json), text => Assert.DoesNotContain("<@", text.Replace(@"\<", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public void D02_Nobody_is_mentioned_by_a_list_or_a_reply()
    {
        foreach (var message in new[] { List(2, "@everyone <@&1>"), Message.Of("No feed here is called “@everyone”.") })
        {
            var json = Json(DiscordMessages.Render(message, 0)!);
            Assert.Equal("""{"parse":[]}""", json.GetProperty("allowed_mentions").GetRawText());
            Assert.All(Parsed(json), text => Assert.DoesNotContain("@everyone", text, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("[bank](http://evil.example)", @"\[bank\](http:/⟨ZWSP⟩/evil.example) (e.org)", @"\[bank\](<http://evil.example>)")]
    [InlineData("**b** `c` ||s||", @"\*\*b\*\* \`c\` \|\|s\|\|", @"\*\*b\*\* \`c\` \|\|s\|\|")]
    [InlineData("# h", @"\# h", @"\# h")]
    [InlineData("-# s", @"\-# s", @"\-# s")]
    [InlineData("> q", @"\> q", @"\> q")]
    [InlineData("<t:1:R> :smile: <:x:1>", @"\<t:1:R> \:smile: \<\:x:1>", @"\<t:1:R> \:smile: \<\:x:1>")]
    public void D03_Markdown_in_a_title_is_shown_literally(string text, string title, string description)
    {
        var embed = Embed(Rendered(Entry with { Title = text, Content = text.Replace("<", "&lt;", StringComparison.Ordinal) + " x" }));

        Assert.Equal(title, MappingTable.Shown(embed.GetProperty("title").GetString()!));
        Assert.Equal(description + " x", MappingTable.Shown(embed.GetProperty("description").GetString()!));
    }

    [Fact]
    public void D03_A_title_that_names_another_place_than_its_link_says_where_it_leads() =>
        Assert.Equal("https:/⟨ZWSP⟩/bank.example/ (e.org)", MappingTable.Shown(Embed(Rendered(Entry with { Title = "https://bank.example/" })).GetProperty("title").GetString()!));

    [Fact]
    public void D05_A_huge_entry_is_inside_the_limits()
    {
        var card = new EntryCard
        {
            Feed = new string('_', 100_000),
            Title = new string('*', 100_000),
            Link = new Uri("https://e.org/" + new string('a', 2000)),
            Author = new string('_', 100_000),
            Body = [new Block.Paragraph([new Span.Text(string.Concat(Enumerable.Repeat("Some *words* and 👨‍👩‍👧‍👦. ", 40_000)))])],
        };

        for (var fallback = 0; fallback <= 2; fallback++)
            AssertValid(Json(DiscordMessages.Render(new Message { Card = card }, fallback)!));
        Assert.InRange(Embed(Json(DiscordMessages.Render(new Message { Card = card }, 0)!)).GetProperty("description").GetString()!.Length, 2000, 4096);
    }

    [Fact]
    public void D05_An_excerpt_whose_links_are_too_long_is_shortened_and_no_link_is_cut()
    {
        var link = "https://e.org/" + new string('a', 1500);
        var json = Rendered(Entry with { Content = string.Concat(Enumerable.Range(1, 5).Select(i => $"<p><a href='{link}'>Link number {i} of them</a></p>")) });

        AssertValid(json);
        var description = Embed(json).GetProperty("description").GetString()!;
        Assert.StartsWith($"[Link number 1 of them](<{link}>)", description, StringComparison.Ordinal);
        Assert.EndsWith(">)", description, StringComparison.Ordinal);
    }

    [Fact]
    public void D06_Characters_that_are_not_seen_but_act_are_gone()
    {
        var embed = Embed(Rendered(Entry with { Title = "abc\u202Egnp\u0000\u0007" + new string('\u0335', 500), Author = "A\u202En\u009Bn" }));

        Assert.Equal("abcgnp" + new string('\u0335', 8), embed.GetProperty("title").GetString());
        Assert.StartsWith("Ann", embed.GetProperty("footer").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "https://e.org/a", "e.org/a")]
    [InlineData("""<img src="/i.png">""", "https://e.org/a", "e.org/a")]
    [InlineData("", null, "(untitled)")]
    public void D07_An_empty_entry_has_a_title(string? html, string? link, string expected)
    {
        var embed = Embed(Rendered(Entry with { Title = "", Content = html, Link = link }));

        Assert.Equal(expected, embed.GetProperty("title").GetString());
        Assert.Equal(link is not null, embed.TryGetProperty("url", out _));
        Assert.False(embed.TryGetProperty("description", out _));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("tg://user?id=1")]
    [InlineData("discord://x")]
    [InlineData("data:text/html,x")]
    [InlineData("5 kB")]
    public void D08_What_is_no_web_address_is_no_link(string link)
    {
        link = link == "5 kB" ? "https://e.org/" + new string('a', 5000) : link;
        var json = Rendered(Entry with { Link = link, Content = $"<p><a href=\"{link}\">words</a></p>" });

        Assert.False(Embed(json).TryGetProperty("url", out _));
        Assert.Equal("words", Embed(json).GetProperty("description").GetString());
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
        var embed = Embed(Rendered(Entry with { Title = string.Concat(Enumerable.Repeat(family, 100)), Content = string.Concat(Enumerable.Repeat(family, 100)) }));

        foreach (var text in new[] { embed.GetProperty("title").GetString()!, embed.GetProperty("description").GetString()! })
            Assert.Equal("…", text.Replace(family, "", StringComparison.Ordinal));
    }

    [Fact]
    public void Anything_becomes_a_valid_message_inside_the_limits()
    {
        Gen.Select(HtmlSoup.Text, HtmlSoup.Html, HtmlSoup.Text, Gen.Int[0, 2], Gen.Int[0, 5]).Sample(
            (title, html, name, fallback, size) =>
            {
                var card = Formatter.Card(new EntryContent { Feed = name, Title = title, Author = name, Link = "https://e.org/a?b=(c)", Content = html, Categories = [name, title] });
                // A card of any size, which the formatter would not make.
                var whole = new EntryCard { Feed = name, Title = string.Concat(Enumerable.Repeat(title, size)), Link = card.Link, Body = [.. Enumerable.Repeat(Blocks(html), size).SelectMany(blocks => blocks)] };
                AssertValid(Json(DiscordMessages.Render(new Message { Card = card }, fallback)!));
                AssertValid(Json(DiscordMessages.Render(new Message { Card = whole, Text = Message.Of(title).Text }, fallback)!));
                if (DiscordMessages.Render(new Message { Text = whole.Body }, fallback) is { } text)
                    AssertValid(Json(text));
                else
                    Assert.Contains(whole.Body, block => block is Block.List { Items.Count: > 1 });
            },
            iter: 2000);
    }

    [Fact]
    public void What_fits_is_shown_whole_and_a_long_reply_splits_into_what_fits()
    {
        Gen.Select(HtmlSoup.Html, Gen.Int[1, 60]).Sample(
            (html, size) =>
            {
                var message = new Message { Text = [.. Enumerable.Repeat(Blocks(html), size).SelectMany(blocks => blocks)] };
                foreach (var part in MessageParts.Split(message, DiscordMessages.Fits))
                {
                    var json = Json(DiscordMessages.Render(part, 0)!);
                    var shown = json.TryGetProperty("content", out var content) ? content : Embed(json).GetProperty("description");
                    Assert.True(DiscordMessages.Fits(part));
                    if (DiscordMarkdown.Write(part.Text) is var markdown && !string.IsNullOrWhiteSpace(markdown))
                        Assert.Equal(markdown, shown.GetString());
                }
            },
            iter: 200);
    }

    [Fact]
    public void A_card_is_rendered_quickly()
    {
        var card = Formatter.Card(Entry with { Content = string.Concat(Enumerable.Repeat("<p>Some <b>words</b> of *text* with <a href='/x'>a link</a>.</p>", 20)) });
        var message = new Message { Card = card };
        var watch = Stopwatch.StartNew();

        for (var i = 0; i < 5000; i++)
            DiscordMessages.Render(message, 0);

        TestContext.Current.SendDiagnosticMessage("5,000 cards in {0} ms", watch.ElapsedMilliseconds);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    static IReadOnlyList<Block> Blocks(string html) => Notifier.Messages.Html.HtmlReader.Read(html, MappingTable.Base);

    static Message List(int count, string title = "Title") =>
        new ListMessages(new EntryFormatter(Catalogue.Load("en")), Catalogue.Load("en")).Of("News", [.. Enumerable.Range(1, count).Select(i => new ListedEntry($"{title} {i}", $"https://e.org/{i}"))]);

    static JsonElement Rendered(EntryContent entry, int fallback = 0) => Json(DiscordMessages.Render(new Message { Card = Formatter.Card(entry) }, fallback)!);

    static JsonElement Json(byte[] bytes)
    {
        // Strict: broken surrogates would have become other bytes, or none.
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        return JsonDocument.Parse(bytes).RootElement;
    }

    static JsonElement Embed(JsonElement json) => json.GetProperty("embeds").EnumerateArray().Last();

    /// <summary>The texts in which Discord looks for markdown.</summary>
    static IEnumerable<string> Parsed(JsonElement json)
    {
        if (json.TryGetProperty("content", out var content))
            yield return content.GetString()!;
        if (!json.TryGetProperty("embeds", out var embeds))
            yield break;
        foreach (var embed in embeds.EnumerateArray())
        {
            foreach (var name in new[] { "title", "description" })
            {
                if (embed.TryGetProperty(name, out var text))
                    yield return text.GetString()!;
            }
        }
    }

    static void AssertValid(JsonElement json)
    {
        Assert.Equal("""{"parse":[]}""", json.GetProperty("allowed_mentions").GetRawText());
        Assert.True(json.TryGetProperty("content", out var content) | json.TryGetProperty("embeds", out var embeds));
        if (content.ValueKind == JsonValueKind.String)
            Assert.InRange(content.GetString()!.Trim().Length, 1, 2000);
        var sum = 0;
        foreach (var embed in embeds.ValueKind == JsonValueKind.Array ? embeds.EnumerateArray().ToList() : [])
        {
            sum += Length(embed, "title", 256) + Length(embed, "description", 4096);
            sum += embed.TryGetProperty("author", out var author) ? Length(author, "name", 256) : 0;
            sum += embed.TryGetProperty("footer", out var footer) ? Length(footer, "text", 2048) : 0;
        }

        Assert.InRange(sum, 0, 6000);
        Assert.All(Parsed(json), text =>
        {
            Platforms.AssertClean(text);
            Platforms.AssertNobodyIsMentioned(Platforms.WithoutMarkdownCode(text));
        });

        static int Length(JsonElement element, string name, int max)
        {
            if (!element.TryGetProperty(name, out var text))
                return 0;
            Assert.InRange(text.GetString()!.Trim().Length, 1, max);
            return text.GetString()!.Length;
        }
    }
}
