using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Cronos;
using Headgate.Core.Schedules;
using Headgate.Functions.Admission;
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

    /// <summary>Decides for a stored schedule; null where it can't be told any more when it comes.</summary>
    /// <param name="schedule">As stored.</param>
    /// <param name="code">Then why, for <see cref="LastFire"/>.</param>
    public static Schedule? Find(ScheduleRecord schedule, out string code)
    {
        var definition = schedule.Definition;
        code = TryFindZone(definition.TimeZone, out _) ? RunAdmission.InvalidCode : ScheduleStep.UnknownZoneCode;
        return definition.EverySeconds is not null || CronOf(definition) is not null
            ? Of(schedule.TenantId, schedule.Name, definition, schedule.AnchorAt)
            : null;
    }

    /// <exception cref="InvalidDataException">It can't be told when it comes: it was not checked.</exception>
    public static Schedule Of(string tenantId, string name, ScheduleDefinition definition, DateTimeOffset anchor) => new(
        definition.EverySeconds is { } seconds
            ? new PeriodicOccurrences(anchor, TimeSpan.FromSeconds(seconds))
            : CronOf(definition) ?? throw new InvalidDataException($"'{definition.Cron}' in '{definition.TimeZone}' is no time."),
        definition.JitterSeconds,
        definition.Overlap,
        definition.CatchUp,
        $"{tenantId}/{name}");

    /// <summary>What is wrong with a cron expression; null where nothing is.</summary>
    public static string? ProblemOf(string cron, DateTimeOffset now)
    {
        if (!TryParse(cron, out var expression))
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

    private static CronOccurrences? CronOf(ScheduleDefinition definition) =>
        TryParse(definition.Cron ?? "", out var expression) && TryFindZone(definition.TimeZone, out var zone) ? new CronOccurrences(expression, zone) : null;

    // The library takes macros such as @every_second too, whatever the format.
    private static bool TryParse(string cron, [NotNullWhen(true)] out CronExpression? expression)
    {
        expression = null;
        return !cron.AsSpan().TrimStart().StartsWith('@') && CronExpression.TryParse(cron, CronFormat.Standard, out expression);
    }
}
