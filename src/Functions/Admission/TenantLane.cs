using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;

namespace Headgate.Functions.Admission;

/// <summary>
/// The one writer of a tenant's ledger in this process. Whatever waits is decided together, in order, and written as one change;
/// a caller that finds the lane free serves it itself, so an uncontended operation costs no change of thread.
/// </summary>
internal sealed class TenantLane(string tenantId, ITableStore tables, TenantReader reader, TimeProvider clock, ConflictPause pause)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TenantCall> _waiting = [];
    private bool _running;
    private TenantSnapshot? _known;

    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return !_running;
        }
    }

    public void Enqueue(TenantCall call)
    {
        lock (_lock)
        {
            _waiting.AddLast(call);
            if (_running)
                return;
            _running = true;
        }

        // Only the first round is the caller's to serve; whoever came meanwhile is served elsewhere.
        _ = RunAsync(rounds: 1);
    }

    private async Task RunAsync(int rounds)
    {
        for (var round = 0; ; round++)
        {
            var calls = Take();
            if (calls.Count == 0)
                return;
            if (round == rounds)
                await Task.Yield();
            try
            {
                await ServeAsync(calls);
            }
            catch (Exception exception)
            {
                // The outcome may be unknown: the next round must not build on what was in memory.
                _known = null;
                foreach (var call in calls)
                    call.Fail(exception);
            }
        }
    }

    private List<TenantCall> Take()
    {
        lock (_lock)
        {
            var calls = new List<TenantCall>(_waiting.Count);
            HashSet<string>? exclusive = null;
            for (var node = _waiting.First; node is not null && calls.Count < TableBatch.MaxWrites;)
            {
                var next = node.Next;
                if (node.Value.ExclusiveKey is not { } key || (exclusive ??= new(StringComparer.Ordinal)).Add(key))
                {
                    calls.Add(node.Value);
                    _waiting.Remove(node);
                }

                node = next;
            }

            _running = calls.Count > 0;
            return calls;
        }
    }

    private async ValueTask ServeAsync(List<TenantCall> calls)
    {
        for (var conflicts = 0; calls.Count > 0;)
        {
            var fresh = _known is null;
            _known ??= await reader.ReadAsync(tenantId);
            if (_known is null)
            {
                Complete(calls, calls.Count, GateStatus.NoTenant);
                return;
            }

            // After the snapshot: whatever another process has written since makes its ETag stale, and is read in the next try.
            foreach (var call in calls)
                await call.PrepareAsync();

            var batch = EditBatch.Fold(_known, calls, clock.GetUtcNow());
            if (!batch.WritesAnything)
            {
                // A refusal rests on what is stored now, not on what this process last saw.
                if (!fresh)
                    _known = null;
                else
                    Complete(calls, batch.Taken, GateStatus.Done);
                continue;
            }

            var outcome = await tables.SubmitAsync(batch.ToChange(tenantId));
            if (outcome.Conflict is { } conflict && outcome.AppliedBatches <= batch.TenantBatch)
            {
                if (batch.OwnerOf(conflict) is { } owner)
                {
                    calls.Remove(owner);
                    owner.Complete(GateStatus.Conflict);
                }
                else if (!await pause.WaitAsync(conflicts++))
                {
                    _known = null;
                    Complete(calls, calls.Count, GateStatus.Busy);
                    return;
                }

                _known = null;
                continue;
            }

            _known = batch.ChangesSettings ? null : batch.After with { LedgerETag = outcome.ETags[batch.TenantBatch][0] };
            Complete(calls, batch.Taken, GateStatus.Done);
        }
    }

    private static void Complete(List<TenantCall> calls, int count, GateStatus status)
    {
        for (var i = 0; i < count; i++)
            calls[i].Complete(status);
        calls.RemoveRange(0, count);
    }
}
