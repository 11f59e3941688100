using Headgate.Contracts.Runs;
using Headgate.Core.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Wire;
using Headgate.Ports;

namespace Headgate.Functions.Api.Runs;

/// <summary>Dead letters of one tenant, newest runs first.</summary>
public sealed class DeadLetterStore(ITableStore tables)
{
    public async ValueTask<DeadLetterView?> FindAsync(string tenantId, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(Table.DeadLetters, tenantId, id, cancellationToken) is { } row ? View(row) : null;

    /// <param name="after">Id of the last one already seen.</param>
    /// <param name="take">At most 1,000.</param>
    public async ValueTask<(IReadOnlyList<DeadLetterView> Items, bool More)> PageAsync(string tenantId, string? after, int take, CancellationToken cancellationToken)
    {
        // '!' is the least character an id may go on with, so this is the first key behind 'after'.
        var page = await tables.QueryAsync(new TableQuery(Table.DeadLetters, tenantId, after is null ? null : after + "!", Take: take), cancellationToken);
        return ([.. page.Rows.Select(View)], page.Continuation is not null);
    }

    /// <summary>Whether the replay under this idempotency row has been admitted already.</summary>
    public async ValueTask<bool> ReplayedAsync(string tenantId, string rowKey, CancellationToken cancellationToken) =>
        await tables.GetAsync(Table.Tenants, tenantId, rowKey, cancellationToken) is not null;

    /// <returns>False where it was gone already.</returns>
    public async ValueTask<bool> RemoveAsync(string tenantId, string id, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(Table.DeadLetters, tenantId, id, cancellationToken);
        return row is not null
            && (await tables.SubmitAsync(new TableChange(new TableBatch(Table.DeadLetters, TableWrite.Delete(row))), cancellationToken)).Succeeded;
    }

    private static DeadLetterView View(TableRow row) => new(
        row.RowKey,
        row.Columns.Required("runId"),
        row.RowKey,
        row.Columns.Required("type"),
        row.Columns.String("errorCategory"),
        row.Columns.String("errorMessage"),
        row.Columns.Int("attempts") ?? 0,
        row.Columns.Time("at") ?? DateTimeOffset.MinValue);
}

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
            (replay, acceptance) => RunViews.Accepted(replay, acceptance, requestId),
            (RowKey(id), Route));
        var result = await admission.ApplyAsync(application, cancellationToken);
        if (result.Value is AdmissionResult.Admitted or AdmissionResult.Replayed)
            await letters.RemoveAsync(tenantId, id, cancellationToken);
        return result;
    }

    private static string RowKey(string id) => IdempotencyRow.Key(Route, id);
}
