using Headgate.Ports;
using Headgate.Storage.Log.Writing;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Log;

/// <summary>
/// The one ordered log of everything this process writes. Appending gives an operation its position and returns at once. A writer thread
/// commits all that waits as one group: one transaction in the journal, one disk flush. Nothing may leave the process before
/// <see cref="FlushedAsync()"/>. Durable records reach the tables a little later (<see cref="MergeDelay"/>). After a failed write the
/// log refuses everything. Safe for concurrent use.
/// </summary>
public sealed class WriteLog : IAsyncDisposable
{
    /// <summary>How long a lazy operation waits at most for an urgent one to share its flush.</summary>
    public static readonly TimeSpan LazyDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>How long durable records stay in the journal, so that changes of the same thing coalesce. A longer delay keeps more objects alive and makes garbage collections longer.</summary>
    public static readonly TimeSpan MergeDelay = TimeSpan.FromMilliseconds(40);

    private readonly GroupQueue _groups = new();
    private readonly LazyTimer _lazy;
    private readonly LogWriter _writer;
    private long _merged;

    /// <param name="database">The log takes over its writing connection.</param>
    /// <param name="clients">The clients with which the database was recovered.</param>
    /// <param name="time">For <see cref="LazyDelay"/> and <see cref="MergeDelay"/>.</param>
    /// <param name="failed">Called once, on the writing thread, when a group could not be written. Must end the process: memory is ahead of the disk.</param>
    /// <param name="ownThread">False: only <see cref="WriteWaiting"/> and <see cref="DisposeAsync"/> write.</param>
    internal WriteLog(Database database, LogClients clients, TimeProvider time, Action<Exception> failed, bool ownThread = true)
    {
        Clients = clients;
        _lazy = new(_groups, time);
        _writer = new(_groups, database, clients, time, position => Volatile.Write(ref _merged, position), failed, ownThread);
    }

    public LogClients Clients { get; }

    /// <summary>Operations appended that were not lazy, plus groups of lazy operations only.</summary>
    public long Operations => _groups.Operations;

    /// <summary>Operations appended lazily.</summary>
    public long LazyOperations => _groups.LazyOperations;

    /// <summary>How often a caller had to wait for the disk.</summary>
    public long FlushWaits => _groups.FlushWaits;

    /// <summary>Everything up to this position, inclusive, can be read from the tables.</summary>
    public long MergedUntil => Volatile.Read(ref _merged);

    /// <summary>Why the log refuses everything; null while it works. Set before any waiter sees the failure.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_groups.Gate)
                return _groups.Failure;
        }
    }

    /// <summary>Appends and has the group written at once.</summary>
    /// <returns>The operation's position, for <see cref="FlushedAsync(long)"/>.</returns>
    /// <exception cref="StoreUnavailableException">An earlier write failed, or the log has been closed.</exception>
    public long Append(IWriteOperation operation)
    {
        lock (_groups.Gate)
        {
            var position = _groups.Add(operation, lazy: false);
            _groups.Want();
            return position;
        }
    }

    /// <summary>
    /// Appends an operation that somebody will wait for. The first <see cref="FlushedAsync()"/> has it written, together with
    /// all that was appended before that call. If nobody waits, it is written after <see cref="LazyDelay"/>.
    /// </summary>
    /// <inheritdoc cref="Append"/>
    public long AppendForFlush(IWriteOperation operation) => AppendWithTimer(operation, lazy: false);

    /// <summary>Appends an operation that nobody will wait for. It goes to disk with the next group, at the latest after <see cref="LazyDelay"/>.</summary>
    /// <inheritdoc cref="Append"/>
    public long AppendLazily(IWriteOperation operation) => AppendWithTimer(operation, lazy: true);

    /// <summary>Waits until everything appended so far is on disk. Completes synchronously if it already is.</summary>
    /// <exception cref="StoreUnavailableException">It could not be written.</exception>
    public ValueTask FlushedAsync() => _groups.FlushedAsync(_groups.Appended);

    /// <summary>Waits until everything up to <paramref name="position"/>, inclusive, is on disk.</summary>
    /// <inheritdoc cref="FlushedAsync()"/>
    public ValueTask FlushedAsync(long position) => _groups.FlushedAsync(position);

    /// <summary>
    /// As <see cref="FlushedAsync()"/>, but if the writer thread is idle the caller itself writes and blocks on the disk. Don't call it
    /// inside a lock.
    /// </summary>
    /// <inheritdoc cref="FlushedAsync()"/>
    public ValueTask FlushAsync() => _writer.FlushAsync();

    /// <summary>Waits until everything appended so far can be read from the tables. Expensive: the writer merges all of it at once.</summary>
    /// <inheritdoc cref="FlushedAsync()"/>
    public ValueTask MergedAsync()
    {
        lock (_groups.Gate)
            return _groups.MergedAsync();
    }

    /// <summary>Does on the caller's thread one step of what the writer thread would do. For tests that decide when the log writes.</summary>
    /// <returns>False if there was nothing to do.</returns>
    /// <exception cref="InvalidOperationException">The log has its own thread.</exception>
    public bool WriteWaiting() => _writer.WriteWaiting();

    /// <summary>Frees the writing connection's page cache.</summary>
    public void Forget() => _writer.Forget();

    /// <summary>Writes and merges everything appended, then refuses more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_groups.Gate)
            _groups.Close();
        await _writer.DisposeAsync();
        await _lazy.DisposeAsync();
    }

    private long AppendWithTimer(IWriteOperation operation, bool lazy)
    {
        lock (_groups.Gate)
        {
            var position = _groups.Add(operation, lazy);
            _lazy.Start();
            return position;
        }
    }
}
