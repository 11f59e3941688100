using Headgate.Ports;
using Headgate.Storage.Log.Writing;
using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Log;

/// <summary>
/// The one ordered log of everything this process writes. Appending gives an operation its place and returns at once; a writer thread
/// takes whatever waits and commits it as one transaction, one disk flush for all. What is appended is not yet durable: nothing may
/// leave the process before <see cref="FlushedAsync()"/>. What is durable reaches the tables a little later, see <see cref="MergedAsync"/>.
/// After a failed write the log refuses everything. Safe for concurrent use.
/// </summary>
public sealed class WriteLog : IAsyncDisposable
{
    /// <summary>How long a lazy operation waits at most for another that takes it along.</summary>
    public static readonly TimeSpan LazyDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>How long what is durable stays in the journal at least, so that changes of the same thing become one. The longer it is, the more is alive at each garbage collection, which stops everybody.</summary>
    public static readonly TimeSpan MergeDelay = TimeSpan.FromMilliseconds(40);

    private readonly GroupQueue _groups = new();
    private readonly LazyTimer _lazy;
    private readonly LogWriter _writer;
    private long _merged;

    /// <param name="database">Its writing connection belongs to the log from now on.</param>
    /// <param name="clients">Everybody who appends; those with whom the database was recovered.</param>
    /// <param name="time">For <see cref="LazyDelay"/> and <see cref="MergeDelay"/>.</param>
    /// <param name="failed">Called once, on the thread that wrote, when a group could not be written. It must end the process: memory may not go on ahead of a disk that refused.</param>
    /// <param name="ownThread">False: nothing is written but by <see cref="WriteWaiting"/> and at the end.</param>
    public WriteLog(Database database, LogClients clients, TimeProvider time, Action<Exception> failed, bool ownThread = true)
    {
        Clients = clients;
        _lazy = new(_groups, time);
        _writer = new(_groups, database, clients, time, position => Volatile.Write(ref _merged, position), failed, ownThread);
    }

    /// <summary>Everybody who appends.</summary>
    public LogClients Clients { get; }

    /// <summary>Operations appended, and groups that lazy operations made on their own.</summary>
    public long Operations => _groups.Operations;

    /// <summary>Operations appended lazily.</summary>
    public long LazyRecords => _groups.LazyRecords;

    /// <summary>How often a caller of <see cref="FlushedAsync()"/> really had to wait.</summary>
    public long FlushWaits => _groups.FlushWaits;

    /// <summary>Groups that were put on disk.</summary>
    public long Commits => _writer.Commits;

    /// <summary>How long the latest commit took.</summary>
    public TimeSpan LastFlush => _writer.LastFlush;

    /// <summary>Everything up to this position can be read from the tables of the database; until then only the journal has it.</summary>
    public long MergedUntil => Volatile.Read(ref _merged);

    /// <summary>Why the log refuses everything; null while it does not. Set before anybody is told.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_groups.Gate)
                return _groups.Failure;
        }
    }

    /// <summary>Appends and wakes the writer.</summary>
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
    /// Appends an operation that somebody is about to wait for: the first <see cref="FlushedAsync()"/> wakes the writer, so that what its
    /// caller appends in between shares the flush. Where nobody waits, it is written after <see cref="LazyDelay"/>.
    /// </summary>
    /// <inheritdoc cref="Append"/>
    public long AppendForFlush(IWriteOperation operation) => AppendInTime(operation, lazy: false);

    /// <summary>Appends in order without waking the writer: the operation goes to disk with the next one that does, or after <see cref="LazyDelay"/>.</summary>
    /// <inheritdoc cref="Append"/>
    public long AppendLazily(IWriteOperation operation) => AppendInTime(operation, lazy: true);

    /// <summary>Everything appended up to now is on disk. Synchronous when it is already.</summary>
    /// <exception cref="StoreUnavailableException">It could not be written.</exception>
    public ValueTask FlushedAsync() => _groups.FlushedAsync(_groups.Appended);

    /// <summary>Everything up to and with <paramref name="position"/> is on disk.</summary>
    /// <inheritdoc cref="FlushedAsync()"/>
    public ValueTask FlushedAsync(long position) => _groups.FlushedAsync(position);

    /// <summary>
    /// Sees to it that everything appended up to now is on disk: as <see cref="FlushedAsync()"/>, but where the writer thread is at rest the
    /// caller writes and waits for the disk by itself. Not to be called inside a lock.
    /// </summary>
    /// <inheritdoc cref="FlushedAsync()"/>
    public ValueTask FlushAsync() => _writer.FlushAsync();

    /// <summary>Everything appended up to now can be read from the tables of the database. Not for every day: it makes the writer hurry.</summary>
    /// <inheritdoc cref="FlushedAsync()"/>
    public ValueTask MergedAsync()
    {
        lock (_groups.Gate)
            return _groups.MergedAsync();
    }

    /// <summary>
    /// Where the log has no thread of its own: takes one step of what the writer thread would do now, on the caller's thread. Who uses it
    /// decides in which order the process writes and goes on, which a thread leaves to chance.
    /// </summary>
    /// <returns>False where nobody waits for the disk and nothing is due.</returns>
    /// <exception cref="InvalidOperationException">The log has its own thread.</exception>
    public bool WriteWaiting() => _writer.WriteWaiting();

    /// <summary>Has the writer forget the pages it keeps to spare itself the disk.</summary>
    public void Forget() => _writer.Forget();

    /// <summary>Writes what was appended, then refuses more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_groups.Gate)
            _groups.Close();
        await _writer.DisposeAsync();
        await _lazy.DisposeAsync();
    }

    private long AppendInTime(IWriteOperation operation, bool lazy)
    {
        lock (_groups.Gate)
        {
            var position = _groups.Add(operation, lazy);
            _lazy.Start();
            return position;
        }
    }
}
