using Headgate.Ports;

namespace Headgate.Functions.Stores;

/// <summary>
/// Gathers writes from several places into one ordered change: a batch a partition, by rank, cut at the bound of a batch.
/// Who asked for a write is remembered, so that a lost race can be laid at the right door.
/// </summary>
public sealed class ChangeBuilder
{
    private readonly List<Entry> _writes = [];
    private List<TableBatch>? _batches;
    private int _added;

    public bool IsEmpty => _writes.Count == 0;

    /// <summary>A later write of the same row at the same rank takes the place of the earlier.</summary>
    /// <param name="rank">Lower ranks stand before higher ones are applied.</param>
    public void Add(int rank, Table table, TableWrite write, object? owner = null) => _writes.Add(new Entry(rank, table, write, owner, _added++));

    public TableChange Build() => new(Batches(), []);

    public List<TableBatch> Batches()
    {
        _batches = [];
        _writes.Sort(InOrder);
        for (var first = 0; first < _writes.Count;)
        {
            var end = EndOfPartition(first);
            if (end - first > 1)
                end = DropReplaced(first, end);
            for (; first < end; first += _batches[^1].Writes.Count)
                _batches.Add(Batch(first, Math.Min(end - first, TableBatch.MaxWrites)));
        }

        return _batches;
    }

    /// <summary>Who asked for the write that lost, in the change built last; nothing may have been added since.</summary>
    public object? OwnerOf(WriteConflict conflict)
    {
        var first = _batches!.Take(conflict.Batch).Sum(batch => batch.Writes.Count);
        return _writes[first + conflict.Write].Owner;
    }

    private int EndOfPartition(int first)
    {
        var end = first + 1;
        while (end < _writes.Count && OfPartitions(_writes[first], _writes[end]) == 0)
            end++;
        return end;
    }

    /// <returns>The new end of the partition.</returns>
    private int DropReplaced(int first, int end)
    {
        var places = new Dictionary<string, int>(end - first, StringComparer.Ordinal);
        var free = first;
        for (var i = first; i < end; i++)
        {
            var entry = _writes[i];
            if (places.TryAdd(entry.Write.Row.RowKey, free))
            {
                _writes[free++] = entry;
            }
            else
            {
                var place = places[entry.Write.Row.RowKey];
                _writes[place] = entry with { Number = _writes[place].Number };
            }
        }

        _writes.RemoveRange(free, end - free);
        return free;
    }

    private TableBatch Batch(int first, int count)
    {
        var writes = new TableWrite[count];
        for (var i = 0; i < count; i++)
            writes[i] = _writes[first + i].Write;
        return new TableBatch(_writes[first].Table, writes);
    }

    private static int InOrder(Entry a, Entry b)
    {
        var order = OfPartitions(a, b);
        return order == 0 ? a.Number - b.Number : order;
    }

    private static int OfPartitions(in Entry a, in Entry b)
    {
        var order = a.Rank - b.Rank;
        if (order == 0)
            order = (int)a.Table - (int)b.Table;
        return order == 0 ? string.CompareOrdinal(a.Write.Row.PartitionKey, b.Write.Row.PartitionKey) : order;
    }

    /// <param name="Number">Keeps writes of one partition in the order in which they were added.</param>
    private readonly record struct Entry(int Rank, Table Table, TableWrite Write, object? Owner, int Number);
}
