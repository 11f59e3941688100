using Headgate.Core.Dispatch;

namespace Headgate.Functions.Tasks.Pools;

/// <summary>
/// Tasks of one type and priority, longest ready first, then by id. A ring in order: what becomes ready goes to the end and what is given
/// back goes near the front, so that hardly anything is moved for either, and a task costs no object beside its own. Not safe for concurrent use.
/// </summary>
internal sealed class AgedOffers
{
    private const int Least = 4;

    // Its length is a power of two.
    private TaskOffer?[] _ring = new TaskOffer?[Least];
    private int _head;

    public int Count { get; private set; }

    /// <param name="index">0 for the oldest.</param>
    public TaskOffer this[int index] => _ring[Slot(index)]!;

    /// <returns>False where it is there already.</returns>
    public bool Add(TaskOffer offer)
    {
        var at = Count == 0 || Compare(this[Count - 1], offer) < 0 ? Count : Find(offer);
        if (at < 0)
            return false;
        if (Count == _ring.Length)
            Resize(2 * Count);
        if (at < Count / 2)
        {
            _head = Slot(-1);
            for (var i = 0; i < at; i++)
                _ring[Slot(i)] = _ring[Slot(i + 1)];
        }
        else
        {
            for (var i = Count; i > at; i--)
                _ring[Slot(i)] = _ring[Slot(i - 1)];
        }

        _ring[Slot(at)] = offer;
        Count++;
        return true;
    }

    /// <returns>False where it is not there.</returns>
    public bool Remove(TaskOffer offer)
    {
        var at = ~Find(offer);
        if (at < 0)
            return false;
        if (at < Count / 2)
        {
            for (var i = at; i > 0; i--)
                _ring[Slot(i)] = _ring[Slot(i - 1)];
            _ring[_head] = null;
            _head = Slot(1);
        }
        else
        {
            for (var i = at; i < Count - 1; i++)
                _ring[Slot(i)] = _ring[Slot(i + 1)];
            _ring[Slot(Count - 1)] = null;
        }

        Count--;
        if (_ring.Length > Least && Count <= _ring.Length / 4)
            Resize(_ring.Length / 2);
        return true;
    }

    public static int Compare(TaskOffer a, TaskOffer b)
    {
        var order = a.Since.CompareTo(b.Since);
        return order == 0 ? string.CompareOrdinal(a.TaskId, b.TaskId) : order;
    }

    /// <returns>Where it belongs; the complement of where it is.</returns>
    private int Find(TaskOffer offer)
    {
        var (from, to) = (0, Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            var order = Compare(this[middle], offer);
            if (order == 0)
                return ~middle;
            if (order < 0)
                from = middle + 1;
            else
                to = middle;
        }

        return from;
    }

    private void Resize(int length)
    {
        var ring = new TaskOffer?[length];
        for (var i = 0; i < Count; i++)
            ring[i] = this[i];
        (_ring, _head) = (ring, 0);
    }

    private int Slot(int index) => (_head + index) & (_ring.Length - 1);
}
