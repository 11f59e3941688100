using Headgate.Core.Agents;
using Headgate.Core.Causes;
using Headgate.Core.Dispatch;
using Headgate.Functions.Stores;
using Headgate.Ports;

namespace Headgate.Functions.Tasks.Shared;

/// <summary>
/// The ready tasks where several processes share the tables: read from the ready table at each claim. What one process takes another may
/// take too; the task's ETag decides. A tenant's agent reads its tenant's pool, a shared agent the whole table, up to 1,000 tasks. Where
/// that was empty within the last half second, what this process has added since is known without a look. A task that becomes ready while
/// a claim of this process waits for such a one is given to it and never stands in the table.
/// </summary>
public sealed class TableReadyTasks(ITableStore tables, TimeProvider clock) : IReadyTasks
{
    private const int MaxRead = 1000;

    /// <summary>Where resources keep tasks back: so many times <see cref="MaxRead"/>.</summary>
    private const int MaxPages = 10;

    /// <summary>How often a waiting claim looks for work that another process made ready.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly WaitingClaims _claims = new();
    private readonly NewOffers _new = new(clock, LookEvery);
    private readonly OfferPicker _offers = new(clock);
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask AddAsync(IReadOnlyList<TaskOffer> offers)
    {
        var pooled = offers.Where(offer => !TryGive(offer with { InPool = false })).ToList();
        await WriteAsync(pooled);
        foreach (var offer in pooled)
        {
            // A claim may have begun to wait while the row was written; one that begins now looks among the new ones.
            while (ClaimOrKeep(offer) is { } claim && !claim.Give(offer))
            {
            }
        }
    }

    public async ValueTask ReturnAsync(TaskOffer offer)
    {
        if (!offer.InPool)
            await WriteAsync([offer]);
        lock (_lock)
            _offers.Free(offer.TaskId);
    }

    public void Remove(string taskId)
    {
        lock (_lock)
        {
            _new.Remove(taskId);
            _offers.Free(taskId);
        }
    }

    public void Hold(string tenantId, DateTimeOffset? until)
    {
        lock (_lock)
            _offers.Held.Hold(tenantId, until);
    }

