using Headgate.Functions.Ports;

namespace Headgate.LocalHost.Tables.InMemory;

/// <summary>Rows of this process that are not yet on disk, deleted ones included. Guarded by the store.</summary>
internal sealed class Overlay
{
    private readonly Dictionary<PartitionAddress, Dictionary<string, StoredRow>> _partitions = [];

    public StoredRow? Find(in RowAddress address) =>
        _partitions.TryGetValue(address.Partition, out var rows) ? rows.GetValueOrDefault(address.RowKey) : null;

    public void Put(StoredRow row)
    {
        var partition = row.Address.Partition;
        if (!_partitions.TryGetValue(partition, out var rows))
            _partitions.Add(partition, rows = new(StringComparer.Ordinal));
        rows[row.Address.RowKey] = row;
    }

    /// <summary>Forgets a row that is on disk now, unless a newer version of it has come meanwhile.</summary>
    /// <returns>Whether it was forgotten.</returns>
    public bool Remove(StoredRow row)
    {
        var partition = row.Address.Partition;
        if (!_partitions.TryGetValue(partition, out var rows) || !ReferenceEquals(rows.GetValueOrDefault(row.Address.RowKey), row))
            return false;
        rows.Remove(row.Address.RowKey);
        if (rows.Count == 0)
            _partitions.Remove(partition);
        return true;
    }

    /// <summary>The rows inside <paramref name="range"/>, in no order.</summary>
    public List<StoredRow> Within(KeyRange range)
    {
        if (range.PartitionKey is { } partitionKey)
            return _partitions.TryGetValue(new(range.Table, partitionKey), out var rows) ? [.. rows.Values.Where(range.Contains)] : [];
        return [.. _partitions.Where(partition => partition.Key.Table == range.Table).SelectMany(partition => partition.Value.Values).Where(range.Contains)];
    }
}
