using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Log.Writing;

/// <summary>
/// Who writes a group: the writer thread, or a caller who finds it at rest, and so is spared the change to it and back. One at a time
/// writes; what follows a group once it is on disk is the writer thread's alone. Guards who that is, by the gate of the groups.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    /// <summary>How long the writer thread must have been at rest: a shorter rest shows that many are about, who need the caller's thread more than the caller needs the disk.</summary>
    public static readonly TimeSpan CallerWritesAfter = TimeSpan.FromMilliseconds(1);

    private readonly object _gate;
    private readonly GroupQueue _groups;
    private readonly MergeTimer _merging;
    private readonly GroupWriter _writer;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _failed;
    private readonly bool _ownThread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LogGroup? _unsettled;
    private bool _atRest;
    private bool _callerWrites;
    private bool _forgetting;
    private long _restingSince;

    /// <param name="groups">What there is to write.</param>
    /// <param name="database">Its writing connection belongs to the writer from now on.</param>
    /// <param name="time">How long the thread has been at rest, and when to merge.</param>
    /// <param name="merged">As for <see cref="Journal.Merger"/>.</param>
    /// <param name="failed">Called once, on the thread that wrote, when a group could not be written.</param>
    /// <param name="clients">Whose records they are.</param>
    /// <param name="ownThread">False: nothing is written but by <see cref="WriteWaiting"/> and at the end.</param>
    public LogWriter(GroupQueue groups, Database database, LogClients clients, TimeProvider time, Action<long> merged, Action<Exception> failed, bool ownThread)
    {
        (_groups, _gate, _time, _failed, _ownThread) = (groups, groups.Gate, time, failed, ownThread);
        _merging = new(_gate, time);
        _writer = new(database, clients, ownThread ? Pulse : null, merged);
        if (ownThread)
            new Thread(WriteGroups) { Name = "headgate-writer", IsBackground = true }.Start();
    }

    /// <inheritdoc cref="GroupWriter.Commits"/>
    public long Commits => _writer.Commits;

    /// <inheritdoc cref="GroupWriter.LastFlush"/>
    public TimeSpan LastFlush => _writer.LastFlush;

    private bool HasWork => _groups.IsWanted || _groups.IsClosed || _forgetting || _unsettled is not null || _groups.Failure is not null || _writer.HasWork(_merging.IsDue);

    private bool IsFree => _atRest && !_callerWrites && _unsettled is null && !_groups.IsWanted && !_groups.IsClosed && _groups.Failure is null;

    /// <inheritdoc cref="WriteLog.FlushAsync"/>
    public ValueTask FlushAsync()
    {
        LogGroup group;
        lock (_gate)
        {
            if (!IsFree || !_groups.IsBehind || _time.GetElapsedTime(_restingSince) < CallerWritesAfter)
                return _groups.FlushedAsync(_groups.Appended);
            _callerWrites = true;
            group = _groups.TakeForCaller();
        }

        try
        {
            Commit(group);
        }
        catch (Exception problem)
        {
            Fail(problem);
            return ValueTask.FromException(_groups.Unavailable());
        }
        finally
        {
            lock (_gate)
            {
                (_unsettled, _callerWrites) = (group, false);
                Monitor.PulseAll(_gate);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc cref="WriteLog.WriteWaiting"/>
    public bool WriteWaiting()
    {
        if (_ownThread)
            throw new InvalidOperationException("The log has a thread of its own.");
        lock (_gate)
        {
            if (_groups.Failure is not null || _groups.IsClosed || !(_groups.IsWanted || _writer.HasWork(_merging.IsDue)))
                return false;
        }

        try
        {
            Write(Take()!);
        }
        catch (Exception problem)
        {
            Fail(problem);
        }

        return true;
    }

    /// <inheritdoc cref="WriteLog.Forget"/>
    public void Forget()
    {
        lock (_gate)
        {
            _forgetting = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends once everything is written; the groups must have been closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ownThread)
            WriteRest();
        await _ended.Task;
        await _merging.DisposeAsync();
        _writer.Dispose();
    }

    // A disk that has refused is not asked again.
    private void WriteRest()
    {
        if (_groups.Failure is not null)
            _ended.TrySetResult();
        else if (!_ended.Task.IsCompleted)
            WriteGroups();
    }

    private void WriteGroups()
    {
        try
        {
            while (Take() is { } group)
                Write(group);
            if (_groups.Failure is null)
                _writer.MergeAll();
        }
        catch (Exception problem)
        {
            Fail(problem);
        }

        _ended.SetResult();
    }

    private void Write(LogGroup group)
    {
        if (!group.IsOnDisk)
            Commit(group);
        var due = _merging.IsDue;
        var seen = _writer.Settle(group.Operations, _groups.Taken, due);
        _merging.Settled(due && seen, _writer.IsBehind);
        if (group.MergeAsked)
            _writer.MergeAll();
        group.ReleaseMerged();
    }

    private void Commit(LogGroup group)
    {
        _writer.Commit(group.Operations);
        _groups.Flushed(group);
    }

    /// <returns>Null when the log has been closed and everything is written; an empty group for a step of merging.</returns>
    private LogGroup? Take()
    {
        lock (_gate)
        {
            while (_callerWrites || !HasWork)
            {
                (_atRest, _restingSince) = (true, _time.GetTimestamp());
                Monitor.Wait(_gate);
            }

            _atRest = false;
            if (_groups.Failure is not null)
                return null;
            if (_forgetting)
                _writer.Forget();
            _forgetting = false;
            if (_unsettled is { } group)
            {
                _unsettled = null;
                return group;
            }

            return _groups.IsWanted || _groups.IsClosed ? _groups.TakeWanted() : _groups.TakeNothing();
        }
    }

    private void Fail(Exception problem)
    {
        _groups.Fail(problem);
        _failed(problem);
    }

    private void Pulse()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}
