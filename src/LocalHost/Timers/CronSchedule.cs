using NCrontab;

namespace Headgate.LocalHost.Timers;

/// <summary>A six-field NCRONTAB schedule in UTC.</summary>
internal sealed class CronSchedule
{
    private static readonly CrontabSchedule.ParseOptions s_sixFields = new() { IncludingSeconds = true };
    private readonly CrontabSchedule _schedule;

    private CronSchedule(CrontabSchedule schedule) => _schedule = schedule;

    /// <summary>Null where the text is no schedule.</summary>
    public static CronSchedule? TryParse(string text) =>
        CrontabSchedule.TryParse(text, s_sixFields) is { } schedule ? new CronSchedule(schedule) : null;

    /// <summary>The first time strictly after <paramref name="time"/>; null where the schedule never comes again.</summary>
    public DateTimeOffset? Next(DateTimeOffset time)
    {
        var next = _schedule.GetNextOccurrence(time.UtcDateTime);
        return next == DateTime.MaxValue ? null : new DateTimeOffset(next, TimeSpan.Zero);
    }
}
