using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Tenants;
using Headgate.Functions.Admission;
using Headgate.Functions.Runs;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Api.Tenants;

/// <summary>Moves a tenant to another status; once it has answered, admissions and hand-outs go by the new one.</summary>
public sealed class StatusChange(
    TenantGate gate, TenantReader tenants, ITableStore tables, IReadyTasks ready, RunWaker waker, NewestFirstIds ids, ILogger<StatusChange> logger)
{
    private const int MaxWoken = 1000;

    /// <param name="until">When a pause ends by itself.</param>
    internal async Task<Reply> ApplyAsync(
        FunctionContext context, string tenantId, StatusMove move, string? reason, DateTimeOffset? until, DurableTaskClient client)
    {
        var (actor, requestId) = (context.Caller().Actor, context.RequestId());
        var result = await gate.ChangeAsync(tenantId, (tenant, now) => move.Refuse(tenant.Ledger.StatusAt(now)) is { } refused
            ? new TenantEdit<Refusal?>(refused)
            : new TenantEdit<Refusal?>(null, move.ApplyTo(tenant.Ledger, new PauseRecord(reason ?? PauseRecord.DefaultReason, actor, now, until)))
            {
                Following = [new AuditEntry(tenantId, now, actor, move.Action, null, reason, requestId).ToBatch(ids)],
            });
        if ((GateRefusals.Of(result.Status, tenantId) ?? result.Value) is { } refusal)
            return Reply.Refused(refusal);

        logger.TenantMoved(tenantId, move.Action.WireName(), actor);
        // The caller's leaving must not cut short what follows from the change.
        if (move.To == TenantStatus.Active)
            await ReleaseAsync(tenantId, client, CancellationToken.None);
        else
            await HoldAsync(tenantId, until, CancellationToken.None);
        return Reply.Ok(new StatusChanged(true, move.To.WireName(), move.Message), ContractJson.Default.StatusChanged);
    }

    // A release that was overtaken by this hold has changed the ledger before: looking again finds it.
    private async Task HoldAsync(string tenantId, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        ready.Hold(tenantId, until);
        if (await tenants.IsActiveAsync(tenantId, cancellationToken))
            ready.Release(tenantId);
    }

    private async Task ReleaseAsync(string tenantId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ready.Release(tenantId);
        var live = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.LivePrefix, MaxWoken), cancellationToken);
        await waker.WakeAsync(client, live.Rows.Select(row => new RunReference(tenantId, row.RowKey[RowKeys.LivePrefix.Length..])), cancellationToken);
    }
}
