using Headgate.Core.Dispatch;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Core.Causes;

/// <summary>Why a task is where it is.</summary>
public static class TaskExplanation
{
    /// <param name="run">Its run.</param>
    /// <param name="task">The task.</param>
    /// <param name="scene">What lies outside the run.</param>
    public static Explanation Of(RunFacts run, TaskFacts task, Scene scene)
    {
        var status = task.State.Status;
        if (status.IsFinished())
            return Free(task, task.State.FinishedAt, $"It has ended: {status.WireName()}.");
        if (status.IsHeld())
            return Free(task, task.State.AssignedAt, run.State.CancelRequestedAt is null ? $"Agent {task.State.AgentId} has it." : $"Agent {task.State.AgentId} has it and is told to stop.", [task.State.AgentId!]);

        var causes = new List<Cause>();
        if (run.Queued is { } queued)
            causes.Add(AtCap(queued));
        if (scene.Status != TenantStatus.Active)
            causes.Add(Paused(scene));
        if (run.Queued is null && run.State.Status == RunStatus.Pending && scene.Status == TenantStatus.Active)
            causes.Add(NotStarted(run));
        if (task.Needs.Count > 0)
            causes.Add(Needing(run, task.Needs));
        if (status == TaskStatus.Backoff)
            causes.Add(task.State.IsPutOff ? PutOff(task) : InBackoff(task));

        StartEstimate? start = null;
        if (status is TaskStatus.Ready or TaskStatus.Backoff)
            start = Forecast(task, scene, causes);
        if (causes.Count == 0)
            causes.Add(Nothing(task));
        causes.Sort((a, b) => (int)a.Code - (int)b.Code);
        return new Explanation(
            status.WireName(),
            causes,
            run.Queued?.Ahead ?? (status == TaskStatus.Ready ? task.Line?.Ahead : null),
            run.Queued is { } waiting ? waiting.Start : start);
    }

    /// <summary>A queued run's cause.</summary>
    public static Cause AtCap(QueuedRun queued) => new(
        CauseCode.Cap,
        queued.Since,
        $"{queued.InFlight} of {StartEstimate.Count(queued.Limit, "concurrent run")} are in flight, and {queued.Ahead} queued {(queued.Ahead == 1 ? "run goes" : "runs go")} first.",
        [.. queued.Holders.Take(Cause.MaxBlockers)],
        ["Wait for a run to end.", "Cancel a run that holds a slot: POST /tenants/{t}/runs/{r}/cancel.", "Raise limits.maxConcurrentRuns: PATCH /tenants/{t}."]);

    private static Explanation Free(TaskFacts task, DateTimeOffset? since, string message, params string[] blockedBy) =>
        new(task.State.Status.WireName(), [new(CauseCode.Nothing, since, message, blockedBy, [])]);

    private static Cause Paused(Scene scene)
    {
        if (scene.Status != TenantStatus.Paused || scene.Pause is not { } pause)
            return new(CauseCode.Paused, null, $"The tenant is {scene.Status.WireName()}.", [], ["An operator activates the tenant: POST /tenants/{t}/activate."]);
        var end = pause.Until is { } until ? $" until {Text(until)}" : "";
        return new(CauseCode.Paused, pause.At, $"The tenant is paused{end} by {pause.Actor}: {pause.Reason}.", [], ["Resume it: POST /tenants/{t}/resume."]);
    }

    private static Cause NotStarted(RunFacts run) => new(
        CauseCode.WaitingForStart,
        run.CreatedAt,
        run.State.CancelRequestedAt is null ? "The run is admitted and waits to be started." : "The run is to be cancelled, and nothing has taken it up yet.",
        [],
        ["Usually it starts within a second. If it does not, look at the queue 'runs' (GET /queues): maintenance sends a lost message again."]);

    private static Cause Needing(RunFacts run, IReadOnlyList<OpenNeed> needs) => new(
        CauseCode.Needs,
        run.CreatedAt,
        $"It needs {string.Join(", ", needs.Take(Cause.MaxBlockers).Select(need => $"'{need.Name}' ({need.Status.WireName()})"))}{(needs.Count > Cause.MaxBlockers ? $" and {needs.Count - Cause.MaxBlockers} more" : "")} to complete.",
        [.. needs.Take(Cause.MaxBlockers).Select(need => need.TaskId)],
        ["See why those wait: GET /tasks/{taskId}/explain."]);

    private static Cause PutOff(TaskFacts task) => new(
        CauseCode.RetryBudget,
        task.LastAttemptEndedAt,
        $"Its backoff is over, but the tenant had started as many retries in that minute as it may; it is tried again at {(task.State.NextRetryAt is { } at ? Text(at) : "an unknown time")}. No retry is lost by that.",
        [],
        ["See what fails so often: GET /tenants/{t}/backoff-status.", "Raise limits.retriesPerMinute: PATCH /tenants/{t}."]);

    private static Cause InBackoff(TaskFacts task)
    {
        var state = task.State;
        var why = state.LastErrorClass is { } failure ? $" ({Failures.FailureClasses.WireName(failure)})" : "";
        return new(
            CauseCode.Backoff,
            task.LastAttemptEndedAt,
            $"Attempt {state.Attempt} failed{why}; the next may start at {(state.NextRetryAt is { } at ? Text(at) : "an unknown time")}. Retries left after that: {state.RetriesRemaining}.",
            [],
            ["See what failed: GET /tasks/{taskId}."]);
    }

    /// <summary>Adds what resources and agents keep back, and estimates the start if nothing stands in its way that only somebody can end.</summary>
    private static StartEstimate? Forecast(TaskFacts task, Scene scene, List<Cause> causes)
    {
        var isReady = task.State.Status == TaskStatus.Ready;
        var offer = task.Offer;
        DateTimeOffset? notBefore = isReady ? scene.Now : task.State.NextRetryAt;
        if (scene.Status != TenantStatus.Active)
            notBefore = Later(notBefore, scene.Status == TenantStatus.Paused ? scene.Pause?.Until : null);
        foreach (var name in isReady ? offer.Resources : [])
        {
            if (!scene.Resources.TryGetValue(name, out var resource) || resource.Hindrance(offer.Type, scene.Now) is not { } hindrance)
                continue;
            causes.Add(ResourceCauses.Of(name, resource, hindrance, offer, scene.Now));
            notBefore = Later(notBefore, ResourceCauses.EndOf(resource, hindrance, task.Line, offer.Type, scene));
        }

        var reason = WaitingReason.Of(offer.At(scene.Now), scene.Agents, withAgents: true);
        if (reason.Suitable.Count == 0)
            causes.Add(AgentCauses.None(reason, Since(task)));
        else if (isReady && reason.Free == 0)
            causes.Add(AgentCauses.Busy(reason, Since(task)));
        // What waits for something else is not in line for a slot until then.
        var line = isReady && notBefore == scene.Now ? task.Line : new LinePlace(new Dictionary<string, int>(StringComparer.Ordinal));
        return notBefore is { } earliest ? StartEstimate.OfTask(offer, line, reason.Suitable, earliest, scene.Now) : null;
    }

    private static Cause Nothing(TaskFacts task) => task.State.Status == TaskStatus.Ready
        ? new(CauseCode.Nothing, Since(task), "An agent that may have it has room, and gets it when it claims.", [], [])
        : new(CauseCode.Nothing, null, "Its run makes it ready at its next look.", [], []);

    private static DateTimeOffset? Since(TaskFacts task) => task.Offer.Since == DateTimeOffset.MinValue ? task.LastAttemptEndedAt : task.Offer.Since;

    // Null is never.
    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other is null ? null : one > other ? one : other;

    internal static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
