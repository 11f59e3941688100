using Headgate.Core.Dispatch;

namespace Headgate.Functions.Tasks.Pools;

/// <summary>
/// Ready tasks that a resource keeps back, out of the pools so that no claim looks at them, each at one resource of those it names. Some are
/// let go again by number: those pass until they are taken. A resource that keeps nothing back is forgotten once its time is over.
/// Not safe for concurrent use.
/// </summary>
internal sealed class ParkedOffers
{
    private readonly Dictionary<ResourceHold, Place> _places = [];
    private readonly Dictionary<string, Place> _parked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _passing = new(StringComparer.Ordinal);

    /// <summary>Keeps tasks back from now on. Its timer is the place's, told by <paramref name="due"/> when to ring.</summary>
    public void Hold(ResourceHold hold, TimeSpan due, Func<ITimer> newTimer)
    {
        if (!_places.TryGetValue(hold, out var place))
            _places.Add(hold, place = new(newTimer()));
        place.Timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It rang: the next one goes after as long again.</summary>
    public void Renew(ResourceHold hold, TimeSpan due)
    {
        if (_places.TryGetValue(hold, out var place))
            place.Timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The task stands in a pool although its resource keeps others back.</summary>
    public void Pass(TaskOffer offer) => _passing.Add(offer.TaskId);

    public bool Passes(TaskOffer offer) => _passing.Contains(offer.TaskId);

    /// <returns>False where nothing keeps it back.</returns>
    public bool TryPark(TaskOffer offer)
    {
        if (offer.Resources.Count == 0 || _places.Count == 0 || _passing.Contains(offer.TaskId) || PlaceFor(offer) is not { } place)
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

        return released;
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

    private Place? PlaceFor(TaskOffer offer)
    {
        for (var i = 0; i < offer.Resources.Count; i++)
        {
            var hold = new ResourceHold(offer.TenantId, offer.Resources[i], null);
            if (_places.TryGetValue(hold, out var place) || _places.TryGetValue(hold with { Type = offer.Type }, out place))
                return place;
        }

        return null;
    }

    private sealed class Place(ITimer timer)
    {
        public ITimer Timer => timer;

        public SortedSet<TaskOffer> Offers { get; } = new(InOrder);

        private static readonly Comparer<TaskOffer> InOrder = Comparer<TaskOffer>.Create((a, b) =>
        {
            var order = (int)a.Priority - (int)b.Priority;
            return order == 0 ? AgedOffers.Compare(a, b) : order;
        });
    }
}
