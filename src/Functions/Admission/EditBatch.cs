using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;

namespace Headgate.Functions.Admission;

/// <summary>Edits of several calls folded over one snapshot into one change.</summary>
internal sealed class EditBatch
{
    // The table's bounds are 100 writes and 4 MiB; one write is the ledger, and keys and small columns want some room.
    private const int MaxWrites = TableBatch.MaxWrites - 1;
    private const int MaxBytes = 3 * 1024 * 1024;

    private readonly List<(TenantCall Call, TenantEdit Edit)> _edits;
    private int _writes;
    private int _following;
    private int _messages;
    private int _bytes;

    private EditBatch(TenantSnapshot tenant, int calls)
    {
        After = tenant;
        _edits = new(calls);
    }

    /// <summary>The snapshot once this batch is written, under its old ETag.</summary>
    public TenantSnapshot After { get; private set; }

    public bool WritesAnything => _edits.Count > 0;

    /// <summary>Profile or policies were among the writes: the snapshot must be read anew.</summary>
    public bool ChangesSettings { get; private set; }

    /// <summary>How many of the calls, from the first, are in it.</summary>
    public int Taken { get; private set; }

    /// <summary>The place of the tenant's own batch, behind all that precede it.</summary>
    public int TenantBatch { get; private set; }

    public static EditBatch Fold(TenantSnapshot tenant, IReadOnlyList<TenantCall> calls, DateTimeOffset now)
    {
        var batch = new EditBatch(tenant, calls.Count);
        while (batch.Taken < calls.Count && batch.TryAdd(calls[batch.Taken], now))
            batch.Taken++;
        return batch;
    }

    public TableChange ToChange(string tenantId)
    {
        var writes = new TableWrite[1 + _writes];
        writes[0] = TableWrite.Replace(LedgerRow.Write(tenantId, After.Ledger, After.LedgerETag));
        Gather(writes, 1, static edit => edit.Writes);

        var batches = new TableBatch[TenantBatch + 1 + _following];
        Gather(batches, 0, static edit => edit.Preceding);
        batches[TenantBatch] = new TableBatch(Table.Tenants, writes);
        Gather(batches, TenantBatch + 1, static edit => edit.Following);

        var messages = new OutgoingMessage[_messages];
        Gather(messages, 0, static edit => edit.Messages);
        return new TableChange(batches, messages);
    }

    /// <summary>Whose write lost; null for the ledger's own.</summary>
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

    private bool TryAdd(TenantCall call, DateTimeOffset now)
    {
        // What comes after a change of settings must be decided on the settings changed.
        if (ChangesSettings)
            return false;
        if (call.TryDecide(After, now) is not { After: { } after } edit)
            return true;
        var bytes = BytesOf(edit.Writes);
        if (WritesAnything && (_writes + edit.Writes.Count > MaxWrites || _bytes + bytes > MaxBytes || WritesAnyOf(edit.Writes)))
            return false;

        _edits.Add((call, edit));
        _bytes += bytes;
        _writes += edit.Writes.Count;
        TenantBatch += edit.Preceding.Count;
        _following += edit.Following.Count;
        _messages += edit.Messages.Count;
        After = After with { Ledger = after };
        for (var i = 0; i < edit.Writes.Count; i++)
            ChangesSettings |= IsSetting(edit.Writes[i].Row.RowKey);
        return true;
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
