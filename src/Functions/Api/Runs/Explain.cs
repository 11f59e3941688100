using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Core.Access;
using Headgate.Core.Causes;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Runs;

/// <summary><c>GET /tenants/{t}/runs/{r}/explain</c>: what holds the run.</summary>
public sealed class ExplainRun(RunReader runs, ExplanationReader explanations)
{
    [Function(nameof(ExplainRun))]
    [Access(Permission.RunRead)]
    [Does("Tell what holds a run"), Answers(200, typeof(ExplainView))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/runs/{runId}/explain")] HttpRequest request,
        string tenantId,
        string runId,
        CancellationToken cancellationToken) =>
        await runs.RunAsync(tenantId, runId, cancellationToken) is { } run
            ? Reply.Ok(View(await explanations.OfRunAsync(run, cancellationToken)), ContractJson.Default.ExplainView)
            : Reply.Refused(Refusals.RunNotFound(runId));

    internal static ExplainView View(Explanation explanation) => new(
        explanation.State,
        [.. explanation.Causes.Select(cause => new CauseView(cause.Code.WireName(), cause.Since, cause.Message, cause.BlockedBy.Count == 0 ? null : cause.BlockedBy, cause.Cures))],
        explanation.Place,
        explanation.Ahead,
        explanation.Start?.At,
        explanation.Start?.Basis);
}

/// <summary><c>GET /tasks/{taskId}/explain</c>: what holds the task.</summary>
public sealed class ExplainTask(TaskLookup tasks, ExplanationReader explanations)
{
    [Function(nameof(ExplainTask))]
    [CheckedInside]
    [Does("Tell what holds a task"), Answers(200, typeof(ExplainView))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tasks/{taskId}/explain")] HttpRequest request,
        string taskId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var (task, refusal) = await tasks.FindAsync(taskId, context.Caller(), cancellationToken);
        return task is null ? Reply.Refused(refusal!) : Reply.Ok(ExplainRun.View(await explanations.OfTaskAsync(task, cancellationToken)), ContractJson.Default.ExplainView);
    }
}
