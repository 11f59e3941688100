namespace Headgate.Core.Agents;

/// <summary>The tasks an agent holds, compared with its limits. A task needs room in the total and in its type at once.</summary>
public sealed class AgentLoad
{
    private readonly AgentLimits _limits;
    private readonly Dictionary<string, int> _byType = new(StringComparer.Ordinal);

    /// <param name="limits">The agent's limits.</param>
    /// <param name="heldTypes">The type of each task it holds.</param>
    public AgentLoad(AgentLimits limits, IEnumerable<string> heldTypes)
    {
        _limits = limits;
        foreach (var type in heldTypes)
            Take(type);
    }

    /// <summary>The most it may hold.</summary>
    public int Total => _limits.MaxConcurrentTasks;

    public int Held { get; private set; }

    public IReadOnlyDictionary<string, int> HeldByType => _byType;

    /// <summary>Never negative, even if the limit was lowered below what is held.</summary>
    public int AvailableSlots => Math.Max(_limits.MaxConcurrentTasks - Held, 0);

    public bool IsSaturated => AvailableSlots == 0;

    /// <summary>Some type has reached its limit, but the total has not.</summary>
    public bool IsNarrowed => !IsSaturated && _limits.TypeLimits.Any(limit => _byType.GetValueOrDefault(limit.Key) is > 0 and var held && held >= limit.Value);

    /// <summary>0 (full) to 1 (empty). Of claims that wait at the same moment, the one with the largest share gets the task.</summary>
    public double FreeShare => (double)AvailableSlots / _limits.MaxConcurrentTasks;

    /// <summary>How many more tasks of the type it may take.</summary>
    public int RoomFor(string type) =>
        _limits.TypeLimits.TryGetValue(type, out var limit)
            ? Math.Clamp(limit - _byType.GetValueOrDefault(type), 0, AvailableSlots)
            : AvailableSlots;

    /// <summary>False if the type's limit is 0.</summary>
    public bool Takes(string type) => !_limits.TypeLimits.TryGetValue(type, out var limit) || limit > 0;

    /// <summary>How many tasks must end before the total allows one more; 0 or less if it does now.</summary>
    public int SlotsOver => Held + 1 - _limits.MaxConcurrentTasks;

    /// <summary>As <see cref="SlotsOver"/>, for the type's own limit.</summary>
    public int SlotsOverOf(string type) => _limits.TypeLimits.TryGetValue(type, out var limit) ? _byType.GetValueOrDefault(type) + 1 - limit : 0;

    public void Take(string type)
    {
        Held++;
        _byType[type] = _byType.GetValueOrDefault(type) + 1;
    }
}
