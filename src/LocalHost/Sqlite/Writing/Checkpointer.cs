using SQLitePCL;

namespace Headgate.LocalHost.Sqlite.Writing;

/// <summary>
/// Brings the write-ahead log into the database file without making the writer wait for the bulk of it: past a size, a connection in
/// the background copies what there is; the writer then copies the few pages written meanwhile, between two groups, so that the log
/// starts over from its beginning and stays bounded under unbroken load.
/// </summary>
internal sealed class Checkpointer(Database database) : IDisposable
{
    /// <summary>16 MiB of pages.</summary>
    private const int PagesBetween = 4096;

    private const int PagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private readonly Connection _background = database.OpenCheckpointer();
    private Task? _running;
    private int _pages;

    /// <summary>Called by the writer after each commit.</summary>
    public void AfterCommit(Connection writer)
    {
        writer.Check(raw.sqlite3_db_status(writer.Handle, PagesWritten, out var pages, out _, 1));
        _pages += pages;
        if (_running is { IsCompleted: true })
        {
            _running.GetAwaiter().GetResult();
            _running = null;
            _pages = 0;
            Copy(writer);
        }
        else if (_running is null && _pages >= PagesBetween)
        {
            _running = Task.Run(() => Copy(_background));
        }
    }

    public void Dispose()
    {
        ((IAsyncResult?)_running)?.AsyncWaitHandle.WaitOne();
        _background.Dispose();
    }

    private static void Copy(Connection connection)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(connection.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        if (code != raw.SQLITE_BUSY)
            connection.Check(code);
    }
}
