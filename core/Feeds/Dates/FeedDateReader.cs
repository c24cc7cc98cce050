using System.Globalization;

namespace Notifier.Feeds.Dates;

/// <summary>
/// Reads a date word by word, in whatever order they come: numbers, the names of months in a dozen languages, a clock, a zone.
/// A word that it does not know makes the whole no date, except a first one, which is taken for the day of the week.
/// </summary>
internal ref struct FeedDateReader(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> text = text;
    private int position;

    private int month, monthWordCount, wordCount;
    private int hour = -1, minute, second;
    private TimeSpan? offset;
    private TimeZoneInfo? zone;
    private int numberCount;
    private (int Value, int Digits) first, next, third;
    private bool isSlashed, isDotted, isDashedFirst;

    public DateTimeOffset? Read()
    {
        isDashedFirst = text[0] == '-';
        while (position < text.Length)
        {
            var c = text[position];
            var understood = true;
            if (char.IsAsciiDigit(c)) understood = ReadNumber();
            else if (c is '+' or '-' or '−' && hour >= 0 && position + 1 < text.Length && char.IsAsciiDigit(text[position + 1])) understood = ReadOffset();
            else if (char.IsLetter(c)) understood = ReadWord();
            else if (c == '(') position = text[position..].IndexOf(')') is var close and >= 0 ? position + close + 1 : text.Length;
            else position++;
            if (!understood) return null;
        }

        return Compose();
    }

    private bool ReadNumber()
    {
        var digits = Digits();
        if (digits.Length > 13 || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        if (hour < 0 && digits.Length <= 2 && Peek() == ':' && char.IsAsciiDigit(Peek(1))) return ReadClock((int)value);

        if (numberCount == 0 && wordCount == 0 && digits.Length >= 9 && position == text.Length) return ReadUnix(value, digits.Length);
        if (digits.Length == 8 && numberCount == 0) return AddNumber((int)value / 10000, 4) && AddNumber((int)value / 100 % 100, 2) && AddNumber((int)value % 100, 2);
        if (digits.Length == 6 && numberCount == 0) return AddNumber((int)value / 10000, 2) && AddNumber((int)value / 100 % 100, 2) && AddNumber((int)value % 100, 2);
        if (digits.Length is 3 or 5 or > 8 or 7) return false;
        isSlashed |= Peek() == '/';
        isDotted |= Peek() == '.' && char.IsAsciiDigit(Peek(1));
        return AddNumber((int)value, digits.Length);
    }

    private bool ReadUnix(long value, int digits)
    {
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(digits <= 11 ? value * 1000 : value).UtcDateTime;
        (first, next, third) = ((moment.Year, 4), (moment.Month, 2), (moment.Day, 2));
        (numberCount, hour, minute, second) = (3, moment.Hour, moment.Minute, moment.Second);
        return true;
    }

    private bool AddNumber(int value, int digits)
    {
        switch (numberCount++)
        {
            case 0:
                first = (value, digits);
                return true;
            case 1:
                next = (value, digits);
                return true;
            case 2 when month == 0:
                third = (value, digits);
                return true;
            case 2 when hour < 0 && digits <= 2 && value < 24:
                // An hour alone: "2 Jan 2006 15 -0700".
                hour = value;
                numberCount--;
                return true;
            default:
                return false;
        }
    }

    private bool ReadClock(int value)
    {
        hour = value;
        position++;
        if (!int.TryParse(Digits(), NumberStyles.None, CultureInfo.InvariantCulture, out minute)) return false;
        if (Peek() != ':') return true;
        position++;
        if (!int.TryParse(Digits(), NumberStyles.None, CultureInfo.InvariantCulture, out second)) return false;
        if (Peek() is not ('.' or ',') || !char.IsAsciiDigit(Peek(1))) return true;
        position++;
        Digits();
        return true;
    }

    private bool ReadOffset()
    {
        var isWest = text[position++] != '+';
        var hours = Digits();
        if (hours.Length is 0 or > 4) return false;
        ReadOnlySpan<char> minutes = [];
        if (hours.Length > 2)
        {
            minutes = hours[^2..];
            hours = hours[..^2];
        }
        else if (Peek() == ':')
        {
            position++;
            minutes = Digits();
            if (minutes.Length is 0 or > 2) return false;
        }

        offset = FeedDates.Offset(isWest, int.Parse(hours, CultureInfo.InvariantCulture), minutes.IsEmpty ? 0 : int.Parse(minutes, CultureInfo.InvariantCulture));
        return offset is not null;
    }

    private bool ReadWord()
    {
        var start = position;
        while (position < text.Length && (char.IsLetter(text[position]) || text[position] is '/' or '_' || char.GetUnicodeCategory(text[position]) == UnicodeCategory.NonSpacingMark)) position++;
        var word = text[start..position];
        var isFirst = wordCount++ == 0 && numberCount == 0;

        if (DateWords.Month(word) is var found and > 0)
        {
            // "mar., 01 déc.": the first was a Tuesday.
            if (++monthWordCount > 2 || (month > 0 && numberCount > 1)) return false;
            month = found;
            return true;
        }

        if (hour >= 0 && (word.Equals("am", StringComparison.OrdinalIgnoreCase) || word.Equals("pm", StringComparison.OrdinalIgnoreCase)))
        {
            if (hour is < 1 or > 23) return hour == 0;
            if (hour <= 12) hour = (hour % 12) + (word[0] is 'p' or 'P' ? 12 : 0);
            return true;
        }

        if ((hour >= 0 || numberCount > 1) && DateWords.Zone(word) is { } named)
        {
            offset = named;
            return true;
        }

        if (hour >= 0 && word.Contains('/')) return TimeZoneInfo.TryFindSystemTimeZoneById(word.ToString(), out zone);
        if (word is "년" or "월" or "일")
        {
            // Written in Korea, meant in Korea.
            offset ??= TimeSpan.FromHours(9);
            return true;
        }

        var followsNumber = start > 0 && char.IsAsciiDigit(text[start - 1]);
        if (followsNumber && word is "T" or "t" or "st" or "nd" or "rd" or "th" or "h") return true;
        return isFirst || DateWords.IsFiller(word);
    }

    private readonly DateTimeOffset? Compose()
    {
        if (!Order(out var year, out var actualMonth, out var day)) return null;
        if (hour < 0) return FeedDates.Create(year, actualMonth, day, 0, 0, 0, offset ?? TimeSpan.Zero);
        var utc = FeedDates.Create(year, actualMonth, day, hour, minute, second, offset ?? TimeSpan.Zero);
        return utc is { } local && offset is null && zone is not null ? local - zone.GetUtcOffset(DateTime.SpecifyKind(local.DateTime, DateTimeKind.Unspecified)) : utc;
    }

    /// <summary>Tells day, month and year apart. A part may be missing only where there is no clock.</summary>
    private readonly bool Order(out int year, out int actualMonth, out int day)
    {
        (year, actualMonth, day) = (0, month, 1);
        if (month > 0)
        {
            if (numberCount == 1)
            {
                year = first.Value;
                return first.Digits == 4 && hour < 0;
            }

            if (numberCount != 2) return false;
            (year, day) = first.Digits == 4 ? (first.Value, next.Value) : (FullYear(next), first.Value);
            return true;
        }

        switch (numberCount)
        {
            case 1:
                (year, actualMonth) = isDashedFirst ? (FullYear((first.Value / 100, 2)), first.Value % 100) : (first.Value, 1);
                return first.Digits == 4 && hour < 0;
            case 2:
                (year, actualMonth) = (FullYear(first), next.Value);
                return (first.Digits == 4 || isDashedFirst) && hour < 0;
            case 3 when isSlashed && first.Digits <= 2:
                // The American order, unless it cannot be.
                (actualMonth, day, year) = first.Value > 12 ? (next.Value, first.Value, FullYear(third)) : (first.Value, next.Value, FullYear(third));
                return true;
            case 3 when (isDotted && first.Digits <= 2) || (third.Digits == 4 && first.Digits <= 2):
                (day, actualMonth, year) = (first.Value, next.Value, FullYear(third));
                return true;
            case 3:
                (year, actualMonth, day) = (FullYear(first), next.Value, third.Value);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Two digits by RFC 2822 § 4.3's rule, with the turn at 69 that everyone uses.</summary>
    private static int FullYear((int Value, int Digits) year) => year.Digits > 2 ? year.Value : year.Value + (year.Value < 69 ? 2000 : 1900);

    private ReadOnlySpan<char> Digits()
    {
        var start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position])) position++;
        return text[start..position];
    }

    private readonly char Peek(int ahead = 0) => position + ahead < text.Length ? text[position + ahead] : ' ';
}
