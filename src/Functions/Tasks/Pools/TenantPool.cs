using Headgate.Core.Agents;
using Headgate.Core.Dispatch;

namespace Headgate.Functions.Tasks.Pools;

/// <summary>One tenant's ready tasks in memory, by type, each in order of priority, then age. Not safe for concurrent use.</summary>
/// <param name="turns">Whose they are. Its weight is that of the newest task seen: a tenant has one plan at a time.</param>
internal sealed class TenantPool(TenantTurns turns)
{
    private readonly Dictionary<string, TypeOffers> _types = new(StringComparer.Ordinal);

    public TenantTurns Turns => turns;

    public int Count { get; private set; }

    public void Add(TaskOffer offer)
    {
        if (!_types.TryGetValue(offer.Type, out var tasks))
            _types.Add(offer.Type, tasks = new(offer.Type));
        if (!tasks.Add(offer))
            return;
        turns.Weight = Math.Max(offer.Weight, 1);
        Count++;
    }

    /// <summary>The offer on the strings that others like it hold already: thousands may wait, and for long.</summary>
    public TaskOffer Sharing(TaskOffer offer)
    {
        var type = _types.TryGetValue(offer.Type, out var others) ? others.Type : offer.Type;
        return ReferenceEquals(offer.TenantId, turns.TenantId) && ReferenceEquals(offer.Type, type) ? offer : offer with { TenantId = turns.TenantId, Type = type };
    }

    public void Remove(TaskOffer offer)
    {
        if (!_types.TryGetValue(offer.Type, out var tasks) || !tasks.Remove(offer))
            return;
        Count--;
        if (tasks.Count == 0)
            _types.Remove(offer.Type);
    }

    /// <summary>The first task in order that the agent suits and has room for; null where there is none.</summary>
    public TaskOffer? First(AgentOffer agent, AgentLoad load)
    {
        TaskOffer? first = null;
        foreach (var tasks in _types.Values)
        {
            if (agent.Capabilities.Contains(tasks.Type) && load.RoomFor(tasks.Type) > 0)
                first = tasks.FirstBefore(first, agent) ?? first;
        }

        return first;
    }

    /// <summary>How many tasks of each type go before one of this tenant.</summary>
    public Dictionary<string, int> CountBefore(TaskOffer offer)
    {
        var counts = new Dictionary<string, int>(_types.Count, StringComparer.Ordinal);
        foreach (var tasks in _types.Values)
        {
            if (tasks.CountBefore(offer) is > 0 and var count)
                counts.Add(tasks.Type, count);
        }

        return counts;
    }

    public DateTimeOffset? OldestSince() => _types.Values.Min(tasks => tasks.OldestSince());
}
