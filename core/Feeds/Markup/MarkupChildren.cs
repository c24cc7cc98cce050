using System.Runtime.InteropServices;

namespace Notifier.Feeds.Markup;

/// <summary>Walks over the children of an element, all of them or those of one name; its own enumerator, so that a walk costs no memory.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MarkupChildren(MarkupDocument document, int first, Vocabulary vocabulary = Vocabulary.Unknown, string? name = null)
{
    private int next = first;
    private int current;

    public readonly MarkupElement Current => new(document, current);

    public readonly MarkupChildren GetEnumerator() => this;

    public bool MoveNext()
    {
        while (next != 0)
        {
            current = next;
            ref readonly var node = ref document.Node(current);
            next = node.NextSibling;
            if (name is null || (node.Vocabulary == vocabulary && node.NameEnd - node.LocalStart == name.Length && Current.Is(name))) return true;
        }

        return false;
    }
}
