using Notifier.Filters;
using Notifier.Texts;

namespace Notifier.Tests.Filters;

/// <summary>The language of filters: what each term wants, how terms go together, and what is refused with which words.</summary>
public sealed class FilterTests
{
    private static readonly Catalogue Texts = Catalogue.Load("en");

    private static readonly FilterSubject Release = new(
        "Rust 1.99 released: faster, not bigger",
        "Ann Lee",
        "https://blog.example.org/2026/rust-1-99?from=feed",
        ["Programming languages", "C++"],
        "The new release is out at 12:30. It's on http://r.example/x and needs .NET no more. See std::vector, “art” and start-up.");

    [Theory]
    // Words: whole, in any case, anywhere but in the link.
    [InlineData("rust", true)]
    [InlineData("RUST", true)]
    [InlineData("rus", false)]
    [InlineData("release", true)]
    [InlineData("releas", false)]
    [InlineData("lee", true)]
    [InlineData("languages", true)]
    [InlineData("blog", false)]
    [InlineData("art", true)]
    [InlineData("tart", false)]
    [InlineData("up", true)]
    // Signs are part of a word, and end none.
    [InlineData("c++", true)]
    [InlineData("c+", true)]
    [InlineData("++", true)]
    [InlineData(".net", true)]
    [InlineData("1.99", true)]
    [InlineData("99", true)]
    [InlineData("9", false)]
    [InlineData("12:30", true)]
    [InlineData("http://r.example/x", true)]
    [InlineData("std::vector", true)]
    [InlineData("it's", true)]
    // Phrases.
    [InlineData("\"new release\"", true)]
    [InlineData("“new   release”", true)]
    [InlineData("„NEW RELEASE“", true)]
    [InlineData("＂new release＂", true)]
    [InlineData("\"new rel\"", false)]
    [InlineData("\"release new\"", false)]
    [InlineData("\"or\"", false)]
    [InlineData("\"not bigger\"", true)]
    [InlineData("\"-up\"", true)]
    // Fields.
    [InlineData("title:rust", true)]
    [InlineData("title:release", false)]
    [InlineData("Title:RUST", true)]
    [InlineData("title:\"1.99 released\"", true)]
    [InlineData("author:ann", true)]
    [InlineData("author:rust", false)]
    [InlineData("category:programming", true)]
    [InlineData("category:\"languages c++\"", false)]
    [InlineData("category:/^programming/", true)]
    [InlineData("category:/^languages/", false)]
    [InlineData("link:blog.example.org", true)]
    [InlineData("link:log.example.org", false)]
    [InlineData("link:/\\/20\\d\\d\\//", true)]
    [InlineData("title：rust", true)]
    // Minus.
    [InlineData("-beta", true)]
    [InlineData("-rust", false)]
    [InlineData("–rust", false)]
    [InlineData("--rust", true)]
    [InlineData("-\"new release\"", false)]
    [InlineData("-title:release", true)]
    [InlineData("title:-release", true)]
    [InlineData("-title:-rust", true)]
    [InlineData("-/beta/", true)]
    // Together, or, parentheses.
    [InlineData("rust release", true)]
    [InlineData("rust beta", false)]
    [InlineData("rust and release", true)]
    [InlineData("rust -beta", true)]
    [InlineData("beta or rust", true)]
    [InlineData("beta OR gamma", false)]
    [InlineData("rust or go -release", true)]
    [InlineData("go -release or rust", true)]
    [InlineData("(rust or go) -release", false)]
    [InlineData("(rust or go)-beta", true)]
    [InlineData("-(beta or gamma)", true)]
    [InlineData("-(beta or rust)", false)]
    [InlineData("title:(release or bigger)", true)]
    [InlineData("title:(release or beta)", false)]
    [InlineData("title:(beta or author:ann)", true)]
    [InlineData("（beta or rust）", true)]
    [InlineData("((rust))", true)]
    [InlineData("oregon or rust", true)]
    // Patterns.
    [InlineData("/rust \\d/", true)]
    [InlineData("/RUST/", true)]
    [InlineData("/rust/i", true)]
    [InlineData("/rust/ /release/", true)]
    [InlineData("/^rust$/", false)]
    [InlineData("/us/", true)]
    [InlineData("(/beta/ or /rust/)", true)]
    [InlineData("/r\\/x/", false)]
    [InlineData("/example\\/x/", true)]
    [InlineData("/[)]|new release/", true)]
    [InlineData("/\u200Bru\u2060st/", true)]
    public void A_filter_wants_what_it_says(string filter, bool wanted) => Assert.Equal(wanted, Understood(filter).Matches(Release));

