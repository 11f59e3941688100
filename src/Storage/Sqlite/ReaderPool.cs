using System.Collections.Concurrent;

namespace Headgate.Storage.Sqlite;

/// <summary>Read-only connections, opened on demand. Safe for concurrent use; a connection serves one borrower at a time.</summary>
public sealed class ReaderPool : IDisposable
{
    private const int MaxIdle = 16;

    private readonly ConcurrentBag<Connection> _idle = [];
    private readonly Func<Connection> _open;
    private volatile bool _closed;

    internal ReaderPool(Func<Connection> open) => _open = open;

    public Connection Borrow() => _idle.TryTake(out var connection) ? connection : _open();

    /// <summary>Every query must have ended or been reset.</summary>
    public void Return(Connection connection)
    {
        if (_closed || _idle.Count >= MaxIdle)
            connection.Dispose();
        else
            _idle.Add(connection);
    }

    /// <summary>Frees the page caches of idle connections, up to 2 MB each.</summary>
    public void CloseIdle()
    {
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }

    public void Dispose()
    {
        _closed = true;
        CloseIdle();
    }
}
