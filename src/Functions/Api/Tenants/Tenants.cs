using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Functions.Admission;
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

/// <summary><c>GET /tenants</c> and <c>GET /tenants/{t}</c></summary>
public sealed class ReadTenants(ITableStore tables, TenantReader reader, TimeProvider clock)
{
    [Function("ListTenants"), OperatorOnly, Query(QueryAttribute.Limit, QueryAttribute.After)]
    [Does("List tenants"), Answers(200, typeof(Page<TenantView>))]
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
    [Does("Read a tenant"), Answers(200, typeof(TenantView), "ETag")]
    public async Task<IActionResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}")] HttpRequest request, string tenantId, CancellationToken cancellationToken) =>
        await reader.ReadAsync(tenantId, cancellationToken) is { } tenant
            ? TenantReplies.Of(200, tenant, clock.GetUtcNow())
            : Reply.Refused(Refusals.TenantNotFound(tenantId));
}

/// <summary>
/// <c>PATCH /tenants/{t}</c>: the name is its admins' to change, plan and limits are the operator's. What changes nothing writes nothing.
/// </summary>
public sealed class UpdateTenant(TenantGate gate, NewestFirstIds ids, TimeProvider clock)
{
    [Function("UpdateTenant"), Access(Permission.TenantUpdate), Audits(AuditAction.TenantUpdated, Itself = true)]
    [Does("Change a tenant's name, plan or limits"), Takes(typeof(UpdateTenantRequest)), Headers("If-Match")]
    [Answers(200, typeof(TenantView), "ETag"), Refuses("unknown-plan precondition-failed busy")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "tenants/{tenantId}")] HttpRequest request,
        string tenantId,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);

        var fields = ObjectReader.Root(body);
        var patch = new Patch(
            fields.String("name", TextRule.DisplayName),
            PlanField.Read(fields, required: false, out var unknownPlan),
            LimitsField.Read(fields, clock.GetUtcNow()));
        fields.End();
        if (patch == Patch.Nothing && !fields.Problems.Any)
            fields.Problems.Add("", "must have at least one of name, plan, limits");
        if (fields.Problems.Any)
            return Reply.Refused(PlanField.Refuse(fields.Problems, unknownPlan));
        if (context.Caller() is not OperatorCaller && (patch.Plan ?? (object?)patch.Limits) is not null)
            return Reply.Refused(Refusals.InsufficientPermission(Permission.PlatformOperate, context.Caller().RoleName));

        var (actor, requestId, condition) = (context.Caller().Actor, context.RequestId(), IfMatch.Of(request));
        var result = await gate.ChangeAsync(tenantId, (tenant, now) => Decide(tenant, patch, condition, now, new(tenantId, now, actor, AuditAction.TenantUpdated, null, patch.ToString(), requestId)));
        if (GateRefusals.Of(result.Status, tenantId) is { } undecided)
            return Reply.Refused(undecided);
        var (refusal, after) = result.Value!;
        return refusal is null ? TenantReplies.Of(200, after!, clock.GetUtcNow()) : Reply.Refused(refusal);
    }

    private TenantEdit<Outcome> Decide(TenantSnapshot tenant, Patch patch, IfMatch condition, DateTimeOffset now, AuditEntry audit)
    {
        var current = TenantReplies.ETagOf(tenant);
        if (!condition.Allows(current))
            return new(new Outcome(Refusals.PreconditionFailed(current), null));

        var profile = tenant.Profile with { Name = patch.Name ?? tenant.Profile.Name };
        var ledger = tenant.Ledger with
        {
            PlanId = patch.Plan ?? tenant.Ledger.PlanId,
            Overrides = patch.Limits?.ApplyTo(tenant.Ledger.Overrides, now) ?? tenant.Ledger.Overrides,
        };
        var outcome = new Outcome(null, tenant with { Ledger = ledger, Profile = profile });
        if (ledger == tenant.Ledger && profile == tenant.Profile)
            return new(outcome);
        return new(outcome, ledger)
        {
            Writes = profile == tenant.Profile ? [] : [TableWrite.Upsert(ProfileRow.Write(tenant.TenantId, profile))],
            Following = [audit.ToBatch(ids)],
        };
    }

    private sealed record Outcome(Refusal? Refusal, TenantSnapshot? After);

    private sealed record Patch(string? Name, string? Plan, LimitsField? Limits)
    {
        public static readonly Patch Nothing = new(null, null, null);

        /// <summary>As the audit tells it.</summary>
        public override string ToString() =>
            string.Join(", ", new[] { Name is null ? null : "name", Plan is null ? null : $"plan {Plan}", Limits is null ? null : "limits" }.OfType<string>());
    }
}
