using System.Globalization;
using Headgate.Functions.Ports;

namespace Headgate.Functions.Tests.Support;

/// <summary>Tables in memory: one lock, sorted keys, numbers for ETags. Batches stop at the first conflict, as they may in a cloud.</summary>
internal sealed class MemoryTables : ITableStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(Table Table, string Partition, string Row), TableRow> _rows = new(Order.Instance);
    private int _version;

    /// <summary>Every read of one row so far.</summary>
    public int Gets { get; private set; }

    /// <summary>Every change so far, applied or not.</summary>
    public int Submits { get; private set; }

    /// <summary>Thrown by every call while set.</summary>
    public StoreUnavailableException? Failure { get; set; }

    /// <summary>Puts a row there before the test begins.</summary>
    public void Put(Table table, TableRow row)
    {
        lock (_lock)
            Apply(table, TableWrite.Upsert(row));
    }

    public ValueTask<TableRow?> GetAsync(Table table, string partitionKey, string rowKey, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            ThrowIfDown();
            Gets++;
            return ValueTask.FromResult(_rows.GetValueOrDefault((table, partitionKey, rowKey)));
        }
    }

    public ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            ThrowIfDown();
            var rows = _rows
                .Where(pair => pair.Key.Table == query.Table && (query.PartitionKey is null || pair.Key.Partition == query.PartitionKey))
                .Select(pair => pair.Value)
                .Where(row => string.CompareOrdinal(row.RowKey, query.From ?? "") >= 0)
                .Where(row => query.Before is null || string.CompareOrdinal(row.RowKey, query.Before) < 0)
                .Skip(int.Parse(query.Continuation ?? "0", CultureInfo.InvariantCulture))
                .Take(query.Take + 1)
                .ToList();
            var more = rows.Count > query.Take ? $"{int.Parse(query.Continuation ?? "0", CultureInfo.InvariantCulture) + query.Take}" : null;
            return ValueTask.FromResult(new TablePage([.. rows.Take(query.Take)], more));
        }
    }

    public ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            ThrowIfDown();
            Submits++;
            var etags = new List<IReadOnlyList<string>>();
            foreach (var (index, batch) in change.Batches.Index())
            {
                foreach (var (place, write) in batch.Writes.Index())
                {
                    if (ConflictOf(batch.Table, write) is { } kind)
                        return ValueTask.FromResult(new ChangeOutcome(index, new WriteConflict(index, place, kind), etags));
                }

                etags.Add([.. batch.Writes.Select(write => Apply(batch.Table, write))]);
            }

            return ValueTask.FromResult(new ChangeOutcome(change.Batches.Count, null, etags));
        }
    }

    private void ThrowIfDown()
    {
        if (Failure is not null)
            throw Failure;
    }

    private ConflictKind? ConflictOf(Table table, TableWrite write)
    {
        var stored = _rows.GetValueOrDefault(KeyOf(table, write));
        return write.Kind switch
        {
            WriteKind.Insert when stored is not null => ConflictKind.Exists,
            WriteKind.Replace or WriteKind.Delete when stored is null => ConflictKind.Missing,
            WriteKind.Replace or WriteKind.Delete when stored.ETag != write.Row.ETag => ConflictKind.Changed,
            _ => null,
        };
    }

    private string Apply(Table table, TableWrite write)
    {
        if (write.Kind is WriteKind.Delete or WriteKind.DeleteIfExists)
        {
            _rows.Remove(KeyOf(table, write));
            return "";
        }

        var row = write.Row with { ETag = $"{++_version}" };
        _rows[KeyOf(table, write)] = row;
        return row.ETag;
    }

    private static (Table, string, string) KeyOf(Table table, TableWrite write) => (table, write.Row.PartitionKey, write.Row.RowKey);

    private sealed class Order : IComparer<(Table Table, string Partition, string Row)>
    {
        public static readonly Order Instance = new();

        public int Compare((Table Table, string Partition, string Row) x, (Table Table, string Partition, string Row) y)
        {
            var order = x.Table.CompareTo(y.Table);
            if (order == 0)
                order = string.CompareOrdinal(x.Partition, y.Partition);
            return order == 0 ? string.CompareOrdinal(x.Row, y.Row) : order;
        }
    }
}
