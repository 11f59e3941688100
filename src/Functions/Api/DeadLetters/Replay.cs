using Headgate.Core.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.DeadLetters;

/// <summary>
/// Replays a dead letter as a new run of the one task, through the same gate. The dead letter goes once its run is admitted; its id is
/// the replay's idempotency key, so that asking twice gives one run.
/// </summary>
public sealed class Replay(DeadLetterStore letters, RunReader runs, RunAdmission admission)
{
    private const string Route = "replay";

    public static Refusal NotFound(string id) => Refusals.NotFound("Dead letter", "dead-letter-not-found", "id", id);

    /// <returns>Null where there is nothing to replay.</returns>
    public async Task<GateResult<AdmissionResult>?> RunAsync(string tenantId, string id, string requestId, string? traceParent, CancellationToken cancellationToken)
    {
        // The task row outlives the dead letter, and the admission remembers the replay: a repeated request finds the first answer.
        if (await runs.TaskAsync(id, cancellationToken) is not { } task || task.TenantId != tenantId)
            return null;
        if (task.State.Status is not (Core.Runs.TaskStatus.Failed or Core.Runs.TaskStatus.Exhausted)
            || await runs.RunAsync(tenantId, task.RunId, cancellationToken) is not { } run
            || run.Definition() is not { } definition)
        {
            return null;
        }

        var wasListed = await letters.FindAsync(tenantId, id, cancellationToken) is not null;
        var remembered = await letters.ReplayedAsync(tenantId, RowKey(id), cancellationToken);
        if (!wasListed && !remembered)
            return null;

        var original = definition.Tasks.First(candidate => candidate.Name == task.Name);
        var application = new RunApplication(
            tenantId,
            new RunDefinition(run.Name, run.Priority, definition.Metadata, [original with { Needs = [] }]),
            RunOrigin.Replay,
            traceParent,
            (replay, inFlight, limit) => AcceptedJson.Write(replay, inFlight, limit, requestId),
            (RowKey(id), Route));
        var result = await admission.ApplyAsync(application, cancellationToken);
        if (result.Value is AdmissionResult.Admitted or AdmissionResult.Replayed)
            await letters.RemoveAsync(tenantId, id, cancellationToken);
        return result;
    }

    private static string RowKey(string id) => IdempotencyRow.Key(Route, id);
}
