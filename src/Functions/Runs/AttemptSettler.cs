using Headgate.Core.Failures;
using Headgate.Core.Runs;
using Headgate.Core.Validation;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Tasks.Resources;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Runs;

/// <summary>
/// Settles attempts: task, attempt and mirrors in one change, under the task's ETag. Reports of one call are written together;
/// each is judged alone. A settled attempt keeps its first outcome.
/// </summary>
public sealed class AttemptSettler(
    ITableStore tables,
    RunReader runs,
    IReadyTasks ready,
    AgentDesk desk,
    ResourceBook resources,
    TaskTimes times,
    Arrangement arrangement,
    IRandomSource random,
    TimeProvider clock,
    Metrics metrics,
    TrackRecords records,
    ILogger<AttemptSettler> logger)
{
    private const int RaceTries = 16;

    /// <returns>What became of each report, in their order.</returns>
    /// <exception cref="StoreUnavailableException">Also where others kept changing the same tasks; nothing of the unsettled is written.</exception>
    public async ValueTask<ReportResult[]> SettleAsync(IReadOnlyList<AttemptReport> reports, CancellationToken cancellationToken)
    {
        var results = new ReportResult?[reports.Count];
        for (var races = 0; races < RaceTries;)
        {
            var change = new ChangeBuilder();
            var moves = new TaskMoves(change, ready, times, arrangement);
            var tally = records.Begin();
            var pending = new List<(int Index, ReportResult Result, Move Move)>();
            var taken = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < reports.Count; i++)
            {
                // Two reports of one task in one call: the second is judged on what the first left.
                if (results[i] is not null || !taken.Add(reports[i].TaskId))
                    continue;
                var (result, move) = await JudgeAsync(reports[i], cancellationToken);
                if (move is null)
                {
                    results[i] = result;
                    continue;
                }

                moves.Add(move.Before, move.After, move.Attempt, owner: i, retryAfterSeconds: reports[i].RetryAfterSeconds ?? 0);
                if (!reports[i].ByServer && await tally.AddAsync(change, reports[i].AgentId, move.After.Type, reports[i].Outcome, reports[i].DurationSeconds, move.Attempt.FinishedAt, cancellationToken))
                    result = result is ReportResult.Settled settled ? settled with { SuspectType = move.After.Type } : result;
                pending.Add((i, result, move));
            }

            if (!change.IsEmpty)
            {
                using var use = await moves.SettleResourcesAsync(resources);
                // Not to be cut short between its batches because the caller leaves.
                var outcome = await tables.SubmitAsync(change.Build(), CancellationToken.None);
                if (!outcome.Succeeded)
                {
                    races++;
                    continue;
                }

                use.Publish(resources.Now);
                use.Dispose();
                tally.Keep();
                await moves.PublishAsync(desk);
                moves.Count(metrics, logger);
                foreach (var (index, result, _) in pending)
                    results[index] = result;
            }

            if (Array.TrueForAll(results, result => result is not null))
                return results!;
        }

        throw new StoreUnavailableException("Attempts could not be settled: their tasks kept changing.", retryAfter: TimeSpan.FromSeconds(1));
    }

    private async ValueTask<(ReportResult Result, Move? Move)> JudgeAsync(AttemptReport report, CancellationToken cancellationToken)
    {
        // A report of what was handed out here: the write under the task's ETag tells whether it still is so.
        if (runs.RecentTask(report.TaskId) is { } recent && IsCurrent(recent, report) && recent.State.AgentId == report.AgentId)
            return Settle(recent, report);
        var task = await runs.TaskAsync(report.TaskId, cancellationToken);
        if (task is null || report.Attempt < 1 || report.Attempt > task.State.Attempt)
            return (new ReportResult.NotFound(), null);
        if (IsCurrent(task, report))
            return task.State.AgentId == report.AgentId ? Settle(task, report) : (new ReportResult.NotFound(), null);

        var settled = await runs.AttemptAsync(task.RunId, task.Name, report.Attempt, cancellationToken);
        if (settled is null || settled.AgentId != report.AgentId)
            return (new ReportResult.NotFound(), null);
        if (settled.ByServer || report.Attempt < task.State.Attempt)
            return (new ReportResult.Stale(task.State.Attempt), null);
        return (new ReportResult.Settled(task.TenantId, task.RunId, settled.Answer, settled.NextRetryAt, IsRepeat: true), null);
    }

    private static bool IsCurrent(TaskRecord task, AttemptReport report) => report.Attempt == task.State.Attempt && task.State.Status.IsHeld();

    private (ReportResult Result, Move? Move) Settle(TaskRecord task, AttemptReport report)
    {
        var now = clock.GetUtcNow();
        var state = Settlement.Settle(task.State, report.Outcome, now, random.NextDouble());
        var after = task.With(state, now) with { Output = state.Status == TaskStatus.Completed ? report.Output : task.Output };
        var attempt = new AttemptRecord(
            task.Name,
            report.Attempt,
            report.AgentId,
            task.State.AssignedAt ?? now,
            now,
            report.Outcome switch
            {
                AttemptOutcome.Succeeded => "success",
                AttemptOutcome.WasCancelled => "cancelled",
                _ => state.Returns > task.State.Returns ? AttemptRecord.Released : "failure",
            },
            report.ByServer,
            TaskMoves.Answer(state.Status),
            report.Outcome is AttemptOutcome.FailedWith or AttemptOutcome.Released or AttemptOutcome.Lost ? state.LastErrorClass?.WireName() : null,
            state.LastErrorMessage,
            report.ExitCode,
            report.DurationSeconds,
            state.NextRetryAt,
            report.Log is { } log ? TextCut.Last(log, AttemptReport.LogLimit) : null);
        return (new ReportResult.Settled(task.TenantId, task.RunId, attempt.Answer, state.NextRetryAt, IsRepeat: false), new Move(task, after, attempt));
    }

    private sealed record Move(TaskRecord Before, TaskRecord After, AttemptRecord Attempt);
}
