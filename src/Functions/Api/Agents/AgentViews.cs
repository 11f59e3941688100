using Headgate.Contracts.Agents;
using Headgate.Core.Agents;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks.Desk;

namespace Headgate.Functions.Api.Agents;

/// <summary>Agents as callers see them.</summary>
public sealed class AgentViews(AgentDesk desk, HeadgateOptions options, TimeProvider clock)
{
    public static AgentSettings Settings(AgentRecord agent) => new(
        agent.Limits.MaxConcurrentTasks,
        agent.Limits.TypeLimits,
        agent.Limits.CpuQuotaPercent,
        agent.Limits.IoPriority,
        agent.Limits.BandwidthLimitMbps,
        agent.SettingsVersion);

    public AgentView View(AgentSnapshot snapshot)
    {
        var agent = snapshot.Agent;
        var (status, lastSeen) = Health(snapshot);
        return new AgentView(
            agent.AgentId,
            agent.TenantId,
            agent.Name,
            agent.Os,
            agent.Arch,
            agent.Version,
            status.WireName(),
            agent.Labels,
            agent.Capabilities,
            Settings(agent),
            agent.RegisteredAt,
            lastSeen,
            snapshot.Load?.Hold?.RivalAt);
    }

    public AgentLoadView Load(AgentSnapshot snapshot)
    {
        var load = snapshot.CountLoad();
        var (status, lastSeen) = Health(snapshot);
        var limits = snapshot.Agent.Limits;
        return new AgentLoadView(
            snapshot.Agent.AgentId,
            status.WireName(),
            load.Held,
            limits.MaxConcurrentTasks,
            load.AvailableSlots,
            [.. limits.TypeLimits.OrderBy(limit => limit.Key, StringComparer.Ordinal).Select(limit => new TypeSlots(limit.Key, load.RoomFor(limit.Key), limit.Value))],
            [.. load.HeldByType.OrderBy(held => held.Key, StringComparer.Ordinal).Select(held => new TypeCount(held.Key, held.Value))],
            load.IsSaturated,
            lastSeen);
    }

    public BackoffStatusView Backoff(AgentSnapshot snapshot)
    {
        var now = clock.GetUtcNow();
        var tasks = snapshot.Holdings
            .Where(holding => holding.NextRetryAt > now)
            .OrderBy(holding => holding.NextRetryAt)
            .Select(holding => new BackoffTask(
                holding.TaskId,
                holding.Type,
                holding.RetriesGranted,
                holding.MaxRetries,
                holding.NextRetryAt!.Value,
                holding.ErrorCategory))
            .ToList();
        return new BackoffStatusView(snapshot.Agent.AgentId, tasks.Count, tasks.FirstOrDefault()?.NextRetryAt, [.. tasks.Take(MaxListed)], now);
    }

    /// <summary>The count is exact; the list stops here.</summary>
    private const int MaxListed = 100;

    private (AgentStatus Status, DateTimeOffset? LastSeen) Health(AgentSnapshot snapshot)
    {
        var lastSeen = desk.LastSeen(snapshot.Agent.AgentId, snapshot.Load?.LastSeenAt);
        return (AgentHealth.Of(lastSeen, options.Heartbeat.Interval, options.Leases.Duration, clock.GetUtcNow()), lastSeen);
    }
}
