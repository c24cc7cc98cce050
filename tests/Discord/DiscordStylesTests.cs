using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using Notifier.Bot.Discord.Messages;
using Notifier.Messages;
using Notifier.Tests.Messages;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord.Server.Checks;
using Notifier.Texts;

namespace Notifier.Tests.Discord;

/// <summary>What each style makes of an entry, as Discord is sent it.</summary>
public sealed partial class DiscordStylesTests
{
    private static readonly EntryContent Entry = new()
    {
        Feed = "Harbour *news*",
        Site = "https://harbour.example/",
        Icon = "https://harbour.example/icon.png",
        Title = "Ferry sinks at [pier] 3",
        Link = "https://harbour.example/ferry_3",
        Content = """<p>Nobody was <b>hurt</b>.</p><img src="/ferry.jpg" alt="The ferry"><img src="/pier.jpg"><h2>What now?</h2><ul><li>Divers</li><li>Cranes</li></ul>""",
        Author = "Ann",
        Published = DateTimeOffset.UnixEpoch.AddDays(20_000),
        Categories = ["Ferries", "Port_life"],
        Comments = "https://harbour.example/ferry_3/comments",
    };

    /// <summary>Stands in the bodies of random entries, and nowhere else in them.</summary>
    private const string Secret = "kraken";

    private static readonly EntryFormatter Formatter = new(Catalogue.Load("en"));

    [Fact]
    public void Card() => AssertIs(
        new Look(),
        """
        {
          "embeds": [{
            "title": "Ferry sinks at \\[pier\\] 3",
            "description": "Nobody was **hurt**.\n\n**What now?**\n\n- Divers\n- Cranes",
            "url": "https://harbour.example/ferry_3",
            "timestamp": "2024-10-04T00:00:00Z",
            "color": 6084683,
            "author": { "name": "Harbour *news*", "url": "https://harbour.example/", "icon_url": "https://harbour.example/icon.png" },
            "image": { "url": "https://harbour.example/ferry.jpg" },
            "footer": { "text": "Ann · #Ferries #Port_life" }
          }],
          "components": [{ "type": 1, "components": [
            { "type": 2, "style": 5, "label": "Read", "url": "https://harbour.example/ferry_3" },
            { "type": 2, "style": 5, "label": "Comments", "url": "https://harbour.example/ferry_3/comments" }
          ]}],
          "allowed_mentions": { "parse": [] },
          "post": { "name": "Ferry sinks at [pier] 3", "tags": ["Ferries", "Port_life"] }
        }
        """);

    [Fact]
    public void Card_with_a_small_picture_has_it_beside_the_text()
    {
        var embed = Rendered(Formatter.Card(Entry) with { IsImageSmall = true })["embeds"]![0]!;

        Assert.Equal("https://harbour.example/ferry.jpg", (string?)embed["thumbnail"]!["url"]);
        Assert.Null(embed["image"]);
    }

    [Fact]
    public void Card_that_is_hidden_shows_its_title_alone()
    {
        var embed = Rendered(new Look { IsSpoiler = true, IsSilent = true })["embeds"]![0]!;

        Assert.Equal(@"Ferry sinks at \[pier\] 3", (string?)embed["title"]);
        Assert.Equal("||Nobody was **hurt**.\n\n**What now?**\n\n• Divers\n• Cranes||", (string?)embed["description"]);
        Assert.Null(embed["image"]);
    }

    [Fact]
    public void Compact() => AssertIs(
        new Look(Style.Compact),
        """
        {
          "content": "**Harbour \\*news\\*** [Ferry sinks at (pier) 3](<https://harbour.example/ferry_3>) · <t:1728000000:R>",
          "flags": 4,
          "allowed_mentions": { "parse": [] },
          "post": { "name": "Ferry sinks at [pier] 3", "tags": ["Ferries", "Port_life"] }
        }
        """);

    [Theory]
    [InlineData(Style.Compact)]
    [InlineData(Style.Link)]
    public void Compact_without_a_link_is_the_title(Style style)
    {
        var body = Rendered(Formatter.Card(Entry with { Link = null, Base = null }, new Look(style)));

        Assert.Equal(@"**Harbour \*news\*** Ferry sinks at \[pier\] 3 · <t:1728000000:R>", (string?)body["content"]);
        Assert.Null(body["flags"]);
    }

    [Theory]
    [InlineData("link", "https://harbour.example/ferry_3", null)]
    [InlineData("link silent", "https://harbour.example/ferry_3", 1 << 12)]
    [InlineData("link spoiler", "|| https://harbour.example/ferry_3 ||", null)]
    [InlineData("link noimage", "https://harbour.example/ferry_3", 1 << 2)]
    public void Link_is_the_bare_address(string look, string content, int? flags)
    {
        var body = Rendered(Look.Read(look)!);

        Assert.Equal(content, (string?)body["content"]);
        Assert.Equal(flags, (int?)body["flags"]);
        Assert.Null(body["embeds"]);
        Assert.Null(body["components"]);
    }

