using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Policies;

/// <summary><c>GET /tenants/{t}/policies</c> and <c>GET /tenants/{t}/policies/{name}</c></summary>
public sealed class ReadPolicies(TenantReader tenants)
{
    [Function("ListPolicies"), Access(Permission.SettingsRead), Query(QueryAttribute.Limit, QueryAttribute.After)]
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
