using Headgate.Ports;

namespace Headgate.Azure.Tables.Recent;

/// <summary>A read of a whole partition in progress.</summary>
internal sealed record PartitionRead(string PartitionKey, long Moment);

/// <summary>
/// Whole partitions, as of one read and this process's writes since, for 5 seconds. A read during which a write or another read happened is
/// not kept. If a write succeeds although the remembered row contradicts its condition, others have written, and the partition is
/// forgotten. So, apart from own writes, all remembered rows of a partition existed together at one moment. Safe for concurrent use.
/// </summary>
internal sealed class RecentPartitions(TimeProvider clock)
{
    public const int MaxPartitions = 5000;

    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Partition> _partitions = new(StringComparer.Ordinal);
    private long _moment;

    public IReadOnlyList<TableRow>? Find(string partitionKey)
    {
        lock (_lock)
        {
            return _partitions.TryGetValue(partitionKey, out var known) && known.Rows is { } rows && clock.GetElapsedTime(known.At) < Lifetime
                ? [.. rows.Values]
                : null;
        }
    }

    public PartitionRead Begin(string partitionKey)
    {
        lock (_lock)
        {
            if (!_partitions.TryGetValue(partitionKey, out var known) && HasRoom())
                _partitions[partitionKey] = known = new Partition(++_moment, clock.GetTimestamp(), null);
            return new PartitionRead(partitionKey, known?.Moment ?? 0);
        }
    }

    public void End(PartitionRead read, TablePage page)
    {
        lock (_lock)
        {
            if (!_partitions.TryGetValue(read.PartitionKey, out var known))
                return;
            var rows = known.Moment == read.Moment && page.Continuation is null
                ? page.Rows.ToDictionary(row => row.RowKey, StringComparer.Ordinal)
                : null;
            _partitions[read.PartitionKey] = new Partition(++_moment, clock.GetTimestamp(), rows);
        }
    }

    public void Written(TableBatch batch, IReadOnlyList<string> etags)
    {
        var partitionKey = batch.Writes[0].Row.PartitionKey;
        lock (_lock)
        {
            if (!_partitions.TryGetValue(partitionKey, out var known))
                return;
            var rows = known.Rows;
            for (var i = 0; i < batch.Writes.Count && rows is not null; i++)
            {
                var (kind, row) = batch.Writes[i];
                if (Contradicts(rows.GetValueOrDefault(row.RowKey), kind, row.ETag))
                    rows = null;
                else if (kind is WriteKind.Delete or WriteKind.DeleteIfExists)
                    rows.Remove(row.RowKey);
                else
                    rows[row.RowKey] = row with { ETag = etags[i] };
            }

            _partitions[partitionKey] = known with { Moment = ++_moment, Rows = rows };
        }
    }

    public void Forget(string partitionKey)
    {
        lock (_lock)
        {
            if (_partitions.TryGetValue(partitionKey, out var known))
                _partitions[partitionKey] = known with { Moment = ++_moment, Rows = null };
        }
    }

    // The write succeeded, so its condition held.
    private static bool Contradicts(TableRow? remembered, WriteKind kind, string? etag) => kind switch
    {
        WriteKind.Insert => remembered is not null,
        WriteKind.Replace or WriteKind.Delete => remembered?.ETag != etag,
        _ => false,
    };

    private bool HasRoom()
    {
        if (_partitions.Count < MaxPartitions)
            return true;
        foreach (var (partitionKey, known) in _partitions)
        {
            if (clock.GetElapsedTime(known.At) >= Lifetime)
                _partitions.Remove(partitionKey);
        }

        return _partitions.Count < MaxPartitions;
    }

    /// <param name="Moment">New with every change of the partition.</param>
    /// <param name="At">When it was read.</param>
    /// <param name="Rows">Null if unknown.</param>
    private sealed record Partition(long Moment, long At, Dictionary<string, TableRow>? Rows);
}
