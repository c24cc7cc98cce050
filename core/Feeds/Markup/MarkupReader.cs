using System.Runtime.InteropServices;

namespace Notifier.Feeds.Markup;

/// <summary>
/// Makes a <see cref="MarkupDocument"/> of text that ought to be XML. Tags that do not match are closed as their author must have
/// meant: an end tag closes the nearest open element of its name, an item closes all that is open inside its channel.
/// </summary>
internal ref struct MarkupReader(ArraySegment<char> document, MarkupNodes nodes)
{
    /// <summary>Deeper elements belong to the text of the last one.</summary>
    private const int MaxDepth = 256;

    /// <summary>A document with more is read up to here.</summary>
    private const int MaxElements = 400_000;
    private const int MaxBindings = 256;

    /// <summary>Attributes of a tag longer than this (an inlined picture) are not searched for namespaces.</summary>
    internal const int MaxAttributesLength = 64 * 1024;

    private readonly ReadOnlySpan<char> source = document;
    private readonly MarkupNodes nodes = nodes;
    private readonly List<Open> open = new(16);
    private readonly List<Binding> bindings = new(16);
    private string? firstTag;
    private bool hasBase;

    /// <summary>An element that is not closed yet. <paramref name="Node"/> is -1 where nobody will ask for it.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Open(int NameStart, int NameEnd, int Node, Vocabulary Vocabulary, int Bindings);

    /// <summary>A prefix in force.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Binding(int PrefixStart, int PrefixLength, Vocabulary Vocabulary);

    public static MarkupDocument Read(ArraySegment<char> document) => new MarkupReader(document, new MarkupNodes()).Read();

    private MarkupDocument Read()
    {
        var tokens = new MarkupTokenizer(source, 0, source.Length);
        while (nodes.Count < MaxElements && tokens.Read())
        {
            if (tokens.Token == MarkupToken.StartTag)
            {
                firstTag ??= source[tokens.ValueStart..Math.Min(tokens.ValueEnd, tokens.ValueStart + 40)].ToString().ToLowerInvariant();
                if (nodes.Count > 0 || IsFeedRoot(LocalName(tokens.ValueStart, tokens.ValueEnd))) Start(tokens);
                else if (firstTag is "html") break;
            }
            else if (tokens.Token == MarkupToken.EndTag && nodes.Count > 0)
            {
                End(tokens.ValueStart, tokens.ValueEnd, tokens.Start);

                // Whatever stands behind the feed is not part of it.
                if (open.Count == 0) break;
            }
        }

        var endsInEntry = tokens.Token == MarkupToken.End && HasOpenEntry();
        CloseDownTo(0, tokens.Token == MarkupToken.End ? source.Length : tokens.Start);
        return new MarkupDocument(document, nodes, firstTag) { EndsInEntry = endsInEntry, HasBase = hasBase };
    }

    private readonly bool HasOpenEntry()
    {
        foreach (var element in open)
        {
            if (element.Vocabulary == Vocabulary.Core && IsEntry(LocalName(element.NameStart, element.NameEnd))) return true;
        }

        return false;
    }

    private readonly ReadOnlySpan<char> LocalName(int start, int end)
    {
        var name = source[start..end];
        return name[(name.IndexOf(':') + 1)..];
    }

    private static bool IsFeedRoot(ReadOnlySpan<char> name) => Is(name, "rss") || Is(name, "RDF") || Is(name, "feed") || Is(name, "channel");

    private static bool IsEntry(ReadOnlySpan<char> name) => Is(name, "item") || Is(name, "entry");

    private static bool Is(ReadOnlySpan<char> name, string expected) => name.Equals(expected, StringComparison.OrdinalIgnoreCase);

    private void Start(in MarkupTokenizer tag)
    {
        var prefixLength = Math.Max(0, source[tag.ValueStart..tag.ValueEnd].IndexOf(':'));
        var localStart = tag.ValueStart + (prefixLength > 0 ? prefixLength + 1 : 0);
        var bound = bindings.Count;
        Bind(tag.ValueEnd, tag.AttributesEnd, nodes.Count == 0, source.Slice(tag.ValueStart, prefixLength));
        var vocabulary = VocabularyOf(source.Slice(tag.ValueStart, prefixLength));

        if (vocabulary == Vocabulary.Core && !tag.IsEmpty && IsEntry(source[localStart..tag.ValueEnd])) bound = CloseOpenEntry(tag.Start, bound);
        if (open.Count >= MaxDepth) return;

        var node = Record(tag, localStart, vocabulary);
        if (tag.IsEmpty)
        {
            if (bindings.Count > bound) bindings.RemoveRange(bound, bindings.Count - bound);
        }
        else
        {
            open.Add(new Open(tag.ValueStart, tag.ValueEnd, node, vocabulary, bound));
        }
    }

    private readonly int Record(in MarkupTokenizer tag, int localStart, Vocabulary vocabulary)
    {
        var parent = -1;
        if (open.Count > 0)
        {
            parent = open[^1].Node;

            // The inside of an XHTML element is wanted as text only.
            if (parent < 0 || (vocabulary == Vocabulary.Xhtml && open[^1].Vocabulary == Vocabulary.Xhtml)) return -1;
        }

        var index = nodes.Count;
        nodes.Add(new MarkupNode
        {
            NameStart = tag.ValueStart,
            LocalStart = localStart,
            NameEnd = tag.ValueEnd,
            AttributesEnd = tag.AttributesEnd,
            InnerStart = tag.Next,
            InnerEnd = tag.Next,
            Parent = parent,
            Vocabulary = vocabulary,
        });
        if (parent >= 0)
        {
            ref var above = ref nodes[parent];
            above.ChildMarks |= MarkupNode.Mark(vocabulary, source[localStart..tag.ValueEnd]);
            if (above.FirstChild == 0) above.FirstChild = index;
            else nodes[above.LastChild].NextSibling = index;
            above.LastChild = index;
        }

        return index;
    }

    private void Bind(int start, int end, bool isRoot, ReadOnlySpan<char> ownPrefix)
    {
        var tag = source[start..end];
        if (tag.Length is < 5 or > MaxAttributesLength) return;
        hasBase = hasBase || tag.Contains("xml:base", StringComparison.OrdinalIgnoreCase);
        if (tag.IndexOf("xmlns") < 0) return;
        var attributes = new MarkupAttributes(tag);
        while (attributes.Read() && bindings.Count < MaxBindings)
        {
            if (!attributes.Name.StartsWith("xmlns", StringComparison.OrdinalIgnoreCase)) continue;
            var prefix = attributes.Name[5..];
            if (!prefix.IsEmpty && prefix[0] != ':') continue;
            prefix = prefix.TrimStart(':');
            var vocabulary = Vocabularies.Of(attributes.Value, prefix);

            // The root's own namespace is the document's own, known or not.
            if (isRoot && vocabulary != Vocabulary.Rdf && prefix.SequenceEqual(ownPrefix)) vocabulary = Vocabulary.Core;
            tag.Overlaps(prefix, out var offset);
            bindings.Add(new Binding(start + offset, prefix.Length, vocabulary));
        }
    }

    private readonly Vocabulary VocabularyOf(ReadOnlySpan<char> prefix)
    {
        for (var i = bindings.Count - 1; i >= 0; i--)
        {
            var binding = bindings[i];
            if (binding.PrefixLength == prefix.Length && prefix.SequenceEqual(source.Slice(binding.PrefixStart, binding.PrefixLength))) return OwnOr(binding.Vocabulary);
        }

        return OwnOr(Vocabularies.OfPrefix(prefix));
    }

    /// <summary>In an Atom document, Atom is the document's own vocabulary, under whatever name it is declared.</summary>
    private readonly Vocabulary OwnOr(Vocabulary vocabulary) =>
        vocabulary == Vocabulary.Atom && nodes.Count > 0 && Is(source[nodes[0].LocalStart..nodes[0].NameEnd], "feed") ? Vocabulary.Core : vocabulary;

    /// <summary>
    /// Closes an entry that is still open, and all that was left open between it and the feed; but inside an extension's element,
    /// an entry is that extension's matter. Gives back how many bindings remain below the new element.
    /// </summary>
    private readonly int CloseOpenEntry(int at, int bound)
    {
        var keep = open.Count;
        while (keep > 0 && !IsFeedRoot(LocalName(open[keep - 1].NameStart, open[keep - 1].NameEnd)) && !IsList(open[keep - 1]))
        {
            if (open[keep - 1].Vocabulary == Vocabulary.Unknown) return bound;
            keep--;
        }

        if (keep == 0 || keep == open.Count) return bound;

        // The new element's own bindings stay in force.
        var own = bindings.Count - bound;
        var dropped = bound - open[keep].Bindings;
        Close(keep, at);
        if (dropped > 0) bindings.RemoveRange(bindings.Count - own - dropped, dropped);
        return bound - dropped;
    }

    /// <summary>RSS 0.9x drafts and RSS 1.1 wrap their items.</summary>
    private readonly bool IsList(Open element) => Is(LocalName(element.NameStart, element.NameEnd), "items");

    private readonly void End(int nameStart, int nameEnd, int at)
    {
        var name = source[nameStart..nameEnd];
        for (var i = open.Count - 1; i >= 0; i--)
        {
            var length = open[i].NameEnd - open[i].NameStart;
            if (length != name.Length || !name.Equals(source.Slice(open[i].NameStart, length), StringComparison.OrdinalIgnoreCase)) continue;
            CloseDownTo(i, at);
            return;
        }
    }

    private readonly void CloseDownTo(int keep, int at)
    {
        if (keep >= open.Count) return;
        var bound = open[keep].Bindings;
        Close(keep, at);
        bindings.RemoveRange(bound, bindings.Count - bound);
    }

    private readonly void Close(int keep, int at)
    {
        for (var i = keep; i < open.Count; i++)
        {
            if (open[i].Node >= 0) nodes[open[i].Node].InnerEnd = at;
        }

        open.RemoveRange(keep, open.Count - keep);
    }
}
