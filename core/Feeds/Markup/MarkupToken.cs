namespace Notifier.Feeds.Markup;

/// <summary>What a <see cref="MarkupTokenizer"/> stands on.</summary>
internal enum MarkupToken
{
    End,

    /// <summary>Characters with entities still in them.</summary>
    Text,

    /// <summary>Characters that mean themselves.</summary>
    CData,
    StartTag,
    EndTag,

    /// <summary>A comment, processing instruction or declaration.</summary>
    Ignored,
}
