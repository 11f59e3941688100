using Headgate.Core.Access;
using Headgate.Core.Identity;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Runs;

/// <summary>Finds a task where the path names no tenant: the row's is compared with the caller before anything is told.</summary>
public sealed class TaskLookup(RunReader runs)
{
    /// <returns>The task, or why it is not told of.</returns>
    public async ValueTask<(TaskRecord? Task, Refusal? Refusal)> FindAsync(string taskId, Caller caller, CancellationToken cancellationToken)
    {
        var hidden = Refusals.TaskNotFound(taskId);
        var task = await runs.TaskAsync(taskId, cancellationToken);
        // A run that is still pending has no task rows yet; a member's own run is found through its definition.
        if (task is null && caller is MemberCaller member && TaskId.TryParse(taskId, out var runId, out var name)
            && await runs.RunAsync(member.TenantId, runId, cancellationToken) is { } run)
        {
            task = RunViews.FromDefinition(run, run.Definition()).FirstOrDefault(candidate => candidate.Name == name);
        }

        if (task is null)
            return (null, hidden);
        return (await caller.InAsync(task.TenantId, cancellationToken)).Refuse(Permission.RunRead, task.TenantId, hidden) is { } refusal ? (null, refusal) : (task, null);
    }
}
