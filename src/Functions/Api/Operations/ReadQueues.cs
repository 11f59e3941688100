using Headgate.Contracts;
using Headgate.Functions.Admission;
using Headgate.Functions.Security;
using Headgate.Functions.Tasks;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Operations;

/// <summary><c>GET /queues</c></summary>
public sealed class ReadQueues(IQueueMetrics queues, IReadyTasks ready, TimeProvider clock)
{
    [Function("ReadQueues"), OperatorOnly]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "queues")] HttpRequest request, CancellationToken cancellationToken)
    {
        var runs = await queues.GetAsync(RunQueue.Name, cancellationToken);
        var tasks = await ready.DepthAsync(cancellationToken);
        var waiting = tasks.OldestSince is { } since ? (clock.GetUtcNow() - since).TotalSeconds : 0;
        var view = new QueuesView(
            new QueueView(runs.Active, runs.Scheduled, runs.DeadLettered, Seconds(runs.OldestAge.TotalSeconds)),
            new QueueView(tasks.Depth, 0, 0, Seconds(waiting)));
        return Reply.Ok(view, ContractJson.Default.QueuesView);
    }

    private static double Seconds(double seconds) => Math.Round(Math.Max(seconds, 0), 3);
}
