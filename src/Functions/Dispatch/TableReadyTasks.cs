using System.Collections.Concurrent;
using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Functions.Ports;
using Headgate.Functions.Stores;

namespace Headgate.Functions.Dispatch;

/// <summary>
/// The ready tasks where several processes share the tables: read from the ready table at each claim. What one process takes another may
/// take too; the task's ETag decides. A tenant's agent reads its tenant's pool, a shared agent the whole table, up to 1,000 tasks.
/// </summary>
public sealed class TableReadyTasks(ITableStore tables, TimeProvider clock) : IReadyTasks
{
    private const int MaxRead = 1000;

    /// <summary>How often a waiting claim looks for work that another process made ready.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>What was taken or held here is looked at again after so long, because another process may know better.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly TenantRotation _rotation = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _taken = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _held = new(StringComparer.Ordinal);
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Add(TaskOffer offer)
    {
        _taken.TryRemove(offer.TaskId, out _);
        Signal();
    }

    public void Return(TaskOffer offer) => _taken.TryRemove(offer.TaskId, out _);

    public void Remove(string taskId) => _taken.TryRemove(taskId, out _);

    public void Hold(string tenantId, DateTimeOffset? until)
    {
        var longest = clock.GetUtcNow() + Remembered;
        _held[tenantId] = until < longest ? until.Value : longest;
    }

    public void Release(string tenantId)
    {
        _held.TryRemove(tenantId, out _);
        Signal();
    }

    public async ValueTask<List<TaskOffer>> TakeAsync(AgentOffer agent, AgentLoad load, int max, CancellationToken cancellationToken = default)
    {
        if (load.IsSaturated || max < 1)
            return [];
        var partition = agent.TenantId is { } tenantId ? RowKeys.Pool(tenantId) : null;
        var page = await tables.QueryAsync(new TableQuery(Table.Ready, partition, Take: MaxRead), cancellationToken);
        var pools = new Dictionary<string, TenantPool>(StringComparer.Ordinal);
        foreach (var row in page.Rows)
        {
            var offer = ReadyRow.Read(row);
            if (!pools.TryGetValue(offer.TenantId, out var pool))
                pools[offer.TenantId] = pool = new TenantPool(offer.TenantId);
            pool.Add(offer);
        }

        lock (_lock)
            return Pick(pools, agent, load, max);
    }

    public async Task<TaskOffer?> WaitAsync(AgentOffer agent, AgentLoad load, TimeSpan atMost, CancellationToken cancellationToken)
    {
        for (var deadline = clock.GetUtcNow() + atMost; clock.GetUtcNow() < deadline && !cancellationToken.IsCancellationRequested;)
        {
            var added = Volatile.Read(ref _added).Task;
            if (await TakeAsync(agent, load, 1, CancellationToken.None) is [var offer])
                return offer;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(added, Task.Delay(LookEvery, clock, ended.Token));
            await ended.CancelAsync();
        }

        return null;
    }

    public async ValueTask<ReadyDepth> DepthAsync(CancellationToken cancellationToken = default)
    {
        var depth = 0L;
        DateTimeOffset? oldest = null;
        var query = new TableQuery(Table.Ready, null);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                depth++;
                var since = ReadyRow.Read(row).Since;
                oldest = oldest is null || since < oldest ? since : oldest;
            }

            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return new ReadyDepth(depth, oldest);
    }

    private List<TaskOffer> Pick(Dictionary<string, TenantPool> pools, AgentOffer agent, AgentLoad load, int max)
    {
        var now = clock.GetUtcNow();
        foreach (var (taskId, at) in _taken)
        {
            if (now - at > Remembered)
                _taken.TryRemove(new(taskId, at));
        }

        var taken = new List<TaskOffer>();
        while (taken.Count < max)
        {
            var candidates = pools.Values
                .Where(pool => !IsHeld(pool.TenantId, now) && First(pool, agent, load) is not null)
                .Select(pool => (pool.TenantId, pool.Weight))
                .ToList();
            if (_rotation.Next(candidates) is not { } tenantId)
                return taken;
            var offer = First(pools[tenantId], agent, load)!;
            pools[tenantId].Remove(offer);
            _taken[offer.TaskId] = now;
            load.Take(offer.Type);
            taken.Add(offer);
        }

        return taken;
    }

    private TaskOffer? First(TenantPool pool, AgentOffer agent, AgentLoad load)
    {
        TaskOffer? offer;
        while ((offer = pool.First(agent, load)) is not null && _taken.ContainsKey(offer.TaskId))
            pool.Remove(offer);
        return offer;
    }

    private bool IsHeld(string tenantId, DateTimeOffset now) => _held.TryGetValue(tenantId, out var until) && until > now;

    private void Signal() =>
        Interlocked.Exchange(ref _added, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
