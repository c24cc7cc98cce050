using System.Globalization;

namespace Notifier.Bot.Discord;

/// <summary>Discord's numbers, which tell when they were given (https://docs.discord.com/developers/reference#snowflakes).</summary>
internal static class DiscordSnowflake
{
    private const int TimeShift = 22;

    private static readonly DateTimeOffset Epoch = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The least number of a moment.</summary>
    public static ulong At(DateTimeOffset moment) => moment <= Epoch ? 0 : (ulong)(moment - Epoch).TotalMilliseconds << TimeShift;

    /// <summary>0 where the text is no such number.</summary>
    public static ulong Read(string? text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
