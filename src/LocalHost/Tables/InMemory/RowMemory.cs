using Headgate.LocalHost.Sqlite;

namespace Headgate.LocalHost.Tables.InMemory;

/// <summary>
/// Rows as this process has written them: first those not yet on disk, then a bounded number of those that are. Everything it does is
/// short, under one lock; <see cref="Gate"/> is that lock for whoever must decide and write as one step.
/// </summary>
internal sealed class RowMemory
{
    private const int CacheBytes = 64 * 1024 * 1024;
    private readonly Overlay _overlay = new();
    private readonly RowCache _cache = new(CacheBytes);
    private long _flushes;

    public Lock Gate { get; } = new();

    /// <summary>The row if memory knows it, deleted or not, and what <see cref="Remember"/> asks for.</summary>
    public (StoredRow? Row, long Flushes) Find(in RowAddress address)
    {
        lock (Gate)
            return (_overlay.Find(address) ?? _cache.Find(address), _flushes);
    }

    /// <summary>The row as the disk had it, unless something was flushed since <paramref name="flushes"/>, which may have made it old.</summary>
    public void Remember(StoredRow row, long flushes)
    {
        lock (Gate)
        {
            if (flushes == _flushes)
                _cache.Put(row);
        }
    }

    /// <summary>The unflushed rows of a range, in no order.</summary>
    public List<StoredRow> Within(KeyRange range)
    {
        lock (Gate)
            return _overlay.Within(range);
    }

    public void Put(IReadOnlyList<StoredRow> rows)
    {
        lock (Gate)
        {
            foreach (var row in rows)
                _overlay.Put(row);
        }
    }

    /// <summary>The rows are on disk.</summary>
    public void Flushed(IReadOnlyList<StoredRow> rows)
    {
        lock (Gate)
        {
            _flushes++;
            foreach (var row in rows)
            {
                if (_overlay.Remove(row))
                    _cache.Put(row);
            }
        }
    }

    /// <summary>The row by memory or else by disk; null where there is none. The disk is read outside the lock unless the caller holds it.</summary>
    public StoredRow? Read(Connection connection, in RowAddress address)
    {
        var (known, flushes) = Find(address);
        if (known is not null)
            return known.Data is null ? null : known;
        var row = RowStatements.Find(connection, address);
        if (row is not null)
            Remember(row, flushes);
        return row;
    }
}
