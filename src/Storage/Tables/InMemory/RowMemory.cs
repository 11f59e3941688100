using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Tables.InMemory;

/// <summary>
/// Rows as this process has written them: first those not yet in the tables of the database, then a bounded number of those that are;
/// and where the database is known to have none. Everything it does is short, under one lock; <see cref="Gate"/> is that lock for
/// whoever must decide and write as one step.
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

    /// <summary>The rows of a range that are not in the database yet, in no order, and whether the database has no more to add.</summary>
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

    /// <summary>The rows are in the tables of the database. There may be thousands: nobody waits for the lock until all are seen to.</summary>
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

    /// <summary>The row by memory or else by disk; null where there is none. The disk is read outside the lock unless the caller holds it.</summary>
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

    /// <returns>Whether memory knows the row, be it that there is none.</returns>
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

    /// <summary>Forgets what the database could be asked for again.</summary>
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

    /// <summary>The row as the disk had it, unless something was merged since <paramref name="merges"/>, which may have made it old.</summary>
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
