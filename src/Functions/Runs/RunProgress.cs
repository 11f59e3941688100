using Headgate.Core.Dispatch;
using Headgate.Core.Identity;
using Headgate.Core.Metering;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Tasks.Resources;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Runs;

/// <param name="Ended">The run has ended, or there is none.</param>
/// <param name="WakeAt">When time alone will change something; null where only an event can.</param>
public sealed record RunWake(bool Ended, DateTimeOffset? WakeAt);

/// <summary>Takes a run as far as it goes now: reads its rows, lets Core decide, writes that. Repeatable at any point.</summary>
public sealed class RunProgress(
    ITableStore tables,
    RunReader runs,
    TenantReader tenants,
    TenantGate gate,
    IReadyTasks ready,
    AgentDesk desk,
    ResourceBook resources,
    RetryStarts retries,
    TaskTimes times,
    Fleet fleet,
    Arrangement arrangement,
    IRandomSource random,
    TimeProvider clock,
    Metrics metrics,
    Indicators indicators,
    HeadgateOptions options,
    ILogger<RunProgress> logger)
{
    private const int RaceTries = 16;
    private readonly Func<double> _chance = random.NextDouble;

    /// <exception cref="StoreUnavailableException">Also where the run's rows kept changing; trying again is right.</exception>
    /// <param name="traceParent">Of the activity, from which hand-outs of the run's tasks go on; null: they go on from the run's.</param>
    public async ValueTask<RunWake> AdvanceAsync(string tenantId, string runId, string? traceParent, CancellationToken cancellationToken)
    {
        for (var (tries, mayRemember) = (0, true); tries < RaceTries; tries++)
        {
            var recent = mayRemember && runs.RecentRun(tenantId, runId) is { Status: not RunStatus.Queued } known ? known : null;
            mayRemember = false;
            if ((recent ?? await runs.RunAsync(tenantId, runId, cancellationToken)) is not { } run || run.Status.IsFinished() || run.Status == RunStatus.Queued)
                return new RunWake(true, null);
            var count = await retries.CountOfAsync(run, cancellationToken);
            var tasks = recent is { Status: RunStatus.Running } ? EndedTasks(recent) : await TasksAsync(run, traceParent, isRepeated: tries > 0, cancellationToken);
            if (tasks is null)
                continue;
            if (run.Status == RunStatus.Pending && tasks.Exists(task => task.State.Attempt > 0))
            {
                // Started elsewhere since it was read; or, where another look says the same, by a start that was cut short before the run's row.
                if (tries > 1)
                    await WriteAsync(run, tasks, new RunStep([], RunStatus.Running, null), clock.GetUtcNow());
                continue;
            }

            var tenant = run.Status == RunStatus.Pending ? await tenants.StandingAsync(tenantId, cancellationToken) : null;
            var mayStart = run.Status != RunStatus.Pending || tenant?.Status == TenantStatus.Active;
            var now = clock.GetUtcNow();
            var states = States(tasks, now);
            var (step, started) = await retries.BoundAsync(run, count, states, Decide(null), left => Decide(left), now, cancellationToken);
            // Only a step that writes the run's row finds out, by its ETag, that a remembered run was old: a wish to cancel stands in that row.
            if (recent is not null && step.To is null)
                continue;
            if (await WriteAsync(run, tasks, step, now, tenant?.PlanId, started))
                return new RunWake(step.To?.IsFinished() ?? false, mayStart ? step.WakeAt : await PauseEndAsync(tenantId, cancellationToken));

            RunStep Decide(int? left) => RunAdvance.Decide(run.State, states, mayStart, options.Leases.Duration, now, _chance, left);
        }

        throw new StoreUnavailableException($"Run '{runId}' could not be advanced: its rows kept changing.", retryAfter: TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// Whether the run could go on now, and until when nothing can become of it; null where a task may be handed out, of which its
    /// orchestration is not told: where another process does that, only looking again finds its timeout. Writes nothing.
    /// </summary>
    public async ValueTask<(bool IsOverdue, DateTimeOffset? QuietUntil)> LookAsync(RunRecord run, CancellationToken cancellationToken)
    {
        // What agents were told of the wish to cancel, the run's rows don't tell.
        if (run.CancelRequestedAt is not null)
            return (true, null);
        if (run.Status == RunStatus.Pending)
            return (await tenants.IsActiveAsync(run.TenantId, cancellationToken), null);
        var tasks = await runs.TasksAsync(run.RunId, cancellationToken);
        var now = clock.GetUtcNow();
        var step = RunAdvance.Decide(run.State, States(tasks, now), tenantActive: true, options.Leases.Duration, now, () => 0);
        var isQuiet = tasks.TrueForAll(task => task.State.Status != TaskStatus.Ready && !task.State.Status.IsHeld());
        return (step.To is not null || step.Changed.Count > 0, isQuiet ? step.WakeAt : null);
    }

    private async ValueTask<DateTimeOffset?> PauseEndAsync(string tenantId, CancellationToken cancellationToken) =>
        (await tenants.ReadAsync(tenantId, cancellationToken))?.Ledger.Pause?.Until;

    // Ended tasks never change, so that remembering them is knowing them. Null unless all of the run's are.
    private List<TaskRecord>? EndedTasks(RunRecord run)
    {
        var definition = run.Definition();
        var tasks = new List<TaskRecord>(definition.Tasks.Count);
        foreach (var task in definition.Tasks)
        {
            if (runs.RecentTask(TaskId.Of(run.RunId, task.Name)) is not { } known || !known.State.Status.IsFinished())
                return null;
            tasks.Add(known);
        }

        return tasks;
    }

    // A start that was cut short, or is under way elsewhere, has written some of a pending run's tasks: those rows count.
    private async ValueTask<List<TaskRecord>> TasksAsync(RunRecord run, string? traceParent, bool isRepeated, CancellationToken cancellationToken)
    {
        if (run.Status != RunStatus.Pending)
            return await runs.TasksAsync(run.RunId, cancellationToken);
        var definition = run.Definition();
        var priority = TaskPriorities.TryParse(run.Priority, out var known) ? known : TaskPriority.Normal;
        var written = isRepeated
            ? (await runs.TasksAsync(run.RunId, cancellationToken)).ToDictionary(task => task.Name, StringComparer.Ordinal)
            : null;
        var tasks = new List<TaskRecord>(definition.Tasks.Count);
        var trace = Tracing.Kept(traceParent ?? run.TraceParent);
        for (var i = 0; i < definition.Tasks.Count; i++)
            tasks.Add(written?.GetValueOrDefault(definition.Tasks[i].Name) ?? TaskRecord.Create(run, definition.Tasks[i], priority) with { TraceParent = trace });
        return definition.ReplayOf is { } earlier ? await WithOutputsAsync(tasks, earlier, cancellationToken) : tasks;
    }

    // Of tasks that completed in the run that this one tries again. If that one is gone by now, they stay completed.
    private async ValueTask<List<TaskRecord>> WithOutputsAsync(List<TaskRecord> tasks, string earlier, CancellationToken cancellationToken)
    {
        if (!tasks.Exists(task => task.CarriedFrom is not null && task.ETag is null))
            return tasks;
        var outputs = (await runs.TasksAsync(earlier, cancellationToken)).ToDictionary(task => task.Name, task => task.Output, StringComparer.Ordinal);
        return tasks.ConvertAll(task => task.CarriedFrom is not null && task.ETag is null ? task with { Output = outputs.GetValueOrDefault(task.Name) } : task);
    }

    private List<TaskState> States(List<TaskRecord> tasks, DateTimeOffset now) => tasks.ConvertAll(task => times.OnTheWall(task, now));

    /// <returns>False where a row was not as it was read: read again and decide anew.</returns>
    private async ValueTask<bool> WriteAsync(RunRecord run, List<TaskRecord> tasks, RunStep step, DateTimeOffset now, string? plan = null, StartedRetries started = default)
    {
        var change = new ChangeBuilder();
        started.AddTo(change);
        var moves = new TaskMoves(change, ready, times, arrangement);
        AddMoves(moves, run, tasks, step, now, await AvoidancesAsync(tasks, step, now));
        using var use = await moves.SettleResourcesAsync(resources);
        AddCancels(change, run, tasks, step);

        if (step.To is { } ending && ending.IsFinished())
        {
            var ended = After(tasks, step);
            var cause = FirstCause(ended);
            AddDeadLetters(change, ended);
            var result = await gate.SubmitAsync(run.TenantId, new FinishRun(
                run, ending, ending == RunStatus.Failed ? cause : null, RunEnding.Of(ending, ended.Select(task => task.State)), change.Batches()));
            if (result.Status == GateStatus.Busy)
                throw new StoreUnavailableException("The tenant's ledger is contended.", retryAfter: TimeSpan.FromSeconds(1));
            if (result.Status == GateStatus.Conflict)
                return false;
            use.Publish(resources.Now);
            use.Dispose();
            await moves.PublishAsync(desk);
            moves.Count(metrics, logger);
            Ended(run, ending, now, result.Value!);
            return true;
        }

        if (step.To == RunStatus.Running)
            change.Add(TaskMoves.RunRank, Table.Tenants, TableWrite.Replace(run.Started(now).Row));
        // Not to be cut short between its batches because the process stops.
        if (!change.IsEmpty && !(await tables.SubmitAsync(change.Build(), CancellationToken.None)).Succeeded)
            return false;
        use.Publish(resources.Now);
        use.Dispose();
        await moves.PublishAsync(desk);
        moves.Count(metrics, logger);
        if (step.To == RunStatus.Running)
        {
            metrics.RunStarted(now - run.SlotSince);
            if (plan is not null)
                indicators.Note(Indicators.StartDelay, now - run.SlotSince, plan);
        }

        return true;
    }

    private void Ended(RunRecord run, RunStatus status, DateTimeOffset now, string plan)
    {
        metrics.RunEnded(status.WireName(), now - run.CreatedAt);
        if (status != RunStatus.Cancelled)
            indicators.Note(Indicators.RunSuccess, status == RunStatus.Completed, plan);
        logger.RunEnded(run.RunId, run.TenantId, status.WireName(), (now - run.CreatedAt).TotalSeconds);
        Tracing.RunEnded(RunOrchestration.Name, run.RunId, status.WireName(), run.CreatedAt, now, run.TraceParent);
    }

    private static void AddMoves(TaskMoves moves, RunRecord run, List<TaskRecord> tasks, RunStep step, DateTimeOffset now, Dictionary<string, Avoidance>? avoidances)
    {
        var next = 0;
        foreach (var task in tasks)
        {
            if (TakeChange(step, ref next, task) is { } state)
                moves.Add(task, task.With(state, now) with { Avoids = avoidances?.GetValueOrDefault(task.Name) }, task.State.Status.IsHeld() && !state.Status.IsHeld() ? TaskMoves.JudgedByServer(task, state, now) : null);
            else if (run.Status == RunStatus.Pending && task.State.Attempt == 0)
                moves.Add(task with { State = task.State with { Status = TaskStatus.Waiting } }, task);
        }

        if (next < step.Changed.Count)
            throw new InvalidOperationException($"The change of task {step.Changed[next].Name} is out of order.");
    }

    // A retry goes to another agent than the one that failed it, where one can take it now; null where none of the tasks does.
    private async ValueTask<Dictionary<string, Avoidance>?> AvoidancesAsync(List<TaskRecord> tasks, RunStep step, DateTimeOffset now)
    {
        Dictionary<string, Avoidance>? avoidances = null;
        var next = 0;
        foreach (var task in tasks)
        {
            if (TakeChange(step, ref next, task) is not { Status: TaskStatus.Ready } state || !state.MayAvoid || task.PinnedAgent is not null)
                continue;
            var avoidance = new Avoidance(state.AgentId!, now + options.Heartbeat.Interval * 2);
            if (await fleet.HasAnotherAsync(task.ToOffer() with { Avoids = avoidance }, CancellationToken.None))
                (avoidances ??= new(StringComparer.Ordinal))[task.Name] = avoidance;
        }

        return avoidances;
    }

    // Running tasks of a cancelled run are the agents' to stop; they read it in their heartbeats.
    private static void AddCancels(ChangeBuilder change, RunRecord run, List<TaskRecord> tasks, RunStep step)
    {
        if (run.CancelRequestedAt is null)
            return;
        foreach (var task in tasks)
        {
            if (task.State.Status.IsHeld() && step.Changed.All(state => state.Name != task.Name))
                change.Add(TaskMoves.MirrorRank, Table.Agents, TableWrite.Upsert(new TableRow(task.State.AgentId!, RowKeys.Cancel(task.TaskId), [])));
        }
    }

    // With the run's end, not each with its task's: a change that is cut short is repeated as long as the run is live, and no longer.
    private static void AddDeadLetters(ChangeBuilder change, List<TaskRecord> tasks)
    {
        foreach (var task in tasks.Where(task => task.State.Status is TaskStatus.Failed or TaskStatus.Exhausted))
            change.Add(TaskMoves.MirrorRank, Table.DeadLetters, TableWrite.Upsert(DeadLetterRow.Write(task)));
    }

    private static TaskRecord? FirstCause(List<TaskRecord> tasks) =>
        tasks.Where(task => task.State.Status.DoomsRun()).OrderBy(task => task.State.FinishedAt).FirstOrDefault();

    private static List<TaskRecord> After(List<TaskRecord> tasks, RunStep step)
    {
        var next = 0;
        return tasks.ConvertAll(task => TakeChange(step, ref next, task) is { } state ? task with { State = state } : task);
    }

    // What changed comes in the order of the tasks: one walk along both finds each.
    private static TaskState? TakeChange(RunStep step, ref int next, TaskRecord task) =>
        next < step.Changed.Count && step.Changed[next].Name == task.Name ? step.Changed[next++] : null;
}
