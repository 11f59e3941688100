using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Functions.Tasks.Pools;

namespace Headgate.Functions.Tasks.Shared;

/// <summary>
/// Picks the tasks that an agent gets out of rows read from the ready table: tenants take turns by weight, then priority, then age. Passes over
/// what this process has taken, and what a paused tenant or a full resource keeps back, for 2 seconds: by then another process may have
/// changed that. Not safe for concurrent use.
/// </summary>
internal sealed class OfferPicker(TimeProvider clock)
{
    private const int MaxTurns = 10_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, TenantTurns> _turns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<ResourceHold, (DateTimeOffset? Until, long Since)> _full = [];

    public void Take(string taskId) => _taken[taskId] = clock.GetTimestamp();

    public void Free(string taskId) => _taken.Remove(taskId);

    public bool IsTaken(string taskId) => _taken.TryGetValue(taskId, out var at) && clock.GetElapsedTime(at) <= Remembered;

    public HeldTenants Held { get; } = new(clock, Remembered);

    /// <summary>Keeps the tasks back that a resource has no place for.</summary>
    public void Hold(ResourceHold hold, DateTimeOffset? until) => _full[hold] = (until, clock.GetTimestamp());

    /// <returns>False where it kept none back.</returns>
    public bool Release(ResourceHold hold) => _full.Remove(hold);

    /// <summary>Whether its tenant or something it names keeps it back.</summary>
    public bool IsHeld(TaskOffer offer) => Held.IsHeld(offer.TenantId) || IsKeptBack(offer);

    /// <summary>Whether something it names keeps it back.</summary>
    public bool IsKeptBack(TaskOffer offer)
    {
        for (var i = 0; i < offer.Resources.Count && _full.Count > 0; i++)
        {
            var hold = new ResourceHold(offer.TenantId, offer.Resources[i], null);
            if ((_full.TryGetValue(hold, out var all) && IsInForce(all)) || (_full.TryGetValue(hold with { Type = offer.Type }, out var some) && IsInForce(some)))
                return true;
        }

        return false;
    }

    /// <param name="offers">Of one pool or of all.</param>
    /// <param name="agent">Who claims.</param>
    /// <param name="load">Counts each task taken.</param>
    /// <param name="max">At most so many.</param>
    public List<TaskOffer> Pick(IEnumerable<TaskOffer> offers, AgentOffer agent, AgentLoad load, int max)
    {
        DropOld();
        var pools = Pools(offers);
        var picked = new List<TaskOffer>();
        while (picked.Count < max)
        {
            var candidates = pools.Values
                .Where(pool => !Held.IsHeld(pool.Turns.TenantId) && pool.First(agent, load) is not null)
                .Select(pool => pool.Turns)
                .ToList();
            if (TenantRotation.Next(candidates) is not { } next)
                break;
            var offer = pools[next.TenantId].First(agent, load)!;
            pools[next.TenantId].Remove(offer);
            Take(offer.TaskId);
            load.Take(offer.Type);
            picked.Add(offer);
        }

        return picked;
    }

    private Dictionary<string, TenantPool> Pools(IEnumerable<TaskOffer> offers)
    {
        var pools = new Dictionary<string, TenantPool>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var offer in offers)
        {
            // A row that was left from when its task was ready before stands beside the one of now.
            if (_taken.ContainsKey(offer.TaskId) || !seen.Add(offer.TaskId) || IsKeptBack(offer))
                continue;
            if (!pools.TryGetValue(offer.TenantId, out var pool))
                pools[offer.TenantId] = pool = new TenantPool(TurnsOf(offer.TenantId));
            pool.Add(offer);
        }

        return pools;
    }

    private TenantTurns TurnsOf(string tenantId)
    {
        // What a tenant is owed is little: forgetting it costs somebody a turn.
        if (_turns.Count >= MaxTurns)
            _turns.Clear();
        if (!_turns.TryGetValue(tenantId, out var turns))
            _turns[tenantId] = turns = new TenantTurns(tenantId);
        return turns;
    }

    private void DropOld()
    {
        foreach (var taskId in _taken.Keys)
        {
            if (!IsTaken(taskId))
                _taken.Remove(taskId);
        }

        foreach (var (hold, full) in _full)
        {
            if (!IsInForce(full))
                _full.Remove(hold);
        }
    }

    private bool IsInForce((DateTimeOffset? Until, long Since) hold) =>
        !(hold.Until <= clock.GetUtcNow()) && clock.GetElapsedTime(hold.Since) < Remembered;
}
