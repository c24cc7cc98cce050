using System.Text;
using Notifier.Feeds;
using Notifier.Feeds.Charsets;

namespace Notifier.Tests.Feeds.Charsets;

public sealed class DocumentTextTests
{
    private const string Document = "<rss version=\"2.0\"><channel><title>Zażółć gęślą jaźń €</title></channel></rss>";

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", true)]
    [InlineData("utf-32", false)]
    [InlineData("utf-32BE", true)]
    [InlineData("utf-32BE", false)]
    public void Unicode_is_recognised_with_and_without_its_mark(string charset, bool marked)
    {
        var encoding = Encoding.GetEncoding(charset);
        byte[] bytes = [.. marked ? encoding.GetPreamble() : [], .. encoding.GetBytes(Document)];
        Assert.Equal(Document, DocumentText.Read(bytes));
    }

    [Theory]
    [InlineData("windows-1250", "Zażółć gęślą jaźń")]
    [InlineData("iso-8859-2", "Zażółć gęślą jaźń")]
    [InlineData("koi8-r", "Съешь ещё этих мягких булок")]
    [InlineData("shift_jis", "いろはにほへと")]
    [InlineData("euc-jp", "いろはにほへと")]
    [InlineData("iso-2022-jp", "いろはにほへと")]
    [InlineData("gb2312", "天地玄黄")]
    [InlineData("big5", "天地玄黃")]
    [InlineData("euc-kr", "다람쥐 헌 쳇바퀴")]
    [InlineData("tis-620", "สวัสดี")]
    [InlineData("latin1", "naïve – “café”")]
    public void A_declared_charset_is_followed_where_the_bytes_are_not_UTF8(string charset, string text)
    {
        var encoding = charset switch
        {
            "latin1" => CodePagesEncodingProvider.Instance.GetEncoding(1252),
            "tis-620" => CodePagesEncodingProvider.Instance.GetEncoding(874),
            _ => CodePagesEncodingProvider.Instance.GetEncoding(charset),
        };
        var body = encoding!.GetBytes($"<a>{text}</a>");
        byte[] declared = [.. Encoding.ASCII.GetBytes($"<?xml version='1.0' encoding='{charset}'?>"), .. body];
        Assert.EndsWith($"<a>{text}</a>", DocumentText.Read(declared), StringComparison.Ordinal);
        if (charset != "iso-2022-jp") Assert.Equal($"<a>{text}</a>", DocumentText.Read(body, $"text/xml; charset=\"{charset}\""));
    }

    public static TheoryData<string, byte[], string> Labels() => new()
    {
        { "macintosh", [0xD2, 0x71, 0xD3], "“q”" },
        { "x-mac-roman", [0x8E], "é" },
        { "mac-cyrillic", [0xA3, 0xD2, 0xE0], "£“а" },
        { "iso-8859-10", [0xA1, 0xBF], "Ąŋ" },
        { "latin6", [0xFF], "ĸ" },
        { "ISO_8859-14", [0xDE], "Ŷ" },
        { "iso8859-16", [0xBA, 0xA4], "ș€" },
        { "latin-9", [0xA4], "€" },
        { "ISO-8859-1:1987", [0x93, 0xE9], "“é" },
        { "iso-8859-9", [0xFD], "ı" },
        { "iso-8859-8-i", [0xE0], "א" },
        { "cp850", [0x82], "é" },
        { "IBM866", [0xA6], "ж" },
        { "cp-1251", [0xE6], "ж" },
        { "windows1250", [0xB3], "ł" },
        { "koi8_u", [0xA7], "ї" },
        { "windows-31j", [0x93, 0xFA], "日" },
        { "KS_C_5601-1987", [0xC7, 0xD1], "한" },
        { "hz", "~{VP~}"u8.ToArray(), "中" },
        { "iso2022_kr", [0x1B, 0x24, 0x29, 0x43, 0x0E, 0x47, 0x51, 0x0F], "한" },
    };

    [Theory]
    [MemberData(nameof(Labels))]
    public void A_charset_is_known_by_its_many_names(string label, byte[] body, string text)
    {
        // Escapes of a designation may come first in a document only.
        byte[] bytes = [.. Encoding.ASCII.GetBytes($"<?xml version='1.0' encoding='{label}'?><a>"), .. body, .. "</a>"u8];
        Assert.EndsWith($"<a>{text}</a>", DocumentText.Read(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ibm037", 37)]
    [InlineData("ibm273", 20273)]
    public void A_mainframes_document_is_read(string label, int codePage)
    {
        var text = $"<?xml version='1.0' encoding='{label}'?><a>Käse, [1]</a>";
        Assert.Equal(text, DocumentText.Read(CodePagesEncodingProvider.Instance.GetEncoding(codePage)!.GetBytes(text)));
    }

    [Theory]
    [InlineData("no-such-thing")]
    [InlineData("cp99999")]
    [InlineData("iso-8859-17")]
    [InlineData("iso-8859-12")]
    [InlineData("latin0")]
    [InlineData("\u0130BM037")]
    public void An_unknown_charset_is_none(string label) => Assert.Null(CharsetLabels.Find(label));

    [Fact]
    public void Valid_UTF8_wins_whatever_is_declared()
    {
        var bytes = Encoding.UTF8.GetBytes("<?xml version='1.0' encoding='iso-8859-1'?>" + Document);
        Assert.EndsWith(Document, DocumentText.Read(bytes, "text/xml; charset=us-ascii"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_broken_bytes_do_not_make_UTF8_another_charset()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Document), 0xFF];
        Assert.Equal(Document + "\uFFFD", DocumentText.Read(bytes));
    }

    [Fact]
    public void An_undeclared_charset_is_guessed()
    {
        const string text = "<rss><channel><title>Съешь же ещё этих мягких французских булок, да выпей чаю, и приходи ещё раз</title></channel></rss>";
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetBytes(text);
        Assert.Equal(text, DocumentText.Read(bytes));
        Assert.Equal("<a>café</a>", DocumentText.Read([.. "<a>caf"u8, 0xE9, .. "</a>"u8]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("charset")]
    [InlineData("text/xml; charset=")]
    [InlineData("text/xml; charset=no-such-thing")]
    [InlineData("text/xml; charset=utf-16")]
    public void A_header_that_says_nothing_useful_is_not_followed(string contentType) =>
        Assert.Equal("<a>café</a>", DocumentText.Read([.. "<a>caf"u8, 0xE9, .. "</a>"u8], contentType));
}
