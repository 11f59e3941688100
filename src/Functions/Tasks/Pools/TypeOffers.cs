using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Core.Runs;

namespace Headgate.Functions.Tasks.Pools;

/// <summary>A tenant's ready tasks of one type, in order of priority, then age. Not safe for concurrent use.</summary>
/// <param name="type">As the first of them wrote it.</param>
internal sealed class TypeOffers(string type)
{
    private readonly AgedOffers?[] _byPriority = new AgedOffers?[TaskPriorities.WireNames.Count];

    public string Type => type;

    public int Count { get; private set; }

    /// <returns>False where it is there already.</returns>
    public bool Add(TaskOffer offer)
    {
        if (!(_byPriority[(int)offer.Priority] ??= new()).Add(offer))
            return false;
        Count++;
        return true;
    }

    /// <returns>False where it is not there.</returns>
    public bool Remove(TaskOffer offer)
    {
        if (_byPriority[(int)offer.Priority]?.Remove(offer) != true)
            return false;
        Count--;
        return true;
    }

    /// <summary>The first in order that the agent suits, of those that go before <paramref name="other"/>; null where there is none.</summary>
    public TaskOffer? FirstBefore(TaskOffer? other, AgentOffer agent)
    {
        foreach (var offers in _byPriority)
        {
            for (var i = 0; i < offers?.Count; i++)
            {
                if (other is not null && Compare(offers[i], other) > 0)
                    return null;
                if (agent.Suits(offers[i]))
                    return offers[i];
            }
        }

        return null;
    }

    /// <summary>How many go before a task of any type.</summary>
    public int CountBefore(TaskOffer offer)
    {
        var count = 0;
        for (var priority = 0; priority < (int)offer.Priority; priority++)
            count += _byPriority[priority]?.Count ?? 0;
        return count + (_byPriority[(int)offer.Priority]?.CountBefore(offer) ?? 0);
    }

    public DateTimeOffset? OldestSince()
    {
        DateTimeOffset? oldest = null;
        foreach (var offers in _byPriority)
        {
            if (offers is { Count: > 0 } && (oldest is null || offers[0].Since < oldest))
                oldest = offers[0].Since;
        }

        return oldest;
    }

    /// <summary>Which of two of any type goes first.</summary>
    private static int Compare(TaskOffer a, TaskOffer b)
    {
        // As numbers: comparing enumerations as such boxes them.
        var order = (int)a.Priority - (int)b.Priority;
        return order == 0 ? AgedOffers.Compare(a, b) : order;
    }
}
