using System.Globalization;

namespace Headgate.Core.Metering;

/// <summary>A tenant's usage in a UTC month.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Total">Of all its days.</param>
/// <param name="Days">Each day that has begun and on which there was a tenant, in order.</param>
public sealed record MonthUsage(DateOnly Month, UsageCounts Total, IReadOnlyList<(DateOnly Day, UsageCounts Counts)> Days)
{
    private const string Form = "yyyy-MM";

    /// <summary>The first day of the month that a text like <c>2026-02</c> names; null where it names none.</summary>
    public static DateOnly? Parse(string text) =>
        text.Length == Form.Length && DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) ? month : null;

    public static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    public static string NameOf(DateOnly month) => month.ToString(Form, CultureInfo.InvariantCulture);

    /// <param name="month">Its first day.</param>
    /// <param name="pieces">Those of the month and the first one after it, in any order, each once.</param>
    /// <param name="since">The tenant's first day; pieces before it count all the same.</param>
    /// <param name="today">The last day that has begun.</param>
    /// <param name="inFlight">Slots taken now.</param>
    public static MonthUsage Of(DateOnly month, IEnumerable<UsagePiece> pieces, DateOnly since, DateOnly today, int inFlight)
    {
        var byNumber = pieces.OrderBy(piece => piece.Number).ToList();
        var counts = new SortedDictionary<DateOnly, UsageCounts>();
        foreach (var piece in byNumber)
        {
            if (MonthOf(piece.Day) == month)
                counts[piece.Day] = counts.GetValueOrDefault(piece.Day, UsageCounts.None) + piece.Counts;
        }

        // A day on which nothing changed keeps what the day before left.
        var first = since > month ? since : month;
        for (var day = first; day <= today && MonthOf(day) == month; day = day.AddDays(1))
        {
            if (!counts.ContainsKey(day))
                counts[day] = new UsageCounts(PeakInFlight: byNumber.Find(piece => piece.Day > day)?.InFlightBefore ?? inFlight);
        }

        return new(month, counts.Values.Aggregate(UsageCounts.None, static (sum, day) => sum + day), [.. counts.Select(day => (day.Key, day.Value))]);
    }
}
