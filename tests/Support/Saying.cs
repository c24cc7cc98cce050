using Notifier.Texts;

namespace Notifier.Tests.Support;

/// <summary>What is said later, said now.</summary>
internal static class Saying
{
    private static readonly Catalogue Texts = Catalogue.Load("en");

    public static string Said(this Phrase phrase) => Texts.Say(phrase);

    /// <summary>Of what is stored.</summary>
    public static string? Said(this string? stored) => stored is null ? null : new Phrase(stored).Said();
}
