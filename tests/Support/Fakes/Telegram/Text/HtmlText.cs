using System.Globalization;
using System.Text;
using Notifier.Tests.Support.Fakes.Telegram.Api;

namespace Notifier.Tests.Support.Fakes.Telegram.Text;

/// <summary>
/// Telegram's HTML (<c>parse_mode=HTML</c>), read as strictly and as leniently as the server does: few tags, four named entities, errors that name the
/// byte at fault, and links that it does not believe in dropped without a word. https://core.telegram.org/bots/api#html-style
/// </summary>
internal sealed class HtmlText
{
    private readonly byte[] _bytes;
    private readonly StringBuilder _text = new();
    private readonly List<TextEntity> _entities = [];
    private readonly Stack<Tag> _open = new();
    private int _at;

    private HtmlText(string html) => _bytes = Encoding.UTF8.GetBytes(html);

    private byte Here => _at < _bytes.Length ? _bytes[_at] : (byte)0;

    /// <summary>The shown text and its entities, in the order of their offsets; or the refusal that the server gives.</summary>
    public static FormattedText Parse(string html)
    {
        var parser = new HtmlText(html);
        parser.Run();
        return new(parser._text.ToString(), [.. parser._entities.OrderBy(entity => entity.Offset).ThenByDescending(entity => entity.Length)]);
    }

    private static Refusal Cannot(string what) => Refusal.Bad("can't parse entities: " + what);

    private static bool IsSpace(byte c) => c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0 or 11;

    private void Run()
    {
        while (_at < _bytes.Length)
        {
            if (Here == '&' && Reference() is { } rune)
                _text.Append(rune);
            else if (Here == '<')
                ReadTag();
            else
                Copy();
        }

        if (_open.TryPeek(out var tag))
            throw Cannot($"Can't find end tag corresponding to start tag \"{tag.Name}\"");
    }

    private void Copy()
    {
        Rune.DecodeFromUtf8(_bytes.AsSpan(_at), out var rune, out var length);
        _text.Append(rune);
        _at += length;
    }

    /// <summary>A character reference at this place, or null (and no step) where the server leaves the ampersand as it is.</summary>
    private string? Reference()
    {
        var end = _at + 1;
        byte At(int i) => i < _bytes.Length ? _bytes[i] : (byte)0;
        long code = 0;
        if (At(end) == '#')
        {
            end++;
            var hex = At(end) == 'x';
            if (hex)
                end++;
            for (; hex ? char.IsAsciiHexDigit((char)At(end)) : char.IsAsciiDigit((char)At(end)); end++)
                code = Math.Min(int.MaxValue, (code * (hex ? 16 : 10)) + Convert.ToInt32(((char)At(end)).ToString(), 16));
            if (code is 0 or >= 0x10ffff || end - _at >= 10)
                return null;
        }
        else
        {
            while (char.IsAsciiLetter((char)At(end)))
                end++;
            code = Encoding.ASCII.GetString(_bytes, _at + 1, end - _at - 1) switch { "lt" => '<', "gt" => '>', "amp" => '&', "quot" => '"', _ => 0 };
            if (code == 0)
                return null;
        }

        if (!Rune.TryCreate((int)code, out var rune))
            throw Cannot("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units");
        _at = At(end) == ';' ? end + 1 : end;
        return rune.ToString();
    }

    private void ReadTag()
    {
        var begin = _at++;
        if (Here == '/')
            ReadEnd(begin);
        else
            ReadStart(begin);
    }

    private void ReadStart(int begin)
    {
        var name = ReadName(begin + 1);
        if (_at >= _bytes.Length)
            throw Cannot($"Unclosed start tag at byte offset {begin}");
        if (name is not ("a" or "b" or "strong" or "i" or "em" or "s" or "strike" or "del" or "u" or "ins" or "tg-spoiler" or "tg-emoji" or "tg-time" or "span" or "pre" or "code" or "blockquote"))
            throw Cannot($"Unsupported start tag \"{name}\" at byte offset {begin}");

        var tag = new Tag(name, _text.Length);
        while (Here != '>')
        {
            SkipSpaces();
            if (Here == '>')
                break;
            ReadAttribute(tag, begin);
        }

        _at++;
        if (name == "span" && tag.Argument != "spoiler")
            throw Cannot($"Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}");
        _open.Push(tag);
    }

