using SQLitePCL;

namespace Headgate.LocalHost.Sqlite.Writing;

/// <summary>
/// Brings the write-ahead log into the database file without making the writer wait for the bulk of it: past a size, a connection in
/// the background copies what there is, and again what was written meanwhile, until little is left; the writer then copies that between
/// two groups, so that the log starts over from its beginning and stays bounded under unbroken load.
/// </summary>
internal sealed class Checkpointer(Database database) : IDisposable
{
    /// <summary>16 MiB of pages.</summary>
    private const int PagesBetween = 4096;

    /// <summary>What the writer may copy itself: 1 MiB.</summary>
    private const int PagesLeft = 256;

    /// <summary>48 MiB: the writer waits and copies whatever is left, because the background does not get ahead of the load.</summary>
    private const int MaxPages = 12_288;

    private const int PagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private readonly Connection _background = database.OpenCheckpointer();
    private Task? _running;
    private int _pages;
    private int _pagesOfRounds;

    /// <summary>Called by the writer after each commit.</summary>
    public void AfterCommit(Connection writer)
    {
        writer.Check(raw.sqlite3_db_status(writer.Handle, PagesWritten, out var pages, out _, 1));
        _pages += pages;
        var isLong = _pagesOfRounds + _pages > MaxPages;
        if (_running is null ? _pages < PagesBetween : !_running.IsCompleted && !isLong)
            return;
        _running?.GetAwaiter().GetResult();
        if (isLong || (_running is not null && _pages <= PagesLeft))
        {
            Copy(writer);
            (_running, _pages, _pagesOfRounds) = (null, 0, 0);
            return;
        }

        (_pages, _pagesOfRounds) = (0, _pagesOfRounds + _pages);
        _running = Task.Factory.StartNew(() => Copy(_background), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
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