    [Fact]
    public void Full() => AssertIs(
        new Look(Style.Full) { IsSilent = true },
        """
        {
          "flags": 36864,
          "components": [{
            "type": 17,
            "accent_color": 6084683,
            "components": [
              { "type": 10, "content": "## [Ferry sinks at (pier) 3](<https://harbour.example/ferry_3>)" },
              { "type": 10, "content": "Nobody was **hurt**." },
              { "type": 12, "items": [
                { "media": { "url": "https://harbour.example/ferry.jpg" }, "description": "The ferry" },
                { "media": { "url": "https://harbour.example/pier.jpg" } }
              ]},
              { "type": 10, "content": "### What now?\n\n- Divers\n- Cranes" },
              { "type": 14 },
              { "type": 10, "content": "-# [Harbour ∗news∗](<https://harbour.example/>) · Ann · <t:1728000000:R>" },
              { "type": 1, "components": [
                { "type": 2, "style": 5, "label": "Read", "url": "https://harbour.example/ferry_3" },
                { "type": 2, "style": 5, "label": "Comments", "url": "https://harbour.example/ferry_3/comments" }
              ]}
            ]
          }],
          "allowed_mentions": { "parse": [] },
          "post": { "name": "Ferry sinks at [pier] 3", "tags": ["Ferries", "Port_life"] }
        }
        """);

    [Fact]
    public void Full_that_is_hidden_shows_title_and_end_around_what_is_hidden()
    {
        var components = Rendered(new Look(Style.Full) { IsSpoiler = true })["components"]!.AsArray();

        Assert.Equal([10, 17, 10, 1], components.Select(component => (int)component!["type"]!));
        Assert.True((bool)components[1]!["spoiler"]!);
        Assert.Equal([10, 12, 10], components[1]!["components"]!.AsArray().Select(component => (int)component!["type"]!));
    }

    [Fact]
    public void Full_without_pictures_or_text_is_still_a_frame_with_its_end()
    {
        var bare = Entry with { Content = """<img src="/ferry.jpg">""", Comments = null };
        var components = Rendered(Formatter.Card(bare, new Look(Style.Full) { HasNoImage = true, IsSpoiler = true }))["components"]!.AsArray();

        Assert.Equal([10, 10, 1], Assert.Single(components)!["components"]!.AsArray().Select(component => (int)component!["type"]!));
        Assert.Null(components[0]!["spoiler"]);
    }

