using System.Runtime.InteropServices;

namespace Notifier.Feeds.Markup;

/// <summary>Where an element stands in its document's text; positions are characters.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MarkupNode
{
    public int NameStart;

    /// <summary>Of the name without its prefix.</summary>
    public int LocalStart;
    public int NameEnd;
    public int AttributesEnd;
    public int InnerStart;
    public int InnerEnd;
    public int Parent;

    /// <summary>0 = none: the root is nobody's sibling.</summary>
    public int FirstChild;
    public int LastChild;
    public int NextSibling;
    public Vocabulary Vocabulary;

    /// <summary>A bit for the name of each child, so that most of what is asked for in vain is not looked for.</summary>
    public ulong ChildMarks;

    /// <summary>The bit of a name; others may share it.</summary>
    public static ulong Mark(Vocabulary vocabulary, ReadOnlySpan<char> name)
    {
        if (name.IsEmpty) return 1;
        var key = (uint)vocabulary | ((uint)name.Length << 4) | ((name[0] | 0x20u) << 12) | ((name[^1] | 0x20u) << 22);
        return 1UL << (int)((key * 0x9E3779B1u) >> 26);
    }
}
