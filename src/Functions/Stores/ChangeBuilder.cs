using Headgate.Functions.Ports;

namespace Headgate.Functions.Stores;

/// <summary>
/// Gathers writes from several places into one ordered change: a batch a partition, by rank, cut at the bound of a batch.
/// Who asked for a write is remembered, so that a lost race can be laid at the right door.
/// </summary>
public sealed class ChangeBuilder
{
    private readonly SortedDictionary<(int Rank, Table Table, string Partition), Dictionary<string, Entry>> _writes =
        new(Comparer<(int Rank, Table Table, string Partition)>.Create(InOrder));
    private readonly List<List<object?>> _owners = [];

    public bool IsEmpty => _writes.Count == 0;

    /// <summary>A later write of the same row at the same rank takes the place of the earlier.</summary>
    /// <param name="rank">Lower ranks stand before higher ones are applied.</param>
    public void Add(int rank, Table table, TableWrite write, object? owner = null)
    {
        var key = (rank, table, write.Row.PartitionKey);
        if (!_writes.TryGetValue(key, out var rows))
            _writes[key] = rows = new(StringComparer.Ordinal);
        rows[write.Row.RowKey] = new Entry(write, owner);
    }

    public TableChange Build() => new(Batches(), []);

    public List<TableBatch> Batches()
    {
        _owners.Clear();
        var batches = new List<TableBatch>(_writes.Count);
        foreach (var (key, rows) in _writes)
        {
            foreach (var chunk in rows.Values.Chunk(TableBatch.MaxWrites))
            {
                batches.Add(new TableBatch(key.Table, Array.ConvertAll(chunk, entry => entry.Write)));
                _owners.Add([.. chunk.Select(entry => entry.Owner)]);
            }
        }

        return batches;
    }

    /// <summary>Who asked for the write that lost, in the change built last.</summary>
    public object? OwnerOf(WriteConflict conflict) => _owners[conflict.Batch][conflict.Write];

    private static int InOrder((int Rank, Table Table, string Partition) a, (int Rank, Table Table, string Partition) b)
    {
        var order = a.Rank.CompareTo(b.Rank);
        if (order == 0)
            order = a.Table.CompareTo(b.Table);
        return order == 0 ? string.CompareOrdinal(a.Partition, b.Partition) : order;
    }

    private readonly record struct Entry(TableWrite Write, object? Owner);
}
