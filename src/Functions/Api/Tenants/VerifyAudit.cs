using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Metering;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Tenants;

/// <summary>
/// <c>GET /tenants/{t}/audit/verify</c>: whether the audit's chain holds, and whether the tenant was ever over its cap, counted anew from its runs. It
/// looks at the newest 20,000 rows of either at most.
/// </summary>
public sealed class VerifyAudit(ITableStore tables, TenantReader tenants, AuditChain chain)
{
    private const int MaxRows = 20_000;

    // Of a run's row all but its body: some hundred bytes.
    private static readonly string[] s_columns = ["createdAt", "slotAt", "finishedAt", "slotTransition", "slotLimit", "endTransition"];

    [Function(nameof(VerifyAudit)), Access(Permission.AuditRead)]
    [Does("Verify the audit's chain and the cap"), Answers(200, typeof(AuditVerification))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/audit/verify")] HttpRequest request, string tenantId, CancellationToken cancellationToken)
    {
        if (await tenants.ReadAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        await chain.ChainAsync(tenantId, cancellationToken);
        var (check, isWhole) = await CheckAsync(tenantId, cancellationToken);
        // Read now: the moves that are read behind it hold all that it counts.
        if (await tenants.ReadAsync(tenantId, cancellationToken) is not { } tenant)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        var slots = SlotHistory.Of(tenant.Ledger.Transition, tenant.Ledger.InFlight, await MovesAsync(tenantId, cancellationToken));
        return Reply.Ok(
            new AuditVerification(
                check.Rows,
                check.From,
                check.To,
                check.Break is null ? "intact" : "broken",
                check.Break is { } found ? new(found.Sequence, found.Row?.RowKey, found.Row?.Columns.Time("at"), found.Problem) : null,
                check.Unchained,
                isWhole,
                slots.PeakInFlight,
                slots.OverLimit,
                slots.Moves,
                slots.From,
                slots.To),
            ContractJson.Default.AuditVerification);
    }

    private async Task<(ChainCheck Check, bool IsWhole)> CheckAsync(string tenantId, CancellationToken cancellationToken)
    {
        for (var isLast = false; ; isLast = true)
        {
            var anchor = await chain.AnchorAsync(tenantId, cancellationToken);
            var check = new ChainCheck(tenantId, await chain.HeadAsync(tenantId, cancellationToken), anchor);
            var left = MaxRows;
            await foreach (var row in chain.RowsAsync(tenantId, cancellationToken))
            {
                if (left-- == 0 || !check.Take(row))
                    break;
            }

            if (left >= 0)
                check.End(await chain.HeadAsync(tenantId, cancellationToken));
            // Rows that went while it looked were not taken from the chain: it begins later now.
            if (check.Break is null || isLast || (await chain.AnchorAsync(tenantId, cancellationToken)).Sequence == anchor.Sequence)
                return (check, left >= 0);
        }
    }

    private async Task<List<SlotMove>> MovesAsync(string tenantId, CancellationToken cancellationToken)
    {
        var moves = new List<SlotMove>();
        var query = TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.RunPrefix) with { Columns = s_columns };
        var read = 0;
        do
        {
            var page = await tables.QueryAsync(query, cancellationToken);
            foreach (var row in page.Rows)
            {
                var run = new RunRecord(row);
                if (run is { SlotTransition: { } taken, SlotLimit: { } limit })
                    moves.Add(new(taken, limit, run.SlotSince));
                if (run is { EndTransition: { } given, FinishedAt: { } at })
                    moves.Add(new(given, null, at));
            }

            read += page.Rows.Count;
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null && read < MaxRows);
        return moves;
    }
}
