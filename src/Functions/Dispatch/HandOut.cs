using System.Diagnostics;
using Headgate.Core.Agents;
using Headgate.Core.Dispatch;
using Headgate.Core.Resources;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Resources;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Dispatch;

/// <summary>
/// Hands taken tasks to an agent: the resources they name, its reservation and load row first, then each task under its ETag, as one change where the
/// backend can. A task that lost a race is dropped or given back; the rest go out.
/// </summary>
public sealed class HandOut(
    ITableStore tables, RunReader runs, TenantReader tenants, IReadyTasks ready, ResourceBook resources, TaskTimes times, StartPredictions predictions, Arrangement arrangement)
{
    private const int ResourceTries = 8;

    /// <returns>The tasks that are now the agent's, each with its new attempt; null where the agent's own row was changed by somebody else.</returns>
    public async ValueTask<List<TaskRecord>?> TryAsync(AgentSnapshot agent, List<TaskOffer> offers, CancellationToken cancellationToken)
    {
        var decided = times.Read();
        var now = decided.Wall;
        var picks = new List<Pick>(offers.Count);
        for (var (wanted, tries) = (offers, 1); ;)
        {
            using var use = await resources.OpenAsync(wanted);
            var at = resources.Now;
            var change = new ChangeBuilder();
            var assigned = new List<TaskRecord>(wanted.Count);
            List<Activity>? spans = null;
            ChangeOutcome outcome;
            try
            {
                await ConfirmAsync(wanted, picks, use, at, cancellationToken);
                if (picks.Count == 0)
                    return [];
                var moves = new TaskMoves(change, ready, times, arrangement);
                use.AddTo(change, at);
                change.Add(TaskMoves.ReservationRank, Table.Agents, LoadWrite(agent, now));
                foreach (var (offer, task) in picks)
                {
                    var span = Tracing.BeginHandOut(task.TaskId, task.State.Attempt + 1, task.Type, agent.Agent.AgentId, task.TraceParent);
                    if (span is not null)
                        (spans ??= []).Add(span);
                    var after = Assign(task, agent.Agent.AgentId, now) with { AttemptTraceParent = span?.Id ?? task.TraceParent };
                    moves.Add(task, after, owner: offer, inPool: offer.InPool);
                    assigned.Add(after);
                }

                outcome = await tables.SubmitAsync(change.Build(), cancellationToken);
            }
            catch
            {
                use.Undo(at);
                End(spans, assigned: null);
                throw;
            }

            if (outcome.Conflict is not { } conflict)
            {
                End(spans, assigned);
                use.Publish(at);
                foreach (var task in assigned)
                    Started(task, decided);
                return assigned;
            }

            use.Undo(at);
            use.Dispose();
            var owner = change.OwnerOf(conflict);
            if (outcome.AppliedBatches > 0 && owner is TaskOffer)
            {
                var kept = await KeepAppliedAsync(picks, assigned, decided, at, cancellationToken);
                End(spans, kept);
                return kept;
            }

            End(spans, assigned: null);
            if (outcome.AppliedBatches > 0)
                await resources.ForgetAsync([.. assigned.Select(task => (task, task.State.Attempt))], at);
            if (owner is not TaskOffer && (owner is not ResourceUse || ++tries > ResourceTries))
            {
                foreach (var (offer, _) in picks)
                    await ready.ReturnAsync(offer);
                return null;
            }

            // What was lost is looked at anew, and so is what names resources: they may have no room for it any more.
            bool IsOld(Pick pick) => ReferenceEquals(pick.Offer, owner) || pick.Offer.Resources.Count > 0;
            wanted = [.. picks.Where(IsOld).Select(pick => pick.Offer)];
            picks.RemoveAll(IsOld);
        }
    }

    // A hand-out that came to nothing is in no trace.
    private static void End(List<Activity>? spans, List<TaskRecord>? assigned)
    {
        foreach (var span in spans ?? [])
            Tracing.End(span, happened: assigned?.Exists(task => task.AttemptTraceParent == span.Id) == true);
    }

    // A tenant that may not run now keeps its tasks back, and so does a resource; a task that is not ready any more is forgotten.
    private async ValueTask ConfirmAsync(List<TaskOffer> offers, List<Pick> picks, ResourceUse use, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var active = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var offer in offers)
        {
            if (!active.TryGetValue(offer.TenantId, out var isActive))
                active[offer.TenantId] = isActive = await tenants.IsActiveAsync(offer.TenantId, cancellationToken);
            if (!isActive)
            {
                await HoldAsync(offer.TenantId, cancellationToken);
                await ready.ReturnAsync(offer);
            }
            else if (await HindranceAsync(offer, use, at) is { } hindrance)
            {
                ready.Hold(new ResourceHold(offer.TenantId, hindrance.Key.Name, hindrance.Why.Type), hindrance.Why.Until);
                await ready.ReturnAsync(offer);
            }
            else if (await ReadyTaskAsync(offer, cancellationToken) is { } task)
            {
                use.Admit(task, task.State.Attempt + 1, at);
                picks.Add(new(offer, task));
            }
            else if (offer.InPool)
            {
                await tables.SubmitAsync(new TableChange(new TableBatch(Table.Ready, TableWrite.DeleteIfExists(RowKeys.Pool(offer.TenantId), ReadyRow.Key(offer)))), cancellationToken);
            }
        }
    }

    private async ValueTask<(ResourceKey Key, ResourceAdmission.KeptBack Why)?> HindranceAsync(TaskOffer offer, ResourceUse use, DateTimeOffset at)
    {
        if (use.Hindrance(offer, at) is not { Why.Cause: ResourceHindrance.Full or ResourceHindrance.Probing } hindrance)
            return use.Hindrance(offer, at);
        await resources.DropUnconfirmedAsync(use, hindrance.Key, at);
        return use.Hindrance(offer, at);
    }

    // One that is remembered as ready is assigned under its ETag; one that is not is looked at before it is dropped.
    private async ValueTask<TaskRecord?> ReadyTaskAsync(TaskOffer offer, CancellationToken cancellationToken)
    {
        if (runs.RecentTask(offer.TaskId) is { State.Status: TaskStatus.Ready } recent && recent.TenantId == offer.TenantId)
            return recent;
        return await runs.TaskAsync(offer.TaskId, cancellationToken) is { State.Status: TaskStatus.Ready } task && task.TenantId == offer.TenantId ? task : null;
    }

    // A release that this hold has overtaken changed the ledger before: looking again finds it.
    private async ValueTask HoldAsync(string tenantId, CancellationToken cancellationToken)
    {
        ready.Hold(tenantId, (await tenants.ReadAsync(tenantId, cancellationToken))?.Ledger.Pause?.Until);
        if (await tenants.IsActiveAsync(tenantId, cancellationToken))
            ready.Release(tenantId);
    }

    private void Started(TaskRecord task, ClockReading decided)
    {
        times.Note(task, decided);
        predictions.Started(task.TaskId, decided.Wall);
    }

    private static TaskRecord Assign(TaskRecord task, string agentId, DateTimeOffset now) =>
        task.With(task.State.To(TaskStatus.Assigned, now) with { Attempt = task.State.Attempt + 1, AgentId = agentId, AssignedAt = now }, now);

    private static TableWrite LoadWrite(AgentSnapshot agent, DateTimeOffset now) => agent.Load is { } load
        ? TableWrite.Replace(AgentLoadRow.Write(agent.Agent.AgentId, load with { LastSeenAt = now }))
        : TableWrite.Insert(AgentLoadRow.Write(agent.Agent.AgentId, new AgentLoadRecord(now)));

    // On a backend that applies batch by batch some tasks may be the agent's already: those are handed out, the rest is given back.
    private async ValueTask<List<TaskRecord>?> KeepAppliedAsync(
        List<Pick> picks, List<TaskRecord> assigned, ClockReading decided, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var unused = new List<(TaskRecord Task, int Attempt)>();
        var kept = new List<TaskRecord>(picks.Count);
        var reservations = new List<TableWrite>(picks.Count);
        foreach (var ((offer, _), wanted) in picks.Zip(assigned))
        {
            var task = await runs.TaskAsync(offer.TaskId, cancellationToken);
            if (task is { State.Status: TaskStatus.Assigned or TaskStatus.Running } && task.State.AgentId == wanted.State.AgentId && task.State.Attempt == wanted.State.Attempt)
            {
                kept.Add(task);
                Started(task, decided);
                continue;
            }

            unused.Add((wanted, wanted.State.Attempt));
            reservations.Add(TableWrite.DeleteIfExists(wanted.State.AgentId!, RowKeys.Holding(offer.TaskId)));
            if (offer.InPool || task is { State.Status: TaskStatus.Ready })
                await ready.ReturnAsync(offer);
        }

        if (reservations.Count > 0)
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.Agents, reservations)), cancellationToken);
        await resources.ForgetAsync(unused, at);
        return kept.Count == 0 ? null : kept;
    }

    private sealed record Pick(TaskOffer Offer, TaskRecord Task);
}
