using Headgate.Core.Dispatch;

namespace Headgate.Functions.Tasks.Pools;

/// <summary>
/// Ready tasks that a resource keeps back, out of the pools so that no claim looks at them, each at one resource of those it names. Some are
/// let go again by number: those pass that resource until they are taken, or until it keeps tasks back anew. If nobody takes them, more go
/// each second, so what no agent can have does not stand before the rest. A resource that keeps nothing back is forgotten.
/// Not safe for concurrent use.
/// </summary>
internal sealed class ParkedOffers
{
    /// <summary>How long those that were let go may stay untaken before more go.</summary>
    private static readonly TimeSpan Untaken = TimeSpan.FromSeconds(1);
    private const int MostAtOnce = 1024;

    private readonly Dictionary<ResourceHold, Place> _places = [];
    private readonly Dictionary<string, Place> _parked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResourceHold> _passing = new(StringComparer.Ordinal);

    /// <summary>Keeps tasks back from now on. Its timer is the place's, told by <paramref name="due"/> when to ring.</summary>
    public void Hold(ResourceHold hold, TimeSpan due, Func<ITimer> newTimer)
    {
        if (!_places.TryGetValue(hold, out var place))
            _places.Add(hold, place = new(newTimer()));
        (place.Next, place.HasRoom) = (1, false);
        // Whoever was let go and is not taken yet came too late.
        foreach (var (taskId, at) in _passing)
        {
            if (at == hold)
                _passing.Remove(taskId);
        }

        place.Timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It rang: nobody took those that were let go, or nobody told of room.</summary>
    /// <returns>How many go now: twice as many each time, so that what no agent takes does not stand before the rest.</returns>
    public int Ring(ResourceHold hold)
    {
        if (!_places.TryGetValue(hold, out var place))
            return 0;
        var count = place.Next;
        place.Next = Math.Min(count * 2, MostAtOnce);
        return count;
    }

    /// <summary>The task stands in a pool although its resource keeps others back.</summary>
    public void Pass(TaskOffer offer, ResourceHold hold) => _passing[offer.TaskId] = hold;

    public ResourceHold? Passes(TaskOffer offer) => _passing.TryGetValue(offer.TaskId, out var hold) ? hold : null;

    /// <returns>False where nothing keeps it back.</returns>
    public bool TryPark(TaskOffer offer)
    {
        if (offer.Resources.Count == 0 || _places.Count == 0 || PlaceFor(offer) is not { } place)
            return false;
        place.Offers.Add(offer);
        _parked[offer.TaskId] = place;
        return true;
    }

    /// <summary>The task is taken, or not ready any more.</summary>
    /// <returns>Whether it was parked.</returns>
    public bool Remove(TaskOffer offer)
    {
        _passing.Remove(offer.TaskId);
        return _parked.Remove(offer.TaskId, out var place) && place.Offers.Remove(offer);
    }

    /// <summary>Takes the first ones out, in order of priority, then age. A place that keeps none any more is gone.</summary>
    public List<TaskOffer> Release(ResourceHold hold, int count)
    {
        var released = new List<TaskOffer>();
        if (!_places.TryGetValue(hold, out var place))
            return released;
        while (released.Count < count && place.Offers.Min is { } first)
        {
            place.Offers.Remove(first);
            _parked.Remove(first.TaskId);
            released.Add(first);
        }

        if (place.Offers.Count == 0)
        {
            place.Timer.Dispose();
            _places.Remove(hold);
        }
        else
        {
            place.HasRoom = true;
            place.Timer.Change(Untaken, Timeout.InfiniteTimeSpan);
        }

        return released;
    }

    /// <summary>How many tasks of each type go before a parked one at its resource; null if it is not parked.</summary>
    public Dictionary<string, int>? CountBefore(TaskOffer offer)
    {
        if (!_parked.TryGetValue(offer.TaskId, out var place))
            return null;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var other in place.Offers)
        {
            if (other.TaskId == offer.TaskId)
                break;
            counts[other.Type] = counts.GetValueOrDefault(other.Type) + 1;
        }

        return counts;
    }

    public DateTimeOffset? OldestSince()
    {
        DateTimeOffset? oldest = null;
        foreach (var offer in _places.Values.SelectMany(place => place.Offers))
        {
            if (oldest is null || offer.Since < oldest)
                oldest = offer.Since;
        }

        return oldest;
    }

    private Place? PlaceAt(ResourceHold hold, ResourceHold? passes) => hold == passes ? null : _places.GetValueOrDefault(hold);

    // A resource without room comes before one where the task only waits behind others: else it would stand before those for ever.
    private Place? PlaceFor(TaskOffer offer)
    {
        var passes = Passes(offer);
        Place? roomy = null;
        for (var i = 0; i < offer.Resources.Count; i++)
        {
            var hold = new ResourceHold(offer.TenantId, offer.Resources[i], null);
            var (all, some) = (PlaceAt(hold, passes), PlaceAt(hold with { Type = offer.Type }, passes));
            if (all is { HasRoom: false })
                return all;
            if (some is { HasRoom: false })
                return some;
            roomy ??= all ?? some;
        }

        return roomy;
    }

    private sealed class Place(ITimer timer)
    {
        public ITimer Timer => timer;

        /// <summary>How many go when it rings.</summary>
        public int Next { get; set; } = 1;

        /// <summary>Some were let go since it last kept tasks back.</summary>
        public bool HasRoom { get; set; }

        public SortedSet<TaskOffer> Offers { get; } = new(InOrder);

        private static readonly Comparer<TaskOffer> InOrder = Comparer<TaskOffer>.Create((a, b) =>
        {
            var order = (int)a.Priority - (int)b.Priority;
            return order == 0 ? AgedOffers.Compare(a, b) : order;
        });
    }
}
