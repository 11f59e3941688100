using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Tables.InMemory;

/// <summary>
/// What memory knows of the rows: those not yet merged, a bounded number of merged ones, and key ranges without rows. All under one lock,
/// <see cref="Gate"/>; hold it to decide and write in one step.
/// </summary>
internal sealed class RowMemory
{
    private const int CacheBytes = 16 * 1024 * 1024;
    private const int MergedAtOnce = 128;
    private readonly Overlay _overlay = new();
    private readonly RowCache _cache = new(CacheBytes);
    private readonly EmptyRanges _empty = new();
    private long _merges;

    public Lock Gate { get; } = new();

    /// <summary>The rows of a range that are not merged, unordered, and whether the tables have no others.</summary>
    public (List<StoredRow> Rows, bool IsAll) Within(KeyRange range)
    {
        lock (Gate)
        {
            var isAll = range.PartitionKey is { } partition && _empty.Covers(range.Table, partition, range.StartRow, range.Before);
            return (_overlay.Within(range), isAll);
        }
    }

    public void Put(IReadOnlyList<StoredRow> rows)
    {
        lock (Gate)
        {
            foreach (var row in rows)
                _overlay.Put(row);
        }
    }

    /// <summary>The rows are in the tables. There may be thousands, so the lock is released now and then.</summary>
    public void Merged(IReadOnlyList<StoredRow> rows)
    {
        for (var first = 0; first < rows.Count; first += MergedAtOnce)
        {
            lock (Gate)
            {
                _merges++;
                for (var i = first; i < Math.Min(first + MergedAtOnce, rows.Count); i++)
                    Merged(rows[i]);
            }
        }
    }

    /// <summary>Reads a row from memory or else from disk; null if there is none. Reads the disk outside the lock unless the caller holds it.</summary>
    public StoredRow? Read(Connection connection, in RowAddress address)
    {
        if (TryFind(address, out var known, out var merges))
            return known;
        var row = RowStatements.Find(connection, address);
        if (row is not null)
            Remember(row, merges);
        else
            Remember(RowStatements.FindEmpty(connection, address), merges);
        return row;
    }

    /// <returns>Whether memory knows the row, or that there is none.</returns>
    public bool TryFind(in RowAddress address, out StoredRow? row, out long merges)
    {
        lock (Gate)
        {
            merges = _merges;
            row = _overlay.Find(address) ?? _cache.Find(address);
            if (row is { Data: null })
                row = null;
            else if (row is null)
                return _empty.Contains(address);
            return true;
        }
    }

    public void Forget()
    {
        lock (Gate)
            _cache.Clear();
    }

    private void Merged(StoredRow row)
    {
        if (row.Data is not null)
            _empty.Cut(row.Address);
        if (_overlay.Remove(row))
            _cache.Renew(row);
    }

    /// <summary>Keeps a row read from disk, unless a merge since <paramref name="merges"/> may have changed it.</summary>
    private void Remember(StoredRow row, long merges)
    {
        lock (Gate)
        {
            if (merges == _merges)
                _cache.Put(row);
        }
    }

    private void Remember(in EmptyRange range, long merges)
    {
        lock (Gate)
        {
            if (merges == _merges)
                _empty.Add(range);
        }
    }
}
