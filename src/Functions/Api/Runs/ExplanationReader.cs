using System.Globalization;
using Headgate.Core.Causes;
using Headgate.Core.Resources;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Ports;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Api.Runs;

/// <summary>Reads what explains a run or a task. However much waits, each reads a bounded number of rows.</summary>
public sealed class ExplanationReader(
    RunReader runs,
    TenantReader tenants,
    ITableStore tables,
    ResourceReader resources,
    Fleet fleet,
    IReadyTasks ready,
    StartPredictions predictions,
    TimeProvider clock)
{
    /// <summary>Of a run's tasks in one state, so many are looked at closely, in order of priority, then age.</summary>
    private const int MaxClose = 16;

    public async ValueTask<Explanation> OfRunAsync(RunRecord run, CancellationToken cancellationToken)
    {
        var facts = await FactsAsync(run, cancellationToken);
        if (run.Status.IsFinished())
            return RunExplanation.Of(facts, []);
        var stored = await runs.TasksAsync(run.RunId, cancellationToken);
        var tasks = stored.Count > 0 ? stored : RunViews.FromDefinition(run, run.Definition());
        var explained = await ExplainAsync(facts, run.TenantId, tasks, tasks, cancellationToken);
        return RunExplanation.Of(facts, explained);
    }

    public async ValueTask<Explanation> OfTaskAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        if (await runs.RunAsync(task.TenantId, task.RunId, cancellationToken) is not { } run)
            return new Explanation(task.State.Status.WireName(), [new(CauseCode.Nothing, null, "Its run is gone.", [], [])]);
        var siblings = task.State.Status == TaskStatus.Waiting ? await runs.TasksAsync(task.RunId, cancellationToken) : [];
        return (await ExplainAsync(await FactsAsync(run, cancellationToken), task.TenantId, [task], siblings.Count > 0 ? siblings : RunViews.FromDefinition(run, run.Definition()), cancellationToken))[0].Task;
    }

    private async ValueTask<RunFacts> FactsAsync(RunRecord run, CancellationToken cancellationToken) =>
        new(run.RunId, run.State, run.CreatedAt, run.Status == RunStatus.Queued ? await QueuedAsync(run, cancellationToken) : null);

    private async ValueTask<QueuedRun?> QueuedAsync(RunRecord run, CancellationToken cancellationToken)
    {
        if (await tenants.ReadWithWaitingAsync(run.TenantId, cancellationToken) is not { } tenant
            || QueuePlace.Of(run.RunId, tenant.Ledger, tenant.Waiting, clock.GetUtcNow()) is not { } place)
        {
            return null;
        }

        var live = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, run.TenantId, RowKeys.LivePrefix, Cause.MaxBlockers), cancellationToken);
        var (ahead, limit) = (place.Position - 1, tenant.Ledger.LimitsAt(clock.GetUtcNow()).MaxConcurrentRuns);
        var start = place.EstimatedStartAt is { } at
            ? new StartEstimate(at, string.Create(CultureInfo.InvariantCulture, $"usual duration of the tenant's runs ({tenant.Ledger.AverageRunSeconds:0.#} s), {limit} at once, {ahead} ahead"))
            : null;
        return new(ahead, tenant.Ledger.InFlight, limit, run.QueuedAt ?? run.CreatedAt, [.. live.Rows.Select(LiveRow.RunIdOf)], start);
    }

    private async ValueTask<List<(string Name, Explanation Task)>> ExplainAsync(
        RunFacts run, string tenantId, IReadOnlyList<TaskRecord> tasks, IReadOnlyList<TaskRecord> siblings, CancellationToken cancellationToken)
    {
        var scene = await SceneAsync(tenantId, tasks, cancellationToken);
        var lines = await LinesAsync(tasks, cancellationToken);
        var ended = await EndedAsync(tasks, cancellationToken);
        var byName = siblings.ToDictionary(sibling => sibling.Name, StringComparer.Ordinal);
        var explained = new List<(string, Explanation)>(tasks.Count);
        foreach (var task in tasks)
        {
            var facts = new TaskFacts(task.ToOffer(), task.State)
            {
                Needs = task.State.Status == TaskStatus.Waiting ? Open(task, byName) : [],
                LastAttemptEndedAt = ended.TryGetValue(task.TaskId, out var at) ? at : null,
                Line = lines.GetValueOrDefault(task.TaskId),
            };
            var explanation = TaskExplanation.Of(run, facts, scene);
            if (explanation.Start is { } start)
            {
                predictions.Told(task.TaskId, start.At);
                explanation = explanation with { Start = start with { Basis = start.Basis + Error() } };
            }

            explained.Add((task.Name, explanation));
        }

        return explained;
    }

    private string Error() => predictions.UsualError is { } error
        ? string.Create(CultureInfo.InvariantCulture, $"; the last {error.Starts} such estimates were off by {error.Seconds:0.#} s in the median")
        : "";

    private async ValueTask<Scene> SceneAsync(string tenantId, IReadOnlyList<TaskRecord> tasks, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ledger = (await tenants.ReadAsync(tenantId, cancellationToken))?.Ledger;
        var needsAgents = tasks.Any(task => task.State.Status is TaskStatus.Ready or TaskStatus.Backoff);
        var names = tasks.Where(task => task.State.Status == TaskStatus.Ready).SelectMany(task => task.Resources).ToHashSet(StringComparer.Ordinal);
        return new(
            ledger?.StatusAt(now) ?? TenantStatus.Deactivated,
            ledger?.Pause,
            needsAgents ? (await fleet.LookAsync(cancellationToken)).Agents : [],
            names.Count == 0 ? new Dictionary<string, Resource>(StringComparer.Ordinal) : await resources.ReadAsync(tenantId, names, cancellationToken),
            now);
    }

    private async ValueTask<Dictionary<string, LinePlace?>> LinesAsync(IReadOnlyList<TaskRecord> tasks, CancellationToken cancellationToken)
    {
        var offers = First(tasks, TaskStatus.Ready).Select(task => task.ToOffer()).ToList();
        var lines = new Dictionary<string, LinePlace?>(StringComparer.Ordinal);
        if (offers.Count == 0)
            return lines;
        var places = await ready.PlacesAsync(offers, cancellationToken);
        for (var i = 0; i < offers.Count; i++)
            lines.Add(offers[i].TaskId, places[i]);
        return lines;
    }

    private async ValueTask<Dictionary<string, DateTimeOffset>> EndedAsync(IReadOnlyList<TaskRecord> tasks, CancellationToken cancellationToken)
    {
        var ended = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var task in First(tasks, TaskStatus.Backoff))
        {
            if (await runs.AttemptAsync(task.RunId, task.Name, task.State.Attempt, cancellationToken) is { } attempt)
                ended.Add(task.TaskId, attempt.FinishedAt);
        }

        return ended;
    }

    private static IEnumerable<TaskRecord> First(IReadOnlyList<TaskRecord> tasks, TaskStatus status) =>
        tasks.Where(task => task.State.Status == status).OrderBy(task => task.Priority).ThenBy(task => task.ReadySince).Take(MaxClose);

    private static List<OpenNeed> Open(TaskRecord task, Dictionary<string, TaskRecord> tasks) =>
    [
        .. task.State.Needs
            .Where(need => tasks.TryGetValue(need, out var needed) && needed.State.Status != TaskStatus.Completed)
            .Select(need => new OpenNeed(tasks[need].TaskId, need, tasks[need].State.Status)),
    ];
}
