namespace Headgate.Engine.Instances;

/// <summary>
/// The instances in memory. When too many are idle, the longest idle one leaves. One that is pinned, busy, or has records that are not
/// merged stays, so that a read from disk never misses what was appended.
/// </summary>
internal sealed class ResidentInstances(Lock gate, InstanceReader reader, int maxIdle, Func<long> mergedUntil, Action<Instance> turn)
{
    private readonly Dictionary<string, Instance> _all = new(StringComparer.Ordinal);
    private readonly Queue<(Instance Instance, long Stamp)> _idle = new();
    private long _stamp;

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

    /// <summary>Holds an instance in memory, reading it if needed. One that does not exist has no row. Called outside the gate.</summary>
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

    /// <summary>Called inside the gate.</summary>
    public void Unpin(Instance instance)
    {
        instance.Pins--;
        Rest(instance);
    }

    /// <summary>An instance's current row, read without taking the instance into memory; null if there is none. Called outside the gate.</summary>
    public InstanceRow? RowOf(string id)
    {
        lock (gate)
        {
            if (_all.TryGetValue(id, out var instance) && instance.Loaded)
                return instance.Row;
        }

        return reader.Read(id);
    }

    /// <summary>Call it inside the gate when an instance may have become idle.</summary>
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

    /// <returns>Whether the oldest entry can be dequeued.</returns>
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

    /// <summary>Whether the tables have all that memory has.</summary>
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
