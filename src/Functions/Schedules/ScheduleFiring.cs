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
/// finds it fired. What can't go on leaves its place in the list, see <see cref="LookAgain"/>.
/// </summary>
public sealed class ScheduleFiring(
    ITableStore tables, RunReader runs, RunAdmission admission, AdmissionOutlook outlook, RunCancellation cancellation, TimeProvider clock)
{
    private const int RaceTries = 4;

    public async Task FireAsync(DueSchedule due, DurableTaskClient client, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < RaceTries; tries++)
        {
            var row = await tables.GetAsync(Table.Tenants, due.TenantId, RowKeys.Schedule(due.Name), cancellationToken);
            var schedule = row is null ? null : ScheduleRow.Read(row);
            if (schedule is null || DueSchedule.Of(schedule) != due)
            {
                await due.RemoveStaleAsync(tables, clock.GetUtcNow(), cancellationToken);
                return;
            }

            if (await TryAsync(schedule, client, cancellationToken))
                return;
        }
    }

    /// <summary>Puts off one that could not be fired. Its row may be damaged, and is not looked at but for when it is due.</summary>
    public async Task PutOffAsync(DueSchedule due, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(Table.Tenants, due.TenantId, RowKeys.Schedule(due.Name), cancellationToken);
        if (row is null || row.Columns.Time("dueAt") != due.At)
            return;
        var now = clock.GetUtcNow();
        var later = due with { At = LookAgain.Failed(now) };
        var changed = row.With(new Columns(row.Columns) { ["dueAt"] = later.At });
        await tables.SubmitAsync(new TableChange(later.Written(now), new TableBatch(Table.Tenants, TableWrite.Replace(changed)), due.Gone()), cancellationToken);
    }

    /// <returns>False where somebody else changed it meanwhile, or the run before has just ended.</returns>
    private async Task<bool> TryAsync(ScheduleRecord schedule, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (ScheduleTimes.Find(schedule, out var code) is not { } times)
        {
            var came = schedule.State.WaitingAt ?? schedule.State.NextAt ?? now;
            return await MoveAsync(schedule, schedule with { Last = new(came, LastFire.Refused, null, code), DueAt = LookAgain.Unknown(now) }, cancellationToken);
        }

        var previous = await PreviousAsync(schedule, cancellationToken);
        var step = times.Decide(schedule.State, now, previous is not null);
        var after = schedule with { State = step.After, DueAt = times.DueAt(step.After) };
        switch (step)
        {
            case ScheduleStep.Fire fire:
                return await SubmitAsync(schedule, after, times.FireAt(fire.At), cancellationToken);
            case ScheduleStep.Skip skip:
                return await MoveAsync(schedule, after with { Last = new(times.FireAt(skip.At), LastFire.Skipped, null, skip.Code) }, cancellationToken);
            case ScheduleStep.Wait wait:
                return await WaitAsync(schedule, times, wait, previous!, client, cancellationToken);
            default:
                return after == schedule || await MoveAsync(schedule, after, cancellationToken);
        }
    }

    /// <summary>The last run, if it has not ended.</summary>
    private async Task<RunRecord?> PreviousAsync(ScheduleRecord schedule, CancellationToken cancellationToken) =>
        schedule.PreviousRunId is { } runId && await runs.RunAsync(schedule.TenantId, runId, cancellationToken) is { } run && !run.Status.IsFinished() ? run : null;

    /// <returns>As of <see cref="TryAsync"/>.</returns>
    private async Task<bool> WaitAsync(
        ScheduleRecord schedule, Schedule times, ScheduleStep.Wait wait, RunRecord previous, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var at = times.FireAt(wait.At);
        if (wait.CancelsPrevious && previous.CancelRequestedAt is null)
        {
            // It is not given up for a run that does not come.
            if (await outlook.RefusalAsync(schedule.TenantId, schedule.Definition.Run, cancellationToken) is { } code)
            {
                var settled = wait.After with { WaitingAt = null };
                return await MoveAsync(schedule, schedule with { State = settled, DueAt = times.DueAt(settled), Last = new(at, LastFire.Refused, null, code) }, cancellationToken);
            }

            var cancelled = await cancellation.CancelAsync(schedule.TenantId, previous.RunId, ActorOf(schedule), client, cancellationToken);
            if (cancelled is CancelResult.Finished or CancelResult.Missing || (cancelled is CancelResult.Wanted wanted && wanted.Run.Status.IsFinished()))
                return false;
        }

        var now = clock.GetUtcNow();
        var again = LookAgain.Waiting(at, now);
        // The next occurrence is met in time.
        if (times.NextFireAt(wait.After) is { } next && next > now && next < again)
            again = next;
        return await MoveAsync(schedule, schedule with { State = wait.After, DueAt = again }, cancellationToken);
    }

    /// <returns>False where somebody else changed the schedule meanwhile.</returns>
    private async Task<bool> SubmitAsync(ScheduleRecord schedule, ScheduleRecord after, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var application = new RunApplication(schedule.TenantId, schedule.Definition.Run with { Schedule = schedule.Name }, RunOrigin.Schedule, null, static (_, _) => [])
        {
            Preceding = [.. ScheduleMove.Listed(schedule, after, clock.GetUtcNow())],
            With = (runId, _) => [TableWrite.Replace(ScheduleRow.Write(after with { Last = new(at, LastFire.Admitted, runId), PreviousRunId = runId }))],
            Following = (runId, now) => [Audit(schedule, runId, now), .. ScheduleMove.Unlisted(schedule, after)],
        };
        var result = await admission.ApplyAsync(application, cancellationToken);
        if (result.Status == GateStatus.Conflict)
            return false;
        return await MoveAsync(schedule, result switch
        {
            { Value: AdmissionResult.Refused refused } => Refused(RunAdmission.CodeOf(refused.Decision)),
            { Value: AdmissionResult.Invalid } => Refused(RunAdmission.InvalidCode),
            { Value: AdmissionResult.Admitted } => null,
            // Nobody decided: a later round asks again.
            _ => schedule with { DueAt = LookAgain.Waiting(at, clock.GetUtcNow()) },
        }, cancellationToken);

        ScheduleRecord Refused(string code) => after with { Last = new(at, LastFire.Refused, null, code) };
    }

    /// <param name="after">Null where it has moved already.</param>
    private async Task<bool> MoveAsync(ScheduleRecord schedule, ScheduleRecord? after, CancellationToken cancellationToken) =>
        after is null || (await tables.SubmitAsync(ScheduleMove.Of(schedule, after, clock.GetUtcNow()), cancellationToken)).Succeeded;

    private static string ActorOf(ScheduleRecord schedule) => $"schedule:{schedule.Name}";

    private static TableBatch Audit(ScheduleRecord schedule, string runId, DateTimeOffset now) =>
        // The run's own id: there is one row for it, newest first like all others.
        new AuditEntry(schedule.TenantId, now, ActorOf(schedule), AuditAction.RunSubmitted, runId, null, ActorOf(schedule)).ToBatch(runId);
}