    public void Release(string tenantId)
    {
        lock (_lock)
            _offers.Held.Release(tenantId);
        Interlocked.Exchange(ref _released, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public void Hold(ResourceHold hold, DateTimeOffset? until)
    {
        lock (_lock)
            _offers.Hold(hold, until);
    }

    public void Release(ResourceHold hold, int room)
    {
        lock (_lock)
        {
            if (!_offers.Release(hold))
                return;
        }

        Interlocked.Exchange(ref _released, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public async ValueTask<List<TaskOffer>> TakeAsync(AgentOffer agent, AgentLoad load, int max, CancellationToken cancellationToken = default)
    {
        if (load.IsSaturated || max < 1)
            return [];
        var pool = agent.TenantId is { } tenantId ? RowKeys.Pool(tenantId) : null;
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            if (_new.WasEmpty(pool ?? "") && _offers.Pick(_new.All, agent, load, max) is { Count: > 0 } known)
                return known;
        }

        var query = new TableQuery(Table.Ready, pool, Take: MaxRead);
        for (var pages = 1; ; pages++)
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            var offers = page.Rows.Select(row => ReadyRow.Read(row).At(clock.GetUtcNow())).ToList();
            lock (_lock)
            {
                var picked = _offers.Pick(offers, agent, load, max);
                // Those that a resource keeps back may stand before thousands that go.
                if (picked.Count > 0 || page.Continuation is null || pages == MaxPages || !offers.Exists(_offers.IsKeptBack))
                {
                    _new.Looked(pool ?? "", now, pages == 1 && page.Continuation is null && offers.TrueForAll(offer => _offers.IsTaken(offer.TaskId)));
                    return picked;
                }
            }

            query = query with { Continuation = page.Continuation };
        }
    }

    /// <inheritdoc/>
    /// <remarks>The caller has just looked and found nothing: the next look is due after <see cref="LookEvery"/>.</remarks>
    public async Task<TaskOffer?> WaitAsync(AgentOffer agent, AgentLoad load, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var claim = new WaitingClaim(agent, load);
        lock (_lock)
        {
            // What came here between the caller's look and now.
            if (_offers.Pick(_new.All, agent, load, 1) is [var offer])
                return offer;

            _claims.Add(claim);
        }

        try
        {
            if (await LookOnAsync(claim, atMost, cancellationToken) is { } found)
            {
                if (Leave(claim))
                    return found;
                await ReturnAsync(found);
            }
        }
        catch
        {
            if (!Leave(claim) && await claim.Given is { } given)
                await ReturnAsync(given);
            throw;
        }

        Leave(claim);
        return await claim.Given;
    }

    /// <inheritdoc/>
    /// <remarks>Looks at the first 1,000 rows of the tenant's pool. A task given to a waiting claim stands in none.</remarks>
    public async ValueTask<IReadOnlyList<LinePlace?>> PlacesAsync(IReadOnlyList<TaskOffer> tasks, CancellationToken cancellationToken = default)
    {
        var places = new LinePlace?[tasks.Count];
        if (tasks.Count == 0)
            return places;
        var wanted = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < tasks.Count; i++)
            wanted[ReadyRow.Key(tasks[i])] = i;
        var page = await tables.QueryAsync(new TableQuery(Table.Ready, RowKeys.Pool(tasks[0].TenantId), Take: MaxRead, Columns: [ReadyRow.TypeColumn]), cancellationToken);
        var before = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in page.Rows)
        {
            if (wanted.TryGetValue(row.RowKey, out var i))
                places[i] = new(new Dictionary<string, int>(before, StringComparer.Ordinal));
            var type = row.Columns.Required(ReadyRow.TypeColumn);
            before[type] = before.GetValueOrDefault(type) + 1;
        }

        return places;
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

    public async ValueTask<IReadOnlyList<TenantBacklog>> BacklogAsync(int most, CancellationToken cancellationToken = default)
    {
        var waiting = new List<(string TenantId, DateTimeOffset Since)>();
        var query = new TableQuery(Table.Ready, null, Columns: ["tenantId", "since"]);
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            waiting.AddRange(page.Rows.Select(row => (row.Columns.Required("tenantId"), row.Columns.Time("since") ?? DateTimeOffset.MinValue)));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return TenantBacklog.Largest(waiting, most);
    }

    /// <returns>What a look found; null once the claim has been given something, or is to wait no longer.</returns>
    private async Task<TaskOffer?> LookOnAsync(WaitingClaim claim, TimeSpan atMost, CancellationToken cancellationToken)
    {
        for (var started = clock.GetTimestamp(); atMost - clock.GetElapsedTime(started) is { Ticks: > 0 } left && !cancellationToken.IsCancellationRequested;)
        {
            var released = Volatile.Read(ref _released).Task;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(claim.Given, released, Task.Delay(left < LookEvery ? left : LookEvery, clock, ended.Token));
            await ended.CancelAsync();
            if (claim.Given.IsCompleted || cancellationToken.IsCancellationRequested)
                return null;
            if (await TakeAsync(claim.Agent, claim.Load, 1, CancellationToken.None) is [var offer])
                return offer;
        }

        return null;
    }

    /// <returns>False where the claim was given a task before it could leave.</returns>
    private bool Leave(WaitingClaim claim)
    {
        lock (_lock)
            _claims.Remove(claim);
        return claim.Give(null);
    }

    private bool TryGive(TaskOffer offer)
    {
        while (ClaimFor(offer) is { } claim)
        {
            if (claim.Give(offer))
                return true;
        }

        return false;
    }

    private WaitingClaim? ClaimFor(TaskOffer offer)
    {
        lock (_lock)
            return _offers.IsHeld(offer) ? null : _claims.TakeFor(offer);
    }

    private WaitingClaim? ClaimOrKeep(TaskOffer offer)
    {
        lock (_lock)
        {
            var claim = _offers.IsHeld(offer) ? null : _claims.TakeFor(offer);
            if (claim is not null)
            {
                _offers.Take(offer.TaskId);
                return claim;
            }

            _offers.Free(offer.TaskId);
            _new.Add(offer);
            return null;
        }
    }

    private async ValueTask WriteAsync(List<TaskOffer> offers)
    {
        if (offers.Count == 0)
            return;
        var change = new ChangeBuilder();
        foreach (var offer in offers)
            change.Add(0, Table.Ready, TableWrite.Upsert(ReadyRow.Write(offer)));
        // Not to be cut short: a ready task that stands nowhere waits for maintenance.
        await tables.SubmitAsync(change.Build(), CancellationToken.None);
    }
}