    [Fact]
    public void Full_has_galleries_of_ten_and_keeps_the_words_when_there_are_more_parts_than_have_room()
    {
        var many = string.Concat(Enumerable.Range(1, 25).Select(i => $"<img src='/first-{i}.png'>")) + string.Concat(Enumerable.Range(1, 60).Select(i => $"<p>Part {i}.</p><img src='/{i}.png'>"));
        var body = Rendered(Formatter.Card(Entry with { Content = many }, new Look(Style.Full)));
        var parts = body["components"]![0]!["components"]!.AsArray();

        AssertValid(body);
        Assert.Equal([10, 10, 5], parts.Where(part => (int)part!["type"]! == 12).Take(3).Select(gallery => gallery!["items"]!.AsArray().Count));
        var text = string.Join('\n', parts.Where(part => (int)part!["type"]! == 10).Select(part => (string)part!["content"]!));
        Assert.All(Enumerable.Range(1, 60), i => Assert.Contains($"Part {i}.", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<p>Short, with <a href='https://harbour.example/'>a link</a>.</p>", "Short, with [a link](<https://harbour.example/>).", 4, false)]
    [InlineData("<p>Short.</p><img src='https://harbour.example/own.png'>", "Short.", null, true)]
    [InlineData("", "**Harbour \\*news\\*** [Ferry sinks at (pier) 3](<https://harbour.example/ferry_3>) · <t:1728000000:R>", 4, false)]
    public void Custom_is_what_the_template_made_and_nothing_else(string html, string said, int? flags, bool hasPicture)
    {
        var body = Rendered(Formatter.Custom(Entry, new Look(Style.Custom), html));

        Assert.Equal(said, (string?)(hasPicture ? body["embeds"]![0]!["description"] : body["content"]));
        Assert.Equal(hasPicture ? "https://harbour.example/own.png" : null, (string?)body["embeds"]?[0]!["image"]!["url"]);
        Assert.Equal(flags, (int?)body["flags"]);
        Assert.Null(body["components"]);
    }

    [Fact]
    public void Custom_that_is_too_long_for_a_content_is_an_embed()
    {
        var body = Rendered(Formatter.Custom(Entry, new Look(Style.Custom), $"<p>{new string('x', 3000)}</p>"));

        Assert.Equal(3000, ((string)body["embeds"]![0]!["description"]!).Length);
        Assert.Null(body["content"]);
    }

    [Fact]
    public void Buttons_are_those_whose_addresses_are_short_enough()
    {
        var body = Rendered(Formatter.Card(Entry) with
        {
            Links = [new CardLink("Long", new Uri("https://e.org/" + new string('a', 500))), new CardLink(new string('x', 90), new Uri("https://e.org/")), new CardLink("@everyone\n", new Uri("https://e.org/?a"))],
        });

        Assert.Equal([new string('x', 79) + "…", "@everyone"], body["components"]![0]!["components"]!.AsArray().Select(button => (string)button!["label"]!));
    }

    [Theory]
    [InlineData("<pre>if (a || b ||| c)</pre>", "||```⏎if (a |⟨ZWSP⟩| b |⟨ZWSP⟩|⟨ZWSP⟩| c)⏎```||")]
    [InlineData("a | b || c|", @"||a \| b \|\| c\|⟨ZWSP⟩||")]
    [InlineData("<span class=spoiler>in</span> it", "||in it||")]
    [InlineData("<blockquote>q<br>r</blockquote>", "||› q⏎› r||")]
    [InlineData("<h1>h</h1><ol><li>one</li></ol>", "||**h**⏎⏎1. one||")]
    [InlineData("<a href='https://e.org/a_b|c'>x | y</a> https://e.org/a_b", "||[x ∣ y](<https://e.org/a_b%7Cc>) <https://e.org/a_b>||")]
    [InlineData("<code>a||b</code>", @"||a\|\|b||")]
    public void What_is_hidden_is_one_spoiler_from_beginning_to_end(string html, string expected) =>
        Assert.Equal(expected, MappingTable.Shown(DiscordMarkdown.Hidden(Notifier.Messages.Html.HtmlReader.Read(html, MappingTable.Base))));

    [Fact]
    public void A_reply_with_an_entry_in_full_has_its_words_first_and_its_actions_last()
    {
        var message = Message.Of("That is *how*:") with { Card = Formatter.Card(Entry, new Look(Style.Full)), Actions = [new("Keep", "/keep"), new("Undo", "/undo")] };
        var reply = JsonNode.Parse(new RenderedMessage(DiscordMessages.Render(message, 0)!).ForReply([("Keep", "k"), ("Undo", "u")], 1 << 6))!;

        Assert.Equal([10, 17, 1], reply["components"]!.AsArray().Select(component => (int)component!["type"]!));
        Assert.Equal(@"That is \*how\*:", (string?)reply["components"]![0]!["content"]);
        Assert.Equal(["k", "u"], reply["components"]![2]!["components"]!.AsArray().Select(button => (string)button!["custom_id"]!));
        Assert.Equal((1 << 15) | (1 << 6), (int)reply["flags"]!);
    }

    [Fact]
    public void Anything_becomes_a_message_that_Discord_takes_in_every_style()
    {
        Gen.Select(HtmlSoup.Text, HtmlSoup.Html, HtmlSoup.Text, Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 7], Gen.Int[0, 4]).Sample(
            (title, html, name, style, fallback, options, size) =>
            {
                var look = new Look((Style)style) { IsSilent = (options & 1) != 0, IsSpoiler = (options & 2) != 0, HasNoImage = (options & 4) != 0 };
                var content = new EntryContent { Feed = name, Site = "https://e.org/@here", Title = look.IsSpoiler ? "Ferry " + title : title, Author = name, Link = "https://e.org/a?b=(c)|_@everyone", Base = "https://e.org/", Image = "https://e.org/own.png", Content = string.Concat(Enumerable.Repeat(html, size * size)).Replace("word", Secret, StringComparison.Ordinal), Categories = [name, title], Comments = "https://e.org/c" };
                var card = look.Style == Style.Custom ? Formatter.Custom(content, look, content.Content) : Formatter.Card(content, look);
                card = card with { Links = [.. card.Links.Select(link => link with { Label = title })] };
                var message = new Message { Card = card, Text = size == 1 ? Message.Of(title).Text : [], IsSilent = look.IsSilent, Actions = size == 2 ? [.. Enumerable.Repeat(new MessageAction("A", "/a"), 25)] : [] };
                var rendered = new RenderedMessage(DiscordMessages.Render(message, fallback)!);

                AssertValid(JsonNode.Parse(rendered.ForChannel("n"))!);
                AssertValid(JsonNode.Parse(rendered.ForForum(rendered.Name ?? "x", []))!["message"]!);
                AssertValid(JsonNode.Parse(rendered.ForReply([.. message.Actions.Select((action, i) => (action.Label, $"{i}"))], 0))!);
                if (look.IsSpoiler)
                    AssertHidden(rendered);
                if (look.HasNoImage)
                    AssertHasNoPicture(JsonNode.Parse(rendered.ForChannel("n")));
                var edit = JsonNode.Parse(rendered.ForEdit())!;
                AssertValid(edit);
                Assert.Equal(0, (int)edit["flags"]! & ~(MessageChecks.SuppressEmbeds | MessageChecks.ComponentsV2));
                Assert.InRange(rendered.Name?.Length ?? 1, 1, 100);
            },
            iter: HtmlSoup.Entries);
    }

    private static void AssertIs(Look look, string expected)
    {
        var options = new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(options), Rendered(look).ToJsonString(options));
    }

    private static JsonNode Rendered(Look look) => Rendered(Formatter.Card(Entry, look), look.IsSilent);

    private static JsonNode Rendered(EntryCard card, bool isSilent = false) => JsonNode.Parse(DiscordMessages.Render(new Message { Card = card, IsSilent = isSilent }, 0)!)!;

    /// <summary>What the fake takes, nobody is mentioned in, and every spoiler of is whole.</summary>
    private static void AssertValid(JsonNode body)
    {
        body.AsObject().Remove("post");
        var message = JsonSerializer.SerializeToElement(body);
        var errors = MessageChecks.Check(message, MessageChecks.SuppressEmbeds | MessageChecks.SuppressNotifications | MessageChecks.ComponentsV2);
        Assert.True(errors.Count == 0, $"{string.Join('\n', errors)}\n{body}");
        Assert.False(MessageChecks.MayPing(message));
        Assert.False(MessageChecks.IsEmpty(message));
        foreach (var text in Texts(body))
        {
            Platforms.AssertClean(text);
            Platforms.AssertNobodyIsMentioned(Platforms.WithoutMarkdownCode(text));
        }
    }

    /// <summary>Nothing of what is hidden stands in clear: neither outside of a spoiler, nor in the name of a post.</summary>
    private static void AssertHidden(RenderedMessage rendered)
    {
        var message = JsonNode.Parse(rendered.ForForum(rendered.Name ?? "x", []))!;
        foreach (var text in Clear(message))
            Assert.DoesNotContain(Secret, Spoiler().Replace(text, ""), StringComparison.OrdinalIgnoreCase);
        Assert.All(message["message"]!["embeds"] as JsonArray ?? [], embed => Assert.True(embed!["image"] is null && embed["thumbnail"] is null, $"The picture is seen: {embed}"));
    }

    /// <summary>All words that are seen, but for those in a frame that is hidden as a whole.</summary>
    private static IEnumerable<string> Clear(JsonNode? node) => node switch
    {
        JsonObject json when json["spoiler"] is { } spoiler && (bool)spoiler => [],
        JsonObject json => json.SelectMany(member => member.Key is "url" ? [] : Clear(member.Value)),
        JsonArray list => list.SelectMany(Clear),
        JsonValue value when value.TryGetValue(out string? text) => [text],
        _ => [],
    };

    private static void AssertHasNoPicture(JsonNode? node)
    {
        if (node is JsonObject json)
        {
            Assert.DoesNotContain(json, member => member.Key is "image" or "thumbnail" or "video" or "media" or "file");
            if ((string?)json["content"] is { } content && json["type"] is null)
                Assert.True((((int?)json["flags"] ?? 0) & MessageChecks.SuppressEmbeds) != 0 || !Unfolding().IsMatch(content), $"An address has a preview: {content}");
        }

        foreach (var inner in node is JsonObject parent ? parent.Select(member => member.Value) : node as JsonArray ?? [])
            AssertHasNoPicture(inner);
    }

    [GeneratedRegex(@"\|\|[\s\S]+?\|\|")]
    private static partial Regex Spoiler();

    /// <summary>An address that is not in angle brackets.</summary>
    [GeneratedRegex(@"(?<!<[^\s<>]*)https?://", RegexOptions.IgnoreCase)]
    private static partial Regex Unfolding();

    /// <summary>The texts in which Discord looks for markdown.</summary>
    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(member => member.Key is "content" or "title" or "description" && member.Value is JsonValue text && json["media"] is null ? [(string)text!] : Texts(member.Value)),
        JsonArray list => list.SelectMany(Texts),
        _ => [],
    };
}
