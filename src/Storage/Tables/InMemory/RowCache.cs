namespace Headgate.Storage.Tables.InMemory;

/// <summary>
/// Caches rows as the tables have them, in two generations. When the young one is full it becomes the old one, and the old one, with all
/// that nobody read meanwhile, is dropped. Guarded by the store.
/// </summary>
internal sealed class RowCache(int maxBytes)
{
    /// <summary>Estimated bytes of a row beyond its data.</summary>
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

    /// <summary>Keeps a row that was read from disk.</summary>
    public void Put(StoredRow row)
    {
        Remove(row.Address);
        Add(row);
    }

    /// <summary>
    /// Replaces a row that was merged, if the cache has it. Other rows are not added: most rows written are never read again and would
    /// push out those that are.
    /// </summary>
    public void Renew(StoredRow row)
    {
        if (Remove(row.Address) && row.Data is not null)
            Add(row);
    }

    public void Clear() => (_young, _old, _youngBytes) = ([], [], 0);

    private bool Remove(in RowAddress address)
    {
        if (_old.Remove(address))
            return true;
        if (!_young.Remove(address, out var before))
            return false;
        _youngBytes -= Cost(before);
        return true;
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
