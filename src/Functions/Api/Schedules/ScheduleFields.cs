using Headgate.Core.Schedules;
using Headgate.Core.Validation;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Schedules;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Schedules;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Schedules;

/// <summary>The body of <c>PUT …/schedules/{name}</c>: the whole schedule, absent fields being the defaults.</summary>
internal static class ScheduleFields
{
    private static readonly TextRule Overlap = TextRule.OneOf([.. ScheduleWords.OfOverlap]);
    private static readonly TextRule CatchUp = TextRule.OneOf([.. ScheduleWords.OfCatchUp]);

    /// <summary>What stands before the paths of the run's problems.</summary>
    public const string RunPath = "run.";

    /// <summary>Usable only where the reader has no problems afterwards. Agents and policies that the run names are not looked at.</summary>
    public static ScheduleDefinition Read(ObjectReader fields, DateTimeOffset now)
    {
        var cron = fields.String("cron", TextRule.Plain(ScheduleTimes.MaxCron));
        var every = fields.Int("everySeconds", ScheduleTimes.LeastEverySeconds, ScheduleTimes.MostEverySeconds);
        if (cron is not null && ScheduleTimes.ProblemOf(cron, now) is { } problem)
            fields.Problem("cron", problem);
        if (fields.Has("cron") == fields.Has("everySeconds"))
            fields.Problem("cron", fields.Has("cron") ? "is for schedules without everySeconds" : "is required where there is no everySeconds");
        var zone = fields.String("timeZone", TextRule.Plain(ScheduleTimes.MaxTimeZone)) ?? ScheduleTimes.Utc;
        if (!ScheduleTimes.TryFindZone(zone, out _))
            fields.Problem("timeZone", NearestName.Of(zone, Zones.Ids) is { } near ? $"is unknown; did you mean '{near}'?" : "must be a time zone of the IANA such as 'Europe/Berlin'");
        return new ScheduleDefinition(
            cron,
            every,
            zone,
            fields.Int("jitterSeconds", 0, ScheduleTimes.MostJitterSeconds) ?? 0,
            ScheduleWords.Overlap(fields.String("overlap", Overlap)),
            ScheduleWords.CatchUp(fields.String("catchUp", CatchUp)),
            fields.Bool("enabled") ?? true,
            Run(fields));
    }

    private static RunDefinition Run(ObjectReader fields)
    {
        if (fields.Object("run", required: true) is not { } run)
            return new RunDefinition("", "", null, []);
        var definition = SubmissionReader.Read(run);
        run.End();
        return definition;
    }

    private static class Zones
    {
        public static readonly string[] Ids = [.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id)];
    }
}