    [Theory]
    [InlineData("東京", "新しい東京都庁の話", true)]
    [InlineData("京都", "新しい東京都庁の話", true)]
    [InlineData("大阪", "新しい東京都庁の話", false)]
    [InlineData("iphone", "新しいiPhoneが出た", true)]
    [InlineData("phone", "新しいiPhoneが出た", false)]
    [InlineData("2026", "2026年の話", true)]
    [InlineData("서울", "서울에서 만나요", true)]
    [InlineData("สวัสดี", "คำว่าสวัสดีครับ", true)]
    [InlineData("it", "ＩＴ業界", true)]
    [InlineData("ＩＴ", "the IT business", true)]
    [InlineData("ガ", "ガス", true)]
    [InlineData("ｶﾞｽ", "東京ガス", true)]
    [InlineData("мир", "Мир и дружба", true)]
    [InlineData("мир", "мировой", false)]
    [InlineData("οδος", "Η ΟΔΟΣ", true)]
    [InlineData("über", "U\u0308ber allem", true)]
    [InlineData("uber", "Über allem", false)]
    [InlineData("e", "x\u0065\u030A\u0332", false)]
    [InlineData("software", "Soft\u00ADware", true)]
    [InlineData("office", "Oﬃce", true)]
    [InlineData("🦆", "a 🦆 swims", true)]
    [InlineData("don't", "I don't", true)]
    [InlineData("snake", "snake_case", false)]
    [InlineData("𐐀𐐁", "𐐀𐐁𐐂", false)]
    [InlineData("a", "\uD800a\uDC00", true)]
    public void Words_are_found_in_any_script(string filter, string text, bool wanted) => Assert.Equal(wanted, Understood(filter).Matches(Text(text)));

    [Fact]
    public void An_entry_that_says_nothing_matches_only_what_wants_nothing()
    {
        var empty = new FilterSubject(null, null, null, [], null);
        Assert.False(Understood("rust").Matches(empty));
        Assert.False(Understood("category:/.*/").Matches(empty));
        Assert.True(Understood("-rust").Matches(empty));
    }

    [Theory]
    [InlineData("rust or go -beta", "“rust” or (“go” and no “beta”)")]
    [InlineData("title:\"New  release\" author:ann", "“New release” in its title and “ann” as author")]
    [InlineData("-(category:c++ or link:x)", "no (“c++” as category or “x” in its link)")]
    [InlineData("/a|b/ title:/{}/ or author:/c/ or category:/d/ or link:/e/", "(the pattern /a|b/ and the pattern /{}/ in its title) or the pattern /c/ as author or the pattern /d/ as category or the pattern /e/ in its link")]
    public void It_says_in_words_what_it_wants(string filter, string words) => Assert.Equal(words, Understood(filter).InWords(Texts.Say));

