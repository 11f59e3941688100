using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Headgate.Storage.Tables.InMemory;

/// <summary>A memtable: rows written by this process that are not yet merged into the tables, deletions included. Guarded by the store.</summary>
internal sealed class Overlay
{
    private readonly Dictionary<PartitionAddress, PartitionRows> _partitions = [];

    public StoredRow? Find(in RowAddress address) =>
        _partitions.TryGetValue(address.Partition, out var rows) ? rows.Find(address.RowKey) : null;

    public void Put(StoredRow row) => CollectionsMarshal.GetValueRefOrAddDefault(_partitions, row.Address.Partition, out _).Put(row);

    /// <summary>Removes a row that is merged, unless a newer version was put since.</summary>
    /// <returns>Whether it was removed.</returns>
    public bool Remove(StoredRow row)
    {
        var partition = row.Address.Partition;
        ref var rows = ref CollectionsMarshal.GetValueRefOrNullRef(_partitions, partition);
        if (Unsafe.IsNullRef(ref rows) || !ReferenceEquals(rows.Find(row.Address.RowKey), row))
            return false;
        rows.Remove(row.Address.RowKey);
        if (rows.IsEmpty)
            _partitions.Remove(partition);
        return true;
    }

    /// <summary>The rows inside <paramref name="range"/>, unordered.</summary>
    public List<StoredRow> Within(KeyRange range)
    {
        List<StoredRow> within = [];
        if (range.PartitionKey is { } partitionKey)
        {
            if (_partitions.TryGetValue(new(range.Table, partitionKey), out var rows))
                rows.AddWithin(range, within);
            return within;
        }

        foreach (var (partition, rows) in _partitions)
        {
            if (partition.Table == range.Table)
                rows.AddWithin(range, within);
        }

        return within;
    }
}
