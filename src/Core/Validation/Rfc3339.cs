using System.Globalization;

namespace Headgate.Core.Validation;

/// <summary>
/// Parses RFC 3339 times: <c>t</c> and <c>z</c> in either case, any offset, any number of decimals (beyond 100 ns they are dropped).
/// Second 60, the leap second, is read as the start of the next minute, whatever its decimals. Unlike in RFC 3339, seconds may be left out.
/// </summary>
public static class Rfc3339
{
    private const int DateAndMinute = 16;
    private const int TickDigits = 7;

    /// <param name="text">Such as <c>2026-01-31T12:00:00.5+01:00</c>; the offset is required.</param>
    /// <param name="time">In UTC.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length <= DateAndMinute || (text[10] is not ('T' or 't'))
            || !DateTime.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || text[13] != ':'
            || !TryNumber(text[11..13], 23, out var hour)
            || !TryNumber(text[14..16], 59, out var minute)
            || !TrySeconds(text[DateAndMinute..], out var inMinute, out var rest)
            || !TryOffset(rest, out var offset))
        {
            return false;
        }

        var ticks = day.Ticks + new TimeSpan(hour, minute, 0).Ticks + inMinute - offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private static bool TrySeconds(ReadOnlySpan<char> text, out long ticks, out ReadOnlySpan<char> rest)
    {
        ticks = 0;
        rest = text;
        if (text[0] != ':')
            return true;
        if (text.Length < 3 || !TryNumber(text[1..3], 60, out var second))
            return false;

        rest = text[3..];
        ticks = second * TimeSpan.TicksPerSecond;
        if (rest is not ['.', ..])
            return true;
        var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0)
            return false;
        if (second < 60)
            ticks += long.Parse(rest.Slice(1, Math.Min(digits, TickDigits)), NumberStyles.None, CultureInfo.InvariantCulture) * (long)Math.Pow(10, Math.Max(TickDigits - digits, 0));
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is ['Z' or 'z'])
            return true;
        if (text is not [('+' or '-') and var sign, _, _, ':', _, _] || !TryNumber(text[1..3], 23, out var hours) || !TryNumber(text[4..6], 59, out var minutes))
            return false;
        offset = new TimeSpan(hours, minutes, 0) * (sign == '-' ? -1 : 1);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, int most, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
}