    private void ReadAttribute(Tag tag, int begin)
    {
        var from = _at;
        while (!IsSpace(Here) && Here is not ((byte)'=' or (byte)'>' or (byte)'/' or (byte)'"' or (byte)'\''))
            _at++;
        var attribute = Encoding.UTF8.GetString(_bytes, from, _at - from);
        if (attribute.Length == 0)
            throw Cannot($"Empty attribute name in the tag \"{tag.Name}\" at byte offset {begin}");
        SkipSpaces();
        var value = "1";
        if (Here == '=')
        {
            _at++;
            SkipSpaces();
            if (_at >= _bytes.Length)
                throw Cannot($"Unclosed start tag \"{tag.Name}\" at byte offset {begin}");
            value = ReadValue();
            if (_at >= _bytes.Length)
                throw Cannot($"Unclosed start tag at byte offset {begin}");
        }
        else if (_at >= _bytes.Length)
        {
            throw Cannot($"Unclosed start tag \"{tag.Name}\" at byte offset {begin}");
        }
        else if (attribute != "expandable")
        {
            return;
        }

        switch (tag.Name, attribute)
        {
            case ("a", "href") or ("tg-emoji", "emoji-id") or ("tg-time", "format"):
                tag.Argument = value;
                break;
            case ("blockquote", "expandable"):
                tag.Argument = "1";
                break;
            case ("code", "class") when value.StartsWith("language-", StringComparison.Ordinal):
                tag.Argument = value["language-".Length..];
                break;
            case ("span", "class") when value.StartsWith("tg-", StringComparison.Ordinal):
                tag.Argument = value["tg-".Length..];
                break;
            case ("tg-time", "unix"):
                tag.Date = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var date) ? date : 0;
                break;
        }
    }

    private string ReadValue()
    {
        var from = _at;
        if (Here is not ((byte)'"' or (byte)'\''))
        {
            while (char.IsAsciiLetterOrDigit((char)Here) || Here is (byte)'.' or (byte)'-')
                _at++;
            if (!IsSpace(Here) && Here != '>')
                throw Cannot($"Unexpected end of name token at byte offset {from}");
            return Encoding.UTF8.GetString(_bytes, from, _at - from).ToLowerInvariant();
        }

        var quote = _bytes[_at++];
        var value = new StringBuilder();
        while (_at < _bytes.Length && Here != quote)
        {
            if (Here == '&' && Reference() is { } rune)
            {
                value.Append(rune);
                continue;
            }

            Rune.DecodeFromUtf8(_bytes.AsSpan(_at), out var copied, out var length);
            value.Append(copied);
            _at += length;
        }

        if (Here == quote)
            _at++;
        return value.ToString();
    }

    private void ReadEnd(int begin)
    {
        if (!_open.TryPop(out var tag))
            throw Cannot($"Unexpected end tag at byte offset {begin}");
        var name = ReadName(begin + 2);
        SkipSpaces();
        if (Here != '>')
            throw Cannot($"Unclosed end tag at byte offset {begin}");
        _at++;
        if (name.Length > 0 && name != tag.Name)
            throw Cannot($"Unmatched end tag at byte offset {begin}, expected \"</{tag.Name}>\", found \"</{name}>\"");
        if (_text.Length > tag.Offset)
            Close(tag, _text.Length - tag.Offset);
    }

    private void Close(Tag tag, int length)
    {
        TextEntity As(string type) => new(type, tag.Offset, length);
        var last = _entities.LastOrDefault() is { } entity && entity.Offset == tag.Offset && entity.Length == length ? _entities[^1] : null;
        switch (tag.Name)
        {
            case "b" or "strong":
                _entities.Add(As("bold"));
                break;
            case "i" or "em":
                _entities.Add(As("italic"));
                break;
            case "u" or "ins":
                _entities.Add(As("underline"));
                break;
            case "s" or "strike" or "del":
                _entities.Add(As("strikethrough"));
                break;
            case "span" or "tg-spoiler":
                _entities.Add(As("spoiler"));
                break;
            case "blockquote":
                _entities.Add(As(tag.Argument.Length > 0 ? "expandable_blockquote" : "blockquote"));
                break;
            case "tg-emoji":
                if (!long.TryParse(tag.Argument, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var emoji) || emoji == 0)
                    throw Cannot("Invalid custom emoji identifier specified");
                _entities.Add(As("custom_emoji") with { CustomEmojiId = tag.Argument });
                break;
            case "tg-time":
                if (tag.Argument is not ("r" or "R") && tag.Argument.Any(c => !"tTdDwW".Contains(c, StringComparison.Ordinal)))
                    throw Cannot("Invalid date format used");
                if (tag.Date > 0)
                    _entities.Add(As("date_time") with { UnixTime = tag.Date, DateTimeFormat = tag.Argument });
                break;
            case "a":
                CloseLink(tag, As("text_link"));
                break;
            // Which of pre and code stands outside does not matter to the server.
            case "pre" when last is { Type: "code", Language: not null }:
                _entities[^1] = last with { Type = "pre" };
                break;
            case "pre":
                _entities.Add(As("pre"));
                break;
            case "code" when last is { Type: "pre" } && tag.Argument.Length > 0:
                _entities[^1] = last with { Language = tag.Argument };
                break;
            case "code":
                _entities.Add(As("code") with { Language = tag.Argument.Length > 0 ? tag.Argument : null });
                break;
        }
    }

    private void CloseLink(Tag tag, TextEntity link)
    {
        var url = tag.Argument.Length > 0 ? tag.Argument : _text.ToString(link.Offset, link.Length);
        if (Links.MentionedUser(url) is { } user)
            _entities.Add(link with { Type = "text_mention", UserId = user });
        else if (Links.Check(url) is { Url: { } good })
            _entities.Add(link with { Url = good });
    }

    private string ReadName(int from)
    {
        _at = from;
        while (!IsSpace(Here) && Here != '>')
            _at++;
        return Encoding.UTF8.GetString(_bytes, from, _at - from).ToLowerInvariant();
    }

    private void SkipSpaces()
    {
        while (_at < _bytes.Length && IsSpace(Here))
            _at++;
    }

    private sealed class Tag(string name, int offset)
    {
        public string Name => name;

        public int Offset => offset;

        public string Argument { get; set; } = "";

        public int Date { get; set; }
    }
}
