using Headgate.Functions.Dispatch;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Telemetry;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>Settles the attempts of agents whose lease has ended. An agent heard of within its lease costs no read.</summary>
public sealed class LeaseSweep(
    AgentReader agents,
    AgentDesk desk,
    ServiceUptime uptime,
    Arrangement arrangement,
    LostTasks lost,
    RunWaker waker,
    HeadgateOptions options,
    TimeProvider clock,
    Metrics metrics,
    ILogger<LeaseSweep> logger)
{
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var upSince = await uptime.SinceAsync(cancellationToken);
        // Whoever gets work here has been heard of here. Another process may have given an agent some that was empty-handed.
        var round = desk.Rounds.Begin(arrangement.IsAlone ? TimeSpan.MaxValue : options.Leases.Duration);
        var isWhole = true;
        await foreach (var agentId in agents.AllIdsAsync(cancellationToken))
        {
            var isWatched = desk.Rounds.Meet(agentId, round);
            if (!isWatched && !round.LooksAtAll)
                continue;
            if (HasEnded(desk.LeaseFrom(agentId, null, upSince)))
                await TrySweepAsync(client, agentId, cancellationToken);
            else
                isWhole &= isWatched;
        }

        desk.Rounds.End(round, isWhole);
    }

    private bool HasEnded(DateTimeOffset leaseFrom) => clock.GetUtcNow() - leaseFrom > options.Leases.Duration;

    // One agent that can't be swept must not keep the leases of all others alive.
    private async Task TrySweepAsync(DurableTaskClient client, string agentId, CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(client, agentId, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            desk.Rounds.Watch(agentId);
            logger.SweepFailed(failure, agentId);
        }
    }

    private async Task SweepAsync(DurableTaskClient client, string agentId, CancellationToken cancellationToken)
    {
        var looked = clock.GetTimestamp();
        if (await agents.ReadAsync(agentId, cancellationToken) is not { } agent)
        {
            desk.Rounds.Leave(agentId, looked);
            return;
        }

        // Asked again: the clock may have been set since the round began.
        if (!HasEnded(desk.LeaseFrom(agentId, agent.Load?.LastSeenAt, await uptime.SinceAsync(cancellationToken))))
        {
            desk.Rounds.Watch(agentId);
            return;
        }

        var held = agent.Held.ToList();
        if (held.Count > 0)
        {
            var moved = await lost.SettleAsync(held, $"The agent was silent for more than {options.Leases.Seconds} s.", cancellationToken);
            await waker.WakeAsync(client, moved, cancellationToken);
            logger.LeasesLost(agentId, held.Count);
            metrics.LeasesLost(held.Count);
        }

        desk.Rounds.Leave(agentId, looked);
    }
}
