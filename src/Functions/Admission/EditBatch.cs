using System.Collections.Immutable;
using Headgate.Core.Admission;
using Headgate.Core.Metering;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;

namespace Headgate.Functions.Admission;

/// <summary>Edits of several calls folded over one snapshot into one change.</summary>
internal sealed class EditBatch
{
    // The table's bounds are 100 writes and 4 MiB; one write is the ledger, one a day that is over, and keys and small columns want some room.
    private const int MaxWrites = TableBatch.MaxWrites - 2;
    private const int MaxBytes = 3 * 1024 * 1024;

    private readonly List<(TenantCall? Call, TenantEdit Edit)> _edits;
    private readonly FoldContext _context;
    private readonly TenantSnapshot _before;
    private readonly int _places;
    private int _writes;
    private int _following;
    private int _messages;
    private int _bytes;

    private EditBatch(TenantSnapshot tenant, int calls, FoldContext context, int places)
    {
        _places = places;
        After = _before = tenant;
        _edits = new(calls);
        _context = context;
    }

    /// <summary>The snapshot once this batch is written, under its old ETag.</summary>
    public TenantSnapshot After { get; private set; }

    public bool WritesAnything => _edits.Count > 0;

    /// <summary>Profile or policies were among the writes, or the queue is not as it was read: the snapshot must be read anew.</summary>
    public bool ChangesSettings { get; private set; }

    /// <summary>How many of the calls, from the first, are in it.</summary>
    public int Taken { get; private set; }

    /// <summary>The place of the tenant's own batch, behind all that precede it.</summary>
    public int TenantBatch { get; private set; }

    /// <summary>There is more to do at once: after this batch is written, or once what <see cref="Lacking"/> names is read.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Waiting runs whose rows it needs and does not have.</summary>
    public IReadOnlyList<WaitingRun> Lacking { get; private set; } = [];

    /// <summary>A held call that has its turn, and has not read yet what its decision needs.</summary>
    public HeldCalls.HeldCall? Unprepared { get; private set; }

    /// <summary>Held calls that this batch answers.</summary>
    public List<HeldCalls.HeldCall> Answered { get; } = [];

    /// <summary>Those of the calls taken that are to be held.</summary>
    public List<TenantCall> ToHold { get; } = [];

    /// <param name="tenant">As it was read.</param>
    /// <param name="calls">In order.</param>
    /// <param name="context">What else is known.</param>
    /// <param name="places">How many of the calls may be held.</param>
    /// <param name="now">The time.</param>
    public static EditBatch Fold(TenantSnapshot tenant, IReadOnlyList<TenantCall> calls, FoldContext context, int places, DateTimeOffset now)
    {
        var batch = new EditBatch(tenant, calls.Count, context, places);
        batch.ServeThoseThatWait(now);
        while (batch.Taken < calls.Count && !batch.IsCutShort && batch.TryAdd(calls[batch.Taken], now))
        {
            batch.Taken++;
            batch.ServeThoseThatWait(now);
        }

        return batch;
    }

    public TableChange ToChange(string tenantId)
    {
        var writes = new TableWrite[1 + _writes + (ClosedDay is null ? 0 : 1)];
        writes[0] = TableWrite.Replace(LedgerRow.Write(tenantId, After.Ledger, After.LedgerETag));
        Gather(writes, 1, static edit => edit.Writes);
        if (ClosedDay is { } closed)
            writes[^1] = TableWrite.Upsert(UsageRow.Write(tenantId, closed));

        var batches = new TableBatch[TenantBatch + 1 + _following];
        Gather(batches, 0, static edit => edit.Preceding);
        batches[TenantBatch] = new TableBatch(Table.Tenants, writes);
        Gather(batches, TenantBatch + 1, static edit => edit.Following);

        var messages = new OutgoingMessage[_messages];
        Gather(messages, 0, static edit => edit.Messages);
        return new TableChange(batches, messages);
    }

    // All of one batch happens at one instant: what it closes is what was open before it.
    private UsagePiece? ClosedDay => _before.Ledger.Usage is { } open && After.Ledger.Usage?.Number != open.Number ? open : null;

    /// <summary>Exclusive keys of the operations that it writes.</summary>
    public IEnumerable<string> WrittenKeys() => _edits.Select(edit => edit.Call?.ExclusiveKey).OfType<string>();

    /// <summary>Whose write lost; null for the ledger's own, and for that of a run which waited: it changes with the ledger alone.</summary>
    public TenantCall? OwnerOf(WriteConflict conflict)
    {
        var precedes = conflict.Batch < TenantBatch;
        var place = precedes ? conflict.Batch : conflict.Write - 1;
        if (place < 0)
            return null;
        foreach (var (call, edit) in _edits)
        {
            place -= precedes ? edit.Preceding.Count : edit.Writes.Count;
            if (place < 0)
                return call;
        }

        throw new InvalidOperationException("The conflict is at no write of this batch.");
    }

    private bool TryAdd(TenantCall call, DateTimeOffset now, bool isHeld = false)
    {
        // What comes after a change of settings must be decided on the settings changed.
        if (ChangesSettings)
            return false;
        if (call.Hold is not null && !isHeld && ToHold.Count >= _places)
            call.EndHold();
        var edit = call.TryDecide(After, now);
        if (edit is { IsHeld: true })
            ToHold.Add(call);
        return edit is not { After: { } after } || TryAdd(call, edit, after);
    }

