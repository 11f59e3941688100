using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Cronos;
using Headgate.Core.Schedules;
using Headgate.Functions.Stores.Schedules;

namespace Headgate.Functions.Schedules;

/// <summary>When schedules come, from what was written of them.</summary>
public static class ScheduleTimes
{
    public const int MaxCron = 100;
    public const int MaxTimeZone = 64;
    public const int LeastEverySeconds = 60;

    /// <summary>A year.</summary>
    public const int MostEverySeconds = 366 * 86_400;

    public const int MostJitterSeconds = 3600;
    public const string Utc = "UTC";

    private static readonly SearchValues<char> ZoneCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-");

    /// <summary>Decides for a stored schedule.</summary>
    /// <exception cref="InvalidDataException">Its time zone is gone from the machine, or the row is damaged.</exception>
    public static Schedule Of(ScheduleRecord schedule) => Of(schedule.TenantId, schedule.Name, schedule.Definition, schedule.AnchorAt);

    public static Schedule Of(string tenantId, string name, ScheduleDefinition definition, DateTimeOffset anchor) => new(
        definition.EverySeconds is { } seconds ? new PeriodicOccurrences(anchor, TimeSpan.FromSeconds(seconds)) : CronOf(definition),
        definition.JitterSeconds,
        definition.Overlap,
        definition.CatchUp,
        $"{tenantId}/{name}");

    /// <summary>What is wrong with a cron expression; null where nothing is.</summary>
    public static string? ProblemOf(string cron, DateTimeOffset now)
    {
        if (!CronExpression.TryParse(cron, CronFormat.Standard, out var expression))
            return "must be 5 fields of cron such as '30 2 * * 1-5': minute, hour, day of the month, month, day of the week";
        return expression.GetNextOccurrence(now.UtcDateTime) is null ? "never comes" : null;
    }

    /// <summary>Ids of the IANA's, such as <c>Europe/Berlin</c>.</summary>
    public static bool TryFindZone(string id, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        // The system's folder has more than zones; no zone begins with a small letter.
        return id.Length is > 0 and <= MaxTimeZone
            && char.IsAsciiLetterUpper(id[0])
            && !id.AsSpan().ContainsAnyExcept(ZoneCharacters)
            && TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone);
    }

    private static CronOccurrences CronOf(ScheduleDefinition definition) =>
        CronExpression.TryParse(definition.Cron ?? "", CronFormat.Standard, out var expression) && TryFindZone(definition.TimeZone, out var zone)
            ? new CronOccurrences(expression, zone)
            : throw new InvalidDataException($"'{definition.Cron}' in '{definition.TimeZone}' is no time.");
}
