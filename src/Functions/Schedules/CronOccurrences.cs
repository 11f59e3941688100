using Cronos;
using Headgate.Core.Schedules;

namespace Headgate.Functions.Schedules;

/// <summary>
/// Five fields of cron in a time zone. Where the clocks go forward over a time, it comes at the end of the gap; where they go back over one, a
/// fixed time comes once, and what comes at a distance (<c>*/15</c>) goes on through both hours.
/// </summary>
internal sealed class CronOccurrences(CronExpression expression, TimeZoneInfo zone) : Occurrences
{
    // The library counts years up to 2499.
    private static readonly DateTimeOffset Latest = new(2499, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset? After(DateTimeOffset instant) =>
        instant >= Latest ? null : expression.GetNextOccurrence(instant.ToUniversalTime(), zone)?.ToUniversalTime();
}
