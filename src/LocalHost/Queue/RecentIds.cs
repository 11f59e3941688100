namespace Headgate.LocalHost.Queue;

/// <summary>Message ids seen within the window. Holds at most 100,000: under more load than that the window is shorter. Guarded by its queue.</summary>
internal sealed class RecentIds(TimeSpan window)
{
    private const int Max = 100_000;
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<(DateTimeOffset At, string Id)> _order = [];

    /// <returns>False where the id is in the window already.</returns>
    public bool TryAdd(string id, DateTimeOffset now)
    {
        while (_order.TryPeek(out var oldest) && (_order.Count >= Max || oldest.At + window <= now))
            _ids.Remove(_order.Dequeue().Id);
        if (!_ids.Add(id))
            return false;
        _order.Enqueue((now, id));
        return true;
    }
}
