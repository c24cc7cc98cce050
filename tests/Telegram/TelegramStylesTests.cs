using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using Notifier.Bot.Telegram.Messages;
using Notifier.Messages;
using Notifier.Tests.Messages;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Telegram.Text;
using Notifier.Texts;

namespace Notifier.Tests.Telegram;

/// <summary>One entry in every style, and whatever else in every style.</summary>
public sealed partial class TelegramStylesTests
{
    static readonly EntryContent Entry = new()
    {
        Feed = "Harbour news",
        Title = "A ferry & a pier",
        Link = "https://e.org/ferry?a=1&b=2",
        Content = """<p>It <b>sank</b>.</p><img src="/pier.jpg" alt="The pier"><p>Then <code>code</code> was said.</p><blockquote>Glub.</blockquote>""",
        Author = "Ann",
        Published = DateTimeOffset.UnixEpoch.AddDays(20_000),
        Categories = ["Boats"],
        Audio = "https://e.org/ferry.mp3",
        Comments = "https://e.org/ferry/talk",
    };

    const string Time = """<tg-time unix=\"1728000000\" format=\"r\">4 October 2024, 00:00 UTC</tg-time>""";

    const string Buttons = """
        ,"reply_markup":{"inline_keyboard":[[{"text":"Read","url":"https://e.org/ferry?a=1&b=2"},{"text":"Listen","url":"https://e.org/ferry.mp3"},{"text":"Comments","url":"https://e.org/ferry/talk"}]]}}
        """;

    const string Title = """<a href=\"https://e.org/ferry?a=1&amp;b=2\">A ferry &amp; a pier</a>""";

    const string Large = """
        "link_preview_options":{"url":"https://e.org/pier.jpg","prefer_large_media":true,"show_above_text":true}
        """;

    const string Off = """
        "link_preview_options":{"is_disabled":true}
        """;

    const string Card = $"""
        <b>{Title}</b>\nIt <b>sank</b>.\n\nThen <code>code</code> was said.\n\n<blockquote>Glub.</blockquote>\n\n<i>Harbour news · Ann</i> · {Time}\n#Boats
        """;

    const string Hidden = $"""
        <b>{Title}</b>\n<tg-spoiler>It <b>sank</b>.\n\nThen code was said.\n\n› Glub.</tg-spoiler>\n\n<i>Harbour news · Ann</i> · {Time}\n#Boats
        """;

    const string Full = $"""
        <h1>{Title}</h1><p>It <b>sank</b>.</p><figure><img src=\"https://e.org/pier.jpg\"/><figcaption>The pier</figcaption></figure><p>Then <code>code</code> was said.</p><blockquote>Glub.</blockquote><footer>Harbour news · Ann · {Time} · #Boats</footer>
        """;

    const string FullHidden = $"""
        <h1>{Title}</h1><p><tg-spoiler>It <b>sank</b>.</tg-spoiler></p><figure><img src=\"https://e.org/pier.jpg\" tg-spoiler/><figcaption><tg-spoiler>The pier</tg-spoiler></figcaption></figure><p><tg-spoiler>Then <code>code</code> was said.</tg-spoiler></p><blockquote><tg-spoiler>Glub.</tg-spoiler></blockquote><footer>Harbour news · Ann · {Time} · #Boats</footer>
        """;

    const string Plain = """
        A ferry & a pier\nhttps://e.org/ferry?a=1&b=2\n\nIt sank.\n\nThen code was said.\n\n│ Glub.\n\nHarbour news · Ann
        """;

    static readonly EntryFormatter Formatter = new(Catalogue.Load("en"));

    static readonly TelegramMessages Messages = new(new HashSet<string> { "list" });

