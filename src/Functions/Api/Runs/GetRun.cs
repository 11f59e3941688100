using Headgate.Contracts;
using Headgate.Core.Access;
using Headgate.Core.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Runs;

/// <summary><c>GET /tenants/{t}/runs/{r}</c>: the run with its tasks and attempts.</summary>
public sealed class GetRun(RunReader runs, TenantReader tenants, TimeProvider clock)
{
    [Function(nameof(GetRun))]
    [Access(Permission.RunRead)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/runs/{runId}")] HttpRequest request,
        string tenantId,
        string runId,
        CancellationToken cancellationToken)
    {
        if (await runs.RunAsync(tenantId, runId, cancellationToken) is not { } run)
            return Reply.Refused(Refusals.RunNotFound(runId));
        var tasks = await runs.AllAsync(runId, cancellationToken);
        var tenant = run.Status.IsFinished() ? null : await tenants.StatusAsync(tenantId, cancellationToken);
        return Reply.Ok(RunViews.Whole(run, tasks, clock.GetUtcNow(), tenant), ContractJson.Default.RunView);
    }
}
