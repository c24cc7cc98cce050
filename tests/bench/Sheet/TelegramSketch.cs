using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Notifier.Bench.Sheet;

/// <summary>How Telegram would about show the body of a message.</summary>
internal static partial class TelegramSketch
{
    public static void Write(StringBuilder html, JsonElement body)
    {
        html.Append("<div class=bubble>");
        if (body.TryGetProperty("link_preview_options", out var preview) && preview.TryGetProperty("url", out var picture))
            html.Append("<div class=picture>preview of ").Append(WebUtility.HtmlEncode(picture.GetString())).Append("</div>");
        if (body.TryGetProperty("rich_message", out var rich))
            html.Append(Picture().Replace(Time().Replace(rich.GetProperty("html").GetString()!, "<span class=time>$1</span>"), "<span class=picture style='display:block'>$1</span>"));
        else
            html.Append(Time().Replace(Text(body), "<span class=time>$1</span>"));
        if (body.TryGetProperty("reply_markup", out var markup) && markup.TryGetProperty("inline_keyboard", out var rows))
        {
            html.Append("<div>");
            foreach (var button in rows.EnumerateArray().SelectMany(row => row.EnumerateArray()))
                html.Append("<span class=button>").Append(WebUtility.HtmlEncode(button.GetProperty("text").GetString())).Append("</span>");
            html.Append("</div>");
        }

        html.Append("</div>");
    }

    private static string Text(JsonElement body)
    {
        var text = body.GetProperty("text").GetString()!;
        text = body.TryGetProperty("parse_mode", out _) ? text : WebUtility.HtmlEncode(text);
        return Spoiler().Replace(text.Replace("\n", "<br>", StringComparison.Ordinal), "$1span$2");
    }

    [GeneratedRegex("<tg-time[^>]*>(.*?)</tg-time>")]
    private static partial Regex Time();

    [GeneratedRegex("(</?)tg-spoiler( ?)")]
    private static partial Regex Spoiler();

    [GeneratedRegex("<img src=\"([^\"]*)\"[^>]*>")]
    private static partial Regex Picture();
}
