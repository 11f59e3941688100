using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Core.Access;
using Headgate.Core.Runs;
using Headgate.Core.Validation;
using Headgate.Functions.Admission;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Api.Runs;

/// <summary><c>GET /tenants/{t}/runs</c>: newest first. A filtered page looks at no more than 1,000 rows and may be short.</summary>
public sealed class ListRuns(ITableStore tables, TenantReader tenants, WaitQueue queue)
{
    private const int MaxScanned = 1000;

    [Function(nameof(ListRuns))]
    [Access(Permission.RunRead)]
    [Query(QueryAttribute.Limit, QueryAttribute.After, "status")]
    [Does("List runs, newest first"), Answers(200, typeof(Page<RunView>))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/runs")] HttpRequest request,
        string tenantId,
        CancellationToken cancellationToken)
    {
        var problems = UnknownParameters.ProblemsOf(request);
        var wanted = Status(request, problems);
        var paging = Paging.Read(request, $"runs:{tenantId}:{wanted}", problems);
        if (problems.Any)
            return Reply.Refused(Refusals.InvalidRequest(problems));
        var (runs, last) = await PageAsync(tenantId, wanted, paging, cancellationToken);
        if (runs.Count == 0 && await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        var places = runs.Exists(run => run.Status == RunStatus.Queued) ? await queue.PlacesAsync(tenantId, cancellationToken) : null;
        return Reply.Ok(new Page<RunView>([.. runs.Select(run => RunViews.Summary(run, places?.GetValueOrDefault(run.RunId)))], paging.Next(last)), ContractJson.Default.PageRunView);
    }

    private static RunStatus? Status(HttpRequest request, Problems problems)
    {
        if (Paging.Single(request, "status", problems) is not { } text)
            return null;
        if (RunStatuses.TryParse(text, out var status))
            return status;
        problems.Add("status", $"must be one of {string.Join(", ", RunStatuses.WireNames)}");
        return null;
    }

    private async ValueTask<(List<RunRecord> Runs, string? Last)> PageAsync(string tenantId, RunStatus? wanted, Paging paging, CancellationToken cancellationToken)
    {
        // A key's successor is the key with the least character appended; '!' is the least that a position may hold.
        var from = paging.After is null ? RowKeys.RunPrefix : RowKeys.Run(paging.After) + "!";
        var take = wanted is null ? paging.Limit + 1 : MaxScanned;
        var page = await tables.QueryAsync(new TableQuery(Table.Tenants, tenantId, from, TableQuery.After(RowKeys.RunPrefix), take), cancellationToken);
        var runs = new List<RunRecord>(paging.Limit);
        foreach (var row in page.Rows)
        {
            var run = new RunRecord(row);
            if (wanted is not null && run.Status != wanted)
                continue;
            if (runs.Count == paging.Limit)
                return (runs, runs[^1].RunId);
            runs.Add(run);
        }

        return (runs, page.Continuation is null ? null : new RunRecord(page.Rows[^1]).RunId);
    }
}

/// <summary><c>GET /tenants/{t}/runs/{r}</c>: the run with its tasks and attempts.</summary>
public sealed class GetRun(RunReader runs, SurroundingsReader surroundings, WaitQueue queue, TimeProvider clock)
{
    [Function(nameof(GetRun))]
    [Access(Permission.RunRead)]
    [Does("Read a run with its tasks"), Answers(200, typeof(RunView))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/runs/{runId}")] HttpRequest request,
        string tenantId,
        string runId,
        CancellationToken cancellationToken)
    {
        if (await runs.RunAsync(tenantId, runId, cancellationToken) is not { } run)
            return Reply.Refused(Refusals.RunNotFound(runId));
        var tasks = await runs.AllAsync(runId, cancellationToken);
        var around = run.Status.IsFinished() ? Surroundings.None : await surroundings.OfAsync(tenantId, tasks.Tasks, cancellationToken);
        var place = run.Status == RunStatus.Queued ? await queue.PlaceOfAsync(tenantId, runId, cancellationToken) : null;
        return Reply.Ok(RunViews.Whole(run, tasks, clock.GetUtcNow(), around, place), ContractJson.Default.RunView);
    }
}

/// <summary><c>GET /tasks/{taskId}</c></summary>
public sealed class GetTask(RunReader runs, TaskLookup tasks, SurroundingsReader surroundings, TimeProvider clock)
{
    [Function(nameof(GetTask))]
    [CheckedInside]
    [Does("Read a task"), Answers(200, typeof(TaskView))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tasks/{taskId}")] HttpRequest request,
        string taskId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var (task, refusal) = await tasks.FindAsync(taskId, context.Caller(), cancellationToken);
        if (task is null)
            return Reply.Refused(refusal!);

        var attempts = await runs.AttemptsAsync(task.RunId, task.Name, cancellationToken);
        var siblings = (await runs.TasksAsync(task.RunId, cancellationToken)).ToDictionary(sibling => sibling.Name, StringComparer.Ordinal);
        var around = task.State.Status.IsFinished() ? Surroundings.None : await surroundings.OfAsync(task.TenantId, [task], cancellationToken);
        return Reply.Ok(RunViews.Task(task, attempts, siblings, clock.GetUtcNow(), around, withLogs: true), ContractJson.Default.TaskView);
    }
}

/// <summary><c>GET /tenants/{t}/runs/{r}/timeline</c>: what happened, in order. At most 200 tasks with 24 attempts each.</summary>
public sealed class GetTimeline(RunReader runs)
{
    [Function(nameof(GetTimeline))]
    [Access(Permission.RunRead)]
    [Does("Read what happened to a run, in order"), Answers(200, typeof(Page<TimelineItem>))]
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

/// <summary>
/// <c>POST /tenants/{t}/runs/{r}/cancel</c>: the wish is stored, then carried out. A queued run ends at once. Asking again changes nothing; a finished run
/// cannot be cancelled.
/// </summary>
public sealed class CancelRun(RunCancellation cancellation)
{
    [Function(nameof(CancelRun))]
    [Access(Permission.RunCancel)]
    [Audits(AuditAction.RunCancelled)]
    [Does("Cancel a run"), Takes, Answers(202, typeof(RunView), "Location"), Refuses("run-finished busy")]
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

        return await cancellation.CancelAsync(tenantId, runId, context.Caller().Actor, client, cancellationToken) switch
        {
            CancelResult.Wanted wanted => Accepted(wanted.Run),
            CancelResult.Finished finished => Reply.Refused(new Refusal(409, "run-finished", "Run is finished").With("runId", runId).With("status", finished.Run.Status.WireName())),
            CancelResult.Missing => Reply.Refused(Refusals.RunNotFound(runId)),
            _ => Reply.Refused(Refusals.Busy),
        };
    }

    private static Reply Accepted(RunRecord run) =>
        Reply.Json(202, RunViews.Summary(run), ContractJson.Default.RunView).WithHeader("Location", RunViews.Links(run.TenantId, run.RunId).Self);
}
