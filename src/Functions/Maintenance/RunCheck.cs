using Headgate.Core.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
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
            await NoteHelpAsync(tenantId, await SendAgainAsync(run, live, cancellationToken), cancellationToken);
        }
        else if (instance is null || instance.IsCompleted)
        {
            await waker.RestartAsync(client, tenantId, runId, cancellationToken);
            await NoteHelpAsync(tenantId, live, cancellationToken);
            logger.OrphanRestarted(runId);
        }
        else
        {
            await NoteWorkAsync(tenantId, live, cancellationToken);
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

    /// <summary>
    /// The run had to be helped, or could not be looked at. Counted in its live row, once within the patience: rounds may follow one another
    /// within a second, where one process takes over from another.
    /// </summary>
    public async Task NoteHelpAsync(string tenantId, TableRow live, CancellationToken cancellationToken)
    {
        var helps = LiveRow.Helps(live);
        if (helps == 0 || !IsRecent(LiveRow.HelpedAt(live) ?? DateTimeOffset.MinValue))
            helps = await WriteAsync(LiveRow.Helped(live, helps + 1, clock.GetUtcNow()), cancellationToken) is null ? helps : helps + 1;
        watch.Helped(tenantId, LiveRow.RunIdOf(live), helps);
    }

    private async Task NoteWorkAsync(string tenantId, TableRow live, CancellationToken cancellationToken)
    {
        if (LiveRow.Helps(live) > 0)
            await WriteAsync(LiveRow.Helped(live, 0, clock.GetUtcNow()), cancellationToken);
        watch.Helped(tenantId, LiveRow.RunIdOf(live), 0);
    }

    // Its message may still be on its way. A time in the future says nothing: the clock was set back.
    private bool IsYoung(TableRow live) => IsRecent(LiveRow.SentAt(live));

    private bool IsRecent(DateTimeOffset at) => clock.GetUtcNow() - at is { Ticks: >= 0 } age && age < options.Repair.Patience;

    /// <returns>The live row as it stands now.</returns>
    private async Task<TableRow> SendAgainAsync(RunRecord run, TableRow live, CancellationToken cancellationToken)
    {
        var row = LiveRow.SentAgain(live, clock.GetUtcNow());
        if (await WriteAsync(row, cancellationToken) is { } written)
        {
            await queue.SendAsync(RunQueue.Start(run.TenantId, run.RunId, LiveRow.Sends(row), run.TraceParent), cancellationToken);
            live = written;
        }

        watch.Sent(run.TenantId, run.RunId);
        logger.StartResent(run.RunId, LiveRow.Sends(row));
        return live;
    }

    /// <returns>The row with its new ETag; null where another process wrote it, or the run ended, since it was read.</returns>
    private async Task<TableRow?> WriteAsync(TableRow live, CancellationToken cancellationToken)
    {
        var outcome = await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Replace(live))), cancellationToken);
        return outcome.Succeeded ? live with { ETag = outcome.ETags[0][0] } : null;
    }
}
