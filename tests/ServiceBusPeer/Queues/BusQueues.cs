using System.Collections.Concurrent;

namespace Headgate.ServiceBusPeer.Queues;

/// <summary>The queues there are. Names are not case sensitive.</summary>
public sealed class BusQueues(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, BusQueue> _queues = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Made when first named here; a client that names a queue makes none.</summary>
    public BusQueue this[string name] => _queues.GetOrAdd(name, _ => new BusQueue(clock));

    /// <summary>Null where there is none.</summary>
    public BusQueue? Find(string name) => _queues.GetValueOrDefault(name);
}