    private bool TryAdd(TenantCall? call, TenantEdit edit, Ledger after)
    {
        var bytes = BytesOf(edit.Writes);
        if (WritesAnything && (_writes + edit.Writes.Count > MaxWrites || _bytes + bytes > MaxBytes || WritesAnyOf(edit.Writes)))
            return false;

        _edits.Add((call, edit));
        _bytes += bytes;
        _writes += edit.Writes.Count;
        TenantBatch += edit.Preceding.Count;
        _following += edit.Following.Count;
        _messages += edit.Messages.Count;
        After = edit.Enters is null && edit.Leaves is null ? After with { Ledger = after } : After with { Ledger = after, Waiting = WaitingAfter(edit) };
        ChangesSettings |= After.Ledger.WaitingRuns != After.Waiting.Count;
        for (var i = 0; i < edit.Writes.Count; i++)
            ChangesSettings |= IsSetting(edit.Writes[i].Row.RowKey);
        return true;
    }

    private ImmutableList<WaitingRun> WaitingAfter(TenantEdit edit)
    {
        var waiting = edit.Leaves is { } leaves ? After.Waiting.RemoveAll(run => run.Place == leaves.Place) : After.Waiting;
        return edit.Enters is { } enters ? waiting.Add(enters) : waiting;
    }

    // Between any two calls: what one of them frees is for those that came before the other. First the runs in the queue, then held calls.
    private void ServeThoseThatWait(DateTimeOffset now)
    {
        // A count that was put right is of runs that were not read.
        if (After.Ledger.WaitingRuns != After.Waiting.Count)
            return;
        while (!IsCutShort && AdmissionGate.StepForWaiting(After.Ledger, now) is var step and not WaitingStep.Nothing)
            ServeQueue(step, now);
        for (var place = 0; !IsCutShort && place < _context.Held.Count && AdmissionGate.HasRoom(After.Ledger, now); place++)
            ServeHeld(_context.Held[place], now);
    }

    private void ServeQueue(WaitingStep step, DateTimeOffset now)
    {
        var mean = WaitOrder.MeanWaitSeconds(After.Ledger, now);
        var next = WaitOrder.First(After.Waiting, mean, 1)[0];
        if (!_context.Runs.TryGetValue(next.RunId, out var run))
        {
            IsCutShort = true;
            // One that was accepted in this batch has no row yet: its turn is after it.
            if (!Writes(RowKeys.Wait(next.Place)))
                Lacking = [.. WaitOrder.First(After.Waiting, mean, MaxStarts(step, now)).Where(waiting => !_context.Runs.ContainsKey(waiting.RunId) && !Writes(RowKeys.Wait(waiting.Place)))];
            return;
        }

        var edit = step == WaitingStep.Start ? WaitingMoves.Start(After, next, run, now) : WaitingMoves.Close(After, next, run, now);
        IsCutShort = !TryAdd(null, edit, edit.After!);
    }

    private int MaxStarts(WaitingStep step, DateTimeOffset now)
    {
        var most = MaxWrites / 3;
        return step == WaitingStep.Start ? Math.Min(After.Ledger.LimitsAt(now).MaxConcurrentRuns - After.Ledger.InFlight, most) : most;
    }

    private void ServeHeld(HeldCalls.HeldCall held, DateTimeOffset now)
    {
        if (Answered.Contains(held) || (held.Call.ExclusiveKey is { } key && (_context.Keys.Contains(key) || Answered.Exists(other => other.Call.ExclusiveKey == key))))
            return;
        if (!held.IsPrepared)
        {
            (Unprepared, IsCutShort) = (held, true);
            return;
        }

        var holding = ToHold.Count;
        if (!TryAdd(held.Call, now, isHeld: true))
        {
            IsCutShort = true;
            return;
        }

        if (ToHold.Count > holding)
        {
            ToHold.RemoveAt(holding);
            return;
        }

        Answered.Add(held);
    }

    private bool WritesAnyOf(IReadOnlyList<TableWrite> writes)
    {
        for (var i = 0; i < writes.Count; i++)
        {
            if (Writes(writes[i].Row.RowKey))
                return true;
        }

        return false;
    }

    // A look through all: most batches are of one edit and look at nothing, and none holds more than a hundred writes.
    private bool Writes(string rowKey)
    {
        foreach (var (_, edit) in _edits)
        {
            for (var i = 0; i < edit.Writes.Count; i++)
            {
                if (edit.Writes[i].Row.RowKey == rowKey)
                    return true;
            }
        }

        return false;
    }

    private void Gather<T>(T[] all, int place, Func<TenantEdit, IReadOnlyList<T>> part)
    {
        foreach (var (_, edit) in _edits)
        {
            var own = part(edit);
            for (var i = 0; i < own.Count; i++)
                all[place++] = own[i];
        }
    }

    private static bool IsSetting(string rowKey) =>
        rowKey == RowKeys.Profile || rowKey.StartsWith(RowKeys.PolicyPrefix, StringComparison.Ordinal);

    private static int BytesOf(IReadOnlyList<TableWrite> writes)
    {
        var bytes = 0;
        for (var i = 0; i < writes.Count; i++)
        {
            foreach (var (_, value) in writes[i].Row.Columns)
                bytes += value is byte[] binary ? binary.Length : value is string text ? text.Length * 2 : 8;
        }

        return bytes;
    }
}

/// <summary>What a batch is folded with besides the calls.</summary>
/// <param name="Held">Calls held for a slot, in order.</param>
/// <param name="Runs">Rows of waiting runs that were read; null where there is none.</param>
/// <param name="Keys">Exclusive keys of the calls.</param>
internal sealed record FoldContext(IReadOnlyList<HeldCalls.HeldCall> Held, IReadOnlyDictionary<string, RunRecord?> Runs, IReadOnlySet<string> Keys)
{
    /// <summary>Where nothing waits.</summary>
    public static FoldContext None { get; } = new([], new Dictionary<string, RunRecord?>(), new HashSet<string>());
}