    [Theory]
    [InlineData("", "A filter needs at least one word.")]
    [InlineData("  \n", "A filter needs at least one word.")]
    [InlineData("a \"new release", "The quote \"new release (character 3) does not end. Put \" behind its last word.")]
    [InlineData("rust\"", "The quote \" (character 5) does not end. Put \" behind its last word.")]
    [InlineData("a \"\"", "There is nothing in \"\" (character 3). Put a word in it, or leave it out.")]
    [InlineData("\" \"", "There is nothing in \" \" (character 1). Put a word in it, or leave it out.")]
    [InlineData("// a", "There is nothing in // a (character 1). Put a word in it, or leave it out.")]
    [InlineData("a ( )", "There is nothing in ( ) (character 3). Put a word in it, or leave it out.")]
    [InlineData("or", "“or” (character 1) needs something on both sides. To look for the word itself, write \"or\".")]
    [InlineData("or a", "“or” (character 1) needs something on both sides. To look for the word itself, write \"or\".")]
    [InlineData("a or ", "“or” (character 3) needs something on both sides. To look for the word itself, write \"or\".")]
    [InlineData("a or or b", "“or” (character 6) needs something on both sides. To look for the word itself, write \"or\".")]
    [InlineData("(a or) b", "“or” (character 4) needs something on both sides. To look for the word itself, write \"or\".")]
    [InlineData("a OR and b", "“and” (character 6) needs something on both sides. To look for the word itself, write \"and\".")]
    [InlineData("a and", "“and” (character 3) needs something on both sides. To look for the word itself, write \"and\".")]
    [InlineData("and a", "“and” (character 1) needs something on both sides. To look for the word itself, write \"and\".")]
    [InlineData("a - b", "The minus - b (character 3) needs something right behind it: -word. To look for a minus, write \"-\".")]
    [InlineData("titel:a", "There is no field titel: (character 1). There are title:, author:, category: and link:. To look for the words, put quotes around them.")]
    [InlineData("a -Breaking: b", "There is no field Breaking: (character 4). There are title:, author:, category: and link:. To look for the words, put quotes around them.")]
    [InlineData("title: a", "Nothing stands right behind title: (character 1). Write title:word, without a blank.")]
    [InlineData("a AUTHOR:", "Nothing stands right behind author: (character 3). Write author:word, without a blank.")]
    [InlineData("(a b", "The parenthesis (a b (character 1) is not closed. Put ) behind what belongs to it.")]
    [InlineData("a (", "The parenthesis ( (character 3) is not closed. Put ) behind what belongs to it.")]
    [InlineData("a) b", "The parenthesis ) b (character 2) closes none. Leave it out, or put quotes around it.")]
    [InlineData(") a", "The parenthesis ) a (character 1) closes none. Leave it out, or put quotes around it.")]
    [InlineData("a /b", "The pattern /b (character 3) does not end. Put / behind it; or, if it is none, quotes around it.")]
    [InlineData("/r/rust", "Only a blank or an i may stand behind a pattern, not rust (character 4). If it is no pattern, put quotes around it all; a / inside one is written \\/.")]
    [InlineData("/a(b/", "In the pattern /a(b/ the parentheses do not match (its character 3). To look for one, write \\( or \\).")]
    [InlineData("/a[b/", "In the pattern /a[b/ a bracket is not closed. Put ] behind it; or, to look for one, write \\[.")]
    [InlineData("/*a/", "In the pattern /*a/ something cannot be repeated like that (its character 1). Behind one thing stands one *, + or ?, or a count with the smaller number first; to look for a sign, put \\ in front of it.")]
    [InlineData("/a{2,1}/", "In the pattern /a{2,1}/ something cannot be repeated like that (its character 6). Behind one thing stands one *, + or ?, or a count with the smaller number first; to look for a sign, put \\ in front of it.")]
    [InlineData("/\\p{X}/", "The pattern /\\p{X}/ goes wrong at its character 5. To look for a sign as it is, put \\ in front of it.")]
    public void What_is_no_filter_is_refused_with_the_place_and_the_cure(string text, string answer) => Assert.Equal(answer, Refused(text));

    [Fact]
    public void A_filter_has_limits()
    {
        Assert.Equal("That filter has 501 characters; 500 is the most.", Refused(new string('a', 501)));
        Understood(new string('a', 500));
        Assert.StartsWith("That filter has more than 50 terms.", Refused(string.Join(' ', Enumerable.Repeat("a", 51))), StringComparison.Ordinal);
        Understood(string.Join(' ', Enumerable.Repeat("a", 50)));
        Assert.StartsWith("That filter has more than 50 terms.", Refused($"{new string('(', 200)}a{new string(')', 200)}"), StringComparison.Ordinal);
        Understood($"{new string('(', 49)}a{new string(')', 49)}");
        Assert.Equal("That pattern has 257 characters; 256 is the most.", Refused($"/{new string('a', 257)}/"));
        Understood($"/{new string('a', 256)}/");
    }

    /// <summary>The place is told without cutting a character in two.</summary>
    [Fact]
    public void What_is_quoted_is_whole() =>
        Assert.Equal($"The quote \"{new string('a', 18)}… (character 1) does not end. Put \" behind its last word.", Refused($"\"{new string('a', 18)}🦆🦆"));

    internal static Filter Understood(string text) => Assert.IsType<FilterReading.Understood>(FilterParser.Read(text)).Filter;

    internal static string Refused(string text) => Assert.IsType<FilterReading.Refused>(FilterParser.Read(text)).InWords(Texts.Say);

    private static FilterSubject Text(string text) => new(null, null, null, [], text);
}
