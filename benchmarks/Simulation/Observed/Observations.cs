using Headgate.Contracts.Agents;
using Headgate.Contracts.Runs;
using Headgate.Simulation.Traffic;
using Headgate.Simulation.Wire;

namespace Headgate.Simulation.Observed;

/// <summary>What the outside sees of the service while it runs. Everything is checked here against the contract as it is seen.</summary>
internal sealed class Observations(TimeProvider clock)
{
    private readonly Dictionary<string, DateTimeOffset> _stoppedUntil = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lastAttempt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _retryNotBefore = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tenant> _live = new(StringComparer.Ordinal);

    public Checks Checks { get; } = new();

    public RunFigures Runs { get; } = new();

    public Counts Refusals { get; } = new();

    public Counts Late { get; } = new();

    public Counts Outages { get; } = new();

    public long Submissions { get; private set; }

    public long Admissions { get; private set; }

    public long GivenUps { get; private set; }

    public long Repeats { get; private set; }

    public long Cancels { get; private set; }

    public long HandOuts { get; private set; }

    public long Stops { get; private set; }

    /// <summary>Admitted runs whose end nobody has seen yet.</summary>
    public IReadOnlyDictionary<string, Tenant> Live => _live;

    /// <summary>The first thing that went wrong in the simulation itself; ends it.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Does not wait for what was begun, but for its failing.</summary>
    public void Follow(Task begun)
    {
        if (!begun.IsCompletedSuccessfully)
            _ = WatchAsync(begun);
    }

    public void Submitted() => Submissions++;

    public void Admitted(Tenant tenant, RunAccepted accepted)
    {
        Admissions++;
        _live.Add(accepted.RunId, tenant);
        Checks.Demand("an admission is within the cap", accepted.InFlight <= accepted.Limit, () => $"{accepted.RunId}: {accepted.InFlight} of {accepted.Limit}");
        Checks.Demand("nothing is admitted while its tenant is stopped", !IsStopped(tenant.Id), () => accepted.RunId);
    }

    public void Repeated(Answer first, Answer second)
    {
        Repeats++;
        Checks.Demand("the same submission again has the same answer", second.Replayed && first.Body.AsSpan().SequenceEqual(second.Body), () => second.Request);
    }

    public void Refused(string code) => Refusals.Add(code);

    public void GivenUp() => GivenUps++;

    public void CancelAsked() => Cancels++;

    public void WentSilent(bool dies) => Outages.Add(dies ? "died" : "cut off");

    public void TooLate(string code) => Late.Add(code);

    /// <param name="until">When its runs may go on.</param>
    public void Stopped(Tenant tenant, DateTimeOffset until)
    {
        Stops++;
        _stoppedUntil[tenant.Id] = until;
    }

    public void HandedOut(string agentId, ClaimedTask task)
    {
        HandOuts++;
        var now = clock.GetUtcNow();
        var last = _lastAttempt.GetValueOrDefault(task.TaskId);
        Checks.Demand("attempts of a task are handed out in order, each once", task.Attempt > last, () => $"{task.TaskId}: {task.Attempt} after {last}");
        _lastAttempt[task.TaskId] = task.Attempt;
        if (_retryNotBefore.Remove(task.TaskId, out var due))
        {
            Runs.ToAssigned.Add(now - due);
            Checks.Demand("no attempt begins before its backoff has ended", now >= due, () => $"{task.TaskId} by {agentId}: {due - now} early");
        }

        Checks.Demand("nothing is handed out while its tenant is stopped", !IsStopped(task.TenantId), () => task.TaskId);
    }

    public void Settled(ClaimedTask task, TaskResultAnswer answer)
    {
        if (answer.NextRetryAt is { } due)
            _retryNotBefore[task.TaskId] = due;
        Checks.Demand("a retry says when, and nothing else does", (answer.Outcome == "retry") == (answer.NextRetryAt is not null), () => task.TaskId);
    }

    public void Finished(Tenant tenant, RunView run)
    {
        _live.Remove(run.RunId);
        foreach (var task in run.Tasks!)
        {
            _lastAttempt.Remove(task.TaskId);
            _retryNotBefore.Remove(task.TaskId);
        }

        Runs.Add(tenant, run, Checks);
    }

    private bool IsStopped(string tenantId) => _stoppedUntil.TryGetValue(tenantId, out var until) && clock.GetUtcNow() < until;

    private async Task WatchAsync(Task begun)
    {
        try
        {
            await begun;
        }
        catch (Exception fault)
        {
            Fault ??= fault;
        }
    }
}
