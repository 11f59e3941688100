namespace Headgate.Engine.Instances;

/// <summary>
/// The instances in memory. An instance that the disk can give back leaves when too many are idle; one that is pinned, works, or has
/// something unwritten stays, so that a read from disk never misses what was appended.
/// </summary>
internal sealed class ResidentInstances(Lock gate, InstanceReader reader, int maxIdle, Func<long> mergedUntil, Action<Instance> turn)
{
    private readonly Dictionary<string, Instance> _all = new(StringComparer.Ordinal);
    private readonly Queue<(Instance Instance, long Stamp)> _idle = new();
    private long _stamp;

    /// <summary>How many are in memory.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return _all.Count;
        }
    }

    /// <summary>Whether an instance is in a turn or has activities out.</summary>
    public bool IsBusy(string id)
    {
        lock (gate)
            return _all.TryGetValue(id, out var instance) && ((instance.Scheduled && !instance.Paused) || instance.ActivitiesOut > 0);
    }

    /// <summary>Holds an instance in memory, reading it if need be; one that does not exist has no row. Not to be called inside the gate.</summary>
    public Instance Pin(string id)
    {
        Instance? instance;
        lock (gate)
        {
            if (!_all.TryGetValue(id, out instance))
                _all.Add(id, instance = new(id, turn));
            instance.Pins++;
        }

        try
        {
            lock (instance)
            {
                if (!instance.Loaded)
                    Load(instance);
            }

            return instance;
        }
        catch
        {
            lock (gate)
            {
                if (--instance.Pins == 0 && !instance.Loaded)
                    _all.Remove(id);
            }

            throw;
        }
    }

    /// <summary>Inside the gate.</summary>
    public void Unpin(Instance instance)
    {
        instance.Pins--;
        Rest(instance);
    }

    /// <summary>An instance as it stands, without taking it into memory; null if there is none. Not to be called inside the gate.</summary>
    public InstanceRow? RowOf(string id)
    {
        lock (gate)
        {
            if (_all.TryGetValue(id, out var instance) && instance.Loaded)
                return instance.Row;
        }

        return reader.Read(id);
    }

    /// <summary>The instance has nothing to do for now. Inside the gate.</summary>
    public void Rest(Instance instance)
    {
        if (!instance.Idle)
            return;
        if (instance.Row is null && CanLeave(instance))
        {
            _all.Remove(instance.Id);
            return;
        }

        instance.IdleStamp = ++_stamp;
        _idle.Enqueue((instance, _stamp));
        while (_idle.Count > maxIdle && Dismiss())
            _idle.Dequeue();
    }

    /// <returns>Whether the longest idle entry is done with.</returns>
    private bool Dismiss()
    {
        var (oldest, stamp) = _idle.Peek();
        var replaced = !_all.TryGetValue(oldest.Id, out var current) || current != oldest;
        if (replaced || oldest.IdleStamp != stamp || !oldest.Idle)
            return true;
        if (!CanLeave(oldest))
            return false;
        _all.Remove(oldest.Id);
        return true;
    }

    /// <summary>Whether memory holds nothing that the tables don't.</summary>
    private bool CanLeave(Instance instance) => instance.Idle && instance.LastRecord <= mergedUntil();

    private void Load(Instance instance)
    {
        instance.Row = reader.Read(instance.Id);
        if (instance.Row is { Ended: false } row)
        {
            instance.Inbox = reader.ReadInbox(instance.Id);
            instance.NextTimer = row.Due > InstanceRow.AtOnce ? row.Due : null;
        }

        instance.Loaded = true;
    }
}
