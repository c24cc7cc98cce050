namespace Notifier.Feeds.Markup;

/// <summary>One element of a <see cref="MarkupDocument"/>. Names are compared without regard to case.</summary>
internal readonly record struct MarkupElement(MarkupDocument Document, int Index)
{
    private ref readonly MarkupNode Node => ref Document.Node(Index);

    /// <summary>Without its prefix, as written.</summary>
    public ReadOnlySpan<char> Name => Document.Source[Node.LocalStart..Node.NameEnd];

    public ReadOnlySpan<char> Prefix => Document.Source.Slice(Node.NameStart, Math.Max(0, Node.LocalStart - Node.NameStart - 1));

    public Vocabulary Vocabulary => Node.Vocabulary;

    /// <summary>The attributes as written.</summary>
    public ReadOnlySpan<char> Tag => Document.Source[Node.NameEnd..Node.AttributesEnd];

    /// <summary>All between start and end tag, as written.</summary>
    public ReadOnlySpan<char> Inside => Document.Source[Node.InnerStart..Node.InnerEnd];

    public MarkupElement? Parent => Node.Parent < 0 ? null : new MarkupElement(Document, Node.Parent);

    public MarkupElement? FirstChild => Node.FirstChild == 0 ? null : new MarkupElement(Document, Node.FirstChild);

    public MarkupElement? NextSibling => Node.NextSibling == 0 ? null : new MarkupElement(Document, Node.NextSibling);

    public bool Is(Vocabulary vocabulary, string name) => Node.Vocabulary == vocabulary && Is(name);

    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public MarkupChildren Children() => new(Document, Node.FirstChild);

    public MarkupChildren Children(Vocabulary vocabulary, string name) =>
        new(Document, (Node.ChildMarks & MarkupNode.Mark(vocabulary, name)) == 0 ? 0 : Node.FirstChild, vocabulary, name);

    public MarkupElement? Child(Vocabulary vocabulary, string name)
    {
        foreach (var child in Children(vocabulary, name)) return child;
        return null;
    }

    /// <summary>The text of the first such child that has any.</summary>
    public string? Text(Vocabulary vocabulary, string name)
    {
        foreach (var child in Children(vocabulary, name))
        {
            if (child.Text() is { } text) return text;
        }

        return null;
    }

    /// <summary>Trimmed; null when there is nothing but white space.</summary>
    public string? Text() => MarkupText.ReadTrimmed(Document.Source, Node.InnerStart, Node.InnerEnd);

    /// <summary>
    /// HTML that was written as text, the usual way; or, where its author forgot to escape it, as elements.
    /// </summary>
    public string? Html() => Vocabulary == Vocabulary.Xhtml ? InnerMarkup() : FirstChild is null ? Text() : InnerMarkup(isEscaped: true);

    /// <summary>The markup inside, as written but for comments, CDATA marks and XHTML's prefix.</summary>
    /// <param name="isEscaped">The text between the elements was escaped once, as HTML that travels as text is.</param>
    public string? InnerMarkup(bool isEscaped = false)
    {
        var source = Document.Source;
        var end = Math.Min(Node.InnerEnd, Node.InnerStart + MarkupText.MaxLength);
        using var markup = new TextBuffer(end - Node.InnerStart);
        var tokens = new MarkupTokenizer(source, Node.InnerStart, end);
        while (tokens.Read())
        {
            var value = source[tokens.ValueStart..tokens.ValueEnd];
            switch (tokens.Token)
            {
                case MarkupToken.Text:
                    if (isEscaped) markup.Advance(MarkupText.Decode(value, entities: true, markup.Room(value.Length)));
                    else markup.Append(value);
                    break;
                case MarkupToken.CData when isEscaped:
                    markup.Append(value);
                    break;
                case MarkupToken.CData:
                    markup.Append(value.ToString().Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal));
                    break;
                case MarkupToken.StartTag:
                    markup.Append('<');
                    markup.Append(value[(value.IndexOf(':') + 1)..]);
                    markup.Append(source[tokens.ValueEnd..tokens.AttributesEnd]);
                    markup.Append(tokens.IsEmpty ? "/>" : ">");
                    break;
                case MarkupToken.EndTag:
                    markup.Append("</");
                    markup.Append(value[(value.IndexOf(':') + 1)..]);
                    markup.Append('>');
                    break;
            }
        }

        // Decoded where it stands: that makes nothing longer.
        return MarkupText.Trimmed(markup.Written[..MarkupText.Decode(markup.Written, entities: false, markup.Written)]);
    }

    /// <summary>By its full name (<c>xml:lang</c>); null when absent, "" when it has no value.</summary>
    public string? Attribute(string name)
    {
        if (Tag.Length > MarkupReader.MaxAttributesLength) return null;
        var attributes = new MarkupAttributes(Tag);
        while (attributes.Read())
        {
            if (attributes.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return MarkupText.Read(attributes.Value).Trim();
        }

        return null;
    }

    /// <summary>The value of <c>xml:base</c> in force here (https://www.w3.org/TR/xmlbase/), resolved; <paramref name="documentUrl"/> where there is none.</summary>
    public Uri BaseUrl(Uri documentUrl)
    {
        if (!Document.HasBase) return documentUrl;
        var nearest = this;
        while (!nearest.States("xml:base"))
        {
            if (nearest.Parent is not { } parent) return documentUrl;
            nearest = parent;
        }

        // An element's children ask one after the other, and most of them have no base of their own.
        return Document.LastBase is { } last && last.Index == nearest.Index && ReferenceEquals(last.DocumentUrl, documentUrl)
            ? last.Base
            : (Document.LastBase = (nearest.Index, documentUrl, nearest.Resolve(documentUrl))).Value.Base;
    }

    private Uri Resolve(Uri documentUrl)
    {
        var bases = new Stack<string>();
        for (MarkupElement? at = this; at is { } element; at = element.Parent)
        {
            if (element.Attribute("xml:base") is { Length: > 0 } found) bases.Push(found);
        }

        var current = documentUrl;
        foreach (var reference in bases)
        {
            if (Uri.TryCreate(current, reference, out var resolved)) current = resolved;
        }

        return current;
    }

    /// <summary>Whether it has the attribute, without making a string of it.</summary>
    private bool States(string name)
    {
        if (Tag.Length > MarkupReader.MaxAttributesLength) return false;
        var attributes = new MarkupAttributes(Tag);
        while (attributes.Read())
        {
            if (attributes.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
