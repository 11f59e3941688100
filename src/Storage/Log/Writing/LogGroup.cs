namespace Headgate.Storage.Log.Writing;

/// <summary>Operations that go to disk in one transaction, in order. Guarded by <see cref="GroupQueue.Gate"/>.</summary>
internal sealed class LogGroup
{
    private TaskCompletionSource? _flushed;
    private TaskCompletionSource? _merged;

    public List<IWriteOperation> Operations { get; } = [];

    /// <summary>How many of the operations are not lazy.</summary>
    public int Urgent { get; set; }

    /// <summary>Timestamp of the first operation that waits for <see cref="LazyTimer"/>; null if none does.</summary>
    public long? LazySince { get; set; }

    /// <summary>Completes when the group is on disk. Created on first use.</summary>
    public Task Flushed => (_flushed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Completes when the group and everything before it are in the tables. Created on first use.</summary>
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
