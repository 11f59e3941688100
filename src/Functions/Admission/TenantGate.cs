using System.Collections.Concurrent;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Admission;

/// <summary>
/// The only way to change a tenant: admissions, finishes, pauses, settings. Exact for any number of callers and processes:
/// inside the process a tenant's operations are decided one after the other and written together, between processes the
/// ledger's ETag decides who was first.
/// </summary>
public sealed class TenantGate(ITableStore tables, TenantReader reader, TimeProvider clock, ConflictPause pause, HoldPlaces places, ILogger<TenantGate> logger)
{
    private const int MaxLanes = 20_000;
    private readonly ConcurrentDictionary<string, TenantLane> _lanes = new(StringComparer.Ordinal);

    /// <summary>Decides and writes, and is not cancelled half-way. What was answered is applied; the host waits until it is on disk.</summary>
    /// <exception cref="StoreUnavailableException">The store could not be reached; nothing runs uncounted.</exception>
    public Task<GateResult<TResult>> SubmitAsync<TResult>(string tenantId, TenantOperation<TResult> operation)
    {
        var call = new TenantCall<TResult>(operation);
        Lane(tenantId).Enqueue(call);
        return call.Result;
    }

    /// <summary>For a change that needs nothing but the snapshot.</summary>
    public Task<GateResult<TResult>> ChangeAsync<TResult>(
        string tenantId,
        Func<TenantSnapshot, DateTimeOffset, TenantEdit<TResult>> decide) =>
        SubmitAsync(tenantId, new Change<TResult>(decide));

    /// <summary>
    /// Capacity may have appeared other than by a change that went through this gate: time has passed, or another process was cut short.
    /// Starts what waits and can start now. A change that makes room needs no such call: what waits starts in its own transaction.
    /// </summary>
    public Task StartWaitingAsync(string tenantId) => ChangeAsync(tenantId, static (_, _) => new TenantEdit<bool>(true));

    // For held calls alone, of which each is told of its own end: a store that can't be reached now may be in a second.
    private async Task LookAsync(string tenantId)
    {
        try
        {
            await StartWaitingAsync(tenantId);
        }
        catch (StoreUnavailableException)
        {
        }
    }

    private TenantLane Lane(string tenantId)
    {
        if (_lanes.TryGetValue(tenantId, out var lane))
            return lane;
        if (_lanes.Count >= MaxLanes)
            DropIdle();
        return _lanes.GetOrAdd(tenantId, id => new TenantLane(id, tables, reader, clock, pause, places, logger, () => _ = LookAsync(id)));
    }

    // A dropped lane may still be entered by a caller that has just found it: the ETag keeps two lanes of a tenant exact.
    private void DropIdle()
    {
        foreach (var (tenantId, lane) in _lanes)
        {
            if (lane.IsIdle)
                _lanes.TryRemove(new(tenantId, lane));
        }
    }

    private sealed class Change<TResult>(Func<TenantSnapshot, DateTimeOffset, TenantEdit<TResult>> decide) : TenantOperation<TResult>
    {
        public override TenantEdit<TResult> Decide(TenantSnapshot tenant, DateTimeOffset now) => decide(tenant, now);
    }
}
