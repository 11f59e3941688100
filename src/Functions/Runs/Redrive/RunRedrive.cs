using Headgate.Core.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores.Runs;
using Headgate.Ports;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Runs.Redrive;

/// <summary>What became of a run that was to be tried again; a closed set.</summary>
public abstract record RedriveResult
{
    private RedriveResult()
    {
    }

    /// <summary>The gate has answered; only if it admitted has anything changed.</summary>
    public sealed record Decided(GateResult<AdmissionResult> Gate) : RedriveResult;

    /// <summary>It was tried again before.</summary>
    /// <param name="RunId">As this run.</param>
    /// <param name="By">By this replay of many; null if it was alone.</param>
    public sealed record Already(string RunId, string? By) : RedriveResult;

    /// <summary>There is no such run.</summary>
    public sealed record Missing : RedriveResult;

    /// <summary>Its letters are written, its end is not yet.</summary>
    public sealed record Unfinished : RedriveResult;
}

/// <summary>
/// Tries a run again that failed, as a new run through the same gate. The failed run's row tells which run it became, in the transaction that
/// admits that one: however often it is asked for, and wherever a process dies, it becomes one run. From the failed task, completed tasks are
/// carried over and all others run anew.
/// </summary>
public sealed class RunRedrive(RunReader runs, RunAdmission admission)
{
    private const int RaceTries = 4;

    /// <param name="tenantId">Whose run.</param>
    /// <param name="runId">The run that failed.</param>
    /// <param name="fromStart">Whether completed tasks run again too.</param>
    /// <param name="by">The replay of many that this is part of; null if it is alone.</param>
    /// <param name="traceParent">Of the request.</param>
    /// <param name="answer">As for any admission.</param>
    /// <param name="idempotency">As for any admission.</param>
    /// <param name="cancellationToken">Ends the reads.</param>
    public async ValueTask<RedriveResult> RunAsync(
        string tenantId,
        string runId,
        bool fromStart,
        string? by,
        string? traceParent,
        Func<RunRecord, Acceptance, byte[]> answer,
        (string RowKey, string BodyHash)? idempotency,
        CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            if (await runs.RunAsync(tenantId, runId, cancellationToken) is not { } run)
                return new RedriveResult.Missing();
            if (!run.Status.IsFinished())
                return new RedriveResult.Unfinished();
            if (run.ReplayedAs is { } replay)
                return new RedriveResult.Already(replay, run.ReplayedBy);
            var application = new RunApplication(tenantId, await DefinitionAsync(run, fromStart, cancellationToken), RunOrigin.Replay, traceParent, answer, idempotency)
            {
                With = (newRunId, now) => [TableWrite.Replace(run.Replayed(newRunId, by, now).Row)],
            };
            var result = await admission.ApplyAsync(application, cancellationToken);
            // Somebody else was first, or the row was touched: what stands there now tells.
            if (result.Status == GateStatus.Conflict && tries < RaceTries)
                continue;
            return new RedriveResult.Decided(result);
        }
    }

    private async ValueTask<RunDefinition> DefinitionAsync(RunRecord run, bool fromStart, CancellationToken cancellationToken)
    {
        var definition = run.Definition();
        var completed = fromStart
            ? []
            : (await runs.TasksAsync(run.RunId, cancellationToken)).Where(task => task.State.Status == TaskStatus.Completed).ToDictionary(task => task.Name, StringComparer.Ordinal);
        return definition with { ReplayOf = run.RunId, Schedule = null, Tasks = [.. definition.Tasks.Select(Again)] };

        // A carried task goes to no agent: the one that it was pinned to may be gone.
        TaskDefinition Again(TaskDefinition task) => completed.TryGetValue(task.Name, out var done)
            ? task with { CarriedFrom = done.CarriedFrom ?? run.RunId, Agent = null }
            : task with { CarriedFrom = null };
    }
}
