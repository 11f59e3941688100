using Headgate.Core.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Ports;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Telemetry;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// Looks at one live run: sends a start message that never arrived, starts an orchestration that is gone, mends its tasks, and wakes it if
/// it could go on but has not.
/// </summary>
public sealed class RunCheck(
    ITableStore tables,
    RunReader runs,
    TaskRepair tasks,
    RunProgress progress,
    RunWaker waker,
    IQueueSender queue,
    RunWatch watch,
    StuckRuns stuck,
    HeadgateOptions options,
    TimeProvider clock,
    ILogger<RunCheck> logger)
{
    /// <param name="client">The engine.</param>
    /// <param name="tenantId">The run's tenant.</param>
    /// <param name="live">The run's live row.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    public async Task RunAsync(DurableTaskClient client, string tenantId, TableRow live, CancellationToken cancellationToken)
    {
        var runId = LiveRow.RunIdOf(live);
        if (await runs.RunAsync(tenantId, runId, cancellationToken) is not { } run || run.Status.IsFinished())
            return;

        var instance = await client.GetInstanceAsync(runId, cancellationToken);
        if (instance is null && run.Status == RunStatus.Pending)
        {
            if (IsYoung(live))
                return;
            await SendAgainAsync(run, live, cancellationToken);
            stuck.NeedsHelp(runId);
        }
        else if (instance is null || instance.IsCompleted)
        {
            await waker.RestartAsync(client, tenantId, runId, cancellationToken);
            stuck.NeedsHelp(runId);
            logger.OrphanRestarted(runId);
        }
        else
        {
            stuck.Works(runId);
            var isMended = await tasks.RunAsync(runId, cancellationToken);
            var (isOverdue, quietUntil) = await progress.LookAsync(run, cancellationToken);
            // One that could not be told of a change waits for a time that is past or too late; its next look finds the right one.
            if (isOverdue || isMended || watch.IsDoubted(tenantId, runId))
                await waker.WakeAsync(client, [new(tenantId, runId)], cancellationToken);
            // One that is held back with its tenant is looked at until it has started.
            if (!isOverdue && run.Status != RunStatus.Pending)
                watch.Well(tenantId, runId, quietUntil);
        }
    }

    // Its message may still be on its way. A time in the future says nothing: the clock was set back.
    private bool IsYoung(TableRow live) => clock.GetUtcNow() - LiveRow.SentAt(live) is { Ticks: >= 0 } age && age < options.Repair.Patience;

    private async Task SendAgainAsync(RunRecord run, TableRow live, CancellationToken cancellationToken)
    {
        var sends = LiveRow.Sends(live) + 1;
        var row = LiveRow.Write(run.TenantId, run.RunId, sends, clock.GetUtcNow()) with { ETag = live.ETag };
        if ((await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Replace(row))), cancellationToken)).Succeeded)
            await queue.SendAsync(RunQueue.Start(run.TenantId, run.RunId, sends, run.TraceParent), cancellationToken);
        watch.Sent(run.TenantId, run.RunId);
        logger.StartResent(run.RunId, sends);
    }
}
