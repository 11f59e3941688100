using Headgate.Core.Dispatch;

namespace Headgate.Functions.Tasks.Shared;

/// <summary>
/// What this process put into the pools within the last half second, at most 100 tasks, and which pools held nothing else at a look
/// not longer ago. For a pool that was empty then these tasks are all there is, but for what other processes have added since. That saves a look at
/// the ready table: one of 13 table operations of a run whose agent comes after it. Not safe for concurrent use.
/// </summary>
internal sealed class NewOffers(TimeProvider clock, TimeSpan kept)
{
    private const int MaxOffers = 100;
    private const int MaxPools = 1000;
    private readonly LinkedList<(TaskOffer Offer, long At)> _offers = [];
    private readonly Dictionary<string, long> _empty = new(StringComparer.Ordinal);

    /// <summary>Newest last.</summary>
    public IEnumerable<TaskOffer> All => _offers.Where(entry => !IsOld(entry.At)).Select(entry => entry.Offer);

    public void Add(TaskOffer offer)
    {
        Remove(offer.TaskId);
        while (_offers.First is { } oldest && IsOld(oldest.Value.At))
            _offers.RemoveFirst();
        if (_offers.Count == MaxOffers)
        {
            _offers.RemoveFirst();
            _empty.Clear();
        }

        _offers.AddLast((offer, clock.GetTimestamp()));
    }

    public void Remove(string taskId)
    {
        for (var node = _offers.First; node is not null; node = node.Next)
        {
            if (node.Value.Offer.TaskId != taskId)
                continue;
            _offers.Remove(node);
            return;
        }
    }

    /// <param name="pool">The pool that was looked at; empty for all of them.</param>
    /// <param name="at">The timestamp when the look began.</param>
    /// <param name="isEmpty">Whether all it showed is taken.</param>
    public void Looked(string pool, long at, bool isEmpty)
    {
        if (_empty.Count >= MaxPools)
            _empty.Clear();
        if (isEmpty)
            _empty[pool] = at;
        else
            _empty.Remove(pool);
    }

    public bool WasEmpty(string pool) => _empty.TryGetValue(pool, out var at) && !IsOld(at);

    private bool IsOld(long at) => clock.GetElapsedTime(at) >= kept;
}
