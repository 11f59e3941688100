using System.Collections.Concurrent;

namespace Headgate.Functions.Dispatch;

/// <summary>
/// When this process last heard of each agent. Any authenticated call counts. An agent not heard of yet gets a whole lease from the
/// start of the process: while the service was away it had nobody to report to.
/// </summary>
public sealed class AgentPresence(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _started = clock.GetUtcNow();

    public void Seen(string agentId) => _seen[agentId] = clock.GetUtcNow();

    public void Forget(string agentId) => _seen.TryRemove(agentId, out _);

    /// <summary>The newest sign of life known here; null where there has been none.</summary>
    public DateTimeOffset? LastSeen(string agentId, DateTimeOffset? stored) =>
        _seen.TryGetValue(agentId, out var seen) && (stored is null || seen > stored) ? seen : stored;

    /// <summary>From when the lease of the agent's tasks counts.</summary>
    public DateTimeOffset LeaseFrom(string agentId, DateTimeOffset? stored) =>
        LastSeen(agentId, stored) is { } seen && seen > _started ? seen : _started;
}
