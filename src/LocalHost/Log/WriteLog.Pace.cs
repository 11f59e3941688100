namespace Headgate.LocalHost.Log;

/// <content>When the log writes: as somebody waits, in time, or where it has no thread of its own, as it is told.</content>
public sealed partial class WriteLog
{
    private readonly bool _ownThread;

    /// <summary>
    /// Where the log has no thread of its own: takes one step of what the writer thread would do now, on the caller's thread. Who uses it
    /// decides in which order the process writes and goes on, which a thread leaves to chance.
    /// </summary>
    /// <returns>False where nobody waits for the disk and nothing is due.</returns>
    /// <exception cref="InvalidOperationException">The log has its own thread.</exception>
    public bool WriteWaiting()
    {
        if (_ownThread)
            throw new InvalidOperationException("The log has a thread of its own.");
        lock (_gate)
        {
            if (_failure is not null || _stopping || !(_wanted || _writer.HasWork(_mergeDue)))
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

    // A disk that has refused is not asked again.
    private void WriteRest()
    {
        if (_failure is not null)
            _ended.TrySetResult();
        else if (!_ended.Task.IsCompleted)
            WriteGroups();
    }

    private void WriteInTime()
    {
        _filling.LazySince ??= _time.GetTimestamp();
        if (!_timerSet)
            SetTimer(LazyDelay);
    }

    private void SetTimer(TimeSpan delay)
    {
        _timerSet = true;
        _lazyTimer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void LazyDue()
    {
        lock (_gate)
        {
            _timerSet = false;
            if (_filling.LazySince is not { } since)
                return;
            var remaining = LazyDelay - _time.GetElapsedTime(since);
            if (remaining > TimeSpan.Zero)
                SetTimer(remaining);
            else
                Wake();
        }
    }

    private void MergeDue()
    {
        lock (_gate)
        {
            _mergeTimerSet = false;
            _mergeDue = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Pulse()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}
