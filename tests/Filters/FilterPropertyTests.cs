using CsCheck;
using Notifier.Filters;
using Notifier.Texts;

namespace Notifier.Tests.Filters;

/// <summary>Any text is read or refused; and whatever is put together means what it says, by an evaluator that knows nothing of filters.</summary>
public sealed class FilterPropertyTests
{
    private static readonly string[] Pieces =
    [
        "rust", "go", " ", "  ", "\n", "or", " or ", " and ", "-", "–", "(", ")", "（", "\"", "“", "”", "„", "/", "\\", "/a/", "/a/i", "/(/", "title:", "author:", "category:", "link:", "titel:", ":", "：", "://", "12:30",
        "東京", "e\u0301", "\uD800", "\0", "🦆", "\u00AD", "\u200B", "{text}", "%",
    ];

    private static readonly string[] Vocabulary = ["rust", "go", "zig", "beta", "kotlin"];

    private static readonly Gen<Node> Nodes = Gen.Recursive<Node>((depth, node) =>
    {
        var word = Gen.Int[0, Vocabulary.Length - 1].Select(i => (Node)new Node.Word(Vocabulary[i]));
        return depth > 3 ? word : Gen.Frequency(
            (3, word),
            (1, node.Select(inner => (Node)new Node.Minus(inner))),
            (2, Gen.Select(node, node, (one, other) => (Node)new Node.Both(one, other))),
            (2, Gen.Select(node, node, (one, other) => (Node)new Node.Either(one, other))));
    });

    [Fact]
    public void Any_text_is_read_or_refused_in_words()
    {
        var texts = Catalogue.Load("en");
        var subject = new FilterSubject("rust", "go", "http://a.example/", ["東京"], "a\uD800 e\u0301");
        var typed = Gen.Frequency(
            (4, Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i])),
            (1, Gen.Char.Select(c => c.ToString()))).Array[0, 40].Select(all => string.Concat(all));
        typed.Sample(
            text =>
            {
                switch (FilterParser.Read(text))
                {
                    case FilterReading.Understood { Filter: var filter }:
                        filter.Matches(subject);
                        Assert.NotEmpty(filter.InWords(texts.Say));
                        break;
                    case FilterReading.Refused refused:
                        Assert.NotEmpty(refused.InWords(texts.Say));
                        break;
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void What_is_put_together_means_what_it_says() => Gen.Select(Nodes, Gen.Bool.Array[Vocabulary.Length]).Sample(
        (node, present) =>
        {
            var words = Vocabulary.Where((_, i) => present[i]).ToHashSet();
            if (node.Terms > FilterParser.MostTerms || node.Typed.Length > FilterParser.LongestText)
                return;
            Assert.Equal(node.Holds(words), FilterTests.Understood(node.Typed).Matches(new FilterSubject(null, null, null, [], string.Join(", ", words))));
        },
        iter: 5_000);

    /// <summary>An expression as it is typed, with only the parentheses it needs, and what it means.</summary>
    private abstract record Node
    {
        public abstract string Typed { get; }

        /// <summary>Words, and every pair of parentheses that there may be.</summary>
        public abstract int Terms { get; }

        public abstract bool Holds(HashSet<string> words);

        public sealed record Word(string Text) : Node
        {
            public override string Typed => Text;

            public override int Terms => 1;

            public override bool Holds(HashSet<string> words) => words.Contains(Text);
        }

        public sealed record Minus(Node Inner) : Node
        {
            public override string Typed => Inner is Word or Minus ? $"-{Inner.Typed}" : $"-({Inner.Typed})";

            public override int Terms => Inner.Terms + 1;

            public override bool Holds(HashSet<string> words) => !Inner.Holds(words);
        }

        public sealed record Both(Node One, Node Other) : Node
        {
            public override string Typed => $"{Inside(One)} {Inside(Other)}";

            public override int Terms => One.Terms + Other.Terms + 2;

            public override bool Holds(HashSet<string> words) => One.Holds(words) && Other.Holds(words);

            private static string Inside(Node node) => node is Either ? $"({node.Typed})" : node.Typed;
        }

        public sealed record Either(Node One, Node Other) : Node
        {
            public override string Typed => $"{One.Typed} or {Other.Typed}";

            public override int Terms => One.Terms + Other.Terms;

            public override bool Holds(HashSet<string> words) => One.Holds(words) || Other.Holds(words);
        }
    }
}
