using Notifier.Messages;

namespace Notifier.Tests.Messages;

/// <summary>Entries as templates make them.</summary>
internal static class Templated
{
    public static EntryCard Custom(this EntryFormatter formatter, EntryContent entry, Look look, string html) => EntryFormatter.Custom(entry, formatter.Card(entry, look), html);
}
