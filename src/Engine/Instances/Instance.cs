using Headgate.Engine.History;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Instances;

/// <summary>
/// An instance held in memory. It stays while something of it is not on disk yet, while it has work, and while someone pins it.
/// Guarded by the engine's gate; the list in <see cref="History"/> changes only there too, but the running turn may read it.
/// </summary>
internal sealed class Instance(string id, Action<Instance> turn) : IThreadPoolWorkItem
{
    private volatile bool _loaded;

    public string Id => id;

    /// <summary>Whether the disk has been asked for it.</summary>
    public bool Loaded
    {
        get => _loaded;
        set => _loaded = value;
    }

    /// <summary>Null where no such instance exists.</summary>
    public InstanceRow? Row { get; set; }

    /// <summary>Events that wait for the next turn, which takes the list with them; null or empty for none.</summary>
    public List<InboxItem>? Inbox { get; set; }

    /// <summary>The history of this generation; null while not read.</summary>
    public Generation? History { get; set; }

    /// <summary>When its earliest timer is due, in ticks; for one that has not begun, when it may begin.</summary>
    public long? NextTimer { get; set; }

    /// <summary>Activities that are out.</summary>
    public int ActivitiesOut { get; set; }

    /// <summary>A turn waits or runs.</summary>
    public bool Scheduled { get; set; }

    /// <summary>The turn it is scheduled for waits until the pause after a fault is over.</summary>
    public bool Paused { get; set; }

    /// <summary>How many need it to stay in memory.</summary>
    public int Pins { get; set; }

    /// <summary>Which of the times it became idle was the last.</summary>
    public long IdleStamp { get; set; }

    public List<StatusWait>? Waits { get; set; }

    /// <summary>Whether it exists and will run again.</summary>
    public bool Live => Row is { Ended: false };

    /// <summary>Whether nothing holds it in memory but what may not be on disk yet.</summary>
    public bool Idle => Pins == 0 && !Scheduled && ActivitiesOut == 0 && Inbox is not { Count: > 0 } && Waits is null;

    /// <summary>Where in the log the latest record of it is; zero for none.</summary>
    public long LastRecord { get; set; }

    /// <summary>Becomes another execution: nothing of the one before is left.</summary>
    public void Begin(InstanceRow row)
    {
        Row = row;
        Inbox = null;
        History = new();
    }

    /// <summary>Stands elsewhere now: tells those who wait for it.</summary>
    public void Become(InstanceRow row)
    {
        Row = row;
        if (Waits is not null)
            Tell(Waits, row);
    }

    public void Execute() => turn(this);

    private void Tell(List<StatusWait> waits, InstanceRow row)
    {
        waits.RemoveAll(wait => wait.Suits(row) && wait.TrySetResult(row));
        if (waits.Count == 0)
            Waits = null;
    }
}

/// <summary>Someone who waits for an instance to begin or to end.</summary>
internal sealed class StatusWait(bool forEnd) : TaskCompletionSource<InstanceRow>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public bool Suits(InstanceRow row) => row.Ended || (!forEnd && row.Status != OrchestrationRuntimeStatus.Pending);
}
