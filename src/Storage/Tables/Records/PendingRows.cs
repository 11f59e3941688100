using Headgate.Storage.Log;

namespace Headgate.Storage.Tables.Records;

/// <summary>Row records, coalesced: the latest version of each row.</summary>
internal sealed class PendingRows(RowLogClient client) : IPendingRecords
{
    private readonly Dictionary<RowAddress, StoredRow> _latest = [];
    private readonly List<StoredRow> _sorted = [];

    public int Count => _latest.Count;

    public void Add(ILogRecord record)
    {
        var row = (StoredRow)record;
        _latest[row.Address] = row;
    }

    public IEnumerable<IPendingWrite> Writes()
    {
        _sorted.AddRange(_latest.Values);
        _sorted.Sort(static (left, right) => Compare(left.Address, right.Address));
        return _sorted;
    }

    public void Merged() => client.RowsMerged?.Invoke(_sorted);

    public void Clear()
    {
        _latest.Clear();
        _sorted.Clear();
    }

    private static int Compare(in RowAddress left, in RowAddress right)
    {
        // As numbers: comparing enums boxes them.
        var order = (int)left.Table - (int)right.Table;
        if (order == 0)
            order = string.CompareOrdinal(left.PartitionKey, right.PartitionKey);
        return order != 0 ? order : string.CompareOrdinal(left.RowKey, right.RowKey);
    }
}
