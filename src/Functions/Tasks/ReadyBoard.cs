using Headgate.Core.Agents;
using Headgate.Core.Causes;
using Headgate.Core.Dispatch;
using Headgate.Functions.Tasks.Pools;
using Headgate.Ports;

namespace Headgate.Functions.Tasks;

/// <summary>
/// The ready tasks of one machine, in memory: rebuilt from the ready table at start, then told of every change by the process
/// that makes it. Tenants take turns by weight; claims wait here without polling.
/// </summary>
public sealed class ReadyBoard(ITableStore tables, TimeProvider clock) : IReadyTasks
{
    /// <summary>How long a resource keeps tasks back at most: every change of it is told of here, so that only what goes wrong is met by this.</summary>
    private static readonly TimeSpan LongestKeptBack = TimeSpan.FromSeconds(60);

    /// <summary>More tenants than this are not looked at to tell how many of their tasks go before one.</summary>
    private const int MaxOthers = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskOffer> _offers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TenantPool> _pools = new(StringComparer.Ordinal);
    private readonly HeldTenants _held = new(clock, TimeSpan.FromSeconds(15));
    private readonly ParkedOffers _parked = new();
    private readonly WaitingClaims _claims = new();
    private readonly HashSet<ITimer> _timers = [];

    /// <summary>Reads the ready table. To be called once, before work is handed out.</summary>
    public async Task RebuildAsync(CancellationToken cancellationToken)
    {
        var query = new TableQuery(Table.Ready, null);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
                Add(ReadyRow.Read(row));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
    }

    public ValueTask AddAsync(IReadOnlyList<TaskOffer> offers)
    {
        for (var i = 0; i < offers.Count; i++)
            Add(offers[i]);
        return ValueTask.CompletedTask;
    }

    public ValueTask ReturnAsync(TaskOffer offer)
    {
        Add(offer);
        return ValueTask.CompletedTask;
    }

    public void Add(TaskOffer offer) => Add(offer, passes: null);

    /// <param name="passes">What lets this one go though it keeps others back.</param>
    private void Add(TaskOffer offer, ResourceHold? passes)
    {
        offer = offer.At(clock.GetUtcNow());
        while (true)
        {
            WaitingClaim? claim = null;
            lock (_lock)
            {
                if (_offers.ContainsKey(offer.TaskId))
                    return;
                if (passes is { } hold)
                    _parked.Pass(offer, hold);
                if (_parked.TryPark(offer))
                {
                    _offers[offer.TaskId] = offer;
                    return;
                }

                if (_claims.Any && !_held.IsHeld(offer.TenantId))
                    claim = _claims.TakeFor(offer);
                if (claim is null)
                    Keep(offer);
                else
                    _parked.Remove(offer);
            }

            if (claim is null || claim.Give(offer))
                return;
        }
    }

    public void Remove(string taskId)
    {
        lock (_lock)
        {
            if (_offers.Remove(taskId, out var offer))
                Drop(offer);
        }
    }

    public void Hold(string tenantId, DateTimeOffset? until)
    {
        lock (_lock)
            _held.Hold(tenantId, until);
    }

    public void Release(string tenantId)
    {
        var given = new List<(WaitingClaim Claim, TaskOffer Offer)>();
        lock (_lock)
        {
            _held.Release(tenantId);
            if (_pools.TryGetValue(tenantId, out var pool))
                GiveToWaiting(pool, given);
        }

        foreach (var (claim, offer) in given)
        {
            if (!claim.Give(offer))
                Add(offer);
        }
    }

    public void Hold(ResourceHold hold, DateTimeOffset? until)
    {
        var due = until - clock.GetUtcNow() is { } wait && wait < LongestKeptBack ? wait : LongestKeptBack;
        lock (_lock)
            _parked.Hold(hold, due > TimeSpan.Zero ? due : TimeSpan.Zero, () => clock.CreateTimer(_ => LetSomeGo(hold), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
    }

    public void Release(ResourceHold hold, int room)
    {
        List<TaskOffer> released;
        lock (_lock)
        {
            released = _parked.Release(hold, room);
            foreach (var offer in released)
                _offers.Remove(offer.TaskId);
        }

        foreach (var offer in released)
            Add(offer, passes: hold);
    }

    public ValueTask<List<TaskOffer>> TakeAsync(AgentOffer agent, AgentLoad load, int max, CancellationToken cancellationToken = default)
    {
        lock (_lock)
            return ValueTask.FromResult(Take(agent, load, max));
    }

    public async Task<TaskOffer?> WaitAsync(AgentOffer agent, AgentLoad load, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var claim = new WaitingClaim(agent, load);
        lock (_lock)
        {
            // What came between the last look and now must not wait for the next signal.
            if (Take(agent, load, 1) is [var offer])
                return offer;
            _claims.Add(claim);
        }

        using var timer = clock.CreateTimer(_ => claim.Give(null), null, atMost, Timeout.InfiniteTimeSpan);
        await using var cancellation = cancellationToken.UnsafeRegister(state => ((WaitingClaim)state!).Give(null), claim);
        var given = await claim.Given;
        lock (_lock)
            _claims.Remove(claim);
        return given;
    }

    public ValueTask<IReadOnlyList<LinePlace?>> PlacesAsync(IReadOnlyList<TaskOffer> tasks, CancellationToken cancellationToken = default)
    {
        var places = new LinePlace?[tasks.Count];
        lock (_lock)
        {
            for (var i = 0; i < places.Length; i++)
                places[i] = _offers.TryGetValue(tasks[i].TaskId, out var offer) ? Place(offer) : null;
        }

        return ValueTask.FromResult<IReadOnlyList<LinePlace?>>(places);
    }

    public ValueTask<ReadyDepth> DepthAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            var oldest = _parked.OldestSince();
            foreach (var pool in _pools.Values)
            {
                if (pool.OldestSince() is { } since && (oldest is null || since < oldest))
                    oldest = since;
            }

            return ValueTask.FromResult(new ReadyDepth(_offers.Count, oldest));
        }
    }

