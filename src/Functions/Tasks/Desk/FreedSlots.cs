namespace Headgate.Functions.Tasks.Desk;

/// <summary>
/// Claims of one agent that had no room when they asked: each slot that comes free wakes the one that has waited longest, which looks
/// again. Safe for concurrent use.
/// </summary>
internal sealed class FreedSlots
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<bool>> _claims = [];
    private long _freed;

    /// <summary>How often a slot came free. To be asked before the agent's load is looked at.</summary>
    public long Count
    {
        get
        {
            lock (_lock)
                return _freed;
        }
    }

    /// <summary>
    /// So many more slots are free. The claims that this wakes look on the caller's thread, before anything the caller does next: what they
    /// take shares the flush of what freed the slots. They may wait for the disk there: not to be called inside a lock.
    /// </summary>
    public void Free(int count)
    {
        lock (_lock)
            _freed += count;
        while (count > 0 && First() is { } claim)
        {
            if (claim.TrySetResult(true))
                count--;
        }
    }

    /// <summary>Wakes all that wait now; one that waits again is not woken again.</summary>
    public void WakeAll()
    {
        TaskCompletionSource<bool>[] waiting;
        lock (_lock)
        {
            waiting = [.. _claims];
            _claims.Clear();
        }

        foreach (var claim in waiting)
            claim.TrySetResult(true);
    }

    /// <summary>Waits until a slot is free that was not when <paramref name="count"/> was asked for.</summary>
    /// <returns>False when the time is over, or the caller leaves.</returns>
    public async ValueTask<bool> WaitAsync(long count, TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> claim;
        lock (_lock)
        {
            if (_freed != count)
                return true;
            claim = new();
            _claims.AddLast(claim);
        }

        await using var timer = clock.CreateTimer(_ => claim.TrySetResult(false), null, atMost, Timeout.InfiniteTimeSpan);
        await using var cancellation = cancellationToken.UnsafeRegister(_ => claim.TrySetResult(false), null);
        if (await claim.Task)
            return true;
        lock (_lock)
            _claims.Remove(claim);
        return false;
    }

    private TaskCompletionSource<bool>? First()
    {
        lock (_lock)
        {
            if (_claims.First is not { } first)
                return null;
            _claims.RemoveFirst();
            return first.Value;
        }
    }
}
