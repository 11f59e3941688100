using Headgate.Contracts;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Resources;

/// <summary>
/// <c>GET /tenants/{t}/resources</c> and <c>GET /tenants/{t}/resources/{name}</c>: those that have rules, or that something went wrong with.
/// </summary>
public sealed class ReadResources(TenantReader tenants, ResourceReader resources, WaitingTasks waiting)
{
    [Function("ListResources"), Access(Permission.SettingsRead), Query(QueryAttribute.Limit, QueryAttribute.After)]
    [Does("List resources"), Answers(200, typeof(Page<ResourceView>))]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/resources")] HttpRequest request, string tenantId, CancellationToken cancellationToken)
    {
        if (Paging.Read(request, $"resources:{tenantId}", out var refusal) is not { } paging)
            return Reply.Refused(refusal!);
        if (await tenants.StatusAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));

        var (found, more) = await resources.PageAsync(tenantId, paging.After, paging.Limit, cancellationToken);
        var items = found.ConvertAll(resource => ResourceReplies.View(resource, null));
        return Reply.Ok(new Page<ResourceView>(items, more ? paging.Next(items[^1].Name) : null), ContractJson.Default.PageResourceView);
    }

    [Function("ReadResource"), Access(Permission.SettingsRead)]
    [Does("Read a resource"), Answers(200, typeof(ResourceView)), Refuses("resource-not-found")]
    public async Task<IActionResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tenants/{tenantId}/resources/{name}")] HttpRequest request,
        string tenantId,
        string name,
        CancellationToken cancellationToken)
    {
        if (await tenants.StatusAsync(tenantId, cancellationToken) is null)
            return Reply.Refused(Refusals.TenantNotFound(tenantId));
        return await resources.FindAsync(tenantId, name, cancellationToken) is { } resource
            ? Reply.Ok(ResourceReplies.View(resource, await waiting.CountAsync(tenantId, name, cancellationToken)), ContractJson.Default.ResourceView)
            : Reply.Refused(ResourceReplies.NotFound(name));
    }
}
