using Headgate.LocalHost.Log.Writing;
using Headgate.LocalHost.Sqlite;
using Headgate.Ports;

namespace Headgate.LocalHost.Log;

/// <summary>
/// The one ordered log of everything this process writes. Appending gives an operation its place and returns at once; a writer thread
/// takes whatever waits and commits it as one transaction, one disk flush for all. What is appended is not yet durable: nothing may
/// leave the process before <see cref="FlushedAsync()"/>. What is durable reaches the tables a little later, see <see cref="MergedAsync"/>.
/// After a failed write the log refuses everything. Safe for concurrent use.
/// </summary>
public sealed partial class WriteLog : IAsyncDisposable
{
    /// <summary>How long a lazy operation waits at most for another that takes it along.</summary>
    public static readonly TimeSpan LazyDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>How long what is durable stays in the journal at least, so that changes of the same thing become one. The longer it is, the more is alive at each garbage collection, which stops everybody.</summary>
    public static readonly TimeSpan MergeDelay = TimeSpan.FromMilliseconds(40);

    private readonly object _gate = new();
    private readonly TimeProvider _time;
    private readonly ITimer _lazyTimer;
    private readonly ITimer _mergeTimer;
    private readonly GroupWriter _writer;
    private readonly Action<Exception> _failed;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LogGroup _filling = new();
    private LogGroup? _writing;
    private long _appended;
    private long _taken;
    private long _flushed;
    private long _merged;
    private bool _wanted;
    private bool _timerSet;
    private bool _mergeTimerSet;
    private bool _mergeDue;
    private bool _stopping;
    private bool _forgetting;
    private Exception? _failure;

    /// <param name="database">Its writing connection belongs to the log from now on.</param>
    /// <param name="clients">Everybody who appends; those with whom the database was recovered.</param>
    /// <param name="time">For <see cref="LazyDelay"/>.</param>
    /// <param name="failed">Called once, on the thread that wrote, when a group could not be written. It must end the process: memory may not go on ahead of a disk that refused.</param>
    /// <param name="ownThread">False: nothing is written but by <see cref="WriteWaiting"/> and at the end.</param>
    public WriteLog(Database database, LogClients clients, TimeProvider time, Action<Exception> failed, bool ownThread = true)
    {
        Clients = clients;
        _ownThread = ownThread;
        _time = time;
        _failed = failed;
        _writer = new GroupWriter(database, clients, ownThread ? Pulse : null, Merged);
        _lazyTimer = time.CreateTimer(_ => LazyDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _mergeTimer = time.CreateTimer(_ => MergeDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (ownThread)
            new Thread(WriteGroups) { Name = "headgate-writer", IsBackground = true }.Start();
    }

    /// <summary>Everybody who appends.</summary>
    public LogClients Clients { get; }

    /// <summary>Operations appended, and groups that lazy operations made on their own.</summary>
    public long Operations { get; private set; }

    public long LazyRecords { get; private set; }

    /// <summary>How often a caller of <see cref="FlushedAsync()"/> really had to wait.</summary>
    public long FlushWaits { get; private set; }

    public long Commits => _writer.Commits;

    /// <summary>Everything up to this position can be read from the tables of the database; until then only the journal has it.</summary>
    public long MergedUntil => Volatile.Read(ref _merged);

    /// <summary>Why the log refuses everything; null while it does not. Set before anybody is told.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_gate)
                return _failure;
        }
    }

    /// <summary>How long the latest commit took.</summary>
    public TimeSpan LastFlush => _writer.LastFlush;

    /// <summary>Appends and wakes the writer.</summary>
    /// <returns>The operation's position, for <see cref="FlushedAsync(long)"/>.</returns>
    /// <exception cref="StoreUnavailableException">An earlier write failed, or the log has been closed.</exception>
    public long Append(IWriteOperation operation)
    {
        lock (_gate)
        {
            var position = Add(operation);
            Operations++;
            _filling.Urgent++;
            Wake();
            return position;
        }
    }

    /// <summary>
    /// Appends an operation that somebody is about to wait for: the first <see cref="FlushedAsync()"/> wakes the writer, so that what its
    /// caller appends in between shares the flush. Where nobody waits, it is written after <see cref="LazyDelay"/>.
    /// </summary>
    /// <inheritdoc cref="Append"/>
    public long AppendForFlush(IWriteOperation operation)
    {
        lock (_gate)
        {
            var position = Add(operation);
            Operations++;
            _filling.Urgent++;
            WriteInTime();
            return position;
        }
    }

    /// <summary>Appends in order without waking the writer: the operation goes to disk with the next one that does, or after <see cref="LazyDelay"/>.</summary>
    /// <inheritdoc cref="Append"/>
    public long AppendLazily(IWriteOperation operation)
    {
        lock (_gate)
        {
            var position = Add(operation);
            LazyRecords++;
            WriteInTime();
            return position;
        }
    }

    /// <summary>Everything appended up to now is on disk. Synchronous when it is already.</summary>
    /// <exception cref="StoreUnavailableException">It could not be written.</exception>
    public ValueTask FlushedAsync() => FlushedAsync(Volatile.Read(ref _appended));

    /// <summary>Everything up to and with <paramref name="position"/> is on disk.</summary>
    /// <inheritdoc cref="FlushedAsync()"/>
    public ValueTask FlushedAsync(long position)
    {
        if (Volatile.Read(ref _flushed) >= position)
            return ValueTask.CompletedTask;
        lock (_gate)
        {
            if (_flushed >= position)
                return ValueTask.CompletedTask;
            ArgumentOutOfRangeException.ThrowIfGreaterThan(position, _appended);
            if (_failure is not null)
                return ValueTask.FromException(Unavailable());
            FlushWaits++;
            if (position <= _taken)
                return new(_writing!.Flushed);
            Wake();
            return new(_filling.Flushed);
        }
    }

    /// <summary>Everything appended up to now can be read from the tables of the database. Not for every day: it makes the writer hurry.</summary>
    /// <inheritdoc cref="FlushedAsync()"/>
    public ValueTask MergedAsync()
    {
        lock (_gate)
        {
            if (_failure is not null || _stopping)
                return ValueTask.FromException(Unavailable());
            Wake();
            return new(_filling.Merged);
        }
    }

    /// <summary>Has the writer forget the pages it keeps to spare itself the disk.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _forgetting = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Writes what was appended, then refuses more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        if (!_ownThread)
            WriteRest();
        await _ended.Task;
        await _lazyTimer.DisposeAsync();
        await _mergeTimer.DisposeAsync();
        _writer.Dispose();
    }

    private long Add(IWriteOperation operation)
    {
        if (_failure is not null || _stopping)
            throw Unavailable();
        _filling.Operations.Add(operation);
        return ++_appended;
    }

    private void Wake()
    {
        if (_wanted)
            return;
        _wanted = true;
        Monitor.PulseAll(_gate);
    }

    private void Merged(long position) => Volatile.Write(ref _merged, position);

    private void Fail(Exception problem)
    {
        lock (_gate)
        {
            _failure = problem;
            _writing?.Fail(Unavailable());
            _filling.Fail(Unavailable());
        }

        _failed(problem);
    }

    private StoreUnavailableException Unavailable() => _failure is null
        ? new("The store is closed.")
        : new("The disk refused a write; the process is stopping.", _failure);
}
