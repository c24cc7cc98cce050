using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Notifier.Bench.Sheet;

/// <summary>How Discord would about show the body of a message: its markdown, embeds and components.</summary>
internal static partial class DiscordSketch
{
    public static void Write(StringBuilder html, JsonElement body)
    {
        if (body.TryGetProperty("content", out var content))
            html.Append("<div>").Append(Markdown(content.GetString()!)).Append("</div>");
        if (body.TryGetProperty("embeds", out var embeds))
        {
            foreach (var embed in embeds.EnumerateArray())
                Embed(html, embed);
        }

        if (body.TryGetProperty("components", out var components))
        {
            foreach (var component in components.EnumerateArray())
                Component(html, component);
        }
    }

    private static void Embed(StringBuilder html, JsonElement embed)
    {
        html.Append(CultureInfo.InvariantCulture, $"<div class=embed style='border-color:#{(embed.TryGetProperty("color", out var colour) ? colour.GetInt32() : 0x888888):x6}'>");
        if (embed.TryGetProperty("author", out var author))
            html.Append("<div class=author>").Append(author.TryGetProperty("icon_url", out _) ? "<span class=icon></span>" : "").Append(Encoded(author, "name")).Append("</div>");
        if (embed.TryGetProperty("title", out var title))
            html.Append("<div class=title>").Append(embed.TryGetProperty("url", out _) ? "<a href=#>" : "<b>").Append(Inline(title.GetString()!)).Append("</a></b></div>");
        if (embed.TryGetProperty("description", out var description))
            html.Append("<div>").Append(Markdown(description.GetString()!)).Append("</div>");
        if (embed.TryGetProperty("thumbnail", out var thumbnail))
            html.Append("<div class='picture thumb'>").Append(Encoded(thumbnail, "url")).Append("</div>");
        if (embed.TryGetProperty("image", out var image))
            html.Append("<div class=picture>").Append(Encoded(image, "url")).Append("</div>");
        var footer = embed.TryGetProperty("footer", out var text) ? Encoded(text, "text") : "";
        if (embed.TryGetProperty("timestamp", out var time))
            footer += (footer.Length > 0 ? " • " : "") + WebUtility.HtmlEncode(time.GetString());
        html.Append("<div class=footer>").Append(footer).Append("</div></div>");
    }

    private static void Component(StringBuilder html, JsonElement component)
    {
        switch (component.GetProperty("type").GetInt32())
        {
            case 2:
                html.Append("<span class=button>").Append(Encoded(component, "label")).Append("</span>");
                break;
            case 10:
                html.Append("<div>").Append(Markdown(component.GetProperty("content").GetString()!)).Append("</div>");
                break;
            case 12:
                foreach (var item in component.GetProperty("items").EnumerateArray())
                    html.Append("<div class=picture>").Append(Encoded(item.GetProperty("media"), "url")).Append("<br>").Append(Encoded(item, "description")).Append("</div>");
                break;
            case 14:
                html.Append("<hr>");
                break;
            default:
                html.Append(component.TryGetProperty("accent_color", out _) ? "<div class=embed>" : "<div>");
                foreach (var child in component.GetProperty("components").EnumerateArray())
                    Component(html, child);
                html.Append("</div>");
                break;
        }
    }

    private static string Encoded(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? WebUtility.HtmlEncode(value.GetString() ?? "") : "";

    private static string Markdown(string text)
    {
        var html = new StringBuilder();
        var isCode = false;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                html.Append((isCode = !isCode) ? "<pre>" : "</pre>");
            else if (isCode)
                html.Append(WebUtility.HtmlEncode(line)).Append('\n');
            else
                html.Append(Line(line));
        }

        return html.ToString();
    }

    private static string Line(string line)
    {
        var start = Start().Match(line);
        var rest = Inline(line[start.Length..]);
        return start.Groups["sign"].Value.Trim() switch
        {
            "#" => $"<h1>{rest}</h1>",
            "##" => $"<h1>{rest}</h1>",
            "###" => $"<h3>{rest}</h3>",
            "-#" => $"<div class=sub>{rest}</div>",
            ">" => $"<blockquote>{Line(line[start.Length..])}</blockquote>",
            "-" => $"<div style='margin-left:{12 + (8 * start.Groups["indent"].Length)}px'>• {rest}</div>",
            _ => $"<div>{(line.Length == 0 ? "&nbsp;" : Inline(line))}</div>",
        };
    }

    private static string Inline(string text)
    {
        var html = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var token = Token().Match(text, i);
            if (!token.Success)
                return html.Append(WebUtility.HtmlEncode(text[i..])).ToString();
            html.Append(WebUtility.HtmlEncode(text[i..token.Index]));
            i = token.Index + token.Length;
            html.Append(token switch
            {
                { Value: ['\\', var escaped] } => WebUtility.HtmlEncode(escaped.ToString()),
                _ when token.Groups["label"].Success => $"<a href=# title='{WebUtility.HtmlEncode(token.Groups["url"].Value)}'>{Inline(token.Groups["label"].Value)}</a>",
                _ when token.Groups["time"].Success => "<span class=time>" + DateTimeOffset.FromUnixTimeSeconds(long.Parse(token.Groups["time"].Value, CultureInfo.InvariantCulture)).ToString("d MMM yyyy", CultureInfo.InvariantCulture) + "</span>",
                _ when token.Groups["bare"].Success => $"<a href=#>{WebUtility.HtmlEncode(token.Groups["bare"].Value)}</a>",
                _ when token.Groups["code"].Success => $"<code>{WebUtility.HtmlEncode(token.Groups["code"].Value)}</code>",
                _ when token.Groups["inner"].Success => $"<span style='{Style(token.Groups["sign"].Value)}'>{Inline(token.Groups["inner"].Value)}</span>",
                _ => WebUtility.HtmlEncode(token.Value),
            });
        }

        return html.ToString();
    }

    private static string Style(string sign) => sign switch
    {
        "***" => "font-weight:bold;font-style:italic",
        "**" => "font-weight:bold",
        "*" or "_" => "font-style:italic",
        "__" => "text-decoration:underline",
        "~~" => "text-decoration:line-through",
        _ => "background:#555;color:#777",
    };

    [GeneratedRegex(@"^(?<indent> *)(?<sign>#{1,3} |-# |> |- )")]
    private static partial Regex Start();

    [GeneratedRegex(@"\\[^a-zA-Z0-9\s]|\[(?<label>(?:[^\[\]\\]|\\.)+)\]\(<(?<url>[^>]*)>\)|<t:(?<time>\d+):R>|<(?<bare>https?://[^>]*)>|``(?<code>.+?)``|`(?<code>[^`]+)`|(?<sign>\*\*\*|\*\*|\*|__|~~|\|\|)(?<inner>(?:\\.|[^\\])+?)\k<sign>", RegexOptions.Singleline)]
    private static partial Regex Token();
}
