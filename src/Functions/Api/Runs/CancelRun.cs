using Headgate.Contracts;
using Headgate.Core.Access;
using Headgate.Core.Runs;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Headgate.Functions.Api.Runs;

/// <summary>
/// <c>POST /tenants/{t}/runs/{r}/cancel</c>: the wish is stored, then carried out. Asking again changes nothing; a finished run
/// cannot be cancelled.
/// </summary>
public sealed class CancelRun(ITableStore tables, RunReader runs, RunWaker waker, TimeProvider clock)
{
    private const int RaceTries = 16;

    [Function(nameof(CancelRun))]
    [Access(Permission.RunCancel)]
    [Audits(AuditAction.RunCancelled)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{tenantId}/runs/{runId}/cancel")] HttpRequest request,
        string tenantId,
        string runId,
        FunctionContext context,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is not null)
            return Reply.Refused(body.Refusal);
        var reader = ObjectReader.Root(body);
        reader.End();
        if (reader.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(reader.Problems));

        for (var tries = 0; tries < RaceTries; tries++)
        {
            if (await runs.RunAsync(tenantId, runId, cancellationToken) is not { } run)
                return Reply.Refused(Refusals.RunNotFound(runId));
            if (run.Status == RunStatus.Cancelled)
                return Accepted(run);
            if (run.Status.IsFinished())
                return Reply.Refused(new Refusal(409, "run-finished", "Run is finished").With("runId", runId).With("status", run.Status.WireName()));
            if (run.CancelRequestedAt is null)
            {
                run = run.CancelRequested(context.Caller().Actor, clock.GetUtcNow());
                var outcome = await tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Replace(run.Row))), cancellationToken);
                if (!outcome.Succeeded)
                    continue;
            }

            await waker.WakeAsync(client, [new(tenantId, runId)], CancellationToken.None);
            return Accepted(run);
        }

        return Reply.Refused(Refusals.Busy);
    }

    private static Reply Accepted(RunRecord run) =>
        Reply.Json(202, RunViews.Summary(run), ContractJson.Default.RunView).WithHeader("Location", RunViews.Links(run.TenantId, run.RunId).Self);
}
