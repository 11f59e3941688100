using System.Collections.Concurrent;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Telemetry;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>Settles the attempts of agents whose lease has ended. An agent heard of within its lease costs no read.</summary>
public sealed class LeaseSweep(
    AgentReader agents,
    AgentPresence presence,
    AttemptSettler settler,
    RunWaker waker,
    HeadgateOptions options,
    TimeProvider clock,
    ILogger<LeaseSweep> logger)
{
    // When agents were found silent and empty-handed. Only so long, because another process may have given them work since.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _empty = new(StringComparer.Ordinal);

    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        await foreach (var agentId in agents.AllIdsAsync(cancellationToken))
        {
            var now = clock.GetUtcNow();
            var isFresh = now - presence.LeaseFrom(agentId, null) <= options.Leases.Duration;
            if (isFresh)
                _empty.TryRemove(agentId, out _);
            else if (!_empty.TryGetValue(agentId, out var found) || now - found > options.Leases.Duration)
                await SweepAsync(client, agentId, cancellationToken);
        }
    }

    private async Task SweepAsync(DurableTaskClient client, string agentId, CancellationToken cancellationToken)
    {
        if (await agents.ReadAsync(agentId, cancellationToken) is not { } agent)
            return;
        if (clock.GetUtcNow() - presence.LeaseFrom(agentId, agent.Load?.LastSeenAt) <= options.Leases.Duration)
            return;
        var lost = agent.Held.Select(held => AttemptReport.Lost(agentId, held.TaskId, held.Attempt, $"The agent was silent for more than {options.Leases.Seconds} s.")).ToList();
        if (lost.Count > 0)
        {
            var results = await settler.SettleAsync(lost, cancellationToken);
            await waker.WakeAsync(client, results.OfType<ReportResult.Settled>().Select(settled => settled.RunId), cancellationToken);
            logger.LeasesLost(agentId, lost.Count);
        }

        _empty[agentId] = clock.GetUtcNow();
    }
}