    private LinePlace? Place(TaskOffer offer)
    {
        if (_parked.CountBefore(offer) is { } parked)
            return new(parked);
        if (!_pools.TryGetValue(offer.TenantId, out var pool))
            return null;
        var counts = pool.CountBefore(offer);
        var rounds = counts.Values.Sum() + 1;
        var others = 0L;
        foreach (var other in _pools.Values.Take(MaxOthers))
        {
            // While it waits for its turns, each other tenant gets as many as its weight says.
            if (other != pool)
                others += Math.Min(other.Count, ((long)rounds * other.Turns.Weight / pool.Turns.Weight) + 1);
        }

        return new(counts, (int)Math.Min(others, int.MaxValue / 2));
    }

    public ValueTask<IReadOnlyList<TenantBacklog>> BacklogAsync(int most, CancellationToken cancellationToken = default)
    {
        // Claims wait for the lock: it is held for the copy alone.
        (string TenantId, DateTimeOffset Since)[] offers;
        lock (_lock)
            offers = [.. _offers.Values.Select(offer => (offer.TenantId, offer.Since))];
        return ValueTask.FromResult(TenantBacklog.Largest(offers, most));
    }

    private List<TaskOffer> Take(AgentOffer agent, AgentLoad load, int max)
    {
        var taken = new List<TaskOffer>();
        var candidates = Candidates(agent, load);
        while (taken.Count < max && TenantRotation.Next(candidates) is { } next)
        {
            var pool = _pools[next.TenantId];
            var offer = pool.First(agent, load)!;
            taken.Add(offer);
            load.Take(offer.Type);
            _offers.Remove(offer.TaskId);
            Drop(offer);
            if (load.RoomFor(offer.Type) == 0)
                candidates = Candidates(agent, load);
            else if (First(pool, agent, load) is null)
                candidates.Remove(next);
        }

        return taken;
    }

    /// <summary>Whose tasks the agent may have.</summary>
    private List<TenantTurns> Candidates(AgentOffer agent, AgentLoad load)
    {
        var candidates = new List<TenantTurns>();
        if (load.IsSaturated)
            return candidates;
        foreach (var pool in _pools.Values)
        {
            if ((agent.TenantId is null || agent.TenantId == pool.Turns.TenantId) && !_held.IsHeld(pool.Turns.TenantId) && First(pool, agent, load) is not null)
                candidates.Add(pool.Turns);
        }

        return candidates;
    }

    private void GiveToWaiting(TenantPool pool, List<(WaitingClaim Claim, TaskOffer Offer)> given)
    {
        foreach (var claim in _claims.All.ToList())
        {
            if (pool.Count == 0)
                return;
            var offer = First(pool, claim.Agent, claim.Load);
            if (offer is null)
                continue;
            _claims.Remove(claim);
            _offers.Remove(offer.TaskId);
            Drop(offer);
            given.Add((claim, offer));
        }
    }

    private void Keep(TaskOffer offer)
    {
        if (!_pools.TryGetValue(offer.TenantId, out var pool))
            _pools[offer.TenantId] = pool = new TenantPool(new TenantTurns(offer.TenantId));
        var kept = pool.Sharing(offer);
        _offers[kept.TaskId] = kept;
        pool.Add(kept);
        if (kept.Avoids is { } avoids)
            WatchLocked(kept, avoids);
    }

    // Nothing else wakes a claim of the agent that was avoided until then.
    private void WatchLocked(TaskOffer offer, Avoidance avoids)
    {
        ITimer? timer = null;
        timer = clock.CreateTimer(_ => EndAvoidance(timer!, offer.TaskId, avoids), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timers.Add(timer);
        timer.Change(avoids.Until - clock.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void EndAvoidance(ITimer timer, string taskId, Avoidance avoids)
    {
        TaskOffer? offer;
        ResourceHold? passes = null;
        lock (_lock)
        {
            _timers.Remove(timer);
            if (!_offers.TryGetValue(taskId, out offer) || offer.Avoids != avoids)
            {
                offer = null;
            }
            else if (_offers.Remove(taskId))
            {
                passes = _parked.Passes(offer);
                Drop(offer);
            }
        }

        timer.Dispose();
        if (offer is not null)
            Add(offer with { Avoids = null }, passes);
    }

    /// <summary>The first in order that the agent may have; what a resource keeps back is parked on the way.</summary>
    private TaskOffer? First(TenantPool pool, AgentOffer agent, AgentLoad load)
    {
        while (pool.First(agent, load) is { } offer)
        {
            if (!_parked.TryPark(offer))
                return offer;
            pool.Remove(offer);
            if (pool.Count == 0)
                _pools.Remove(offer.TenantId);
        }

        return null;
    }

    // What was full or held may have room by now though nobody said so, and those that went may be such as no agent can have.
    private void LetSomeGo(ResourceHold hold)
    {
        int count;
        lock (_lock)
            count = _parked.Ring(hold);
        Release(hold, count);
    }

    private void Drop(TaskOffer offer)
    {
        if (offer.Resources.Count > 0 && _parked.Remove(offer))
            return;
        var pool = _pools[offer.TenantId];
        pool.Remove(offer);
        if (pool.Count == 0)
            _pools.Remove(offer.TenantId);
    }
}
