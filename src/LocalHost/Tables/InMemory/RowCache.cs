namespace Headgate.LocalHost.Tables.InMemory;

/// <summary>
/// Rows as they are on disk, kept for the next read. Two generations: when the young one is full it becomes the old one, and what is
/// not asked for again goes with it. Guarded by the store.
/// </summary>
internal sealed class RowCache(int maxBytes)
{
    /// <summary>A guess at what a row costs beyond its data.</summary>
    private const int Overhead = 256;

    private Dictionary<RowAddress, StoredRow> _young = [];
    private Dictionary<RowAddress, StoredRow> _old = [];
    private int _youngBytes;

    public StoredRow? Find(in RowAddress address)
    {
        if (_young.TryGetValue(address, out var row))
            return row;
        if (_old.Remove(address, out row))
            Add(row);
        return row;
    }

    /// <summary>The row is now what the disk holds; a deleted one is forgotten.</summary>
    public void Put(StoredRow row)
    {
        _old.Remove(row.Address);
        if (_young.Remove(row.Address, out var before))
            _youngBytes -= Cost(before);
        if (row.Data is null)
            return;
        row.Keep();
        Add(row);
    }

    private void Add(StoredRow row)
    {
        _young.Add(row.Address, row);
        _youngBytes += Cost(row);
        if (_youngBytes * 2 <= maxBytes)
            return;
        (_young, _old) = ([], _young);
        _youngBytes = 0;
    }

    private static int Cost(StoredRow row) => row.Data!.Length + Overhead;
}
