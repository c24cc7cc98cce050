using System.Globalization;
using System.Net.Http.Headers;

namespace Notifier.Feeds.Fetching;

/// <summary>How long a host asks us to stay away (RFC 9110 §10.2.3): seconds or a date.</summary>
internal static class RetryAfter
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Between 0 and 24 h; null when there is no header or it says nothing.</summary>
    public static TimeSpan? Read(string? header, DateTimeOffset now)
    {
        header = header?.Trim();
        if (string.IsNullOrEmpty(header))
            return null;
        if (double.TryParse(header, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && !double.IsNaN(seconds))
            return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds));
        if (!RetryConditionHeaderValue.TryParse(header, out var value) || value.Date is not { } date)
            return null;
        var wait = date - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
    }
}
