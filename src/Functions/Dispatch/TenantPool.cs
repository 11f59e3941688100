using Headgate.Core.Agents;
using Headgate.Core.Dispatch;

namespace Headgate.Functions.Dispatch;

/// <summary>One tenant's ready tasks in memory, by type, each in order of priority, then age. Not safe for concurrent use.</summary>
internal sealed class TenantPool(string tenantId)
{
    private static readonly Comparer<TaskOffer> InOrder = Comparer<TaskOffer>.Create(Compare);
    private readonly Dictionary<string, SortedSet<TaskOffer>> _byType = new(StringComparer.Ordinal);

    public string TenantId => tenantId;

    /// <summary>Of the newest task seen; a tenant has one plan at a time.</summary>
    public int Weight { get; private set; } = 1;

    public int Count { get; private set; }

    public void Add(TaskOffer offer)
    {
        if (!_byType.TryGetValue(offer.Type, out var tasks))
            _byType[offer.Type] = tasks = new SortedSet<TaskOffer>(InOrder);
        if (!tasks.Add(offer))
            return;
        Weight = Math.Max(offer.Weight, 1);
        Count++;
    }

    /// <summary>The offer on the strings that others like it hold already: thousands may wait, and for long.</summary>
    public TaskOffer Sharing(TaskOffer offer) => _byType.TryGetValue(offer.Type, out var tasks) && tasks.Min is { } other
        ? offer with { TenantId = tenantId, Type = other.Type }
        : offer;

    public void Remove(TaskOffer offer)
    {
        if (!_byType.TryGetValue(offer.Type, out var tasks) || !tasks.Remove(offer))
            return;
        Count--;
        if (tasks.Count == 0)
            _byType.Remove(offer.Type);
    }

    /// <summary>The first task in order that the agent suits and has room for; null where there is none.</summary>
    public TaskOffer? First(AgentOffer agent, AgentLoad load)
    {
        TaskOffer? first = null;
        foreach (var (type, tasks) in _byType)
        {
            if (!agent.Capabilities.Contains(type) || load.RoomFor(type) == 0)
                continue;
            foreach (var task in tasks)
            {
                if (first is not null && Compare(task, first) > 0)
                    break;
                if (!agent.Suits(task))
                    continue;
                first = task;
                break;
            }
        }

        return first;
    }

    public DateTimeOffset? OldestSince()
    {
        DateTimeOffset? oldest = null;
        foreach (var tasks in _byType.Values)
        {
            foreach (var task in tasks)
                oldest = oldest is null || task.Since < oldest ? task.Since : oldest;
        }

        return oldest;
    }

    private static int Compare(TaskOffer? a, TaskOffer? b)
    {
        // As numbers: comparing enumerations as such boxes them.
        var order = (int)a!.Priority - (int)b!.Priority;
        if (order == 0)
            order = a.Since.CompareTo(b.Since);
        return order == 0 ? string.CompareOrdinal(a.TaskId, b.TaskId) : order;
    }
}
