using Headgate.Functions.Alerts;
using Headgate.Functions.Schedules;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Maintenance;

/// <summary>Repairs what a crash, a lost message or a lost event left behind, and removes what is past its time.</summary>
public sealed class Maintain(RunRepair repair, Retention retention)
{
    [Function(nameof(Maintain))]
    public async Task RunAsync([TimerTrigger("%Maintenance%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await repair.RunAsync(client, cancellationToken);
        await retention.RunWhenDueAsync(client, cancellationToken);
    }
}

/// <summary>Takes tasks from agents that went silent, has those judged that an agent holds beyond their timeout, and ends pauses whose time has come.</summary>
public sealed class SweepLeases(LeaseSweep leases, TimeoutSweep timeouts, PauseSweep pauses)
{
    [Function(nameof(SweepLeases))]
    public async Task RunAsync([TimerTrigger("%LeaseSweep%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        // One that fails must not keep the others from running.
        try
        {
            await leases.RunAsync(client, cancellationToken);
        }
        finally
        {
            try
            {
                await timeouts.RunAsync(client, cancellationToken);
            }
            finally
            {
                await pauses.RunAsync(client, cancellationToken);
            }
        }
    }
}

/// <summary>Fires the schedules that are due, apart from all else: nothing that takes long may keep them late.</summary>
public sealed class FireSchedules(ScheduleRound schedules)
{
    [Function(nameof(FireSchedules))]
    public Task RunAsync([TimerTrigger("%ScheduleSweep%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        schedules.RunAsync(client, cancellationToken);
}

/// <summary>
/// Measures what the gauges report and evaluates the alert rules, apart from maintenance so that neither keeps the other from running.
/// </summary>
public sealed class Measure(Measurements measurements, AlertRounds alerts)
{
    [Function(nameof(Measure))]
    public async Task RunAsync([TimerTrigger("%Maintenance%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await measurements.RunAsync(cancellationToken);
        await alerts.RunAsync(cancellationToken);
    }
}
