using Headgate.Ports;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tables.InMemory;

namespace Headgate.Storage.Tables;

/// <summary>Decides a change against the current rows, under the store's lock. A batch sees what the batches before it would write.</summary>
internal sealed class ChangeDecision(RowMemory memory, Connection connection, SequenceNumbers numbers)
{
    private Dictionary<RowAddress, StoredRow>? _earlier;

    /// <summary>The rows to write, in order. Incomplete after a conflict.</summary>
    public StoredRow[] Rows { get; private set; } = [];

    public ChangeOutcome Decide(PreparedWrite[][] batches)
    {
        Rows = new StoredRow[Count(batches)];
        var etags = new RowETags[batches.Length];
        var first = 0;
        for (var batch = 0; batch < batches.Length; batch++)
        {
            var writes = batches[batch];
            for (var i = 0; i < writes.Length; i++)
            {
                if (Conflict(writes[i]) is { } conflict)
                    return new(0, new(batch, i, conflict), []);
                Rows[first + i] = new StoredRow(writes[i].Address, numbers.Next(), writes[i].Data);
            }

            var rows = new ArraySegment<StoredRow>(Rows, first, writes.Length);
            etags[batch] = new RowETags(rows);
            if (IsOfLaterBatch(writes[0].Address.Partition, batches, batch))
                Remember(rows);
            first += writes.Length;
        }

        return new(batches.Length, null, etags);
    }

    private static int Count(PreparedWrite[][] batches)
    {
        var count = 0;
        foreach (var writes in batches)
            count += writes.Length;
        return count;
    }

    private ConflictKind? Conflict(in PreparedWrite write) => write.IsConditional ? write.ConflictWith(Version(write.Address)) : null;

    private long? Version(in RowAddress address)
    {
        if (_earlier is not null && _earlier.TryGetValue(address, out var earlier))
            return earlier.Data is null ? null : earlier.Version;
        return memory.Read(connection, address)?.Version;
    }

    private static bool IsOfLaterBatch(PartitionAddress partition, PreparedWrite[][] batches, int batch)
    {
        for (var later = batch + 1; later < batches.Length; later++)
        {
            if (batches[later][0].Address.Partition == partition)
                return true;
        }

        return false;
    }

    private void Remember(ArraySegment<StoredRow> rows)
    {
        _earlier ??= [];
        foreach (var row in rows)
            _earlier[row.Address] = row;
    }
}
