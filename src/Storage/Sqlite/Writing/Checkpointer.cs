using SQLitePCL;

namespace Headgate.Storage.Sqlite.Writing;

/// <summary>
/// Checkpoints the write-ahead log into the database file, mostly in the background. Past a size, a background connection copies pages in
/// rounds, until a round leaves few new ones. The writer copies those between two groups. That completes the checkpoint, so that SQLite
/// reuses the log from its beginning and it stays bounded under steady load.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    /// <summary>A checkpoint begins after this many pages: 32 MiB.</summary>
    private const int PagesBetween = 8192;

    /// <summary>Most pages that the writer copies itself: 3 ms on a disk that takes 40 µs a page.</summary>
    private const int PagesLeft = 64;

    /// <summary>At 96 MiB the writer waits and copies all that is left: the background can't keep up.</summary>
    private const int MaxPages = 24_576;

    private const int PagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private readonly Database _database;
    private readonly Connection _background;
    private readonly Action? _roundEnded;
    private Task? _round;
    private int _pages;
    private int _pagesOfRounds;

    /// <param name="database">Opens the background connection.</param>
    /// <param name="roundEnded">Called in the background when <see cref="HasWork"/> has become true. Null: rounds run on the writer's thread.</param>
    public Checkpointer(Database database, Action? roundEnded)
    {
        _database = database;
        _background = database.OpenCheckpointer();
        _roundEnded = roundEnded;
    }

    /// <summary>A round has ended. The fewer pages are written now, the sooner the writer can complete the checkpoint.</summary>
    public bool IsClosing { get; private set; }

    /// <summary><see cref="AfterCommit"/> has work even without a commit.</summary>
    public bool HasWork => _round is { IsCompleted: true };

    /// <summary>The writer calls it after each commit.</summary>
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

    // The writer's last copy flushes the whole file before the log is reused. This leaves it little to flush.
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
