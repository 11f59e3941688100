namespace Headgate.Functions.Tasks.Pools;

/// <summary>
/// Tenants whose tasks are kept back. A hold that is over is dropped when somebody asks for its tenant, and all such once there are twice as
/// many holds as were left after the last time. Not safe for concurrent use.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="longest">How long a hold counts at most: whoever ended it may not have come to release it. The next claim that meets the tenant looks.</param>
internal sealed class HeldTenants(TimeProvider clock, TimeSpan longest)
{
    private const int Least = 64;

    private readonly Dictionary<string, (DateTimeOffset? Until, long Since)> _held = new(StringComparer.Ordinal);

    private int _most = Least;

    public int Count => _held.Count;

    public void Hold(string tenantId, DateTimeOffset? until)
    {
        _held[tenantId] = (until, clock.GetTimestamp());
        if (_held.Count < _most)
            return;
        foreach (var held in _held.Keys)
            IsHeld(held);
        _most = Math.Max(Least, 2 * _held.Count);
    }

    public void Release(string tenantId) => _held.Remove(tenantId);

    public bool IsHeld(string tenantId)
    {
        if (!_held.TryGetValue(tenantId, out var hold))
            return false;
        if (!(hold.Until <= clock.GetUtcNow()) && clock.GetElapsedTime(hold.Since) < longest)
            return true;
        _held.Remove(tenantId);
        return false;
    }
}