    public static TheoryData<string, int, string> Forms { get; } = new()
    {
        { "card", 0, $$"""{"text":"{{Card}}","parse_mode":"HTML",{{Large}}{{Buttons}}""" },
        { "card silent", 0, $$"""{"disable_notification":true,"text":"{{Card}}","parse_mode":"HTML",{{Large}}{{Buttons}}""" },
        { "card noimage", 0, $$"""{"text":"{{Card}}","parse_mode":"HTML",{{Off}}{{Buttons}}""" },
        { "card spoiler", 0, $$"""{"text":"{{Hidden}}","parse_mode":"HTML",{{Off}}{{Buttons}}""" },
        { "card", 1, $$"""{"text":"{{Plain}}",{{Off}}}""" },
        { "card spoiler silent", 1, $$"""{"disable_notification":true,"text":"A ferry & a pier\nhttps://e.org/ferry?a=1&b=2\n\nHarbour news · Ann",{{Off}}}""" },
        { "compact", 0, $$"""{"text":"Harbour news: {{Title}}","parse_mode":"HTML",{{Off}}}""" },
        { "compact", 1, $$"""{"text":"A ferry & a pier\nhttps://e.org/ferry?a=1&b=2\n\nHarbour news · Ann",{{Off}}}""" },
        { "link", 0, """{"text":"https://e.org/ferry?a=1&amp;b=2","parse_mode":"HTML","link_preview_options":{"url":"https://e.org/ferry?a=1&b=2","prefer_large_media":true}}""" },
        { "link noimage", 0, $$"""{"text":"https://e.org/ferry?a=1&amp;b=2","parse_mode":"HTML",{{Off}}}""" },
        { "link spoiler", 0, $$"""{"text":"<tg-spoiler>https://e.org/ferry?a=1&amp;b=2</tg-spoiler>","parse_mode":"HTML",{{Off}}}""" },
        { "full", 0, $$"""{"rich_message":{"html":"{{Full}}","skip_entity_detection":true}{{Buttons}}""" },
        { "full silent", 0, $$"""{"disable_notification":true,"rich_message":{"html":"{{Full}}","skip_entity_detection":true}{{Buttons}}""" },
        { "full spoiler", 0, $$"""{"rich_message":{"html":"{{FullHidden}}","skip_entity_detection":true}{{Buttons}}""" },
        { "full", 1, $$"""{"text":"{{Card}}","parse_mode":"HTML",{{Large}}{{Buttons}}""" },
        { "full spoiler", 1, $$"""{"text":"{{Hidden}}","parse_mode":"HTML",{{Off}}{{Buttons}}""" },
        { "full", 2, $$"""{"text":"A ferry & a pier\nhttps://e.org/ferry?a=1&b=2",{{Off}}}""" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void An_entry_looks_like_this(string look, int fallback, string expected) =>
        Assert.Equal(expected.Replace("\n", "", StringComparison.Ordinal), Encoding.UTF8.GetString(Rendered(Entry, look, fallback)));

    [Fact]
    public void A_small_picture_stays_small_beside_the_text()
    {
        var small = new Message { Card = Formatter.Card(Entry) with { IsImageSmall = true } };

        Assert.Equal("""{"url":"https://e.org/pier.jpg","prefer_small_media":true}""", Json(Messages.Render(small, 0)!)["link_preview_options"]!.ToJsonString());
    }

    [Fact]
    public void A_template_says_what_it_says_with_its_picture_if_it_has_one()
    {
        var look = Look.Read("custom")!;
        var custom = Json(Messages.Render(new Message { Card = Formatter.Custom(Entry with { Image = null, Content = null }, look, """Boats: <b>A ferry</b><br>@all<img src="/pier.jpg">""") }, 0)!);
        var plain = Json(Messages.Render(new Message { Card = Formatter.Custom(Entry with { Image = null, Content = null }, look, "Boats") }, 0)!);
        var empty = Json(Messages.Render(new Message { Card = Formatter.Custom(Entry, look, " ") }, 0)!);

        Assert.Equal("Boats: <b>A ferry</b>\n@\u2060all", custom["text"]!.ToString());
        Assert.Equal("https://e.org/pier.jpg", custom["link_preview_options"]!["url"]!.ToString());
        Assert.Equal("""{"text":"Boats","parse_mode":"HTML","link_preview_options":{"is_disabled":true}}""", plain.ToJsonString());
        Assert.StartsWith("Harbour news: <a href=", empty["text"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_link_there_is_a_line() => Assert.Equal("Harbour news: A ferry & a pier", HtmlText.Parse(Json(Rendered(Entry with { Link = null }, "link", 0))["text"]!.ToString()).Text);

    [Fact]
    public void An_address_that_ends_in_a_sign_is_a_link_as_a_whole() =>
        Assert.Equal("""<a href="https://e.org/a.">https://e.org/a.</a>""", Json(Rendered(Entry with { Link = "https://e.org/a." }, "link", 0))["text"]!.ToString());

    [Fact]
    public void In_somebodys_own_net_nothing_is_asked_of_Telegram()
    {
        var card = Json(Rendered(Entry with { Link = "http://intranet/ferry", Audio = null, Comments = "http://intranet/talk", Content = null }, "card", 0));

        Assert.True(card["link_preview_options"]!["is_disabled"]!.GetValue<bool>());
        Assert.Null(card["reply_markup"]);
    }

    [Fact]
    public void Who_writes_under_the_feeds_own_name_is_named_once() =>
        Assert.Contains("<i>Sam Ruby</i> ·", Json(Rendered(Entry with { Feed = "Sam Ruby", Author = "sam ruby" }, "card", 0))["text"]!.ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_silent_list_is_silent()
    {
        var list = new ListMessages(new EntryFormatter(Catalogue.Load("en")), Catalogue.Load("en")).Of("News", [new ListedEntry("One", "https://e.org/1")]) with { IsSilent = true };

        Assert.StartsWith("""{"disable_notification":true,"text":"<b>""", Encoding.UTF8.GetString(Messages.Render(list, 0)!), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_long_in_full_ends_with_the_page()
    {
        var html = Html(Rendered(Entry with { Content = string.Concat(Enumerable.Range(0, 600).Select(n => $"<p>Paragraph {n} has <b>some</b> words.</p>")) }, "full", 0));

        Assert.Contains("<p>Paragraph 450 has <b>some</b> words.</p>", html, StringComparison.Ordinal);
        Assert.Contains("""</p><p><a href="https://e.org/ferry?a=1&amp;b=2">Read</a></p><footer>""", html, StringComparison.Ordinal);
        Assert.InRange(RichHtml.Read(html).Blocks, 450, 500);
        html = Html(Rendered(Entry with { Content = string.Concat(Enumerable.Repeat("<p>" + string.Concat(Enumerable.Repeat("Many words & more. ", 100)) + "</p>", 40)) }, "full", 0));
        Assert.InRange(RichHtml.Read(html).Text.Length, 28_000, 32_768);
    }

    public static TheoryData<string, IReadOnlyList<Block>> TooMuch { get; } = new()
    {
        { "cells, each a line", [new Block.Table(false, [.. Enumerable.Repeat<IReadOnlyList<IReadOnlyList<Span>>>([.. Enumerable.Repeat<IReadOnlyList<Span>>([new Span.Text("abc")], 20)], 450)])] },
        { "words below pictures", [.. Enumerable.Range(0, 50).Select(n => new Block.Media(MediaKind.Image, new Uri($"https://e.org/{n}.png"), new string('w', 1000)))] },
        { "quotations in quotations", [.. Enumerable.Repeat(Enumerable.Range(0, 10).Aggregate<int, Block>(new Block.Paragraph([new Span.Text("q")]), (inner, _) => new Block.Quote([inner])), 3000)] },
        { "words that promise another place", [new Block.Paragraph([.. Enumerable.Repeat(new Span.Link(new Uri($"https://{string.Join('.', Enumerable.Repeat(new string('e', 60), 4))}/"), [new Span.Text("a.org ")]), 3000)])] },
    };

    [Theory]
    [MemberData(nameof(TooMuch), DisableDiscoveryEnumeration = true)]
    public void Whatever_there_is_too_much_of_in_full_Telegram_takes_the_message(string what, IReadOnlyList<Block> body)
    {
        var html = Html(Messages.Render(new Message { Card = Formatter.Card(Entry, new Look(Style.Full)) with { Body = body } }, 0)!);

        Assert.True(RichHtml.Read(html).Text.Contains("Read", StringComparison.Ordinal), what);
    }

    [Fact]
    public void A_table_that_is_too_large_in_full_begins_as_text()
    {
        var html = Html(Rendered(Entry with { Content = "<table>" + string.Concat(Enumerable.Repeat("<tr>" + string.Concat(Enumerable.Repeat("<td>abc", 20)), 450)) + "</table>" }, "full", 0));

        Assert.Contains("abc | abc", html, StringComparison.Ordinal);
        Assert.InRange(RichHtml.Read(html).Text.Length, 10_000, 32_768);
    }

    [Theory]
    [InlineData("<blockquote>a<img src=/i.png></blockquote><p>z</p>", "<blockquote>a</blockquote><p>z</p>")]
    [InlineData("<ul><li>a<img src=/i.png></ul><p>z</p>", "<ul><li>a</li></ul><p>z</p>")]
    [InlineData("<details><summary>s</summary><img src=/i.png>a</details><p>z</p>", "<details><summary>s</summary><p>a</p></details><p>z</p>")]
    public void Without_pictures_in_full_there_is_none_inside_of_anything(string content, string expected) =>
        Assert.Contains($"</h1>{expected}<footer>", Html(Rendered(Entry with { Content = content }, "full noimage", 0)), StringComparison.Ordinal);

    [Theory]
    [InlineData("full", "<p><img src=/i.svg></p>")]
    [InlineData("full noimage", "<p><img src=/i.png></p>")]
    public void What_has_no_title_and_shows_nothing_in_full_is_named_by_its_address(string look, string content) =>
        Assert.StartsWith("<h1><a href=", Html(Rendered(Entry with { Title = "", Content = content }, look, 0)), StringComparison.Ordinal);

    [Fact]
    public void In_full_without_rich_text_the_text_is_cut_where_a_text_ends()
    {
        var text = Json(Rendered(Entry with { Content = string.Concat(Enumerable.Repeat("<p>" + string.Concat(Enumerable.Repeat("Many words & more. ", 20)) + "</p>", 40)) }, "full", 1))["text"]!.ToString();

        Assert.InRange(HtmlText.Parse(text).Text.Length, 3000, 4096);
        Assert.Contains("more.\n\n<i>Harbour news", text, StringComparison.Ordinal);
    }

    [Fact]
    public void In_full_after_the_words_of_a_reply_an_entry_is_a_message_of_its_own()
    {
        var reply = Message.Of("Here it is:") with { Card = Formatter.Card(Entry, new Look(Style.Full)), Actions = [new MessageAction("Undo", "/undo")] };
        var parts = MessageParts.Split(reply, Messages.Fits);

        Assert.Equal(2, parts.Count);
        Assert.Null(parts[0].Card);
        Assert.StartsWith("""{"rich_message":""", Encoding.UTF8.GetString(Messages.Render(parts[1], 0)!), StringComparison.Ordinal);
        Assert.Single(parts[1].Actions);
    }

    [Fact]
    public void Anything_in_any_style_is_taken_by_Telegram()
    {
        Gen.Select(HtmlSoup.Text, HtmlSoup.Html, HtmlSoup.Text, HtmlSoup.Look, Gen.Int[0, 2], Gen.Int[0, 12]).Sample(
            (title, html, name, look, fallback, size) =>
            {
                var entry = HtmlSoup.Entry(title, html, name, look, size);
                var card = look.Style == Style.Custom ? Formatter.Custom(entry, look, entry.Content!) : Formatter.Card(entry, look);
                AssertTaken(Messages.Render(new Message { Card = card, IsSilent = look.IsSilent }, fallback)!, look);
            },
            iter: HtmlSoup.Entries);
    }

    [Fact]
    public void Any_list_is_taken_by_Telegram()
    {
        var lists = new ListMessages(new EntryFormatter(Catalogue.Load("en")), Catalogue.Load("en"));
        Gen.Select(HtmlSoup.Text, HtmlSoup.Text.Array[1, 8], HtmlSoup.Look, Gen.Int[0, 2]).Sample(
            (feed, titles, look, fallback) =>
            {
                var list = lists.Of(feed, [.. titles.Select(title => new ListedEntry(title, "https://e.org/a?b=(c)&d", [feed]))]) with { IsSilent = look.IsSilent };
                if (Messages.Render(list, fallback) is { } body)
                    AssertTaken(body, new Look(Style.Digest) { IsSilent = look.IsSilent });
                else
                    Assert.True(titles.Length > 1, "A list of one has always room.");
            },
            iter: HtmlSoup.Entries / 10);
    }

    static void AssertTaken(byte[] body, Look look)
    {
        var json = Json(body);
        Assert.Equal(look.IsSilent, json["disable_notification"]?.GetValue<bool>() ?? false);
        Assert.Equal(json["rich_message"] is null ? "sendMessage" : "sendRichMessage", TelegramBody.Method(body));
        if (json["rich_message"] is { } rich)
        {
            var read = RichHtml.Read(rich["html"]!.ToString());
            Platforms.AssertClean(read.Text);
            Assert.InRange(read.Text.Length, 1, 32_768);
            Assert.All(read.Shown, media => Assert.Equal(look.IsSpoiler, media.IsHidden));
            Assert.DoesNotContain(read.Shown, media => look.HasNoImage && media.Kind == "img");
            AssertHidden(rich["html"]!.ToString(), look);
            Assert.DoesNotContain(read.Targets, target => target.Contains("u:p@", StringComparison.Ordinal));
            return;
        }

        var text = json["text"]!.ToString();
        Platforms.AssertClean(text);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 32_768);
        var markup = json["parse_mode"] is null ? null : TelegramMarkup.Read(text);
        Assert.InRange((markup?.Text ?? text).Trim().Length, 1, 4096);
        Platforms.AssertNobodyIsMentioned(markup?.OutsideCode ?? text);
        Assert.True(!(look.IsSpoiler || look.HasNoImage) || json["link_preview_options"]!["is_disabled"] is not null);
        AssertHidden(text, look);
    }

    static void AssertHidden(string text, Look look) => Assert.False(look.IsSpoiler && Hiding().Replace(text, "").Contains(HtmlSoup.Hushed, StringComparison.Ordinal), text);

    static byte[] Rendered(EntryContent entry, string look, int fallback)
    {
        var read = Look.Read(look)!;
        return Messages.Render(new Message { Card = Formatter.Card(entry, read), IsSilent = read.IsSilent }, fallback)!;
    }

    static JsonNode Json(byte[] body) => JsonNode.Parse(body)!;

    static string Html(byte[] body) => Json(body)["rich_message"]!["html"]!.ToString();

    [GeneratedRegex("<tg-spoiler>.*?</tg-spoiler>", RegexOptions.Singleline)]
    private static partial Regex Hiding();
}
