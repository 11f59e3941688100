using System.CommandLine;
using System.Globalization;
using Headgate.Contracts;

namespace Headgate.Cli.Commands;

internal static class OperationCommands
{
    public static void AddTo(CommandLine line)
    {
        line.Add(null, new Command("queues", "What waits in the queues (operators)"), async (call, cancellationToken) =>
        {
            var queues = await call.Client.Operations.QueuesAsync(cancellationToken);
            call.Terminal.Show(queues, ContractJson.Default.QueuesView, ("runs", Text(queues.Runs)), ("tasks", Text(queues.Tasks)));
        });

        line.Add(null, new Command("alerts", "Alert rules and how they are (operators)"), async (call, cancellationToken) =>
        {
            var alerts = await call.Client.Operations.AlertsAsync(cancellationToken);
            await call.Terminal.ShowAsync(
                alerts.Rules.ToAsyncEnumerable(),
                int.MaxValue,
                ContractJson.Default.AlertView,
                ["ALERT", "STATE", "SEVERITY", "SINCE", "RUNBOOK"],
                alert => [alert.Id, alert.State, alert.Severity, Terminal.Time(alert.Since), alert.Runbook]);
        });
    }

    private static string Text(QueueView queue) => string.Create(
        CultureInfo.InvariantCulture, $"{queue.Depth} wait, the oldest for {queue.OldestAgeSeconds:0} s; {queue.Scheduled} scheduled, {queue.DeadLettered} dead-lettered");
}
