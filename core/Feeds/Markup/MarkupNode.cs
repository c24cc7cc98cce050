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
}
