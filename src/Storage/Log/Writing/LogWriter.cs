using Headgate.Storage.Sqlite;

namespace Headgate.Storage.Log.Writing;

/// <summary>
/// Decides who writes a group: the writer thread, or a caller that finds that thread idle and so saves two thread switches. One writes at
/// a time. Only the writer thread does the work after a commit.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    /// <summary>How long the writer thread must have been idle before a caller writes. Under load, blocking the caller's thread would cost more than the switch.</summary>
    public static readonly TimeSpan CallerWritesAfter = TimeSpan.FromMilliseconds(1);

    private readonly object _gate;
    private readonly GroupQueue _groups;
    private readonly MergeTimer _merging;
    private readonly GroupWriter _writer;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _failed;
    private readonly bool _ownThread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LogGroup? _writtenByCaller;
    private bool _atRest;
    private bool _callerWrites;
    private bool _forgetting;
    private long _restingSince;

    /// <param name="groups">The groups to write.</param>
    /// <param name="database">The writer takes over its writing connection.</param>
    /// <param name="clients">The clients of the log.</param>
    /// <param name="time">For idle times and <see cref="WriteLog.MergeDelay"/>.</param>
    /// <param name="merged">As in <see cref="Journal.Merger"/>.</param>
    /// <param name="failed">Called once, on the writing thread.</param>
    /// <param name="ownThread">Whether to start a writer thread.</param>
    public LogWriter(GroupQueue groups, Database database, LogClients clients, TimeProvider time, Action<long> merged, Action<Exception> failed, bool ownThread)
    {
        (_groups, _gate, _time, _failed, _ownThread) = (groups, groups.Gate, time, failed, ownThread);
        _merging = new(_gate, time);
        _writer = new(database, clients, ownThread ? Pulse : null, merged);
        if (ownThread)
            new Thread(WriteGroups) { Name = "headgate-writer", IsBackground = true }.Start();
    }

    private bool HasWork => _groups.IsWanted || _groups.IsClosed || _forgetting || _writtenByCaller is not null || _groups.Failure is not null || _writer.HasWork(_merging.IsDue);

    private bool IsIdle => _atRest && !_callerWrites && _writtenByCaller is null && !_groups.IsWanted && !_groups.IsClosed && _groups.Failure is null;

    /// <inheritdoc cref="WriteLog.FlushAsync"/>
    public ValueTask FlushAsync()
    {
        LogGroup group;
        lock (_gate)
        {
            if (!IsIdle || !_groups.IsBehind || _time.GetElapsedTime(_restingSince) < CallerWritesAfter)
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
                (_writtenByCaller, _callerWrites) = (group, false);
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

    /// <summary>Waits until everything is written. The groups must be closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ownThread)
            WriteRest();
        await _ended.Task;
        await _merging.DisposeAsync();
        _writer.Dispose();
    }

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
        var begun = _writer.AfterCommit(group.Operations, _groups.Taken, due);
        _merging.Restart(due && begun, _writer.IsBehind);
        if (group.MergeAsked)
            _writer.MergeAll();
        group.ReleaseMerged();
    }

    private void Commit(LogGroup group)
    {
        _writer.Commit(group.Operations);
        _groups.Flushed(group);
    }

    /// <returns>Null if the log has failed, or is closed and everything is written; an empty group for a step that only merges.</returns>
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
            if (_writtenByCaller is { } group)
            {
                _writtenByCaller = null;
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
