using Headgate.Core.Runs;
using Headgate.Core.Schedules;
using Headgate.Functions.Admission;
using Headgate.Functions.Runs;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Schedules;
using Headgate.Ports;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Schedules;

/// <summary>
/// Does what a schedule asks for when it is due. The run is admitted through the gate like any other, and the schedule's row moves on in the
/// same transaction, as it was read: whoever else fires the same occurrence, in whatever process and after whatever crash, loses that race and
/// finds it fired.
/// </summary>
public sealed class ScheduleFiring(ITableStore tables, RunReader runs, RunAdmission admission, RunCancellation cancellation, TimeProvider clock)
{
    private const int RaceTries = 4;

    /// <summary>An entry of the list that its schedule knows nothing of may stand before the schedule's own row does.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(10);

    public async Task FireAsync(DueSchedule due, DurableTaskClient client, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < RaceTries; tries++)
        {
            var row = await tables.GetAsync(Table.Tenants, due.TenantId, RowKeys.Schedule(due.Name), cancellationToken);
            var schedule = row is null ? null : ScheduleRow.Read(row);
            if (schedule is null || DueSchedule.Of(schedule) != due)
            {
                if (clock.GetUtcNow() - due.At > StaleAfter)
                    await tables.SubmitAsync(new TableChange(due.Gone()), cancellationToken);
                return;
            }

            if (await TryAsync(schedule, client, cancellationToken))
                return;
        }
    }

    /// <summary>The list of those that are due has it, and it waits for nothing that only a clock which was ahead would bring.</summary>
    public async Task MendAsync(ScheduleRecord schedule, CancellationToken cancellationToken)
    {
        var state = Schedule.Reopened(schedule.State, clock.GetUtcNow());
        if (state != schedule.State)
            await MoveAsync(schedule, schedule with { State = state }, cancellationToken);
        else if (DueSchedule.Of(schedule) is { } due && !await due.IsListedAsync(tables, cancellationToken))
            await tables.SubmitAsync(new TableChange(due.Written()), cancellationToken);
    }

    /// <returns>False where somebody else changed it meanwhile.</returns>
    private async Task<bool> TryAsync(ScheduleRecord schedule, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var times = ScheduleTimes.Of(schedule);
        var step = times.Decide(schedule.State, clock.GetUtcNow(), await IsPreviousLiveAsync(schedule, cancellationToken));
        var after = schedule with { State = step.After, DueAt = times.DueAt(step.After) };
        switch (step)
        {
            case ScheduleStep.Fire fire:
                return await SubmitAsync(schedule, after, times.FireAt(fire.At), cancellationToken);
            case ScheduleStep.Skip skip:
                return await MoveAsync(schedule, after with { Last = new(times.FireAt(skip.At), LastFire.Skipped, null, skip.Code) }, cancellationToken);
            // Once: the wish is stored before the state says that the occurrence waits.
            case ScheduleStep.Wait { CancelsPrevious: true } when after != schedule && await cancellation.CancelAsync(schedule.TenantId, schedule.PreviousRunId!, ActorOf(schedule), client, cancellationToken) is CancelResult.Busy:
                return true;
            default:
                return after == schedule || await MoveAsync(schedule, after, cancellationToken);
        }
    }

    private async Task<bool> IsPreviousLiveAsync(ScheduleRecord schedule, CancellationToken cancellationToken) =>
        schedule.PreviousRunId is { } runId && await runs.RunAsync(schedule.TenantId, runId, cancellationToken) is { } run && !run.Status.IsFinished();

    /// <returns>False where somebody else changed the schedule meanwhile.</returns>
    private async Task<bool> SubmitAsync(ScheduleRecord schedule, ScheduleRecord after, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var application = new RunApplication(schedule.TenantId, schedule.Definition.Run with { Schedule = schedule.Name }, RunOrigin.Schedule, null, static (_, _) => [])
        {
            Preceding = [.. Listed(schedule, after)],
            With = (runId, _) => [TableWrite.Replace(ScheduleRow.Write(after with { Last = new(at, LastFire.Admitted, runId), PreviousRunId = runId }))],
            Following = (runId, now) => [Audit(schedule, runId, now), .. Unlisted(schedule, after)],
        };
        var result = await admission.ApplyAsync(application, cancellationToken);
        if (result.Status == GateStatus.Conflict)
            return false;
        return result switch
        {
            { Value: AdmissionResult.Refused refused } => await RefusedAsync(RunAdmission.CodeOf(refused.Decision)),
            { Value: AdmissionResult.Invalid } => await RefusedAsync("invalid-request"),
            // Nobody decided: the next round asks again.
            _ => true,
        };

        Task<bool> RefusedAsync(string code) => MoveAsync(schedule, after with { Last = new(at, LastFire.Refused, null, code) }, cancellationToken);
    }

    private async Task<bool> MoveAsync(ScheduleRecord schedule, ScheduleRecord after, CancellationToken cancellationToken)
    {
        after = after with { DueAt = ScheduleTimes.Of(after).DueAt(after.State) };
        var change = new TableChange([.. Listed(schedule, after), new TableBatch(Table.Tenants, TableWrite.Replace(ScheduleRow.Write(after))), .. Unlisted(schedule, after)], []);
        return (await tables.SubmitAsync(change, cancellationToken)).Succeeded;
    }

    private static TableBatch[] Listed(ScheduleRecord before, ScheduleRecord after) =>
        after.DueAt != before.DueAt && DueSchedule.Of(after) is { } due ? [due.Written()] : [];

    private static TableBatch[] Unlisted(ScheduleRecord before, ScheduleRecord after) =>
        after.DueAt != before.DueAt && DueSchedule.Of(before) is { } due ? [due.Gone()] : [];

    private static string ActorOf(ScheduleRecord schedule) => $"schedule:{schedule.Name}";

    private static TableBatch Audit(ScheduleRecord schedule, string runId, DateTimeOffset now) =>
        // The run's own id: there is one row for it, newest first like all others.
        new AuditEntry(schedule.TenantId, now, ActorOf(schedule), AuditAction.RunSubmitted, runId, null, ActorOf(schedule)).ToBatch(runId);
}
