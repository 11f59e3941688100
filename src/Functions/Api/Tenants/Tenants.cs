using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Core.Retry;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Tenants;

/// <summary><c>POST /tenants</c></summary>
public sealed class CreateTenant(ITableStore tables, NewestFirstIds ids, TimeProvider clock)
{
    [Function("CreateTenant"), OperatorOnly, Audits(AuditAction.TenantCreated, Itself = true)]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants")] HttpRequest request, FunctionContext context, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);

        var fields = ObjectReader.Root(body);
        var id = fields.String("id", TextRule.TenantId, required: true);
        var name = fields.String("name", TextRule.DisplayName, required: true);
        var plan = PlanField.Read(fields, required: true, out var unknownPlan);
        var limits = LimitsField.Read(fields);
        fields.End();
        if (fields.Problems.Any)
            return Reply.Refused(PlanField.Refuse(fields.Problems, unknownPlan));

        var now = clock.GetUtcNow();
        var ledger = Ledger.Open(plan!, limits?.ApplyTo(LimitOverrides.None) ?? LimitOverrides.None, now);
        var profile = new TenantProfile(name!, now);
        var audit = new AuditEntry(id, now, context.Caller().Actor, AuditAction.TenantCreated, null, null, context.RequestId());
        var outcome = await tables.SubmitAsync(ChangeOf(id!, ledger, profile, audit), cancellationToken);
        return outcome.Succeeded
            ? TenantReplies.Of(201, new TenantSnapshot(id!, ledger, "", profile, new Dictionary<string, RetryPolicy>()), now).WithHeader("Location", $"/tenants/{id}")
            : Reply.Refused(new Refusal(409, "tenant-exists", "Tenant already exists").With("tenantId", id));
    }

    // The directory comes first: an entry without its tenant is skipped by lists, a tenant without its entry would be lost to them.
    private TableChange ChangeOf(string id, Ledger ledger, TenantProfile profile, AuditEntry audit) => new(
        new TableBatch(Table.Tenants, TableWrite.Upsert(new TableRow(RowKeys.TenantDirectory, id, []))),
        new TableBatch(Table.Tenants, TableWrite.Insert(LedgerRow.Write(id, ledger, null)), TableWrite.Insert(ProfileRow.Write(id, profile))),
        audit.ToBatch(ids));
}

/// <summary><c>GET /tenants</c> and <c>GET /tenants/{t}</c></summary>
public sealed class ReadTenants(ITableStore tables, TenantReader reader, TimeProvider clock)
{
    [Function("ListTenants"), OperatorOnly, Query(QueryAttribute.Limit, QueryAttribute.After)]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (Paging.Read(request, "tenants", out var refusal) is not { } paging)
            return Reply.Refused(refusal!);

        var page = await ListPage.ReadAsync(tables, Table.Tenants, RowKeys.TenantDirectory, "", paging, cancellationToken);
        var tenants = await Task.WhenAll(page.Rows.Select(row => reader.ReadAsync(row.RowKey, cancellationToken).AsTask()));
        var now = clock.GetUtcNow();
        var items = tenants.OfType<TenantSnapshot>().Select(tenant => TenantReplies.View(tenant, now)).ToList();
        return Reply.Ok(new Page<TenantView>(items, page.Next), ContractJson.Default.PageTenantView);
    }

    [Function("ReadTenant"), Access(Permission.TenantRead)]
    public async Task<IActionResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}")] HttpRequest request, string tenantId, CancellationToken cancellationToken) =>
        await reader.ReadAsync(tenantId, cancellationToken) is { } tenant
            ? TenantReplies.Of(200, tenant, clock.GetUtcNow())
            : Reply.Refused(Refusals.TenantNotFound(tenantId));
}
