using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;
using Headgate.Core.Schedules;
using Headgate.Functions.Schedules;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Schedules;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Schedules;

/// <summary>Schedules as they are shown.</summary>
internal static class ScheduleViews
{
    public static string Self(string tenantId, string name) => $"/tenants/{tenantId}/schedules/{name}";

    public static ScheduleView Whole(ScheduleRecord schedule) => Summary(schedule) with { Run = Submission(schedule.Definition.Run) };

    /// <summary>For lists: without the run.</summary>
    public static ScheduleView Summary(ScheduleRecord schedule)
    {
        var (definition, last) = (schedule.Definition, schedule.Last);
        return new ScheduleView(
            schedule.Name,
            definition.Cron,
            definition.EverySeconds,
            definition.TimeZone,
            definition.JitterSeconds,
            definition.Overlap.WireName(),
            definition.CatchUp.WireName(),
            definition.IsEnabled,
            schedule.CreatedAt,
            definition.IsEnabled ? ScheduleTimes.Find(schedule, out _)?.NextFireAt(schedule.State) : null,
            last is null ? null : new LastFireView(last.At, last.Outcome, last.RunId, last.Code));
    }

    public static Refusal NotFound(string name) => Refusals.NotFound("Schedule", "schedule-not-found", "name", name);

    private static SubmitRunRequest Submission(RunDefinition run) => new(run.Name, [.. run.Tasks.Select(Task)], run.Priority, run.Metadata);

    private static TaskRequest Task(TaskDefinition task) => new(
        task.Name, task.Type, task.Needs, task.Agent, task.Labels, task.TimeoutSeconds, task.PolicyName, task.MaxRetries, task.Payload, task.Resources);
}
