using Headgate.Agent.Attempts;
using Headgate.Agent.Reporting;
using Headgate.Agent.Tasks;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Running;

/// <summary>Starts what was claimed as room allows, stops what must stop, and hands results to the outbox.</summary>
internal sealed class Workbench(AttemptTable attempts, TaskRunner runner, Outbox outbox, AgentLog log, AttemptSpans? spans = null)
{
    private int _running;
    private TaskCompletionSource? _idle;
    private bool _stopping;

    public void Take(IReadOnlyList<ClaimedTask> tasks)
    {
        foreach (var task in tasks)
        {
            if (!attempts.Accept(new Attempt(task)))
                log.Warn("claimed-twice", ("task", task.TaskId), ("attempt", task.Attempt));
        }

        Start();
        var waiting = attempts.Held().Count(a => a.State == AttemptState.Waiting);
        if (waiting > 0)
            log.Warn("task-waits", ("tasks", waiting), ("reason", "a limit of this agent is tighter than the service's: set it in the agent's settings there"));
    }

    /// <summary>Starts what new limits make room for.</summary>
    public void Start()
    {
        if (Volatile.Read(ref _stopping))
            return;
        foreach (var attempt in attempts.Start())
            Launch(attempt);
    }

    /// <summary>Stops these attempts of this agent; for <see cref="StopReason.Lost"/> results not yet answered are dropped too.</summary>
    /// <param name="listed">What the service judged: an attempt that came later is not meant.</param>
    public void Stop(IReadOnlyCollection<string> taskIds, IReadOnlyList<RunningAttempt> listed, StopReason reason)
    {
        foreach (var (taskId, number, _) in listed.Where(l => taskIds.Contains(l.TaskId)))
        {
            log.Info(reason == StopReason.Lost ? "task-lost" : "task-cancel", ("task", taskId), ("attempt", number));
            var attempt = attempts.Held().FirstOrDefault(a => a.Task.TaskId == taskId && a.Task.Attempt == number);
            StopOne(attempt, taskId, number, reason);
        }
    }

    /// <summary>What comes now is given back.</summary>
    public void StartNoMore() => Volatile.Write(ref _stopping, true);

    /// <summary>Waits up to <paramref name="grace"/> for running attempts, then stops them. All results are in the outbox when it ends.</summary>
    /// <param name="hurry">Ends the grace.</param>
    public async Task StopAsync(TimeSpan grace, TimeProvider time, CancellationToken hurry)
    {
        StartNoMore();
        foreach (var waiting in attempts.Held().Where(a => a.State == AttemptState.Waiting))
        {
            waiting.Stop(StopReason.AgentStopping);
            EndUnstarted(waiting);
        }

        var idle = Idle();
        try
        {
            await idle.WaitAsync(grace, time, hurry);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            foreach (var attempt in attempts.Held().Where(a => a.State == AttemptState.Running))
                attempt.Stop(StopReason.AgentStopping);
            await idle;
        }
    }

    private void StopOne(Attempt? attempt, string taskId, int number, StopReason reason)
    {
        attempt?.Stop(reason);
        if (attempt is { State: AttemptState.Waiting })
        {
            EndUnstarted(attempt);
        }
        else if (reason == StopReason.Lost && attempt is not { State: AttemptState.Running })
        {
            outbox.Drop(taskId, number);
            attempts.Settled(taskId, number);
        }
    }

    /// <summary>The runner ends it at once, in whatever way its reason asks for.</summary>
    private void EndUnstarted(Attempt attempt)
    {
        if (attempts.TryLeaveQueue(attempt))
            Launch(attempt);
    }

    private void Launch(Attempt attempt)
    {
        Interlocked.Increment(ref _running);
        _ = Task.Run(() => RunAsync(attempt));
    }

    private async Task RunAsync(Attempt attempt)
    {
        var task = attempt.Task;
        var span = spans?.Begin(task);
        var result = await runner.RunAsync(attempt);
        AttemptSpans.End(span, result);
        if (result is null)
        {
            attempts.Settled(task.TaskId, task.Attempt);
        }
        else
        {
            attempts.Ended(attempt);
            outbox.Add(result);
            // A failure is worth a line; a machine that does thousands of tasks a minute needs none for each success.
            if (result.Status != "success")
                log.Info("task-ended", ("task", task.TaskId), ("attempt", task.Attempt), ("type", task.Type), ("status", result.Status), ("category", result.ErrorCategory), ("exitCode", result.ExitCode));
        }

        attempt.Dispose();
        Start();
        if (Interlocked.Decrement(ref _running) == 0)
            Volatile.Read(ref _idle)?.TrySetResult();
    }

    private Task Idle()
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _idle, idle);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _running) == 0)
            idle.TrySetResult();
        return idle.Task;
    }
}
