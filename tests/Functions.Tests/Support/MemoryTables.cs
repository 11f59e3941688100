using System.Globalization;
using Headgate.Ports;

namespace Headgate.Functions.Tests.Support;

/// <summary>Tables in memory: one lock, sorted keys, numbers for ETags. Batches stop at the first conflict or when cancelled, as they may in a cloud.</summary>
internal sealed class MemoryTables : ITableStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(Table Table, string Partition, string Row), TableRow> _rows = [];
    private readonly SortedSet<(Table Table, string Partition, string Row)> _keys = new(Order.Instance);
    private readonly Dictionary<string, int> _gets = new(StringComparer.Ordinal);
    private int _version;

    /// <summary>Every read of one row so far.</summary>
    public int Gets { get; private set; }

    /// <summary>Reads of rows with this key so far.</summary>
    public int GetsOf(string rowKey)
    {
        lock (_lock)
            return _gets.GetValueOrDefault(rowKey);
    }

    /// <summary>Every change so far, applied or not.</summary>
    public int Submits { get; private set; }

    /// <summary>Thrown by every call while set.</summary>
    public StoreUnavailableException? Failure { get; set; }

    /// <summary>What happens right before a change is looked at: another process, in a test of a race.</summary>
    public Func<TableChange, Task>? Submitting { get; set; }

    /// <summary>What happens right after a change was applied, before the caller hears of it.</summary>
    public Func<TableChange, Task>? Submitted { get; set; }

    /// <summary>What happens right after a range was read, before the reader sees it.</summary>
    public Func<TableQuery, Task>? Queried { get; set; }

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
            _gets[rowKey] = _gets.GetValueOrDefault(rowKey) + 1;
            return ValueTask.FromResult(_rows.GetValueOrDefault((table, partitionKey, rowKey)));
        }
    }

    public async ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default)
    {
        var page = Read(query);
        if (Queried is { } queried)
            await queried(query);
        return page;
    }

    public async ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default)
    {
        if (Submitting is { } submitting)
            await submitting(change);
        var outcome = Apply(change, cancellationToken);
        if (Submitted is { } submitted)
            await submitted(change);
        return outcome;
    }

    private TablePage Read(TableQuery query)
    {
        lock (_lock)
        {
            ThrowIfDown();
            var keys = query.PartitionKey is { } partition
                ? _keys.GetViewBetween((query.Table, partition, ""), (query.Table, partition, "\uFFFF"))
                : _keys.Where(key => key.Table == query.Table);
            var rows = keys
                .Select(key => _rows[key])
                .Where(row => string.CompareOrdinal(row.RowKey, query.From ?? "") >= 0)
                .Where(row => query.Before is null || string.CompareOrdinal(row.RowKey, query.Before) < 0)
                .Skip(int.Parse(query.Continuation ?? "0", CultureInfo.InvariantCulture))
                .Take(query.Take + 1)
                .ToList();
            var more = rows.Count > query.Take ? $"{int.Parse(query.Continuation ?? "0", CultureInfo.InvariantCulture) + query.Take}" : null;
            return new TablePage([.. rows.Take(query.Take).Select(row => Only(row, query.Columns))], more);
        }
    }

    private static TableRow Only(TableRow row, IReadOnlyList<string>? columns)
    {
        if (columns is null)
            return row;
        var only = new Columns();
        foreach (var name in columns)
            only.Add(name, row.Columns[name]);
        return row with { Columns = only };
    }

    private ChangeOutcome Apply(TableChange change, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ThrowIfDown();
            Submits++;
            var etags = new List<IReadOnlyList<string>>();
            foreach (var (index, batch) in change.Batches.Index())
            {
                if (index > 0)
                    cancellationToken.ThrowIfCancellationRequested();
                if (batch.Writes.DistinctBy(write => write.Row.RowKey).Count() != batch.Writes.Count)
                    throw new ArgumentException("A batch writes a row twice.", nameof(change));
                foreach (var (place, write) in batch.Writes.Index())
                {
                    if (ConflictOf(batch.Table, write) is { } kind)
                        return new ChangeOutcome(index, new WriteConflict(index, place, kind), etags);
                }

                etags.Add([.. batch.Writes.Select(write => Apply(batch.Table, write))]);
            }

            return new ChangeOutcome(change.Batches.Count, null, etags);
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
            _keys.Remove(KeyOf(table, write));
            return "";
        }

        var row = write.Row with { ETag = $"{++_version}" };
        _rows[KeyOf(table, write)] = row;
        _keys.Add(KeyOf(table, write));
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
