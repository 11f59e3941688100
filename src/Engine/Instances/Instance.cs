using Headgate.Engine.History;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Instances;

/// <summary>
/// An instance in memory. It stays while it has records that are not merged, work to do, or pins. Guarded by the engine's gate;
/// the running turn may read the events of <see cref="History"/> outside it.
/// </summary>
internal sealed class Instance(string id, Action<Instance> turn) : IThreadPoolWorkItem
{
    private volatile bool _loaded;

    public string Id => id;

    /// <summary>Whether it was read from disk.</summary>
    public bool Loaded
    {
        get => _loaded;
        set => _loaded = value;
    }

    /// <summary>Null if no such instance exists.</summary>
    public InstanceRow? Row { get; set; }

    /// <summary>Events for the next turn, which takes the list itself; null or empty if none.</summary>
    public List<InboxItem>? Inbox { get; set; }

    /// <summary>Null until read.</summary>
    public Generation? History { get; set; }

    /// <summary>When its earliest timer is due, in ticks; for one that has not begun, when it may begin. Null if neither.</summary>
    public long? NextTimer { get; set; }

    /// <summary>Activities called and not ended.</summary>
    public int ActivitiesOut { get; set; }

    /// <summary>A turn is queued or running.</summary>
    public bool Scheduled { get; set; }

    /// <summary>Its turn waits for the pause after a fault.</summary>
    public bool Paused { get; set; }

    /// <summary>How many callers need it in memory.</summary>
    public int Pins { get; set; }

    /// <summary>Number of its latest entry in the idle queue; earlier entries are stale.</summary>
    public long IdleStamp { get; set; }

    public List<StatusWait>? Waits { get; set; }

    /// <summary>Whether it exists and has not ended.</summary>
    public bool Live => Row is { Ended: false };

    /// <summary>Whether it may leave memory once its records are merged.</summary>
    public bool Idle => Pins == 0 && !Scheduled && ActivitiesOut == 0 && Inbox is not { Count: > 0 } && Waits is null;

    /// <summary>Log position of its latest record; zero if none.</summary>
    public long LastRecord { get; set; }

    /// <summary>Starts a new execution, without anything of the one before.</summary>
    public void Begin(InstanceRow row)
    {
        Row = row;
        Inbox = null;
        History = new();
    }

    /// <summary>Sets the row and tells those who wait for it.</summary>
    public void Become(InstanceRow row)
    {
        Row = row;
        if (Waits is not null)
            Tell(Waits, row);
    }

    public void Execute() => turn(this);

    private void Tell(List<StatusWait> waits, InstanceRow row)
    {
        waits.RemoveAll(wait => wait.Matches(row) && wait.TrySetResult(row));
        if (waits.Count == 0)
            Waits = null;
    }
}

/// <summary>A caller that waits for an instance to begin or to end.</summary>
internal sealed class StatusWait(bool forEnd) : TaskCompletionSource<InstanceRow>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public bool Matches(InstanceRow row) => row.Ended || (!forEnd && row.Status != OrchestrationRuntimeStatus.Pending);
}
