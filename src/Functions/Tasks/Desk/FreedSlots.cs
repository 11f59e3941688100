namespace Headgate.Functions.Tasks.Desk;

/// <summary>
/// Claims of agents that had no room when they asked: each slot that comes free wakes the one that has waited longest, which looks
/// again. Of this process alone. Safe for concurrent use.
/// </summary>
public sealed class FreedSlots
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Waiting> _agents = new(StringComparer.Ordinal);

    /// <summary>How often a slot of the agent came free. To be asked before its load is looked at.</summary>
    public long Count(string agentId)
    {
        lock (_lock)
            return _agents.GetValueOrDefault(agentId)?.Freed ?? 0;
    }

    /// <summary>
    /// So many more of the agent's slots are free. The claims that this wakes look on the caller's thread, before anything the caller
    /// does next: what they take shares the flush of what freed the slots. They may wait for the disk there: not to be called inside a lock.
    /// </summary>
    public void Free(string agentId, int count = 1)
    {
        lock (_lock)
            Of(agentId).Freed += count;
        while (count > 0 && First(agentId) is { } claim)
        {
            if (claim.TrySetResult(true))
                count--;
        }
    }

    /// <summary>Waits until a slot is free that was not when <paramref name="count"/> was asked for.</summary>
    /// <returns>False when the time is over, or the caller leaves.</returns>
    public async ValueTask<bool> WaitAsync(string agentId, long count, TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> claim;
        lock (_lock)
        {
            var agent = Of(agentId);
            if (agent.Freed != count)
                return true;
            claim = new();
            agent.Claims.AddLast(claim);
        }

        await using var timer = clock.CreateTimer(_ => claim.TrySetResult(false), null, atMost, Timeout.InfiniteTimeSpan);
        await using var cancellation = cancellationToken.UnsafeRegister(_ => claim.TrySetResult(false), null);
        if (await claim.Task)
            return true;
        lock (_lock)
            _agents.GetValueOrDefault(agentId)?.Claims.Remove(claim);
        return false;
    }

    /// <summary>The agent is gone.</summary>
    public void Forget(string agentId)
    {
        Waiting? agent;
        lock (_lock)
            _agents.Remove(agentId, out agent);
        foreach (var claim in agent?.Claims.ToList() ?? [])
            claim.TrySetResult(true);
    }

    private TaskCompletionSource<bool>? First(string agentId)
    {
        lock (_lock)
        {
            if (_agents.GetValueOrDefault(agentId)?.Claims.First is not { } first)
                return null;
            first.List!.RemoveFirst();
            return first.Value;
        }
    }

    // In the lock.
    private Waiting Of(string agentId)
    {
        if (!_agents.TryGetValue(agentId, out var agent))
            _agents[agentId] = agent = new();
        return agent;
    }

    private sealed class Waiting
    {
        public long Freed { get; set; }

        public LinkedList<TaskCompletionSource<bool>> Claims { get; } = [];
    }
}
