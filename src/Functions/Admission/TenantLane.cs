using Headgate.Core.Admission;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Admission;

/// <summary>
/// The one writer of a tenant's ledger in this process. Whatever waits is decided together, in order, and written as one change;
/// a caller that finds the lane free serves it itself, so an uncontended operation costs no change of thread.
/// </summary>
internal sealed class TenantLane
{
    private static readonly List<HeldCalls.HeldCall> NoneHeld = [];

    private readonly string _tenantId;
    private readonly ITableStore _tables;
    private readonly TenantReader _reader;
    private readonly TimeProvider _clock;
    private readonly ConflictPause _pause;
    private readonly ILogger _logger;
    private readonly HeldCalls _held;
    private readonly Lock _lock = new();
    private readonly LinkedList<TenantCall> _waiting = [];
    private bool _running;
    private TenantSnapshot? _known;
    private Dictionary<string, RunRecord?>? _runs;

    /// <param name="tenantId">Whose.</param>
    /// <param name="tables">Where the ledger stands.</param>
    /// <param name="reader">Of the tenant.</param>
    /// <param name="clock">The time.</param>
    /// <param name="pause">Between tries that other processes won.</param>
    /// <param name="places">For calls that are held.</param>
    /// <param name="logger">Of the gate.</param>
    /// <param name="look">Has the tenant looked at anew, through the gate.</param>
    public TenantLane(string tenantId, ITableStore tables, TenantReader reader, TimeProvider clock, ConflictPause pause, HoldPlaces places, ILogger logger, Action look)
    {
        (_tenantId, _tables, _reader, _clock, _pause, _logger) = (tenantId, tables, reader, clock, pause, logger);
        _held = new HeldCalls(clock, places, Enqueue, look);
    }

    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return !_running && _held.Count == 0;
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
                (_known, _runs) = (null, null);
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
        var conflicts = 0;
        while (await ServeOnceAsync(calls, conflicts) is var next and not Next.Nothing)
        {
            if (next != Next.AfterConflict)
                continue;
            conflicts++;
            _runs?.Clear();
        }

        _runs = null;
    }

    private enum Next
    {
        Nothing,
        Again,
        AfterConflict,
    }

    private async ValueTask<Next> ServeOnceAsync(List<TenantCall> calls, int conflicts)
    {
        var fresh = _known is null;
        _known ??= await _reader.ReadWithWaitingAsync(_tenantId);
        if (_known is null)
        {
            Complete(calls, calls.Count, GateStatus.NoTenant);
            return Next.Nothing;
        }

        // After the snapshot: whatever another process has written since makes its ETag stale, and is read in the next try.
        foreach (var call in calls)
            await call.PrepareAsync();

        var round = _held.BeginRound();
        var context = round.Count == 0 && _known.Ledger.WaitingRuns == 0
            ? FoldContext.None
            : new FoldContext(round, _runs ??= new(StringComparer.Ordinal), Keys(calls));
        var answered = NoneHeld;
        EditBatch? written = null;
        try
        {
            var now = _clock.GetUtcNow();
            var batch = EditBatch.Fold(_known, calls, context, _held.Left, now);
            while (batch.Lacking.Count > 0 || batch.Unprepared is not null)
            {
                // What it turns out to need is read, and then it is folded anew: nothing of it was written yet.
                await ReadAsync(batch);
                now = _clock.GetUtcNow();
                batch = EditBatch.Fold(_known, calls, context, _held.Left, now);
            }

            if (!batch.WritesAnything)
            {
                // A refusal rests on what is stored now, not on what this process last saw.
                if (!fresh)
                    _known = null;
                else
                    answered = Complete(calls, batch, GateStatus.Done);
                return fresh && calls.Count == 0 ? Next.Nothing : Next.Again;
            }

            // Until the outcome is known: whoever it answers must not be decided a second time.
            answered = batch.Answered;
            var outcome = await _tables.SubmitAsync(batch.ToChange(_tenantId));
            answered = NoneHeld;
            if (outcome.Conflict is { } conflict && outcome.AppliedBatches <= batch.TenantBatch)
            {
                var isOwn = batch.OwnerOf(conflict) is { } owner && Lose(owner, calls, round, out answered);
                _known = null;
                if (isOwn)
                    return Next.Again;
                if (await _pause.WaitAsync(conflicts))
                    return Next.AfterConflict;
                Complete(calls, calls.Count, GateStatus.Busy);
                return Next.Nothing;
            }

            Tell(SoftLimits.Crossed(_known.Ledger, batch.After.Ledger, now));
            _known = batch.ChangesSettings ? null : batch.After with { LedgerETag = outcome.ETags[batch.TenantBatch][0] };
            written = batch;
            answered = Complete(calls, batch, GateStatus.Done);
            return calls.Count > 0 || batch.IsCutShort ? Next.Again : Next.Nothing;
        }
        catch (Exception exception)
        {
            foreach (var held in answered)
                held.Call.Fail(exception);
            throw;
        }
        finally
        {
            if (round.Count > 0)
                _held.EndRound(round, answered, written?.WrittenKeys().ToHashSet(StringComparer.Ordinal) ?? []);
        }
    }

    // Here and nowhere else: what stands was written once, by one process.
    private void Tell(IEnumerable<LimitUse> crossed)
    {
        foreach (var use in crossed)
        {
            if (use.IsReached)
                _logger.LimitReached(_tenantId, use.Code, use.Used, use.Limit);
            else
                _logger.LimitNear(_tenantId, use.Code, use.Used, use.Limit);
        }
    }

    private async ValueTask ReadAsync(EditBatch batch)
    {
        foreach (var waiting in batch.Lacking)
            _runs![waiting.RunId] = await _tables.GetAsync(Table.Tenants, _tenantId, RowKeys.Run(waiting.RunId)) is { } row ? new RunRecord(row) : null;
        if (batch.Unprepared is { } held)
        {
            await held.Call.PrepareAsync();
            held.IsPrepared = true;
        }
    }

    private static HashSet<string> Keys(List<TenantCall> calls)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (var call in calls)
        {
            if (call.ExclusiveKey is { } key)
                keys.Add(key);
        }

        return keys;
    }

    private static bool Lose(TenantCall owner, List<TenantCall> calls, List<HeldCalls.HeldCall> round, out List<HeldCalls.HeldCall> answered)
    {
        calls.Remove(owner);
        answered = round.FindAll(held => held.Call == owner);
        owner.Complete(GateStatus.Conflict);
        return true;
    }

    private List<HeldCalls.HeldCall> Complete(List<TenantCall> calls, EditBatch batch, GateStatus status)
    {
        foreach (var held in batch.Answered)
            held.Call.Complete(status);
        for (var i = 0; i < batch.Taken; i++)
        {
            if (batch.ToHold.Contains(calls[i]))
                _held.Add(calls[i]);
            else
                calls[i].Complete(status);
        }

        calls.RemoveRange(0, batch.Taken);
        return batch.Answered;
    }

    private static void Complete(List<TenantCall> calls, int count, GateStatus status)
    {
        for (var i = 0; i < count; i++)
            calls[i].Complete(status);
        calls.RemoveRange(0, count);
    }
}
