using Headgate.Contracts;
using Headgate.Functions.Admission;
using Headgate.Functions.Dashboard;
using Headgate.Functions.Security;
using Headgate.Functions.Stores;
using Headgate.Functions.Tasks;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api;

/// <summary><c>GET /health</c>: the process is up. <c>GET /ready</c>: it reaches its stores. <c>GET /</c>: what this is; for browsers the dashboard.</summary>
public sealed class Probes(ITableStore tables, IQueueMetrics queues)
{
    private static readonly byte[] Healthy = """{"status":"ok"}"""u8.ToArray();
    private static readonly byte[] Ready = """{"status":"ready"}"""u8.ToArray();
    private static readonly byte[] Info = """{"name":"headgate","links":{"health":"/health","ready":"/ready","openapi":"/openapi.json"}}"""u8.ToArray();

    [Function("Health"), Public]
    [Does("Tell that the process is up"), Answers(200, typeof(ProbeView))]
    public static IActionResult Health([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request) => Reply.Bytes(200, Healthy);

    /// <summary>A store that cannot be reached is answered 503 like anywhere else.</summary>
    [Function("Ready"), Public]
    [Does("Tell whether the stores can be reached"), Answers(200, typeof(ProbeView)), Refuses("store-unavailable")]
    public async Task<IActionResult> ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "ready")] HttpRequest request, CancellationToken cancellationToken)
    {
        await tables.GetAsync(Table.Tenants, RowKeys.TenantDirectory, RowKeys.TenantDirectory, cancellationToken);
        await queues.GetAsync(RunQueue.Name, cancellationToken);
        return Reply.Bytes(200, Ready);
    }

    /// <summary>A route of "/" or none would be another one: the worker puts a slash before it, and the host the function's name in its place.</summary>
    [Function("Info"), Public]
    [Does("Tell what this is"), Answers(200, typeof(ServiceView)), Answers(200, MediaType = "text/html")]
    public static IActionResult Root([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "{ignored:maxlength(0)?}")] HttpRequest request) =>
        DashboardPage.IsWantedBy(request) ? DashboardPage.Answer() : Reply.Bytes(200, Info).WithHeader("Vary", "Accept");
}

/// <summary><c>GET /queues</c></summary>
public sealed class ReadQueues(IQueueMetrics queues, IReadyTasks ready, TimeProvider clock)
{
    private const int MaxTenants = 20;

    [Function("ReadQueues"), OperatorOnly]
    [Does("Tell how many runs and tasks wait"), Answers(200, typeof(QueuesView))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "queues")] HttpRequest request, CancellationToken cancellationToken)
    {
        var runs = await queues.GetAsync(RunQueue.Name, cancellationToken);
        var tasks = await ready.DepthAsync(cancellationToken);
        var backlog = await ready.BacklogAsync(MaxTenants, cancellationToken);
        var now = clock.GetUtcNow();
        var waiting = tasks.OldestSince is { } since ? (now - since).TotalSeconds : 0;
        var view = new QueuesView(
            new QueueView(runs.Active, runs.Scheduled, runs.DeadLettered, Seconds(runs.OldestAge.TotalSeconds)),
            new QueueView(tasks.Depth, 0, 0, Seconds(waiting)),
            [.. backlog.Select(tenant => new TenantBacklogView(tenant.TenantId, tenant.Depth, Seconds((now - tenant.OldestSince).TotalSeconds)))]);
        return Reply.Ok(view, ContractJson.Default.QueuesView);
    }

    private static double Seconds(double seconds) => Math.Round(Math.Max(seconds, 0), 3);
}

/// <summary>
/// Answers in Azure what no other function takes, a wrong method as well, with the body of every other error; the Functions host's own
/// answer is an empty 404. The host invokes the first function by name whose route and methods fit, so this one's name comes last.
/// </summary>
public static class UnknownRoute
{
    [Function("ZUnknownRoute"), Public]
    public static IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request) =>
        Reply.Refused(Refusals.RouteNotFound);
}
