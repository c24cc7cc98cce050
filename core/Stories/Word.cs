using System.Runtime.InteropServices;

namespace Notifier.Stories;

/// <summary>A word of a title or a text as it is compared: a hash that is the same on every machine and in every version, and what kind of word it is.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Word(ulong Print, WordKind Kind);

/// <summary>What a word, by being another, says of the entry that it stands in.</summary>
internal enum WordKind
{
    /// <summary>Nothing by itself, in small letters all through: that one has it more than the other is of no matter.</summary>
    Plain,

    /// <summary>It has a capital or letters of a script that knows none, or is a symbol: it may name what the entry is about.</summary>
    Name,

    /// <summary>One sign of a script that puts no spaces between words.</summary>
    Sign,

    /// <summary>One letter alone: part A is not part B.</summary>
    Letter,

    /// <summary>A number in any form, or a word that counts like one: with another, it is another entry.</summary>
    Number,
}
