using System.Collections.Concurrent;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Telemetry;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>Settles the attempts of agents whose lease has ended. An agent heard of within its lease costs no read.</summary>
public sealed class LeaseSweep(
    AgentReader agents,
    AgentPresence presence,
    ServiceUptime uptime,
    IReadyTasks ready,
    LostTasks lost,
    RunWaker waker,
    HeadgateOptions options,
    TimeProvider clock,
    Metrics metrics,
    ILogger<LeaseSweep> logger)
{
    // When agents were last looked at that were silent, and are empty-handed since.
    private readonly ConcurrentDictionary<string, long> _empty = new(StringComparer.Ordinal);

    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var upSince = await uptime.SinceAsync(cancellationToken);
        await foreach (var agentId in agents.AllIdsAsync(cancellationToken))
        {
            if (!HasEnded(presence.LeaseFrom(agentId, null, upSince)))
                _empty.TryRemove(agentId, out _);
            else if (!IsKnownEmpty(agentId))
                await TrySweepAsync(client, agentId, upSince, cancellationToken);
        }
    }

    private bool HasEnded(DateTimeOffset leaseFrom) => clock.GetUtcNow() - leaseFrom > options.Leases.Duration;

    // Whoever gets work here has been heard of here. Another process may have given it some since.
    private bool IsKnownEmpty(string agentId) =>
        _empty.TryGetValue(agentId, out var looked)
        && !presence.IsHeardOfSince(agentId, looked)
        && (!ready.IsShared || clock.GetElapsedTime(looked) <= options.Leases.Duration);

    // One agent that can't be swept must not keep the leases of all others alive.
    private async Task TrySweepAsync(DurableTaskClient client, string agentId, DateTimeOffset upSince, CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(client, agentId, upSince, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logger.SweepFailed(failure, agentId);
        }
    }

    private async Task SweepAsync(DurableTaskClient client, string agentId, DateTimeOffset upSince, CancellationToken cancellationToken)
    {
        var looked = clock.GetTimestamp();
        if (await agents.ReadAsync(agentId, cancellationToken) is not { } agent)
            return;
        if (!HasEnded(presence.LeaseFrom(agentId, agent.Load?.LastSeenAt, upSince)))
            return;
        var held = agent.Held.ToList();
        if (held.Count > 0)
        {
            var moved = await lost.SettleAsync(held, $"The agent was silent for more than {options.Leases.Seconds} s.", cancellationToken);
            await waker.WakeAsync(client, moved, cancellationToken);
            logger.LeasesLost(agentId, held.Count);
            metrics.LeasesLost(held.Count);
        }

        _empty[agentId] = looked;
    }
}
