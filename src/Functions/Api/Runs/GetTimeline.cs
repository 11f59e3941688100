using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Runs;

/// <summary><c>GET /tenants/{t}/runs/{r}/timeline</c>: what happened, in order. At most 200 tasks with 21 attempts each.</summary>
public sealed class GetTimeline(RunReader runs)
{
    [Function(nameof(GetTimeline))]
    [Access(Permission.RunRead)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/runs/{runId}/timeline")] HttpRequest request,
        string tenantId,
        string runId,
        CancellationToken cancellationToken)
    {
        if (await runs.RunAsync(tenantId, runId, cancellationToken) is not { } run)
            return Reply.Refused(Refusals.RunNotFound(runId));
        var items = Timeline.Of(run, await runs.AllAsync(runId, cancellationToken));
        return Reply.Ok(new Page<TimelineItem>(items, null), ContractJson.Default.PageTimelineItem);
    }
}
