using Headgate.Contracts;
using Headgate.Core.Access;
using Headgate.Core.Identity;
using Headgate.Core.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Runs;

/// <summary><c>GET /tasks/{taskId}</c>. The path names no tenant, so the row's is compared with the caller before anything is told.</summary>
public sealed class GetTask(RunReader runs, TenantReader tenants, TimeProvider clock)
{
    [Function(nameof(GetTask))]
    [CheckedInside]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tasks/{taskId}")] HttpRequest request,
        string taskId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        if (await FindAsync(taskId, context.Caller(), cancellationToken) is not { } task)
            return Reply.Refused(Refusals.TaskNotFound(taskId));
        if (context.Caller().Check(Permission.RunRead, task.TenantId) is AccessDecision.Insufficient insufficient)
            return Reply.Refused(Refusals.InsufficientPermission(insufficient.Action, insufficient.Role));

        var attempts = await runs.AttemptsAsync(task.RunId, task.Name, cancellationToken);
        var siblings = (await runs.TasksAsync(task.RunId, cancellationToken)).ToDictionary(sibling => sibling.Name, StringComparer.Ordinal);
        var tenant = task.State.Status.IsFinished() ? null : await tenants.StatusAsync(task.TenantId, cancellationToken);
        return Reply.Ok(RunViews.Task(task, attempts, siblings, clock.GetUtcNow(), tenant, withLogs: true), ContractJson.Default.TaskView);
    }

    private async ValueTask<TaskRecord?> FindAsync(string taskId, Caller caller, CancellationToken cancellationToken)
    {
        var task = await runs.TaskAsync(taskId, cancellationToken);
        // A run that is still pending has no task rows yet; a member's own run is found through its definition.
        if (task is null && caller is MemberCaller member && TaskId.TryParse(taskId, out var runId, out var name)
            && await runs.RunAsync(member.TenantId, runId, cancellationToken) is { } run)
        {
            task = RunViews.FromDefinition(run, run.Definition()).FirstOrDefault(candidate => candidate.Name == name);
        }

        return task is null || caller.Check(Permission.RunRead, task.TenantId) is AccessDecision.NotMember ? null : task;
    }
}
