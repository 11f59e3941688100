using Headgate.Core.Dispatch;

namespace Headgate.Functions.Tasks.Pools;

/// <summary>Tasks of one type and priority, longest ready first, then by id. Not safe for concurrent use.</summary>
internal sealed class AgedOffers
{
    private readonly List<TaskOffer> _offers = [];

    public int Count => _offers.Count;

    /// <param name="index">0 for the oldest.</param>
    public TaskOffer this[int index] => _offers[index];

    /// <returns>False where it is there already.</returns>
    public bool Add(TaskOffer offer)
    {
        var at = _offers.BinarySearch(offer, Order.Instance);
        if (at < 0)
            _offers.Insert(~at, offer);
        return at < 0;
    }

    /// <returns>False where it is not there.</returns>
    public bool Remove(TaskOffer offer)
    {
        var at = _offers.BinarySearch(offer, Order.Instance);
        if (at >= 0)
            _offers.RemoveAt(at);
        return at >= 0;
    }

    /// <summary>How many go before it, whether it is there or not.</summary>
    public int CountBefore(TaskOffer offer)
    {
        var at = _offers.BinarySearch(offer, Order.Instance);
        return at < 0 ? ~at : at;
    }

    public static int Compare(TaskOffer a, TaskOffer b)
    {
        var order = a.Since.CompareTo(b.Since);
        return order == 0 ? string.CompareOrdinal(a.TaskId, b.TaskId) : order;
    }

    private sealed class Order : IComparer<TaskOffer>
    {
        public static readonly Order Instance = new();

        public int Compare(TaskOffer? x, TaskOffer? y) => AgedOffers.Compare(x!, y!);
    }
}
