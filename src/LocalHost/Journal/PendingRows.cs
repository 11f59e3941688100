using Headgate.LocalHost.Tables;

namespace Headgate.LocalHost.Journal;

/// <summary>The latest version of every row that was written.</summary>
internal sealed class PendingRows
{
    private readonly Dictionary<RowAddress, StoredRow> _latest = [];
    private readonly List<StoredRow> _sorted = [];

    public int Count => _latest.Count;

    public void Put(StoredRow row) => _latest[row.Address] = row;

    public void Clear()
    {
        _latest.Clear();
        _sorted.Clear();
    }

    /// <summary>In the order of the tables, so that neighbours touch the same pages. The list lives until <see cref="Clear"/>.</summary>
    public IReadOnlyList<StoredRow> Sorted()
    {
        _sorted.AddRange(_latest.Values);
        _sorted.Sort(static (left, right) => Compare(left.Address, right.Address));
        return _sorted;
    }

    private static int Compare(in RowAddress left, in RowAddress right)
    {
        // As numbers: comparing enumerations as such boxes them.
        var order = (int)left.Table - (int)right.Table;
        if (order == 0)
            order = string.CompareOrdinal(left.PartitionKey, right.PartitionKey);
        return order != 0 ? order : string.CompareOrdinal(left.RowKey, right.RowKey);
    }
}
