using Headgate.Functions.Ports;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;

namespace Headgate.Functions.Admission;

/// <summary>Edits of several calls folded over one snapshot into one change.</summary>
internal sealed class EditBatch
{
    // The table's bounds are 100 writes and 4 MiB; one write is the ledger, and keys and small columns want some room.
    private const int MaxWrites = TableBatch.MaxWrites - 1;
    private const int MaxBytes = 3 * 1024 * 1024;

    private readonly List<TableWrite> _writes = [default];
    private readonly List<TenantCall?> _owners = [null];
    private readonly List<TableBatch> _preceding = [];
    private readonly List<TenantCall> _precedingOwners = [];
    private readonly List<TableBatch> _following = [];
    private readonly List<OutgoingMessage> _messages = [];
    private readonly HashSet<string> _rowKeys = new(StringComparer.Ordinal);
    private int _bytes;

    private EditBatch(TenantSnapshot tenant) => After = tenant;

    /// <summary>The snapshot once this batch is written, under its old ETag.</summary>
    public TenantSnapshot After { get; private set; }

    public bool WritesAnything { get; private set; }

    /// <summary>Profile or policies were among the writes: the snapshot must be read anew.</summary>
    public bool ChangesSettings { get; private set; }

    /// <summary>How many of the calls, from the first, are in it.</summary>
    public int Taken { get; private set; }

    public static EditBatch Fold(TenantSnapshot tenant, IReadOnlyList<TenantCall> calls, DateTimeOffset now)
    {
        var batch = new EditBatch(tenant);
        while (batch.Taken < calls.Count && batch.TryAdd(calls[batch.Taken], now))
            batch.Taken++;
        return batch;
    }

    public TableChange ToChange(string tenantId)
    {
        _writes[0] = TableWrite.Replace(LedgerRow.Write(tenantId, After.Ledger, After.LedgerETag));
        return new TableChange([.. _preceding, new TableBatch(Table.Tenants, _writes), .. _following], _messages);
    }

    public int TenantBatch => _preceding.Count;

    /// <summary>Whose write lost; null for the ledger's own.</summary>
    public TenantCall? OwnerOf(WriteConflict conflict) =>
        conflict.Batch < _preceding.Count ? _precedingOwners[conflict.Batch] : _owners[conflict.Write];

    private bool TryAdd(TenantCall call, DateTimeOffset now)
    {
        // What comes after a change of settings must be decided on the settings changed.
        if (ChangesSettings)
            return false;
        if (!call.TryDecide(After, now, out var edit) || edit.After is null)
            return true;
        var bytes = edit.Writes.Sum(BytesOf);
        if (edit.Writes.Any(write => _rowKeys.Contains(write.Row.RowKey)))
            return false;
        if (WritesAnything && (_writes.Count + edit.Writes.Count > MaxWrites + 1 || _bytes + bytes > MaxBytes))
            return false;

        _bytes += bytes;
        WritesAnything = true;
        After = After with { Ledger = edit.After };
        foreach (var write in edit.Writes)
        {
            _writes.Add(write);
            _owners.Add(call);
            _rowKeys.Add(write.Row.RowKey);
            ChangesSettings |= write.Row.RowKey == RowKeys.Profile || write.Row.RowKey.StartsWith(RowKeys.PolicyPrefix, StringComparison.Ordinal);
        }

        foreach (var preceding in edit.Preceding)
        {
            _preceding.Add(preceding);
            _precedingOwners.Add(call);
        }

        _following.AddRange(edit.Following);
        _messages.AddRange(edit.Messages);
        return true;
    }

    private static int BytesOf(TableWrite write)
    {
        var bytes = 0;
        foreach (var (_, value) in write.Row.Columns)
            bytes += value is byte[] binary ? binary.Length : value is string text ? text.Length * 2 : 8;
        return bytes;
    }
}
