using System.Net;
using System.Text.Json;
using Notifier.Tests.Support;
using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>What a hostile publisher writes reaches people as text: it calls nobody, hides nothing and breaks no message.</summary>
public sealed class DiscordContentStory(DiscordWorld world) : IClassFixture<DiscordWorld>
{
    private const string Break = "\u200B";
    private const string Mentions = "@everyone @here <@&1> <@2> <#3>";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task D01_D02_Nobody_is_called_by_an_entry_a_list_or_an_answer()
    {
        var town = world.Found("Mentions");
        var url = Put(town, Mentions, Item("1", "One", "One"));
        await town.SubscribeAsync(url);
        Put(town, Mentions, Item("2", Mentions, $"More: {Mentions}", author: Mentions), Item("1", "One", "One"));
        var embed = (await town.Channel.WaitForMessagesAsync(1, ct: Stop))[0].Embeds[0];
        const string Literal = $"@{Break}everyone @{Break}here \\<@{Break}&1> \\<@{Break}2> \\<#3>";
        Assert.Equal((Literal, $"More: {Literal}"), (embed.GetProperty("title").GetString(), embed.GetProperty("description").GetString()));

        Put(town, Mentions, [.. Enumerable.Range(3, 12).Select(n => Item($"{n}", $"{Mentions} {n}", "Text")), Item("2", Mentions, Mentions), Item("1", "One", "One")]);
        var list = (await town.Channel.WaitForMessagesAsync(2, ct: Stop))[1];
        FakeMessage[] all = [list, await town.AskAsync("list"), await town.AskAsync("latest", ("feed", "1")), await town.AskAsync("unsubscribe", ("feed", "@everyone @here no")), await town.AskAsync("help", ("command", "@everyone")), await town.AskAsync("subscribe", ("url", "@everyone"))];
        Assert.All(all, message => Assert.DoesNotContain("@everyone", message.ShownText, StringComparison.Ordinal));
        Assert.All(all[..3], message => Assert.DoesNotContain("<@", message.ShownText.Replace("\\<@", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public async Task D03_D12_Markdown_is_shown_as_it_was_written_and_no_address_unfolds()
    {
        const string Signs = "[bank](http://evil.example) **b** `c` ||s|| > q <t:1:R> :smile:";
        var embed = await EntryAsync("Markdown", Item("2", Signs, "# h\n> q\n-# s\n- l\n" + Signs));
        Assert.Equal($"\\[bank\\](http:/{Break}/evil.example) \\*\\*b\\*\\* \\`c\\` \\|\\|s\\|\\| > q \\<t:1:R> \\:smile:", embed.GetProperty("title").GetString()!.Split(" (example")[0]);
        Assert.DoesNotContain("](http", embed.GetProperty("description").GetString(), StringComparison.Ordinal);

        var town = world.Found("Links");
        await town.SubscribeAsync(Put(town, "Links", Item("0", "Zero", "x")));
        Put(town, "Links", [.. Enumerable.Range(1, 11).Select(n => Item($"{n}", $"Link {n}", "x")), Item("0", "Zero", "x")]);
        var list = (await town.Channel.WaitForMessagesAsync(1, ct: Stop))[0];
        Assert.True(list is { Content: "", Embeds.Count: 1 } || (list.Flags & 4) != 0, "The addresses of a list unfold into previews: in an embed none does, nor where previews are suppressed.");
    }

    [Fact]
    public async Task D05_An_entry_of_any_length_is_one_message_within_the_limits()
    {
        var embed = await EntryAsync("Long", Item("2", new string('T', 100_000), string.Concat(Enumerable.Repeat("<p>Some **long** text_with 👩‍👩‍👧‍👦 families.</p>", 20_000)), author: new string('A', 50_000)));
        Assert.InRange(embed.GetProperty("title").GetString()!.Length, 200, 256);
        Assert.InRange(embed.GetProperty("description").GetString()!.Length, 100, 4096);
    }

    [Fact]
    public async Task D06_Signs_that_turn_hide_or_pile_up_are_gone()
    {
        var zalgo = "x" + new string('\u0301', 60);
        var embed = await EntryAsync("Signs", Item("2", $"\u202Egpj.exe \u2066x {zalgo} \u0007bell", $"\u202Etxt {zalgo}"));
        foreach (var part in new[] { "title", "description" })
        {
            var text = embed.GetProperty(part).GetString()!;
            Assert.DoesNotContain(text, sign => sign is '\u202E' or '\u2066' or '\u0007');
            Assert.Equal(8, text.Count(sign => sign == '\u0301'));
        }
    }

    [Fact]
    public async Task D07_D08_D09_Without_a_title_or_with_a_dangerous_link_an_entry_still_comes()
    {
        var town = world.Found("Bare");
        await town.SubscribeAsync(Put(town, "Bare", Item("1", "One", "One")));
        Put(
            town,
            "Bare",
            "<item><guid isPermaLink=\"false\">6</guid><title></title><description></description></item>",
            "<item><guid isPermaLink=\"false\">5</guid><title>With login</title><link>https://user:hidden@example.org/path</link></item>",
            $"<item><guid isPermaLink=\"false\">4</guid><title>Long link</title><link>https://example.org/{new string('x', 5000)}</link></item>",
            "<item><guid isPermaLink=\"false\">3</guid><title>Script</title><link>javascript:alert(1)</link></item>",
            "<item><guid isPermaLink=\"false\">2</guid><title>App</title><link>discord://x y</link></item>",
            Item("1", "One", "One"));
        var embeds = (await town.Channel.WaitForMessagesAsync(5, ct: Stop)).Select(message => message.Embeds[0]).ToList();
        Assert.Equal(["App", "Script", "Long link", "With login"], embeds[..4].Select(embed => embed.GetProperty("title").GetString()));
        Assert.All(embeds[..2], embed => Assert.False(embed.TryGetProperty("url", out _)));
        Assert.Equal("https://example.org/path", embeds[3].GetProperty("url").GetString());
        Assert.NotEmpty(embeds[4].GetProperty("title").GetString()!.Trim());
        Assert.DoesNotContain("hidden", JsonSerializer.Serialize(embeds), StringComparison.Ordinal);
    }

    private static string Item(string id, string title, string text, string author = "") =>
        $"<item><guid isPermaLink=\"false\">{id}</guid><link>https://example.org/{id}</link><title>{WebUtility.HtmlEncode(WebUtility.HtmlEncode(title))}</title><description>{WebUtility.HtmlEncode(text.StartsWith("<p>", StringComparison.Ordinal) ? text : WebUtility.HtmlEncode(text))}</description>{(author.Length == 0 ? "" : $"<author>{WebUtility.HtmlEncode(author)}</author>")}</item>";

    private string Put(Town town, string title, params IEnumerable<string> items) =>
        world.Web.Put(town.Path(title), $"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{WebUtility.HtmlEncode(WebUtility.HtmlEncode(title))}</title><link>https://example.org/</link>{string.Concat(items)}</channel></rss>");

    /// <summary>The embed in which a new entry comes.</summary>
    private async Task<JsonElement> EntryAsync(string title, string item)
    {
        var town = world.Found(title);
        await town.SubscribeAsync(Put(town, title, Item("1", "One", "One")));
        Put(town, title, item, Item("1", "One", "One"));
        return Assert.Single((await town.Channel.WaitForMessagesAsync(1, ct: Stop))[0].Embeds);
    }
}
