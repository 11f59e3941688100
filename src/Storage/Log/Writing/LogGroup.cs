namespace Headgate.Storage.Log.Writing;

/// <summary>Operations that go to disk in one transaction, in order. Guarded by the log.</summary>
internal sealed class LogGroup
{
    private TaskCompletionSource? _flushed;
    private TaskCompletionSource? _merged;

    public List<IWriteOperation> Operations { get; } = [];

    /// <summary>How many of the operations were not lazy.</summary>
    public int Urgent { get; set; }

    /// <summary>Timestamp of the first lazy operation, if there is one.</summary>
    public long? LazySince { get; set; }

    /// <summary>Completes when the group is on disk. Made for the first who asks.</summary>
    public Task Flushed => (_flushed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Completes when the group, and everything before it, is in the tables. Made for the first who asks.</summary>
    public Task Merged => (_merged ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public bool MergeAsked => _merged is not null;

    public bool IsOnDisk { get; private set; }

    public void Release()
    {
        IsOnDisk = true;
        _flushed?.SetResult();
    }

    public void ReleaseMerged() => _merged?.SetResult();

    public void Fail(Exception reason)
    {
        _flushed?.TrySetException(reason);
        _merged?.TrySetException(reason);
    }
}
