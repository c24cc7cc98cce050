namespace Notifier.Feeds.Markup;

/// <summary>The vocabularies that feeds are written in, whatever their documents call them.</summary>
internal enum Vocabulary : byte
{
    /// <summary>One that nothing here reads.</summary>
    Unknown,

    /// <summary>The document's own: RSS in an RSS document, Atom in an Atom document.</summary>
    Core,
    Atom,
    Rdf,
    Content,
    DublinCore,
    DublinTerms,
    Media,
    Itunes,
    GooglePlay,
    Syndication,
    FeedBurner,
    Xhtml,
    Xml,
}
