using Headgate.LocalHost.Log.Writing;
using Headgate.Ports;

namespace Headgate.LocalHost.Log;

/// <content>
/// Who writes a group: the writer thread, or a caller who finds it at rest, and so is spared the change to it and back. One at a time
/// writes; what follows a group once it is on disk is the writer thread's alone.
/// </content>
public sealed partial class WriteLog
{
    /// <summary>How long the writer thread must have been at rest: a shorter rest shows that many are about, who need the caller's thread more than the caller needs the disk.</summary>
    internal static readonly TimeSpan CallerWritesAfter = TimeSpan.FromMilliseconds(1);

    private LogGroup? _unsettled;
    private bool _atRest;
    private bool _callerWrites;
    private long _restingSince;

    /// <summary>
    /// Sees to it that everything appended up to now is on disk: as <see cref="FlushedAsync()"/>, but where the writer thread is at rest the
    /// caller writes and waits for the disk by itself. Not to be called inside a lock.
    /// </summary>
    /// <inheritdoc cref="FlushedAsync()"/>
    public ValueTask FlushAsync()
    {
        LogGroup group;
        lock (_gate)
        {
            if (!_atRest || _callerWrites || _unsettled is not null || _wanted || _stopping || _failure is not null
                || _flushed >= _appended || _time.GetElapsedTime(_restingSince) < CallerWritesAfter)
                return FlushedAsync();
            FlushWaits++;
            _callerWrites = true;
            group = TakeFilling();
        }

        try
        {
            Commit(group);
        }
        catch (Exception problem)
        {
            Fail(problem);
            return ValueTask.FromException(Unavailable());
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

    private void WriteGroups()
    {
        try
        {
            while (Take() is { } group)
                Write(group);
            if (_failure is null)
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
        var due = _mergeDue;
        var seen = _writer.Settle(group.Operations, _taken, due);
        lock (_gate)
        {
            _mergeDue &= !(due && seen);
            if (_writer.IsBehind && !_mergeDue && !_mergeTimerSet)
            {
                _mergeTimerSet = true;
                _mergeTimer.Change(MergeDelay, Timeout.InfiniteTimeSpan);
            }
        }

        if (group.MergeAsked)
            _writer.MergeAll();
        group.ReleaseMerged();
    }

    private void Commit(LogGroup group)
    {
        _writer.Commit(group.Operations);
        lock (_gate)
        {
            _flushed = _taken;
            group.Release();
        }
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
            if (_failure is not null)
                return null;
            if (_forgetting)
                _writer.Forget();
            _forgetting = false;
            if (_unsettled is { } group)
            {
                _unsettled = null;
                return group;
            }

            if (!_wanted && !_stopping)
                return _writing = new();
            _wanted = false;
            return _stopping && _filling is { Operations.Count: 0, MergeAsked: false } ? null : TakeFilling();
        }
    }

    private bool HasWork => _wanted || _stopping || _forgetting || _unsettled is not null || _failure is not null || _writer.HasWork(_mergeDue);

    private LogGroup TakeFilling()
    {
        if (_filling is { Operations.Count: > 0, Urgent: 0 })
            Operations++;
        _writing = _filling;
        _taken = _appended;
        _filling = new LogGroup();
        return _writing;
    }
}
