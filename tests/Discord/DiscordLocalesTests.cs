using Notifier.Bot.Discord;
using Notifier.Texts;

namespace Notifier.Tests.Discord;

public sealed class DiscordLocalesTests
{
    /// <summary>All that Discord has.</summary>
    private static readonly string[] Discords =
    [
        "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR", "ro", "fi",
        "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
    ];

    [Fact]
    public void No_language_is_named_to_Discord_as_it_does_not_name_it()
    {
        var letters = Enumerable.Range('a', 26).Select(letter => (char)letter).ToList();
        var codes = letters.SelectMany(first => letters.Select(second => $"{first}{second}"));
        Assert.Empty(codes.Select(DiscordLocales.Of).OfType<string>().Except(Discords, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_language_of_Discords_is_reached_but_for_the_kinds_of_English_and_what_two_countries_write_apart() =>
        Assert.Equal(["en-GB", "en-US", "es-419", "zh-TW"], Discords.Where(locale => DiscordLocales.Of(locale[..2]) != locale));

    [Fact]
    public void Whatever_Notifier_speaks_besides_English_is_shown_there() =>
        Assert.All(Catalogue.Load("en").Languages.Where(language => language.Code != "en"), language => Assert.NotNull(DiscordLocales.Of(language.Code)));
}
