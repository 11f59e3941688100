using SQLitePCL;

namespace Headgate.Storage.Sqlite.Writing;

/// <summary>
/// Brings the write-ahead log into the database file without making the writer wait for the bulk of it: past a size, a connection in
/// the background copies what there is, and again what was written meanwhile, until little is left; the writer then copies that between
/// two groups, so that the log starts over from its beginning and stays bounded under unbroken load.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    /// <summary>32 MiB of pages.</summary>
    private const int PagesBetween = 8192;

    /// <summary>What the writer may copy itself: a disk that takes 40 µs for a page is done with these in 3 ms.</summary>
    private const int PagesLeft = 64;

    /// <summary>96 MiB: the writer waits and copies whatever is left, because the background does not get ahead of the load.</summary>
    private const int MaxPages = 24_576;

    private const int PagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private readonly Database _database;
    private readonly Connection _background;
    private readonly Action? _roundEnded;
    private Task? _round;
    private int _pages;
    private int _pagesOfRounds;

    /// <param name="database">Gives the connection in the background.</param>
    /// <param name="roundEnded">Called in the background when <see cref="HasWork"/> has become true. Null: nothing is done in the background.</param>
    public Checkpointer(Database database, Action? roundEnded)
    {
        _database = database;
        _background = database.OpenCheckpointer();
        _roundEnded = roundEnded;
    }

    /// <summary>The bulk is copied, and the less is written now the sooner the rest is.</summary>
    public bool IsClosing { get; private set; }

    /// <summary><see cref="AfterCommit"/> has something to do, commit or no commit.</summary>
    public bool HasWork => _round is { IsCompleted: true };

    /// <summary>Called by the writer after each commit.</summary>
    public void AfterCommit(Connection writer)
    {
        writer.Check(raw.sqlite3_db_status(writer.Handle, PagesWritten, out var pages, out _, 1));
        _pages += pages;
        var isLong = _pagesOfRounds + _pages > MaxPages;
        if (_round is null ? _pages < PagesBetween : !_round.IsCompleted && !isLong)
            return;
        _round?.GetAwaiter().GetResult();
        IsClosing = _round is not null;
        if (isLong || (IsClosing && _pages <= PagesLeft))
        {
            Copy(writer);
            (_round, _pages, _pagesOfRounds, IsClosing) = (null, 0, 0, false);
            return;
        }

        (_pages, _pagesOfRounds) = (0, _pagesOfRounds + _pages);
        _round = StartRound();
    }

    public void Dispose()
    {
        ((IAsyncResult?)_round)?.AsyncWaitHandle.WaitOne();
        _background.Dispose();
    }

    private Task StartRound()
    {
        if (_roundEnded is null)
        {
            Round();
            return Task.CompletedTask;
        }

        var round = Task.Factory.StartNew(Round, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _ = round.ContinueWith(_ => _roundEnded(), TaskScheduler.Default);
        return round;
    }

    // What the writer copies at the end has to be flushed before its log may start over, and all that was copied before it with it.
    private void Round()
    {
        Copy(_background);
        _database.FlushFile();
    }

    private static void Copy(Connection connection)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(connection.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        if (code != raw.SQLITE_BUSY)
            connection.Check(code);
    }
}
