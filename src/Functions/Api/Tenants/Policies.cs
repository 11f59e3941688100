using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Identity;
using Headgate.Core.Retry;
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

/// <summary><c>GET /tenants/{t}/policies</c> and <c>GET /tenants/{t}/policies/{name}</c></summary>
public sealed class ReadPolicies(TenantReader tenants)
{
    [Function("ListPolicies"), Access(Permission.SettingsRead), Query(QueryAttribute.Limit, QueryAttribute.After)]
    [Does("List retry policies"), Answers(200, typeof(Page<PolicyView>))]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/policies")] HttpRequest request, string tenantId, CancellationToken cancellationToken)
    {
        if (Paging.Read(request, $"policies:{tenantId}", out var refusal) is not { } paging)
            return Reply.Refused(refusal!);
        if (await tenants.ReadAsync(tenantId, cancellationToken) is not { } tenant)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));

        var rest = PolicyReplies.All(tenant).SkipWhile(policy => string.CompareOrdinal(policy.Name, paging.After) <= 0).ToList();
        var items = rest.Take(paging.Limit).ToList();
        return Reply.Ok(new Page<PolicyView>(items, rest.Count > items.Count ? paging.Next(items[^1].Name) : null), ContractJson.Default.PagePolicyView);
    }

    [Function("ReadPolicy"), Access(Permission.SettingsRead)]
    [Does("Read a retry policy"), Answers(200, typeof(PolicyView)), Refuses("policy-not-found")]
    public async Task<IActionResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/policies/{name}")] HttpRequest request,
        string tenantId,
        string name,
        CancellationToken cancellationToken)
    {
        if (await tenants.ReadAsync(tenantId, cancellationToken) is not { } tenant)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        return tenant.Policy(name) is { } policy
            ? Reply.Ok(PolicyReplies.View(name, policy), ContractJson.Default.PolicyView)
            : Reply.Refused(PolicyReplies.NotFound(name));
    }
}

/// <summary><c>PUT</c> and <c>DELETE /tenants/{t}/policies/{name}</c>. Tasks admitted before keep the policy they were admitted with.
/// A policy that is written as it stands is not written again.</summary>
public sealed class WritePolicies(TenantGate gate, NewestFirstIds ids)
{
    /// <summary>Of one tenant, whatever its limits say: all of them are read with its ledger.</summary>
    public const int MaxPolicies = 100;

    [Function("PutPolicy"), Access(Permission.SettingsUpdate), Audits(AuditAction.PolicyWritten, Itself = true)]
    [Does("Write a retry policy"), Takes(typeof(PolicyRequest)), Answers(200, typeof(PolicyView)), Refuses("policy-limit busy")]
    public async Task<IActionResult> PutAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "tenants/{tenantId}/policies/{name}")] HttpRequest request,
        string tenantId,
        string name,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.Refusal is { } bad)
            return Reply.Refused(bad);

        var fields = ObjectReader.Root(body);
        var policy = PolicyFields.Read(fields);
        fields.End();
        if (!Grammar.IsPolicyName(name))
            fields.Problem("name", TextRule.PolicyName.Message);
        if (fields.Problems.Any)
            return Reply.Refused(Refusals.InvalidBody(fields.Problems));

        return await ChangeAsync(
            context,
            tenantId,
            name,
            AuditAction.PolicyWritten,
            tenant => tenant.Policies.TryGetValue(name, out var stored) && stored == policy,
            (tenant, now) => tenant.Policies.ContainsKey(name) ? null : CountedLimit.Policies.Refuse(tenant, tenant.Policies.Count, now),
            TableWrite.Upsert(PolicyRow.Write(tenantId, name, policy))) ?? Reply.Ok(PolicyReplies.View(name, policy), ContractJson.Default.PolicyView);
    }

    /// <summary>Deleting <c>default</c> brings the built-in one back.</summary>
    [Function("DeletePolicy"), Access(Permission.SettingsUpdate), Audits(AuditAction.PolicyDeleted, Itself = true)]
    [Does("Delete a retry policy"), Answers(204), Refuses("policy-not-found busy")]
    public async Task<IActionResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "tenants/{tenantId}/policies/{name}")] HttpRequest request,
        string tenantId,
        string name,
        FunctionContext context) =>
        await ChangeAsync(
            context,
            tenantId,
            name,
            AuditAction.PolicyDeleted,
            _ => false,
            (tenant, _) => tenant.Policies.ContainsKey(name) ? null : PolicyReplies.NotFound(name),
            TableWrite.DeleteIfExists(tenantId, RowKeys.Policy(name))) ?? Reply.NoContent();

    /// <returns>Null where it was done.</returns>
    private async Task<Reply?> ChangeAsync(
        FunctionContext context, string tenantId, string name, AuditAction action, Predicate<TenantSnapshot> isDone, Func<TenantSnapshot, DateTimeOffset, Refusal?> refuse, TableWrite write)
    {
        var (actor, requestId) = (context.Caller().Actor, context.RequestId());
        var result = await gate.ChangeAsync(tenantId, (tenant, now) => isDone(tenant) ? new TenantEdit<Refusal?>(null)
            : refuse(tenant, now) is { } refused ? new TenantEdit<Refusal?>(refused)
            : new TenantEdit<Refusal?>(null, tenant.Ledger)
            {
                Writes = [write],
                Following = [new AuditEntry(tenantId, now, actor, action, name, null, requestId).ToBatch(ids)],
            });
        return (GateRefusals.Of(result.Status, tenantId) ?? result.Value) is { } refusal ? Reply.Refused(refusal) : null;
    }
}

/// <summary>The body of <c>PUT …/policies/{name}</c>: the whole policy, absent fields being the defaults.</summary>
internal static class PolicyFields
{
    /// <summary>Usable only where the reader has no problems afterwards.</summary>
    public static RetryPolicy Read(ObjectReader fields)
    {
        var delays = RetryPolicy.Default with
        {
            BaseSeconds = fields.Number("baseSeconds", RetryPolicy.BaseSecondsFloor, RetryPolicy.BaseSecondsCeiling) ?? RetryPolicy.DefaultBaseSeconds,
            MaxSeconds = fields.Number("maxSeconds", RetryPolicy.BaseSecondsFloor, RetryPolicy.MaxSecondsCeiling) ?? RetryPolicy.DefaultMaxSeconds,
        };
        // How the two relate can be judged only where each is right on its own.
        if (!fields.Problems.Any)
            delays.Check(fields.Problems);
        return delays with
        {
            MaxRetries = fields.Int("maxRetries", 0, RetryPolicy.MaxRetriesCeiling) ?? RetryPolicy.DefaultMaxRetries,
            Jitter = fields.Number("jitter", 0, 1) ?? RetryPolicy.DefaultJitter,
            Factor = fields.Number("factor", 1, RetryPolicy.FactorCeiling) ?? RetryPolicy.DefaultFactor,
        };
    }
}

/// <summary>Retry policies as they are shown.</summary>
internal static class PolicyReplies
{
    public static PolicyView View(string name, RetryPolicy policy) =>
        new(name, policy.MaxRetries, policy.BaseSeconds, policy.MaxSeconds, policy.Jitter, policy.Factor);

    /// <summary>By name; the default one is always among them.</summary>
    public static List<PolicyView> All(TenantSnapshot tenant) =>
    [
        .. tenant.Policies.Keys.Append(RetryPolicy.DefaultName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => View(name, tenant.Policy(name)!)),
    ];

    public static Refusal NotFound(string name) => Refusals.NotFound("Policy", "policy-not-found", "name", name);
}
