using Headgate.Functions.Admission;
using Headgate.Functions.Security;
using Headgate.Functions.Stores;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Operations;

/// <summary><c>GET /health</c>: the process is up. <c>GET /ready</c>: it reaches its stores. <c>GET /</c>: what this is.</summary>
public sealed class Probes(ITableStore tables, IQueueMetrics queues)
{
    private static readonly byte[] Healthy = """{"status":"ok"}"""u8.ToArray();
    private static readonly byte[] Ready = """{"status":"ready"}"""u8.ToArray();
    private static readonly byte[] Info = """{"name":"headgate","links":{"health":"/health","ready":"/ready","openapi":"/openapi.json"}}"""u8.ToArray();

    [Function("Health"), Public]
    public static IActionResult Health([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request) => Reply.Bytes(200, Healthy);

    /// <summary>A store that cannot be reached is answered 503 like anywhere else.</summary>
    [Function("Ready"), Public]
    public async Task<IActionResult> ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "ready")] HttpRequest request, CancellationToken cancellationToken)
    {
        await tables.GetAsync(Table.Tenants, RowKeys.TenantDirectory, RowKeys.TenantDirectory, cancellationToken);
        await queues.GetAsync(RunQueue.Name, cancellationToken);
        return Reply.Bytes(200, Ready);
    }

    /// <summary>A route of "/" or none would be another one: the worker puts a slash before it, and the host the function's name in its place.</summary>
    [Function("Info"), Public]
    public static IActionResult Root([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "{ignored:maxlength(0)?}")] HttpRequest request) => Reply.Bytes(200, Info);
}
